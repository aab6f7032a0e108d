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
    Outcome.CALLBACK: N_("To be called back"),
    Outcome.NOT_REACHED: N_("Not reached"),
}
STILL_OPEN = N_("Still open")

EVENTS: dict[EventKind, str] = {
    EventKind.ARRIVED: N_("The call came in"),
    EventKind.GUIDANCE_ENDED: N_("Greeting and notice were played"),
    EventKind.QUEUED: N_("Began to wait for an agent"),
    EventKind.OFFERED: N_("Offered to {agent}"),
    EventKind.OFFER_MISSED: N_("{agent} did not take it"),
    EventKind.ANSWERED: N_("{agent} answered"),
    EventKind.HELD: N_("Put on hold"),
    EventKind.RESUMED: N_("Taken off hold"),
    EventKind.CONSULTED: N_("A contact of the shop was called"),
    EventKind.TRANSFERRED: N_("Handed over"),
    EventKind.CONNECTED_CONTACT: N_("A contact of the shop joined the call"),
    EventKind.LEFT_QUEUE: N_("Left the queue"),
    EventKind.ABANDONED: N_("The caller hung up while waiting"),
    EventKind.VOICEMAIL_LEFT: N_("A voicemail was left"),
    EventKind.SELF_SERVED: N_("The menu gave the answer"),
    EventKind.CALLBACK_REQUESTED: N_("Asked to be called back"),
    EventKind.DIALLED: N_("The shopper was called"),
    EventKind.NOT_REACHED: N_("The shopper was not reached"),
    EventKind.CONSULT_JOINED: N_("{agent} was asked for help and joined"),
    EventKind.CONSULT_LEFT: N_("{agent} left again"),
    EventKind.RECORDING_STARTED: N_("The recording began"),
    EventKind.RECORDING_PAUSED: N_("The recording was paused"),
    EventKind.RECORDING_RESUMED: N_("The recording went on"),
    EventKind.HELP_ASKED: N_("{agent} asked a supervisor for help"),
    EventKind.SUPERVISED: N_("A supervisor took part"),
    EventKind.ENDED: N_("Ended"),
    EventKind.WRAPPED_UP: N_("{agent} finished the after-call work"),
    EventKind.RECEIVED: N_("The mail arrived"),
    EventKind.FIRST_REPLY: N_("{agent} sent the first reply"),
    EventKind.REPLIED: N_("{agent} replied"),
    EventKind.AUTO_REPLIED: N_("An automatic reply was sent"),
    EventKind.ESCALATED: N_("The shop was asked"),
    EventKind.ESCALATION_ACKNOWLEDGED: N_("The shop took it over"),
    EventKind.CLIENT_ANSWERED: N_("The shop answered"),
    EventKind.SNOOZED: N_("Put off until later"),
    EventKind.REOPENED: N_("Taken up again"),
    EventKind.SOLVED: N_("Solved"),
    EventKind.SPLIT_FROM: N_("Split off: the second question of mail #{number}"),
    EventKind.SPLIT_INTO: N_("Its second question became case No. {number}"),
    EventKind.MERGED_INTO: N_("Its case was joined with No. {number}"),
    EventKind.MERGE_UNDONE: N_("Its case was parted from No. {number} again"),
    EventKind.REASON_CHANGED: N_("The reason was changed"),
    EventKind.CHECKED: N_("The call was checked"),
    EventKind.SURVEY_ASKED: N_("The shopper was asked how it went"),
    EventKind.SURVEY_ANSWERED: N_("The shopper gave {score}"),
}

VARIANTS: dict[tuple[EventKind, str], str] = {
    (EventKind.ARRIVED, "outbound"): N_("A call to the shopper was begun"),
    (EventKind.ANSWERED, "outbound"): N_("The shopper answered; {agent} speaks"),
    (EventKind.CONSULTED, "desk"): N_("A colleague was asked for: {desk}"),
    (EventKind.TRANSFERRED, "desk"): N_("Passed on to {desk}"),
    (EventKind.TRANSFERRED, "agent"): N_("Handed over to {agent}"),
    (EventKind.TRANSFERRED, "contact"): N_("Handed over to the shop"),
    (EventKind.OFFERED, "consult"): N_("{agent} was asked to help"),
    (EventKind.OFFERED, "callback"): N_("{agent} was asked to call back"),
    (EventKind.OFFER_MISSED, "consult"): N_("{agent} could not help"),
    (EventKind.CONSULT_LEFT, "called_off"): N_("A colleague is not needed any more"),
    (EventKind.CONSULT_LEFT, "nobody_free"): N_("No colleague was free to help"),
    (EventKind.SUPERVISED, "listen"): N_("{agent} listened in"),
    (EventKind.SUPERVISED, "whisper"): N_("{agent} whispered to the agent"),
    (EventKind.SUPERVISED, "barge"): N_("{agent} joined the conversation"),
}
"""Sentences for what is more than its kind says: by one word of its data, whichever comes first."""

