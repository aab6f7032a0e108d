"""The log in words: names of outcomes and channels, and one sentence for each kind of event."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from interactions.values import Channel, EventKind, Outcome
from nanori.actors import ActorKind
from nanori.words import N_, Words

CHANNELS: dict[Channel, str] = {Channel.PHONE: N_("Phone"), Channel.MAIL: N_("Mail")}

OUTCOMES: dict[Outcome, str] = {
    Outcome.ANSWERED: N_("Answered"),
    Outcome.ABANDONED: N_("Abandoned"),
    Outcome.OUT_OF_HOURS: N_("Out of hours"),
    Outcome.VOICEMAIL: N_("Voicemail"),
    Outcome.OVERFLOW: N_("Nobody free"),
    Outcome.IVR_SELF_SERVED: N_("Served by the menu"),
    Outcome.BLOCKED: N_("Blocked"),
    Outcome.TEST: N_("Test call"),
    Outcome.SYSTEM_FAULT: N_("Technical fault"),
    Outcome.REPLIED: N_("Replied"),
    Outcome.NO_ACTION: N_("Nothing to do"),
}
STILL_OPEN = N_("Open")

EVENTS: dict[EventKind, str] = {
    EventKind.ARRIVED: N_("The call came in"),
    EventKind.GUIDANCE_ENDED: N_("Greeting and notice were played"),
    EventKind.QUEUED: N_("Began to wait for an agent"),
    EventKind.OFFERED: N_("Offered to {agent}"),
    EventKind.OFFER_MISSED: N_("{agent} did not take it"),
    EventKind.ANSWERED: N_("{agent} answered"),
    EventKind.HELD: N_("Put on hold"),
    EventKind.RESUMED: N_("Taken off hold"),
    EventKind.CONSULTED: N_("{agent} asked a colleague"),
    EventKind.TRANSFERRED: N_("Handed over"),
    EventKind.CONNECTED_CONTACT: N_("A contact of the shop joined the call"),
    EventKind.LEFT_QUEUE: N_("Left the queue"),
    EventKind.ABANDONED: N_("The caller hung up while waiting"),
    EventKind.VOICEMAIL_LEFT: N_("A voicemail was left"),
    EventKind.ENDED: N_("Ended"),
    EventKind.WRAPPED_UP: N_("{agent} finished the after-call work"),
    EventKind.RECEIVED: N_("The mail arrived"),
    EventKind.FIRST_REPLY: N_("{agent} sent the first reply"),
    EventKind.REPLIED: N_("{agent} replied"),
    EventKind.AUTO_REPLIED: N_("An automatic reply was sent"),
    EventKind.ESCALATED: N_("Calling the shop's contacts began"),
    EventKind.ESCALATION_ACKNOWLEDGED: N_("The shop took it over"),
    EventKind.CLIENT_ANSWERED: N_("The shop answered"),
    EventKind.SNOOZED: N_("Put off until later"),
    EventKind.REOPENED: N_("Taken up again"),
    EventKind.SOLVED: N_("Solved"),
    EventKind.SPLIT_FROM: N_("Split from another interaction"),
    EventKind.MERGED_INTO: N_("Joined with another interaction"),
    EventKind.REASON_CHANGED: N_("The reason was changed"),
}

WHYS: dict[str, str] = {
    "abandoned": N_("the caller hung up"),
    "accepted": N_("an agent took it"),
    "busy": N_("the line was busy"),
    "canceled": N_("the call was cancelled"),
    "caller_gone": N_("the caller had hung up"),
    "connect_failed": N_("the connection failed"),
    "declined": N_("declined"),
    "expired": N_("did not answer in time"),
    "failed": N_("the call failed"),
    "max_wait": N_("the longest wait was reached"),
    "missed": N_("did not answer in time"),
    "no-answer": N_("nobody answered"),
    "overflow": N_("nobody was free"),
    "timeout": N_("did not answer in time"),
    "withdrawn": N_("was withdrawn"),
}

ENDED_BY: dict[str, str] = {
    "agent": N_("Ended by the agent"),
    "caller": N_("Ended by the caller"),
    "shopper": N_("Ended by the caller"),
    "contact": N_("Ended by the shop's contact"),
    "carrier": N_("Ended by the carrier"),
    "system": N_("Ended by the system"),
}

ACTORS: dict[ActorKind, str] = {
    ActorKind.AGENT: N_("Agent"),
    ActorKind.SUPERVISOR: N_("Supervisor"),
    ActorKind.OPERATOR: N_("Operator"),
    ActorKind.MERCHANT: N_("Merchant"),
    ActorKind.SHOPPER: N_("Shopper"),
    ActorKind.CONTACT: N_("Contact of the shop"),
    ActorKind.CARRIER: N_("Carrier"),
    ActorKind.BOT: N_("Machine"),
    ActorKind.SYSTEM: N_("System"),
    ActorKind.TEST: N_("Test"),
}


def outcome_in(words: Words, outcome: Outcome | None) -> str:
    """How it came out, or that it has not yet."""
    return words.gettext(STILL_OPEN if outcome is None else OUTCOMES[outcome])


def event_in(words: Words, kind: EventKind, data: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    """What happened, as a sentence. ``names`` are accounts by id; an unknown one is "an agent"."""
    if kind is EventKind.ENDED and data.get("by") in ENDED_BY:
        return words.gettext(ENDED_BY[str(data["by"])])
    text = words.gettext(EVENTS[kind]).format(agent=agent_in(words, data, names))
    why = WHYS.get(str(data.get("why", "")))
    return words.gettext("{what}: {why}").format(what=text, why=words.gettext(why)) if why else text


def agent_in(words: Words, data: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    """The agent that an event is about, by name where it is known."""
    known = names.get(UUID(str(data["agent_id"]))) if data.get("agent_id") else None
    return known or words.gettext(N_("an agent"))
