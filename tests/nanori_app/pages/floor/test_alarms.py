"""When the floor calls for somebody, and when it keeps quiet."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desks.values import DeskState, Presence
from nanori_app.pages.floor.alarms import URGENT, AlarmKind, alarms, is_below, level_line, next_alarm_at
from nanori_app.pages.floor.facts import (
    AgentFacts,
    CallFacts,
    DeskFacts,
    FloorFacts,
    ShopFacts,
    Thresholds,
)
from nanori_app.pages.floor.order import by_need
from reports.facts import Terms
from reports.today import DayCounts
from telephony.values import CallState
from tests.support.clock import START

SHOP = ShopFacts(
    tenant_id=UUID(int=1), name="ミナト珈琲", reading="みなとこーひー", logo="", zone=ZoneInfo("Asia/Tokyo"),
    is_open=True, day_began=START - timedelta(hours=10), terms=Terms(),
)  # fmt: skip
DESK = DeskFacts(shop=SHOP, desk_id=UUID(int=2), name="受付", agents={Presence.READY: 1})
AGENT = AgentFacts(
    agent_id=UUID(int=3), name="青木 はるか", state=Presence.READY, reason=None, since=START,
    away_seconds=3600, not_ready_seconds=120,
)  # fmt: skip
CALL = CallFacts(
    tenant_id=SHOP.tenant_id, call_id=UUID(int=4), number=1, desk_id=DESK.desk_id, state=CallState.TALKING,
    outbound=False, since=START, agent_id=AGENT.agent_id, agent=AGENT.name,
)  # fmt: skip


def ago(seconds: float) -> datetime:
    return START - timedelta(seconds=seconds)


def kinds(*desks: DeskFacts, **rest: Any) -> list[AlarmKind]:
    return [one.kind for one in alarms(FloorFacts(now=START, desks=desks, **rest))]


def test_a_quiet_floor_has_no_alarm_and_none_to_come() -> None:
    floor = FloorFacts(now=START, desks=[DESK], agents=[AGENT], calls=[replace(CALL, since=ago(30))])
    assert alarms(floor) == []
    assert next_alarm_at(floor) == ago(30) + timedelta(seconds=900)


@pytest.mark.parametrize(
    ("waited", "raised"), [(59.999, []), (60, [AlarmKind.WAIT]), (600, [AlarmKind.WAIT])]
)
def test_a_wait_becomes_an_alarm_at_the_desks_own_limit(waited: float, raised: list[AlarmKind]) -> None:
    assert kinds(replace(DESK, waiting=1, waiting_since=ago(waited))) == raised


def test_a_limit_of_nought_never_calls() -> None:
    silent = Thresholds(
        wait_seconds=0, level_percent=0, nobody=False, talk_seconds=0, wrapup_seconds=0, away_seconds=0,
        not_ready_seconds=0,
    )  # fmt: skip
    desk = replace(
        DESK,
        thresholds=silent,
        agents={},
        waiting=1,
        waiting_since=ago(9999),
        hours={1: DayCounts(abandoned=90)},
    )
    tired = replace(
        AGENT, state=Presence.WRAPUP, since=ago(9999), desk=desk.key, away_seconds=0, not_ready_seconds=0
    )
    long = replace(CALL, since=ago(99999))
    floor = FloorFacts(now=START, desks=[desk], agents=[tired], calls=[long])
    assert alarms(floor) == []
    assert next_alarm_at(floor) is None


def test_an_agent_who_asks_for_help_comes_before_everything() -> None:
    late = replace(DESK, waiting=1, waiting_since=ago(500))
    asks = replace(CALL, help_asked_at=ago(1))
    assert kinds(late, calls=[asks]) == [AlarmKind.HELP, AlarmKind.WAIT]


@pytest.mark.parametrize("state", [Presence.READY, Presence.RINGING, Presence.BUSY, Presence.WRAPUP])
def test_whoever_is_at_work_is_enough(state: Presence) -> None:
    assert kinds(replace(DESK, agents={state: 1})) == []


@pytest.mark.parametrize("state", [Presence.BREAK, Presence.NOT_READY])
def test_an_open_desk_without_anybody_at_work_calls(state: Presence) -> None:
    assert kinds(replace(DESK, agents={state: 3})) == [AlarmKind.NOBODY]


def test_a_closed_desk_needs_nobody() -> None:
    assert kinds(replace(DESK, shop=replace(SHOP, is_open=False), agents={})) == []
    assert kinds(replace(DESK, state=DeskState.PAUSED, agents={})) == []


def test_the_service_level_is_held_against_the_contract_unless_the_desk_says_otherwise() -> None:
    day = replace(DESK, hours={9: DayCounts(answered=10, answered_within=7)})
    assert level_line(day) == 80
    assert is_below(day)
    assert kinds(day) == [AlarmKind.LEVEL]
    assert kinds(replace(day, thresholds=Thresholds(level_percent=70))) == []
    assert kinds(replace(day, hours={9: DayCounts(answered=10, answered_within=8)})) == []


def test_a_few_calls_say_nothing_about_the_service_level() -> None:
    assert kinds(replace(DESK, hours={9: DayCounts(abandoned=9)})) == []
    assert kinds(replace(DESK, hours={9: DayCounts(abandoned=10)})) == [AlarmKind.LEVEL]


@pytest.mark.parametrize(
    ("state", "seconds", "kind"),
    [
        (Presence.WRAPUP, 240, AlarmKind.WRAPUP),
        (Presence.BREAK, 3600, AlarmKind.AWAY),
        (Presence.NOT_READY, 120, AlarmKind.NOT_READY),
    ],
)
def test_an_agent_may_stay_in_a_state_for_so_long(state: Presence, seconds: int, kind: AlarmKind) -> None:
    agent = replace(AGENT, state=state, desk=DESK.key, since=ago(seconds))
    assert kinds(DESK, agents=[agent]) == [kind]
    just_before = replace(agent, since=ago(seconds - 0.001))
    assert kinds(DESK, agents=[just_before]) == []


def test_a_call_of_no_desk_has_the_limits_of_a_new_one() -> None:
    assert kinds(DESK, calls=[replace(CALL, desk_id=None, since=ago(900))]) == [AlarmKind.TALK]


def test_needy_desks_stand_first_and_quiet_ones_by_their_reading() -> None:
    quiet = [_desk(reading) for reading in ("う", "あ", "い")]
    waits = replace(_desk("ん"), waiting=1, waiting_since=ago(5))
    longer = replace(_desk("を"), waiting=1, waiting_since=ago(9))
    late = replace(_desk("わ"), waiting=1, waiting_since=ago(61))
    shut = replace(_desk("0"), shop=replace(_desk("0").shop, is_open=False))
    floor = FloorFacts(now=START, desks=[shut, *quiet, waits, longer, late])
    ordered = [desk.shop.reading for desk in by_need(floor, alarms(floor))]
    assert ordered == ["わ", "を", "ん", "あ", "い", "う", "0"]


def _desk(reading: str) -> DeskFacts:
    shop = replace(SHOP, tenant_id=uuid4(), reading=reading)
    return replace(DESK, shop=shop, desk_id=uuid4())


seconds = st.integers(0, 5000)


@st.composite
def floors(draw: st.DrawFn) -> FloorFacts:
    limits = Thresholds(
        wait_seconds=draw(st.integers(0, 300)), talk_seconds=draw(seconds), wrapup_seconds=draw(seconds)
    )
    waits = draw(st.none() | seconds)
    desk = replace(
        DESK, thresholds=limits, waiting=0 if waits is None else 1,
        waiting_since=None if waits is None else ago(waits),
    )  # fmt: skip
    agents = [
        replace(
            AGENT, agent_id=UUID(int=10 + n), state=draw(st.sampled_from(Presence)), since=ago(draw(seconds)),
            desk=desk.key, away_seconds=draw(seconds), not_ready_seconds=draw(seconds),
        )
        for n in range(draw(st.integers(0, 4)))
    ]  # fmt: skip
    calls = [
        replace(
            CALL, call_id=UUID(int=20 + n), state=draw(st.sampled_from(CallState)), since=ago(draw(seconds)),
            help_asked_at=draw(st.none() | seconds.map(ago)),
        )
        for n in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return FloorFacts(now=START, desks=[desk], agents=agents, calls=calls)


@given(floor=floors(), later=st.integers(1, 5000))
def test_without_news_an_alarm_stays_and_a_new_one_comes_exactly_when_it_was_foretold(
    floor: FloorFacts, later: int
) -> None:
    """The page sleeps until ``next_alarm_at``: nothing may be raised before it, something must be then."""
    now, foretold = set(alarms(floor)), next_alarm_at(floor)
    then = set(alarms(replace(floor, now=START + timedelta(seconds=later))))
    constant = {one for one in now if one.kind not in {AlarmKind.NOBODY, AlarmKind.LEVEL}}
    assert constant <= then
    grown = {one for one in then if one.kind not in {AlarmKind.NOBODY, AlarmKind.LEVEL}} - constant
    if foretold is None or START + timedelta(seconds=later) < foretold:
        assert grown == set()
    else:
        assert any(one.at == foretold for one in grown)


@given(floor=floors())
def test_urgent_alarms_stand_before_the_others(floor: FloorFacts) -> None:
    marks = [one.kind in URGENT for one in alarms(floor)]
    assert marks == sorted(marks, reverse=True)
