"""Invariants of the house behind the line: its orders to the carrier, its queue, and who may take part."""

from collections import Counter
from collections.abc import Iterator

from interactions.values import EventKind
from nanori_app.rehearse.evidence import Evidence, Finding
from nanori_app.rehearse.ledger import Row
from nanori_app.rehearse.witness import is_contact, is_own_phone, is_shopper
from telephony.values import OrderState
from telephony.verdicts import RINGS

FINAL = (OrderState.DONE, OrderState.GONE, OrderState.FAILED, OrderState.UNKNOWN)
SUPERVISED = "call.supervised"
MONITOR = "leg: monitor-"
BARGE = "barge"


def no_request_without_order(evidence: Evidence) -> Iterator[Finding]:
    """Whatever the carrier was asked to do stands in an order that was committed before."""
    orders = [
        (order["created_at"], f"{order['call_id']} {order['leg_id']} {list(order['arguments'].values())}")
        for order in evidence.ledger.orders
    ]
    for entry in evidence.floor.simulator.timeline.entries:
        if entry.what != "rest" or entry.detail["method"] == "GET":
            continue
        named = _names_in(entry.detail["path"], entry.detail["fields"])
        if not any(at <= entry.at and any(name in said for name in named) for at, said in orders):
            yield (), f"{entry.detail['method']} {entry.detail['path']} without an order of ours"


def _names_in(path: str, fields: list[tuple[str, str]]) -> list[str]:
    """The carrier's and our names of what a request is about."""
    parts = path.removesuffix(".json").split("/Accounts/", 1)[-1].split("/")[1:]
    named = [part for part in parts if part[:2] in {"CA", "CF", "RE"}]
    for name, value in fields if not named else ():
        if name in {"Url", "StatusCallback"}:
            named += [part.split("?", 1)[0] for part in value.split("/tw/v/", 1)[1:]]
            named += [one.partition("=")[2] for one in value.split("?", 1)[-1].split("&")]
    return [name.split("/", 1)[0] for name in named if name]


def each_order_acts_once(evidence: Evidence) -> Iterator[Finding]:
    """Each order came to an end; each to ring a telephone rang it once, or not when it was refused."""
    rung = Counter(
        leg.status_callback
        for leg in evidence.witness.legs.values()
        if is_contact(leg) or is_shopper(leg) or is_own_phone(leg)
    )
    wanted: dict[str, list[Row]] = {}
    for order in evidence.ledger.orders:
        if order["state"] not in FINAL or order["done_at"] is None:
            yield (str(order["id"]),), f"{order['kind'].value} is {order['state'].value}"
        if order["kind"] in RINGS:
            wanted.setdefault(order["arguments"]["status_url"], []).append(order)
    for url, orders in wanted.items():
        times = rung.pop(url, 0)
        done = sum(order["state"] is OrderState.DONE for order in orders)
        unsure = sum(order["state"] is OrderState.UNKNOWN for order in orders)
        if not done <= times <= done + unsure:
            yield (str(orders[0]["id"]),), f"{done} orders done, {unsure} unsure, rung {times} times"
    for url in rung:
        yield (), f"rung for nothing: {url}"


def queue_is_the_carriers(evidence: Evidence) -> Iterator[Finding]:
    """Nobody waits without a live call, and no live caller in the queue is missing: looked at all along."""
    for key, detail in evidence.floor.seen.unreal.items():
        yield (key,), detail


def supervisor_on_record(evidence: Evidence) -> Iterator[Finding]:
    """Whoever takes part in a call has an event and an audit row for it; only who barges in is heard."""
    ledger = evidence.ledger
    for presence in evidence.witness.presences:
        if presence.leg.identity not in evidence.floor.seen.supervisors:
            continue
        call = ledger.call_in(presence.conference)
        account = presence.leg.identity.removeprefix("agent_")
        events = [] if call is None else _supervised(evidence, call, account)
        rows = [
            row
            for row in ledger.audit
            if row["action"] == SUPERVISED
            and call is not None
            and row["subject_id"] == call["interaction_id"]
            and row["account_id"].hex == account
        ]
        first = min((event["at"] for event in events), default=None)
        if first is None or first > presence.since or len(rows) != len(events):
            yield (
                (presence.leg.sid,),
                f"in {presence.conference}: {len(events)} events, {len(rows)} audit rows",
            )
    yield from _heard_without_barge(evidence)


def _supervised(evidence: Evidence, call: Row, account: str) -> list[Row]:
    return [
        event
        for event in evidence.ledger.events.get(call["interaction_id"], ())
        if event["kind"] is EventKind.SUPERVISED and event["data"]["agent_id"].replace("-", "") == account
    ]


def _heard_without_barge(evidence: Evidence) -> Iterator[Finding]:
    for call in evidence.ledger.calls:
        heard = [
            at
            for at, sound in evidence.witness.heard.get(call["call_sid"] or "", ())
            if sound.startswith(MONITOR)
        ]
        barged = [
            event["at"]
            for event in evidence.ledger.events.get(call["interaction_id"], ())
            if event["kind"] is EventKind.SUPERVISED and event["data"]["mode"] == BARGE
        ]
        if heard and (not barged or heard[0] < barged[0]):
            yield (call["call_sid"],), f"heard a supervisor at {heard[0].isoformat()}, barged in {barged}"
