"""Invariants of the line, by the carrier's own record: who met whom, under which name, and what was heard."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from desks.values import Channel
from nanori_app.rehearse.evidence import Evidence, Finding
from nanori_app.rehearse.floor import Accepted
from nanori_app.rehearse.ledger import Row
from nanori_app.rehearse.setting import StagedShop
from nanori_app.rehearse.witness import Presence, is_agent, is_caller, is_contact, is_own_phone, is_shopper

LONGEST_SILENCE = 5.0
LONGEST_SILENCE_UNTOLD = 20.0
"""Where the carrier does not tell who left, or takes long to ask: what a caller may hear at worst."""
ACCEPTING_KEY = "1"


def one_call_per_agent(evidence: Evidence) -> Iterator[Finding]:
    """No agent was in two conferences at once, nor had two calls in hand, after-call work included."""
    presences = [one for one in evidence.witness.presences if is_agent(one.leg)]
    whose = {one.leg.sid: str(evidence.account_of(one.leg) or one.leg.name) for one in presences}
    ordered = sorted(presences, key=lambda one: (whose[one.leg.sid], one.since))
    for first, second in pairwise(ordered):
        if whose[first.leg.sid] == whose[second.leg.sid] and first.overlaps(second):
            yield (whose[first.leg.sid], first.leg.sid, second.leg.sid), "in two conferences at once"
    yield from _two_in_hand(evidence)


def _two_in_hand(evidence: Evidence) -> Iterator[Finding]:
    in_hand: dict[UUID, list[Row]] = defaultdict(list)
    for row in evidence.ledger.engagements:
        if row["channel"] is Channel.PHONE:
            in_hand[row["agent_id"]].append(row)
    for account, rows in in_hand.items():
        for before, after in pairwise(sorted(rows, key=lambda row: (row["started_at"], row["id"]))):
            if before["ended_at"] is None or before["ended_at"] > after["started_at"]:
                yield (str(account), str(before["id"]), str(after["id"])), "two calls in hand at once"


def right_name(evidence: Evidence) -> Iterator[Finding]:
    """Whoever was connected called the shop that the agent's screen showed and whose name was whispered."""
    for caller, agent, at in _connections(evidence):
        called = evidence.shop_of(caller.leg)
        accepted = _acceptance(evidence, caller, agent, at)
        if accepted is not None and accepted.shop_id != called.tenant_id:
            shown = evidence.shop(accepted.shop_id).slug
            yield (caller.leg.sid, agent.leg.sid), f"called {called.slug}, the screen showed {shown}"
        whispers = [
            sound for when, sound in evidence.witness.heard.get(agent.leg.sid, ()) if when <= agent.since
        ]
        if accepted is not None and not _names_only(called, whispers, evidence.floor.shops):
            yield (caller.leg.sid, agent.leg.sid), f"called {called.slug}, the agent heard {whispers}"


def _names_only(shop: StagedShop, whispers: Sequence[str], shops: Sequence[StagedShop]) -> bool:
    others = [one.spoken_name for one in shops if one.spoken_name not in shop.spoken_name]
    said = "".join(whispers)
    return shop.spoken_name in said and not any(
        other in said.replace(shop.spoken_name, "") for other in others
    )


def connected_after_accept(evidence: Evidence) -> Iterator[Finding]:
    """No caller and agent came together before this agent had accepted this call."""
    for caller, agent, at in _connections(evidence):
        if _acceptance(evidence, caller, agent, at) is None:
            yield (caller.leg.sid, agent.leg.sid), f"together at {at.isoformat()} without an accepted offer"


def nobody_waits_in_silence(evidence: Evidence) -> Iterator[Finding]:
    """No caller heard nothing for longer than a few seconds, except while speaking after the tone.

    Where callbacks are lost or documents come late it is the time until the reconciler has asked.
    """
    callers = {leg.sid for leg in evidence.witness.legs.values() if is_caller(leg) or is_shopper(leg)}
    faults = evidence.floor.simulator.faults
    untold = faults.lose_callbacks or faults.late_callbacks or faults.cut_off or faults.slow_documents
    longest = LONGEST_SILENCE_UNTOLD if untold else LONGEST_SILENCE
    for sid, seconds in evidence.witness.silences:
        if sid in callers and seconds > longest:
            yield (sid,), f"{seconds:.1f} s of silence"


def contact_pressed_1(evidence: Evidence) -> Iterator[Finding]:
    """Whoever is rung at a telephone comes into a call only after pressing 1: silence fails closed.

    The shop's contacts, and agents at their own telephones.
    """
    for presence in evidence.witness.presences:
        if not (is_contact(presence.leg) or is_own_phone(presence.leg)):
            continue
        keys = [key for at, key in evidence.witness.pressed.get(presence.leg.sid, ()) if at <= presence.since]
        if keys != [ACCEPTING_KEY]:
            yield (presence.leg.sid,), f"{presence.leg.to} came in after pressing {keys or 'nothing'}"


def carrier_saw_no_error(evidence: Evidence) -> Iterator[Finding]:
    """The carrier's debugger is empty, each request was within its contract, and nothing of ours broke."""
    for fault in [*evidence.witness.faults, *evidence.floor.seen.broken]:
        yield (), fault


def _connections(evidence: Evidence) -> Iterator[tuple[Presence, Presence, datetime]]:
    """Each shopper and each agent who were together in a conference, and since when."""
    by_conference: dict[str, list[Presence]] = defaultdict(list)
    for presence in evidence.witness.presences:
        by_conference[presence.conference].append(presence)
    for presences in by_conference.values():
        callers = [one for one in presences if is_caller(one.leg) or is_shopper(one.leg)]
        agents = [one for one in presences if evidence.is_agent(one.leg)]
        for caller in callers:
            for agent in agents:
                at = caller.meets(agent)
                if at is not None:
                    yield caller, agent, at


def _acceptance(evidence: Evidence, caller: Presence, agent: Presence, at: datetime) -> Accepted | None:
    account = evidence.account_of(agent.leg)
    return next(
        (
            one
            for one in evidence.floor.seen.accepted
            if one.agent_id == account and f"c-{one.call_id}" == caller.conference and one.at <= at
        ),
        None,
    )
