"""Invariants of what the house has written down: one story per call and mail, complete and by itself."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from enum import StrEnum
from itertools import pairwise

from desks.values import LIVE_OFFERS, Channel, WaitingState
from interactions.derive import Derived, Times, apply
from interactions.values import Direction, EventKind, Outcome
from mailroom.values import RawState, SendState
from nanori_app.rehearse.evidence import Evidence, Finding
from nanori_app.rehearse.ledger import Row
from nanori_app.rehearse.piece import Treatment
from telephony.values import CallState, OrderState


def one_interaction_per_call(evidence: Evidence) -> Iterator[Finding]:
    """Each call that rang here is one call and one interaction of the shop that was dialled, and no other."""
    ledger = evidence.ledger
    kept: dict[str, list[Row]] = defaultdict(list)
    for call in ledger.calls:
        if call["direction"] is Direction.INBOUND:
            kept[call["call_sid"]].append(call)
    for leg in evidence.witness.callers:
        rows = kept.pop(leg.sid, [])
        shops = [evidence.shop(row["tenant_id"]).slug for row in rows]
        if shops != [evidence.shop_called(leg.to).slug]:
            yield (leg.sid,), f"{len(rows)} calls of {shops or 'no shop'} for one caller of {leg.to}"
    for sid in kept:
        yield (sid,), "a call that never rang"
    belongs = Counter(call["interaction_id"] for call in ledger.calls)
    for one in ledger.interactions:
        if one["channel"] == Channel.PHONE.value and belongs[one["id"]] != 1:
            yield (evidence.name(one),), f"an interaction with {belongs[one['id']]} calls"


def one_outcome_per_call(evidence: Evidence) -> Iterator[Finding]:
    """Each call has ended once and has the one outcome that its events tell."""
    for one in evidence.ledger.interactions:
        if one["channel"] != Channel.PHONE.value:
            continue
        events = evidence.ledger.events.get(one["id"], ())
        ends = sum(event["kind"] is EventKind.ENDED for event in events)
        told = outcome_told(events, one["direction"])
        if ends != 1 or one["outcome"] is not told:
            yield (
                (evidence.name(one),),
                f"{ends} ends, outcome {one['outcome'] or 'none'}, by its events {told.value}",
            )


def outcome_told(events: Sequence[Row], direction: Direction) -> Outcome:
    """What the events alone say of how a call came out."""
    kinds = {event["kind"] for event in events}
    if EventKind.ANSWERED in kinds:
        return Outcome.ANSWERED
    if direction is Direction.OUTBOUND:
        return Outcome.NOT_REACHED
    if EventKind.CALLBACK_REQUESTED in kinds:
        return Outcome.CALLBACK
    if EventKind.QUEUED not in kinds:
        return _outcome_before_queue(events)
    return Outcome.ABANDONED if EventKind.ABANDONED in kinds else Outcome.OVERFLOW


def _outcome_before_queue(events: Sequence[Row]) -> Outcome:
    whys = {event["data"].get("why") for event in events}
    if any(event["kind"] is EventKind.SELF_SERVED for event in events):
        return Outcome.IVR_SELF_SERVED
    if "menu_voicemail" in whys:
        return Outcome.VOICEMAIL
    return Outcome.OUT_OF_HOURS if "out_of_hours" in whys else Outcome.ABANDONED


def derived_times_follow_events(evidence: Evidence) -> Iterator[Finding]:
    """Replaying the events gives the times, sums and counts that the interaction keeps."""
    for one in evidence.ledger.interactions:
        times = Times(arrived_at=one["arrived_at"])
        for event in evidence.ledger.events.get(one["id"], ()):
            apply(_as_derived(times), event["kind"], event["at"], event["data"])
        wrong = [
            field.name for field in fields(Times) if getattr(times, field.name) != one[field.name]
        ]  # fmt: skip
        if wrong:
            yield (evidence.name(one),), f"by its events otherwise: {', '.join(wrong)}"


def _as_derived(times: Times) -> Derived:
    return times


def event_numbers_gap_free(evidence: Evidence) -> Iterator[Finding]:
    """Events are numbered from 1 without gaps, and time never runs backwards along them."""
    for one in evidence.ledger.interactions:
        events = evidence.ledger.events.get(one["id"], ())
        numbers = [event["seq"] for event in events]
        if numbers != list(range(1, len(numbers) + 1)) or not numbers:
            yield (evidence.name(one),), f"numbers {numbers}"
        if any(before["at"] > after["at"] for before, after in pairwise(events)):
            yield (evidence.name(one),), "an event is older than the one before it"
    for shop in evidence.floor.shops:
        given = sorted(
            one["number"] for one in evidence.ledger.interactions if one["tenant_id"] == shop.tenant_id
        )
        if given != list(range(1, len(given) + 1)):
            yield (shop.slug,), "the interactions of the shop are not numbered without gaps"


def nothing_left_open(evidence: Evidence) -> Iterator[Finding]:
    """When everybody has gone home no call, offer, engagement or order is open."""
    ledger = evidence.ledger
    in_hand = [row for row in ledger.engagements if row["ended_at"] is None]
    open_rows = (
        ("call", [row for row in ledger.calls if row["state"] is not CallState.CLOSED]),
        ("after-call work", in_hand),
        ("caller waiting", _in(ledger.waiting, WaitingState.WAITING, WaitingState.OFFERED)),
        ("offer", _in(ledger.offers, *LIVE_OFFERS)),
        ("order", _in(ledger.orders, OrderState.TODO, OrderState.SENDING)),
    )
    for what, rows in open_rows:
        for row in rows:
            yield (str(row["id"]),), f"{what} still open"
    for leg in evidence.floor.simulator.live_legs:
        yield (leg.sid,), "the carrier's leg is still up"


def carrier_has_let_go(evidence: Evidence) -> Iterator[Finding]:
    """Each call was compared with the carrier once more after its end, and no leg of it was up any more."""
    for call in evidence.ledger.calls:
        if call["settled_at"] is None:
            yield (str(call["call_sid"] or call["id"]),), "ended, but the carrier was never asked"


def _in(rows: Sequence[Row], *states: StrEnum) -> list[Row]:
    return [row for row in rows if row["state"] in states]


def each_mail_filed_once(evidence: Evidence) -> Iterator[Finding]:
    """Each mail that was delivered, once or twice, is one raw mail, one message, one interaction."""
    ledger = evidence.ledger
    raws: dict[str, list[Row]] = defaultdict(list)
    for raw in ledger.raw_mails:
        raws[raw["message_id_header"].strip("<>")].append(raw)
    for key, part in evidence.floor.seen.mails.items():
        found = raws.pop(key.strip("<>"), [])
        filed = [raw for raw in found if raw["state"] is RawState.FILED]
        messages = [row for row in ledger.messages if row["raw_id"] in {raw["id"] for raw in found}]
        interactions = {row["interaction_id"] for row in messages} & set(ledger.by_id)
        shops = {evidence.shop(row["tenant_id"]).slug for row in messages}
        counts = (len(found), len(filed), len(messages), len(interactions))
        if counts != (1, 1, 1, 1) or shops != {evidence.floor.shops[part.shop].slug}:
            yield (key,), f"stored, filed, messages, interactions: {counts}, of {sorted(shops) or 'no shop'}"
    for key in raws:
        yield (key,), "a mail that nobody wrote"


def each_answer_sent_once(evidence: Evidence) -> Iterator[Finding]:
    """Each answer that the house took from an agent left it exactly once."""
    ledger, floor = evidence.ledger, evidence.floor
    sent = Counter(taken.content for taken in floor.post.taken)
    for row in ledger.outbox:
        times = sent.pop(bytes(row["content"]), 0)
        if times != 1 or row["state"] is not SendState.SENT:
            yield (str(row["id"]),), f"{row['state'].value}, handed over {times} times"
    for content in sent:
        yield (), f"a mail left that is in no outbox ({len(content)} bytes)"
    for key, part in floor.seen.mails.items():
        taken = floor.seen.answers.get(key, 0)
        if taken > 1 or (taken == 1 and part.treatment is not Treatment.ANSWER):
            yield (key,), f"answered {taken} times"
    if len(ledger.outbox) != sum(floor.seen.answers.values()):
        yield (), f"{len(ledger.outbox)} answers written, {sum(floor.seen.answers.values())} taken"
