"""A seasonal desk in the database: what is promised to it, what moves it, and what can never be."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from desks import life, planning
from desks.errors import GateShut, MoveNotAllowed
from desks.gates import Item
from desks.models import Desk
from desks.season_models import DeskMove, DeskSpan
from desks.season_queries import moves_of, season_of
from desks.values import DeskState
from nanori import directory
from nanori.actors import SYSTEM, Actor, ActorKind, Role
from nanori.db import across_shops, bind_all_shops
from nanori.directory import Kind
from nanori.errors import InvalidInput
from nanori.installation import Installation
from tenants import commands as shops
from tenants import promises, queries
from tenants.errors import LineIsPromised
from tenants.hours import Span
from tenants.models import LinePromise
from tenants.promises import Term
from tests.support.clock import START
from tests.support.people import a_shop
from tests.support.seasons import MOTHERS_DAY, POOL, a_draft, a_pool, a_season

OPENS = datetime(2027, 4, 19, 15, tzinfo=UTC)
CLOSES = datetime(2027, 5, 10, 15, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)
REST = timedelta(days=90)
SUPERVISOR, OPERATOR = Actor(kind=ActorKind.SUPERVISOR), Actor(kind=ActorKind.OPERATOR)
RED = Item(key="script", done=False, there="", lacking="", mends=Role.SUPERVISOR)


async def state_of(session: AsyncSession, desk: Desk) -> DeskState:
    await bind_all_shops(session)
    found = await session.get_one(Desk, inspect(desk).identity, populate_existing=True)
    return found.state


async def test_a_draft_has_no_number_and_checking_reserves_it_at_once(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk = await a_draft(session, shop)
    assert await promises.promises_to(session, shop.tenant_id, desk.id) == []
    assert await promises.spare_numbers(session, now=START) == list(POOL)

    season = await season_of(session, shop.tenant_id, desk.id)
    await life.reserve(session, shop, desk, season, actor=SYSTEM, now=START)

    (one,) = await promises.promises_to(session, shop.tenant_id, desk.id)
    assert (one.line, one.starts_at, one.ends_at, one.free_at) == (POOL[0], OPENS, CLOSES, CLOSES + REST)
    assert await promises.spare_numbers(session, now=START) == [POOL[1]]
    found = await directory.look_up(session, Kind.NUMBER, POOL[0])
    assert found is not None
    assert found.shop_id == shop.tenant_id
    assert await promises.own_lines(session, shop.tenant_id) == [POOL[0]]
    assert await promises.own_lines(session, shop.tenant_id, lent_to=desk.id) == []


async def test_an_empty_pool_refuses_and_nothing_is_half_reserved(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk = await a_draft(session, shop, replace(MOTHERS_DAY, wanted_numbers=3))
    season = await season_of(session, shop.tenant_id, desk.id)
    with pytest.raises(InvalidInput) as refused:
        async with session.begin_nested():
            await life.reserve(session, shop, desk, season, actor=SYSTEM, now=START)

    assert refused.value.fields.keys() == {"wanted_numbers"}
    assert refused.value.params == {"left": 2}
    assert await promises.spare_numbers(session, now=START) == list(POOL)
    assert await state_of(session, desk) is DeskState.DRAFT


async def test_a_number_that_another_desk_has_says_which_and_until_when(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await shops.add_number(session, shop.tenant_id, "+815031960001")
    plan = replace(MOTHERS_DAY, wanted_numbers=0, wanted_lines=("+815031960001",))
    await a_season(session, shop, plan)
    later = replace(plan, name="父の日窓口", opens_on=date(2027, 5, 10), closes_on=date(2027, 6, 20))
    with pytest.raises(InvalidInput) as refused:
        async with session.begin_nested():
            await a_season(session, shop, later)
    assert refused.value.params == {"line": "+815031960001", "desk": "母の日窓口", "until": "2027-05-10"}

    desk, _ = await a_season(session, shop, replace(later, opens_on=date(2027, 5, 11)))
    (promise,) = await promises.promises_to(session, shop.tenant_id, desk.id)
    assert promise.starts_at == CLOSES
    assert promise.free_at == promise.ends_at  # its own number rests for nobody


async def test_the_database_itself_refuses_one_line_for_two_desks(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    await a_season(session, shop)
    other = await a_draft(session, shop)
    term = Term(
        shop_id=shop.tenant_id,
        line=POOL[0],
        starts_at=CLOSES - MOMENT,
        ends_at=CLOSES + REST,
        free_at=CLOSES + REST,
    )
    with pytest.raises(IntegrityError, match="line_has_one_desk"):
        async with session.begin_nested():
            await promises.promise_line(session, term, desk_id=other.id, from_pool=True)

    await promises.promise_line(session, replace(term, starts_at=CLOSES), desk_id=other.id, from_pool=True)


async def test_the_database_itself_refuses_another_shop_within_the_quarantine(session: AsyncSession) -> None:
    shop, other = await a_shop(session), await a_shop(session, brand="花影フラワー")
    await a_pool(session)
    await a_season(session, shop)
    desk = await a_draft(session, other)
    free = CLOSES + REST
    term = Term(
        shop_id=other.tenant_id,
        line=POOL[0],
        starts_at=free - MOMENT,
        ends_at=free + REST,
        free_at=free + REST,
    )
    with pytest.raises(IntegrityError, match="line_rests_between_shops"):
        async with session.begin_nested():
            await promises.promise_line(session, term, desk_id=desk.id, from_pool=True)

    await promises.promise_line(session, replace(term, starts_at=free), desk_id=desk.id, from_pool=True)


async def test_a_desk_opens_and_closes_by_itself_and_every_move_is_written_down(
    session: AsyncSession, installation: Installation
) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk, _ = await a_season(session, shop)
    await session.commit()

    seen = []
    for now in (OPENS - MOMENT, OPENS, OPENS, CLOSES - MOMENT, CLOSES, CLOSES):
        await life.tick(installation, now)
        seen.append((await state_of(session, desk)).value)

    assert seen == ["scheduled", "open", "open", "open", "closing", "closing"]
    moves = await moves_of(session, desk)
    assert [one.after.value for one in moves] == ["draft", "checking", "scheduled", "open", "closing"]
    assert [one.at for one in moves[3:]] == [OPENS, CLOSES]
    assert {one.actor_kind for one in moves} == {ActorKind.SYSTEM}


async def test_a_house_that_slept_through_the_season_leaves_no_step_out(
    session: AsyncSession, installation: Installation
) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk, _ = await a_season(session, shop)
    await session.commit()
    await life.tick(installation, CLOSES + REST)

    await bind_all_shops(session)
    assert [one.after.value for one in await moves_of(session, desk)][3:] == ["open", "closing"]


async def test_two_workers_move_a_desk_once(clone: Installation) -> None:
    async with across_shops(clone.staff) as session:
        shop = await a_shop(session)
        await a_pool(session)
        desk, _ = await a_season(session, shop)
    async with across_shops(clone.worker) as one:  # one worker is at it
        await one.execute(select(Desk).where(Desk.id == desk.id).with_for_update())
        await life.tick(clone, OPENS)
    async with across_shops(clone.staff) as session:
        assert await state_of(session, desk) is DeskState.SCHEDULED
    await life.tick(clone, OPENS)
    await life.tick(clone, OPENS)

    async with across_shops(clone.staff) as session:
        moves = await session.scalars(select(DeskMove.after).where(DeskMove.desk_id == desk.id))
        assert sorted(moves).count(DeskState.OPEN) == 1


async def test_a_number_rests_for_its_quarantine_and_returns_to_the_pool(
    session: AsyncSession, installation: Installation
) -> None:
    shop = await a_shop(session)
    await a_pool(session, POOL[0])
    desk, season = await a_season(session, shop)
    await session.commit()
    await life.tick(installation, CLOSES)
    await life.tick(installation, CLOSES + 2 * REST)
    await bind_all_shops(session)
    assert await promises.spare_numbers(session, now=CLOSES + 2 * REST) == []  # not closed: still announced

    closed = CLOSES + timedelta(days=5)
    await session.refresh(desk)
    await life.finish(session, desk, season, [], actor=SYSTEM, now=closed)
    await session.commit()
    for now, spare in ((closed + REST - MOMENT, []), (closed + REST, [POOL[0]]), (closed + REST, [POOL[0]])):
        await life.tick(installation, now)
        await bind_all_shops(session)
        assert await promises.spare_numbers(session, now=now) == spare
    assert await queries.numbers_of(session, shop.tenant_id) == []
    assert await directory.look_up(session, Kind.NUMBER, POOL[0]) is None


async def test_a_number_that_the_shop_uses_again_does_not_go_back_too_soon(
    session: AsyncSession, installation: Installation
) -> None:
    shop = await a_shop(session)
    await a_pool(session, POOL[0])
    desk, season = await a_season(session, shop)
    again = replace(
        MOTHERS_DAY, name="父の日窓口", opens_on=date(2027, 5, 20), closes_on=date(2027, 9, 1),
        wanted_numbers=0, wanted_lines=(POOL[0],),
    )  # fmt: skip
    next_desk, _ = await a_season(session, shop, again)
    await session.commit()
    await life.tick(installation, CLOSES)
    await bind_all_shops(session)
    await session.refresh(desk)
    await life.finish(session, desk, season, [], actor=SYSTEM, now=CLOSES)
    await session.commit()
    await life.tick(installation, CLOSES + REST)

    await bind_all_shops(session)
    assert [one.number for one in await queries.numbers_of(session, shop.tenant_id)] == [POOL[0]]
    (promise,) = await promises.promises_to(session, shop.tenant_id, next_desk.id)
    assert promise.from_pool


async def test_a_plan_that_is_taken_back_gives_its_number_back(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session, POOL[0])
    desk = await a_draft(session, shop)
    season = await season_of(session, shop.tenant_id, desk.id)
    await life.reserve(session, shop, desk, season, actor=SYSTEM, now=START)
    await life.take_back(session, desk, season, actor=SYSTEM, now=START)
    assert await promises.spare_numbers(session, now=START) == [POOL[0]]

    await life.reserve(session, shop, desk, season, actor=SYSTEM, now=START)
    await life.schedule(session, desk, [], actor=SYSTEM, now=START)  # it may be in print by now
    await life.move(session, desk, DeskState.CHECKING, actor=SYSTEM, now=START)
    await life.take_back(session, desk, season, actor=SYSTEM, now=START)
    assert await promises.spare_numbers(session, now=START + REST - MOMENT) == []
    assert await promises.spare_numbers(session, now=START + REST) == [POOL[0]]


async def test_a_longer_season_takes_its_number_along(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk, season = await a_season(session, shop)
    longer = replace(MOTHERS_DAY, closes_on=date(2027, 5, 31), wanted_numbers=2)
    await planning.change_plan(session, shop, desk, season, longer, now=START)

    there = await promises.promises_to(session, shop.tenant_id, desk.id)
    assert {one.line for one in there} == set(POOL)
    assert {one.ends_at for one in there} == {season.closes_at} == {datetime(2027, 5, 31, 15, tzinfo=UTC)}

    await planning.change_plan(session, shop, desk, season, MOTHERS_DAY, now=START)
    assert [one.line for one in await promises.promises_to(session, shop.tenant_id, desk.id)] == [POOL[0]]
    assert await promises.spare_numbers(session, now=START) == [POOL[1]]


async def test_an_open_desk_keeps_its_first_day_and_its_numbers(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk, season = await a_season(session, shop)
    await life.move(session, desk, DeskState.OPEN, actor=SYSTEM, now=OPENS)
    wrong = replace(MOTHERS_DAY, opens_on=date(2027, 4, 21), wanted_numbers=2)
    with pytest.raises(InvalidInput) as refused:
        await planning.change_plan(session, shop, desk, season, wrong, now=OPENS)
    assert refused.value.fields.keys() == {"opens_on", "wanted_numbers"}

    await planning.change_plan(
        session, shop, desk, season, replace(MOTHERS_DAY, closes_on=date(2027, 5, 20)), now=OPENS
    )
    await life.move(session, desk, DeskState.CLOSING, actor=SYSTEM, now=CLOSES)
    with pytest.raises(MoveNotAllowed):
        await planning.change_plan(session, shop, desk, season, MOTHERS_DAY, now=OPENS)


@pytest.mark.parametrize(
    ("plan", "fields"),
    [
        (replace(MOTHERS_DAY, closes_on=date(2027, 4, 19)), {"closes_on"}),
        (replace(MOTHERS_DAY, opens_on=date(2025, 1, 1), closes_on=date(2025, 1, 2)), {"closes_on"}),
        (replace(MOTHERS_DAY, closes_on=date(2029, 1, 1)), {"closes_on"}),
        (replace(MOTHERS_DAY, wanted_numbers=0), {"wanted_numbers"}),
        (replace(MOTHERS_DAY, own_hours=True), {"own_hours"}),
        (replace(MOTHERS_DAY, own_hours=True, week={0: (Span(540, 720), Span(660, 900))}), {"day-0"}),
    ],
)
async def test_a_plan_that_makes_no_sense_says_so_at_the_field(
    session: AsyncSession, plan: planning.Plan, fields: set[str]
) -> None:
    shop = await a_shop(session)
    with pytest.raises(InvalidInput) as refused:
        await a_draft(session, shop, plan)
    assert refused.value.fields.keys() == fields


async def test_own_hours_that_overlap_are_impossible_in_the_database(session: AsyncSession) -> None:
    shop = await a_shop(session)
    plan = replace(MOTHERS_DAY, own_hours=True, week={0: (Span(540, 720), Span(720, 900))})
    desk = await a_draft(session, shop, plan)
    season = await season_of(session, shop.tenant_id, desk.id)
    assert season.own_hours
    with pytest.raises(IntegrityError, match="desk_spans_do_not_overlap"):
        async with session.begin_nested():
            await session.execute(update(DeskSpan).where(DeskSpan.opens == 720).values(opens=719))


async def test_nobody_passes_a_red_gate_but_an_operator_with_a_reason(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk = await a_draft(session, shop)
    season = await season_of(session, shop.tenant_id, desk.id)
    await life.reserve(session, shop, desk, season, actor=SUPERVISOR, now=START)
    for actor, reason in ((SUPERVISOR, ""), (SUPERVISOR, "急ぎのため"), (OPERATOR, ""), (OPERATOR, "  ")):
        with pytest.raises(GateShut):
            await life.schedule(session, desk, [RED], actor=actor, now=START, reason=reason)
    assert desk.state is DeskState.CHECKING

    await life.schedule(session, desk, [RED], actor=OPERATOR, now=START, reason="台本は明日承認されるため")
    last = (await moves_of(session, desk))[-1]
    assert (last.after, last.lacking, last.reason) == (
        DeskState.SCHEDULED,
        ["script"],
        "台本は明日承認されるため",
    )


async def test_a_desk_that_moved_meanwhile_is_not_moved_twice(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await a_pool(session)
    desk, _ = await a_season(session, shop)
    with pytest.raises(MoveNotAllowed):
        await life.schedule(session, desk, [], actor=SUPERVISOR, now=START)
    rows = await session.scalars(select(LinePromise).where(LinePromise.desk_id == desk.id))
    assert len(rows.all()) == 1


async def test_a_line_that_a_season_counts_on_cannot_be_taken_from_the_shop(session: AsyncSession) -> None:
    shop = await a_shop(session)
    number = await shops.add_number(session, shop.tenant_id, "+815031960001")
    desk, season = await a_season(
        session, shop, replace(MOTHERS_DAY, wanted_numbers=0, wanted_lines=(number.number,))
    )
    with pytest.raises(LineIsPromised):
        await shops.remove_number(session, shop.tenant_id, number.id)

    await life.move(session, desk, DeskState.OPEN, actor=SYSTEM, now=OPENS)
    await life.move(session, desk, DeskState.CLOSING, actor=SYSTEM, now=CLOSES)
    await life.finish(session, desk, season, [], actor=SYSTEM, now=CLOSES)
    await shops.remove_number(session, shop.tenant_id, number.id)
    assert await queries.numbers_of(session, shop.tenant_id) == []
