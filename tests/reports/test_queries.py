"""What is read from the database is what the events say."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.cases import open_case
from interactions.derive import Times, apply
from interactions.models import Interaction, InteractionEvent
from interactions.values import Channel, EventKind, Outcome
from nanori.actors import Role
from reports.facts import PhoneFact, Terms
from reports.month import MonthFigures, month_figures
from reports.paper.definitions import DEFINITIONS
from reports.paper.tables import CHECKED_KEYS, VOICE_KEYS
from reports.queries import ShopMonth, month_of_shop
from reports.resolutions import RESOLUTION_KEYS
from tenants import commands as tenants
from tenants.errors import ShopNotFound
from tenants.models import Tenant
from tenants.values import ServiceLevelLetter
from tests.reports.in_bulk import write_month
from tests.reports.logged import MONDAY, OCTOBER, ShopLog, an_open_shop, every_kind
from tests.reports.months import Month, at
from tests.support.people import a_shop, an_account

SAME_NAMED = (
    "queued_at", "answered_at", "abandoned_at", "ended_at", "wrapped_up_at", "talk_ms", "hold_ms", "acw_ms",
    "escalated", "transferred", "offers_missed",
)  # fmt: skip

NOT_ALWAYS = {
    "service_level_second", "follow_up_handling_time", "callbacks_asked", "callback_rate", "mails_per_hour",
    *CHECKED_KEYS, *VOICE_KEYS, *RESOLUTION_KEYS,
}  # fmt: skip
KEYS = [key for key in DEFINITIONS if key not in NOT_ALWAYS]


@pytest.fixture
async def book(session: AsyncSession) -> ShopLog:
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    return ShopLog(session, shop, agent.id)


def figures(found: ShopMonth) -> MonthFigures:
    return month_figures(found.facts, found.business_time)


def values(month: MonthFigures, *keys: str) -> list[tuple[int, int | None]]:
    return [(month.figure(key).numerator, month.figure(key).denominator) for key in keys]


async def test_the_facts_are_what_the_events_say(session: AsyncSession, book: ShopLog) -> None:
    await every_kind(book)
    found = await month_of_shop(session, book.shop.tenant_id, OCTOBER)
    calls = {call.number: call for call in found.facts.calls}
    interactions = list(
        await session.scalars(select(Interaction).where(Interaction.channel == Channel.PHONE))
    )
    assert sorted(calls) == sorted(one.number for one in interactions)
    for one in interactions:
        times = await replayed(session, one)
        fact = calls[one.number]
        assert {name: getattr(fact, name) for name in SAME_NAMED} == {
            name: getattr(times, name) for name in SAME_NAMED
        }
        assert (fact.offers_made, fact.name_confirmed) == (
            times.offers,
            times.name_confirmed_at is not None,
        )
        assert (fact.outcome, fact.party) == (one.outcome, one.party)


async def replayed(session: AsyncSession, one: Interaction) -> Times:
    times = Times(arrived_at=one.arrived_at)
    told = select(InteractionEvent).where(InteractionEvent.interaction_id == one.id)
    for happened in await session.scalars(told.order_by(InteractionEvent.seq)):
        apply(times, happened.kind, happened.at, happened.data)
    return times


async def test_each_call_stands_in_its_class(session: AsyncSession, book: ShopLog) -> None:
    await every_kind(book)
    month = figures(await month_of_shop(session, book.shop.tenant_id, OCTOBER))

    counts = {figure.key: figure.numerator for figure in month.figures}
    assert counts | EVERY_KIND == counts
    assert month.figure("service_level").numerator == 2
    assert values(month, "agent_no_answer", "transfer_rate") == [(2, 6), (1, 4)]


async def test_mails_are_counted_as_they_stood_when_the_month_ended(
    session: AsyncSession, book: ShopLog
) -> None:
    await every_kind(book)
    found = await month_of_shop(session, book.shop.tenant_id, OCTOBER)
    month = figures(found)

    assert values(month, "mail_received", "mail_replied", "mail_no_action", "mail_backlog") == [
        (5, None), (3, None), (1, None), (3, None),
    ]  # fmt: skip
    assert values(month, "mail_within_target") == [(2, 4)]
    assert month.backlog_ages == (0, 2, 0, 1)
    assert {mail.number for mail in found.facts.mails if mail.outcome is None} == {21, 22, 23}


async def test_an_escalation_tells_when_the_shop_took_it_up(session: AsyncSession, book: ShopLog) -> None:
    await every_kind(book)
    found = await month_of_shop(session, book.shop.tenant_id, OCTOBER)

    (one,) = found.facts.escalations
    assert one.reason == "配送状況"
    assert one.acknowledged_at == one.started_at + timedelta(seconds=30)
    assert one.answered_at == one.started_at + timedelta(seconds=50)


EVERY_KIND = {
    "calls_inbound": 13,
    "offered": 8,
    "answered": 4,
    "abandoned": 3,
    "abandoned_short": 1,
    "lost_otherwise": 1,
    "out_of_hours": 2,
    "out_of_hours_voicemail": 1,
    "apart_left_in_guidance": 1,
    "apart_in_progress": 1,
    "apart_test": 1,
    "apart_outbound": 1,
}

RECOUNT = text(
    """
    WITH story AS (
        SELECT interaction_id,
               min(at) FILTER (WHERE kind = 'queued') AS queued,
               min(at) FILTER (WHERE kind = 'answered') AS answered,
               min(at) FILTER (WHERE kind = 'abandoned') AS gone,
               min(at) FILTER (WHERE kind = 'ended') AS ended,
               min(at) FILTER (WHERE kind = 'arrived') AS arrived
        FROM interaction_event GROUP BY interaction_id
    ), offered AS (
        SELECT story.* FROM story JOIN interaction i ON i.id = story.interaction_id
        WHERE i.direction = 'inbound' AND i.party = 'human' AND queued IS NOT NULL AND ended IS NOT NULL
          AND arrived >= '2026-10-01 00:00+09' AND arrived < '2026-11-01 00:00+09'
    )
    SELECT count(*), count(answered), count(gone),
           count(*) FILTER (WHERE answered - queued <= interval '20 seconds'),
           (sum(extract(epoch FROM answered - queued)) * 1000)::bigint,
           (sum(extract(epoch FROM gone - queued)) * 1000)::bigint
    FROM offered
    """
)


async def test_an_independent_count_in_sql_gives_the_same_figures(
    session: AsyncSession, book: ShopLog
) -> None:
    await every_kind(book)
    for minute in range(0, 600, 7):
        start = at(date(2026, 9, 30), 20) + timedelta(minutes=minute)
        await book.answered(start, waits=minute % 31, talks=minute)
    total = figures(await month_of_shop(session, book.shop.tenant_id, OCTOBER)).total

    assert (await session.execute(RECOUNT)).one() == (
        total.offered, total.answered, total.abandoned, total.answered_within,
        total.answer_wait_ms, total.abandon_wait_ms,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "months"),
    [
        (datetime.fromisoformat("2026-09-30T23:59:59.999+09:00"), (0, 1)),
        (datetime.fromisoformat("2026-10-01T00:00:00+09:00"), (1, 0)),
        (datetime.fromisoformat("2026-09-30T15:00:00+00:00"), (1, 0)),
        (datetime.fromisoformat("2026-10-31T23:59:59.999+09:00"), (1, 0)),
        (datetime.fromisoformat("2026-10-31T15:00:00+00:00"), (0, 0)),
    ],
)
async def test_a_call_belongs_to_the_month_of_its_arrival_in_tokyo(
    session: AsyncSession, book: ShopLog, moment: datetime, months: tuple[int, int]
) -> None:
    await book.answered(moment)
    found = await month_of_shop(session, book.shop.tenant_id, OCTOBER)

    assert (len(found.facts.calls), len(found.before.calls if found.before else ())) == months


async def test_without_anything_before_there_is_no_comparison(session: AsyncSession, book: ShopLog) -> None:
    await book.answered(at(MONDAY, 10))

    assert (await month_of_shop(session, book.shop.tenant_id, OCTOBER)).before is None


async def test_each_month_keeps_the_terms_it_had(session: AsyncSession, book: ShopLog) -> None:
    await book.answered(at(date(2026, 9, 10), 10))
    later = tenants.Terms(letter=ServiceLevelLetter.F, answer_within_seconds=30)
    await tenants.agree_terms(session, book.shop, later, now=at(date(2026, 10, 20), 9))
    found = await month_of_shop(session, book.shop.tenant_id, OCTOBER)

    assert found.before is not None
    assert (found.facts.terms.service_level, found.facts.terms.answer_within_s) == ("F", 30)
    assert (found.before.terms.service_level, found.before.terms.mail_target_minutes) == ("A", 240)


async def test_a_shop_without_terms_is_counted_by_the_houses_own(session: AsyncSession) -> None:
    shop = await a_shop(session)

    assert (await month_of_shop(session, shop.tenant_id, OCTOBER)).facts.terms == Terms()


async def test_another_shops_calls_are_in_no_figure(session: AsyncSession, book: ShopLog) -> None:
    other = await an_open_shop(session, slug="hanakage")
    await ShopLog(session, other, book.agent_id).answered(at(MONDAY, 10))
    await book.answered(at(MONDAY, 11))

    found = await month_of_shop(session, book.shop.tenant_id, OCTOBER)
    assert [call.arrived_at for call in found.facts.calls] == [at(MONDAY, 11)]


async def test_a_shop_that_is_not_bound_has_no_month(session: AsyncSession, book: ShopLog) -> None:
    await session.execute(text("SELECT set_config('nanori.tenants', '{}', true)"))
    session.expunge_all()

    with pytest.raises(ShopNotFound):
        await month_of_shop(session, book.shop.tenant_id, OCTOBER)


@pytest.mark.parametrize(("calls", "matters", "most"), [(0, 0, 10), (40, 0, 10), (0, 1, 13), (40, 12, 13)])
async def test_a_month_takes_ten_statements_and_three_for_settled_matters_whatever_its_size(
    session: AsyncSession, book: ShopLog, calls: int, matters: int, most: int
) -> None:
    for minute in range(calls):
        await book.answered(at(MONDAY, 10, minute))
    for minute in range(matters):
        await a_settled_matter(book, at(MONDAY, 10, minute))
    session.expunge_all()
    with statements(session) as said:
        await month_of_shop(session, book.shop.tenant_id, OCTOBER)

    assert len(said) <= most


async def a_settled_matter(book: ShopLog, start: datetime) -> None:
    case = await open_case(
        book.session, book.shop.tenant_id, subject="返品", shopper_id=None, due_at=None, now=start
    )
    letter = await book.mail(start, replied=start, case_id=case.id)
    await book.event(letter, EventKind.SOLVED, start)


@contextmanager
def statements(session: AsyncSession) -> Iterator[list[str]]:
    """What the session says to the database meanwhile."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def test_reasons_are_said_in_the_shops_language(session: AsyncSession, book: ShopLog) -> None:
    await every_kind(book)
    shop = await session.get_one(Tenant, book.shop.tenant_id)
    shop.locale = "en"
    await session.flush()

    found = await month_of_shop(session, shop.tenant_id, OCTOBER)
    assert {call.reason for call in found.facts.calls} == {None, "Delivery"}
    assert asdict(call_of(found, 1))["outcome"] is Outcome.ANSWERED


def call_of(found: ShopMonth, number: int) -> PhoneFact:
    return next(call for call in found.facts.calls if call.number == number)


async def test_a_month_of_a_thousand_calls_comes_back_as_it_was_written(
    session: AsyncSession, book: ShopLog
) -> None:
    written = Month(seed=5, terms=Terms(mail_target_minutes=240), in_cases=True).facts()
    await write_month(session, book.shop.tenant_id, written)
    found = await month_of_shop(session, book.shop.tenant_id, OCTOBER)

    assert len(found.facts.calls) > 1000
    assert values(figures(found), *KEYS) == values(month_figures(written, found.business_time), *KEYS)
    assert list(found.facts.escalations) == sorted(written.escalations, key=lambda one: one.number)
