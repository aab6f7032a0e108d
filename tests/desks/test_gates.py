"""Each item of both gates alone keeps a desk from going on: everything else is there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from desks import close_gate, start_gate
from desks.errors import GateShut
from desks.gates import Item, lacking
from desks.season_models import GateProof
from desks.staffing.curve import Away, Promise, need
from desks.staffing.erlang import Load
from desks.start_gate import Staffing
from desks.values import Outside
from interactions.close_gate import case_item
from mailroom.close_gate import mail_item
from nanori.actors import Actor, ActorKind, Role
from reports.close_gate import report_item
from reports.day_plan import Slot
from reports.start_gate import shift_item
from telephony.close_gate import callback_item, live_item
from tenants.models import Contact, ContractTerms
from tenants.phrases import Phrase
from tenants.values import DayPart, Situation

NOW = datetime(2027, 4, 1, tzinfo=UTC)
LATER, EARLIER = NOW + timedelta(days=1), NOW - timedelta(days=1)
NUMBER = "+815031960101"
SUPERVISOR, OPERATOR = Actor(kind=ActorKind.SUPERVISOR), Actor(kind=ActorKind.OPERATOR)
PHRASE = Phrase(Situation.NORMAL, DayPart.ANY, 1, "お電話ありがとうございます。")
OWNER = Contact(tenant_id=uuid4(), id=uuid4(), position=1, name="店長", phone="+819033330001")


def proof(subject: str, *, good: bool = True, at: datetime = NOW) -> dict[str, GateProof]:
    found = GateProof(
        tenant_id=uuid4(), id=uuid4(), desk_id=uuid4(), key="", subject=subject, at=at, good=good, detail={}
    )
    return {subject: found}


def called(proofs: dict[str, GateProof]) -> Item:
    return start_gate.tested_item([NUMBER], proofs, since=NOW)


def phrase(*known: Phrase) -> Item:
    return start_gate.phrase_item(known, page="")


def contact(*people: Contact, proofs: dict[str, GateProof]) -> Item:
    return start_gate.contact_item(people, proofs, page="")


def shifts(*, there: float) -> Item:
    """Two calls of five minutes in half an hour need two agents."""
    load = Load(calls=2, interval=1800, handling=300)
    two = need(load, Promise(within=20, target=0.8), Away())
    assert two is not None
    return shift_item([Slot(start=NOW, need=two, there=there)], ZoneInfo("Asia/Tokyo"), page="")


OPENING = {
    "dates": start_gate.dates_item(LATER, NOW),
    "lines": start_gate.lines_item([NUMBER]),
    "tested": called(proof(NUMBER)),
    "phrase": phrase(PHRASE),
    "script": start_gate.script_item(is_published=True, page=""),
    "contact": contact(OWNER, proofs=proof(OWNER.phone)),
    "outside": start_gate.outside_item(Outside.ANNOUNCE, "まもなく", "終了"),
    "hours": start_gate.hours_item(NOW, LATER),
    "roster": start_gate.roster_item(Staffing(needed=3, there=3)),
    "quiz": start_gate.quiz_item(Staffing(needed=3, there=3, certified=3), page=""),
    "shifts": shifts(there=2.0),
}
CLOSING = {
    "queue": close_gate.queue_item(0),
    "calls": live_item(0),
    "callbacks": callback_item(0),
    "cases": case_item(0),
    "mail": mail_item(0),
    "told": close_gate.told_item(Outside.ANNOUNCE, "終了", has_standing=False),
    "memo": close_gate.memo_item("来年は1名多く"),
    "data": close_gate.data_item(is_decided=True, is_done=True),
    "report": report_item(LATER, NOW, month="2027-05"),
}
NOT_TO_OPEN = [
    start_gate.dates_item(NOW, NOW),
    start_gate.lines_item([]),
    called({}),
    called(proof(NUMBER, good=False)),
    called(proof(NUMBER, at=EARLIER)),
    called(proof("+815031960102")),
    phrase(),
    phrase(replace(PHRASE, day_part=DayPart.MORNING)),
    phrase(replace(PHRASE, situation=Situation.COMPLAINT)),
    start_gate.script_item(is_published=False, page=""),
    contact(proofs={}),
    contact(OWNER, proofs={}),
    contact(OWNER, proofs=proof("+819033330002")),
    start_gate.outside_item(Outside.ANNOUNCE, "", "終了"),
    start_gate.outside_item(Outside.ANNOUNCE, "まもなく", ""),
    start_gate.hours_item(None, LATER),
    start_gate.hours_item(LATER, LATER),
    start_gate.roster_item(Staffing(needed=3, there=2)),
    start_gate.roster_item(Staffing(needed=0, there=9)),
    start_gate.roster_item(Staffing(needed=None, there=9)),
    start_gate.quiz_item(Staffing(needed=3, there=3, certified=2), page=""),
    start_gate.quiz_item(Staffing(needed=0, there=3, certified=0), page=""),
    start_gate.quiz_item(Staffing(needed=None, there=3, certified=3), page=""),
    shifts(there=1.5),
]
NOT_TO_CLOSE = [
    close_gate.queue_item(1),
    live_item(1),
    callback_item(1),
    case_item(1),
    mail_item(1),
    close_gate.told_item(Outside.ANNOUNCE, "", has_standing=True),
    close_gate.told_item(Outside.FORWARD, "", has_standing=False),
    close_gate.memo_item("  "),
    close_gate.data_item(is_decided=False, is_done=False),
    close_gate.data_item(is_decided=True, is_done=False),
    report_item(None, NOW, month="2027-05"),
    report_item(EARLIER, NOW, month="2027-05"),
]


def with_this(gate: dict[str, Item], item: Item) -> list[Item]:
    assert item.key in gate
    return [*(gate | {item.key: item}).values()]


@pytest.mark.parametrize("gate", [OPENING, CLOSING], ids=["start", "close"])
def test_with_everything_there_a_supervisor_goes_through(gate: dict[str, Item]) -> None:
    assert lacking(gate.values(), actor=SUPERVISOR, reason="") == []


@pytest.mark.parametrize(
    ("gate", "item"),
    [*[(OPENING, one) for one in NOT_TO_OPEN], *[(CLOSING, one) for one in NOT_TO_CLOSE]],
    ids=lambda one: one.key if isinstance(one, Item) else "",
)
def test_each_item_alone_refuses(gate: dict[str, Item], item: Item) -> None:
    items = with_this(gate, item)
    with pytest.raises(GateShut):
        lacking(items, actor=SUPERVISOR, reason="急ぎます")
    with pytest.raises(GateShut):
        lacking(items, actor=OPERATOR, reason=" ")
    assert lacking(items, actor=OPERATOR, reason="書面で確認済み") == [item.key]
    assert item.said
    assert item.mends in {Role.SUPERVISOR, Role.OPERATOR}


def test_no_item_is_left_untried() -> None:
    assert {one.key for one in NOT_TO_OPEN} == set(OPENING)
    assert {one.key for one in NOT_TO_CLOSE} == set(CLOSING)


def test_forwarding_to_a_standing_desk_needs_no_words() -> None:
    assert close_gate.told_item(Outside.FORWARD, "", has_standing=True).done
    assert start_gate.outside_item(Outside.FORWARD, "", "").done


def test_seats_follow_the_contract_and_the_published_vector() -> None:
    """100 calls of 180 s in half an hour: 14 agents answer 88.8 % within 20 s, 13 fewer than 80 %."""
    terms = ContractTerms(valid_from=date(2026, 1, 1), answer_within_seconds=20, target_percent=80)
    assert start_gate.seats(100, 180, terms) == 14
    assert start_gate.seats(100, 180, None) == 14
    terms.target_percent = 95
    assert start_gate.seats(100, 180, terms) == 16
    assert start_gate.seats(0, 180, terms) == 0
