"""Invariants of the rarer ways of a call: callbacks, transfers, card numbers, calls that we make."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from desks.values import WaitingKind
from interactions.values import Direction, EventKind
from nanori_app.rehearse.evidence import Evidence, Finding
from nanori_app.rehearse.ledger import Row
from nanori_app.rehearse.setting import StagedShop
from nanori_app.rehearse.witness import is_agent, is_caller, is_contact, is_own_phone, is_shopper
from telephony.adapters.simulator.legs import Leg
from telephony.commands.callbacks import AGAIN_AFTER
from telephony.values import CallbackState, CallState, LegState

PROMISES = ("折り返しお電話いたします", "We will call the number ending")
SAID = "say: "
DOCUMENT = "/tw/v/"
GONE_WITHIN = timedelta(seconds=30)
"""So long after the caller nobody else is in the call any more, though callbacks are late or lost."""


def callback_kept_once(evidence: Evidence) -> Iterator[Finding]:
    """Each promise to call back is kept, given up in a case, or taken back; nobody is rung twice at once."""
    ledger = evidence.ledger
    promises = {row["asked_in"]: row for row in ledger.callbacks}
    for call in ledger.calls:
        kinds = {event["kind"] for event in ledger.events.get(call["interaction_id"], ())}
        said = [sound for _, sound in evidence.witness.heard.get(call["call_sid"] or "", ())]
        was_told = any(promise in sound for sound in said for promise in PROMISES)
        is_kept = call["interaction_id"] in promises
        if is_kept != (EventKind.CALLBACK_REQUESTED in kinds) or (was_told and not is_kept):
            yield (str(call["call_sid"]),), "promised a call and written nothing down, or the reverse"
    for row in ledger.callbacks:
        wrong = _broken(evidence, row)
        if wrong:
            yield (str(row["id"]),), wrong
    yield from _rung_twice(evidence)


def _broken(evidence: Evidence, promise: Row) -> str:
    """What is wrong with how a promise came out; "" when nothing is."""
    interactions = evidence.ledger.by_id
    if promise["state"] is CallbackState.REACHED:
        call = next((one for one in evidence.ledger.calls if one["id"] == promise["call_id"]), None)
        reached = call is not None and interactions[call["interaction_id"]]["answered_at"] is not None
        return "" if reached else "reached, but nobody was"
    if promise["state"] is CallbackState.GIVEN_UP:
        case = interactions[promise["asked_in"]]["case_id"]
        is_right = case is not None and promise["attempts"] == len(AGAIN_AFTER) + 1
        return "" if is_right else f"given up after {promise['attempts']} attempts, case {case}"
    if promise["state"] is CallbackState.CANCELLED:
        return "" if _was_cancelled(evidence, promise) else "taken back by nobody"
    return f"still {promise['state'].value}"


def _was_cancelled(evidence: Evidence, promise: Row) -> bool:
    """By us, or since the shopper got through meanwhile."""
    if promise["id"] in evidence.floor.seen.called_off:
        return True
    return any(
        call["from_number"] == promise["phone"]
        and call["tenant_id"] == promise["tenant_id"]
        and evidence.ledger.by_id[call["interaction_id"]]["answered_at"] is not None
        for call in evidence.ledger.calls
    )


def _rung_twice(evidence: Evidence) -> Iterator[Finding]:
    by_number: dict[tuple[str, str], list[Leg]] = defaultdict(list)
    for leg in evidence.witness.legs.values():
        if is_shopper(leg):
            by_number[leg.from_, leg.to].append(leg)
    for legs in by_number.values():
        for before, after in pairwise(sorted(legs, key=lambda leg: leg.created_at)):
            if before.ended_at is None or before.ended_at > after.created_at:
                yield (before.sid, after.sid), f"{after.to} was called twice at once"


def no_other_shops_name(evidence: Evidence) -> Iterator[Finding]:
    """Whoever calls, is called or helps a shop hears no other shop's name said by us."""
    for leg in evidence.witness.legs.values():
        shop = _shop_of(evidence, leg)
        if shop is None:
            continue
        said = "".join(
            sound for _, sound in evidence.witness.heard.get(leg.sid, ()) if sound.startswith(SAID)
        )
        for own in _names(shop):
            said = said.replace(own, "")
        for other in evidence.floor.shops:
            if other is not shop and any(name in said for name in _names(other)):
                yield (leg.sid,), f"{leg.name} of {shop.slug} heard of {other.slug}"


def _shop_of(evidence: Evidence, leg: Leg) -> StagedShop | None:
    if is_contact(leg):
        people = (
            shop
            for shop in evidence.floor.shops
            if any(person.phone == leg.to for person in shop.setup.contacts)
        )
        return next(people, None)
    return None if is_agent(leg) else evidence.shop_of(leg)