WHYS: dict[str, str] = {
    "agent_lost": N_("the agent's connection was lost"),
    "busy": N_("the line was busy"),
    "caller_gone": N_("the caller had hung up"),
    "called_off": N_("called off"),
    "canceled": N_("called off"),
    "closed": N_("the shop closed"),
    "completed": N_("hung up before an agent could speak"),
    "connection_lost": N_("the connection was lost"),
    "connect_failed": N_("the connection failed"),
    "declined": N_("declined"),
    "error": N_("a technical fault"),
    "expired": N_("not answered in time"),
    "failed": N_("the number could not be reached"),
    "leave": N_("the longest wait was reached"),
    "menu_voicemail": N_("the caller chose to leave a message"),
    "no-answer": N_("nobody answered"),
    "no_key": N_("nobody pressed 1 on their own telephone"),
    "no_screen": N_("their screen could not be reached"),
    "wrong_key": N_("another key than 1 was pressed"),
    "nobody_there": N_("nobody was there to answer"),
    "out_of_hours": N_("outside the opening hours"),
    "queue-full": N_("the queue was full"),
    "system-error": N_("a technical fault"),
    "too_long": N_("the longest wait was reached"),
    "withdrawn": N_("withdrawn"),
}
"""Why, as the carrier, the routing or we ourselves noted it; other words are not shown."""

ICONS: dict[EventKind, str] = {
    EventKind.ARRIVED: "phone-incoming",
    EventKind.GUIDANCE_ENDED: "volume-2",
    EventKind.QUEUED: "hourglass",
    EventKind.OFFERED: "bell",
    EventKind.OFFER_MISSED: "phone-missed",
    EventKind.ANSWERED: "phone",
    EventKind.HELD: "pause",
    EventKind.RESUMED: "play",
    EventKind.CONSULTED: "phone-outgoing",
    EventKind.TRANSFERRED: "phone-forwarded",
    EventKind.CONNECTED_CONTACT: "store",
    EventKind.CONSULT_JOINED: "users",
    EventKind.CONSULT_LEFT: "log-out",
    EventKind.LEFT_QUEUE: "log-out",
    EventKind.ABANDONED: "phone-off",
    EventKind.VOICEMAIL_LEFT: "voicemail",
    EventKind.CALLBACK_REQUESTED: "phone-outgoing",
    EventKind.DIALLED: "phone-outgoing",
    EventKind.NOT_REACHED: "phone-missed",
    EventKind.HELP_ASKED: "bell",
    EventKind.SUPERVISED: "headset",
    EventKind.ENDED: "phone-off",
    EventKind.WRAPPED_UP: "check",
    EventKind.RECEIVED: "mail",
    EventKind.FIRST_REPLY: "reply",
    EventKind.REPLIED: "reply",
    EventKind.AUTO_REPLIED: "bot",
    EventKind.ESCALATED: "phone-outgoing",
    EventKind.ESCALATION_ACKNOWLEDGED: "phone-call",
    EventKind.CLIENT_ANSWERED: "store",
    EventKind.REASON_CHANGED: "pencil",
    EventKind.CHECKED: "check",
    EventKind.SURVEY_ASKED: "star",
    EventKind.SURVEY_ANSWERED: "star",
    EventKind.SPLIT_FROM: "split",
    EventKind.SPLIT_INTO: "split",
    EventKind.MERGED_INTO: "merge",
    EventKind.MERGE_UNDONE: "unlink",
}
OTHER_ICON = "circle-dot"

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
    told = (data[name] for name in ("direction", "mode", "to", "asked", "why") if name in data)
    sentence = next((VARIANTS[kind, one] for one in told if (kind, one) in VARIANTS), EVENTS[kind])
    text = words.gettext(sentence).format(
        agent=agent_in(words, data, names), desk=data.get("desk", ""), number=data.get("number", ""),
        score=data.get("score", ""),
    )  # fmt: skip
    why = WHYS.get(str(data.get("phone", ""))) or WHYS.get(str(data.get("why", "")))
    return words.gettext("{what}: {why}").format(what=text, why=words.gettext(why)) if why else text


def agent_in(words: Words, data: Mapping[str, Any], names: Mapping[UUID, str]) -> str:
    """The agent that an event is about, by name where it is known."""
    known = names.get(UUID(str(data["agent_id"]))) if data.get("agent_id") else None
    return known or words.gettext(N_("an agent"))


CHECK_WRONG = N_("Please answer yes or no.")