def _names(shop: StagedShop) -> tuple[str, str]:
    return shop.setup.profile.brand_name, shop.spoken_name


def documents_of_own_call(evidence: Evidence) -> Iterator[Finding]:
    """Whoever calls or is called is asked about one call of ours only, which is theirs."""
    ids = {call["call_sid"]: str(call["id"]) for call in evidence.ledger.calls}
    asked = defaultdict(set)
    for entry in evidence.floor.simulator.timeline.entries:
        if entry.what == "webhook" and entry.leg in ids and DOCUMENT in entry.detail["url"]:
            asked[entry.leg].add(entry.detail["url"].split(DOCUMENT, 1)[1].split("/", 1)[0])
    for sid, found in asked.items():
        if found != {ids[sid]}:
            yield (sid,), f"of {ids[sid]}, was sent to {sorted(found)}"


def no_card_on_tape(evidence: Evidence) -> Iterator[Finding]:
    """What was keyed in while the recording was paused is on no recording."""
    for sid in evidence.floor.seen.taped:
        yield (sid,), "a card number was recorded"


def outbound_shows_own_number(evidence: Evidence) -> Iterator[Finding]:
    """Whoever is rung sees a number of the shop that the agent called for; and some are never rung."""
    rung = evidence.witness.legs.values()
    legs = [leg for leg in rung if is_shopper(leg) or is_contact(leg) or is_own_phone(leg)]
    shops = {one.call_id: one.shop_id for one in evidence.floor.seen.accepted}
    for call in evidence.ledger.calls:
        own = evidence.shop(shops.get(str(call["id"]), UUID(str(call["tenant_id"])))).setup.numbers
        shown = {leg.from_ for leg in legs if str(call["id"]) in leg.status_callback}
        shown |= {call["to_number"]} if call["direction"] is Direction.OUTBOUND else set()
        if not shown <= set(own):
            yield (str(call["id"]),), f"shown {sorted(shown)}, the shop's are {sorted(own)}"
    for call_id in sorted(evidence.floor.seen.forbidden):
        yield (call_id,), "a number that is never called was called"


def _was_asked(event: Row) -> bool:
    """An agent was asked to help the one who has the caller, whatever came of it."""
    return event["kind"] is EventKind.OFFERED and event["data"].get("asked") == WaitingKind.CONSULT


def one_agent_unless_asked(evidence: Evidence) -> Iterator[Finding]:
    """Two agents are in one call only when one was asked by the other; one alone has the caller."""
    by_conference = defaultdict(list)
    for presence in evidence.witness.presences:
        if evidence.is_agent(presence.leg):
            by_conference[presence.conference].append(presence)
    for conference, presences in by_conference.items():
        call = evidence.ledger.call_in(conference)
        events = evidence.ledger.events.get(call["interaction_id"], ()) if call else ()
        asked = {event["data"]["agent_id"] for event in events if _was_asked(event)}
        for before, after in pairwise(sorted(presences, key=lambda one: one.since)):
            accounts = {str(evidence.account_of(one.leg)) for one in (before, after)}
            if before.overlaps(after) and "None" not in accounts and not accounts & asked:
                yield (before.leg.sid, after.leg.sid), f"both in {conference}, and nobody was asked"
    yield from _two_holders(evidence)


def _two_holders(evidence: Evidence) -> Iterator[Finding]:
    """By the events: nobody takes a caller whom somebody else still has."""
    for interaction, events in evidence.ledger.events.items():
        holder = None
        for event in events:
            kind, data = event["kind"], event["data"]
            if kind is EventKind.ANSWERED and holder is not None:
                yield (str(interaction),), f"{data['agent_id']} took the caller whom {holder} had"
            if kind is EventKind.ANSWERED or (kind is EventKind.TRANSFERRED and data["to"] == "agent"):
                holder = data["agent_id"]
            elif kind in {EventKind.TRANSFERRED, EventKind.QUEUED, EventKind.ENDED}:
                holder = None


def nobody_stays_behind(evidence: Evidence) -> Iterator[Finding]:
    """When the caller has gone, agents, colleagues, contacts and supervisors are out of the call soon."""
    closed = {row["id"]: row for row in evidence.ledger.calls if row["state"] is CallState.CLOSED}
    for leg in evidence.ledger.legs:
        if leg["call_id"] in closed and leg["state"] not in {LegState.LEFT, LegState.FAILED}:
            yield (str(leg["id"]),), f"the call is over, the leg is {leg['state'].value}"
    for presence in evidence.witness.presences:
        call = evidence.ledger.call_in(presence.conference)
        if call is None or call["ended_at"] is None or is_shopper(presence.leg) or is_caller(presence.leg):
            continue
        if presence.until is None or presence.until > call["ended_at"] + GONE_WITHIN:
            yield (presence.leg.sid,), f"in {presence.conference} until {presence.until}"
