"""The table of shifts: typed, refused at the cell, copied, and what it costs to look."""

from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import roster
from desks.models import Desk
from desks.shifts.models import Shift
from nanori.actors import Role
from nanori.identity.models import Account
from tenants.commands import set_hours
from tenants.hours import Span
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

WEEK = "/staffing/shifts?week=2026-11-09"
STATEMENTS = 12


@pytest.fixture
async def desk(session: AsyncSession) -> Desk:
    shop = await a_shop(session)
    await set_hours(session, shop.tenant_id, {0: (Span(540, 1080),)}, [])
    return await roster.open_standing_desk(session, shop.tenant_id, name="お客様窓口", now=START)


@pytest.fixture
async def agent(session: AsyncSession, desk: Desk) -> Account:
    agent = await an_account(session, Role.AGENT, shops=[desk.tenant_id])
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)
    return agent


async def supervisor(session: AsyncSession) -> Account:
    account = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    return account


def cell(agent: Account, day: int) -> str:
    return f"cell-{agent.id}-2026-11-{day:02}"


async def shifts(session: AsyncSession) -> list[timedelta]:
    found = await session.scalars(
        select(Shift).order_by(Shift.starts_at).execution_options(populate_existing=True)
    )
    return [one.ends_at - one.starts_at for one in found]


async def type_in(client: Client, week: str, **cells: str) -> tuple[int, str]:
    answer = await client.post(week, data=cells, follow_redirects=False)
    return answer.status_code, answer.text


async def test_a_week_is_typed_and_copied(
    app: Litestar, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        monday, tuesday = cell(agent, 9), cell(agent, 10)
        assert (await type_in(client, WEEK, **{monday: "９−18/12-13", tuesday: "22-7"}))[0] == 303
        assert await shifts(session) == [timedelta(hours=9)] * 2
        shown = await client.get(f"{WEEK}&desk={desk.id}")
        copied = await client.post("/staffing/shifts/copy?week=2026-11-16", follow_redirects=False)
        emptied = {monday: "", f"was-{monday}": "9-18/12-13"}
        assert (await type_in(client, WEEK, **emptied))[0] == 303

    assert copied.status_code == 303
    assert len(await shifts(session)) == 3
    assert "9-18/12-13 全デスク" in shown.text
    assert "12:00–13:00" in shown.text  # open, and the only one there has lunch


async def test_wrong_cells_are_told_and_nothing_is_saved(
    app: Litestar, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        await type_in(client, f"{WEEK}&desk={desk.id}", **{cell(agent, 11): "9-18"})
        wrong = {cell(agent, 9): "9-18", cell(agent, 10): "nine to five"}
        status, text = await type_in(client, WEEK, **wrong)
        clash = {cell(agent, 9): "9-18", cell(agent, 11): "17-20"}
        clashed, told = await type_in(client, WEEK, **clash)

    assert (status, clashed) == (422, 422)
    assert f'id="{cell(agent, 10)}-error"' in text
    assert 'value="nine to five"' in text
    assert f'id="{cell(agent, 9)}-error"' not in text
    assert f'id="{cell(agent, 11)}-error"' in told
    assert "すでに予定が入っています" in told
    assert len(await shifts(session)) == 1


async def test_what_nobody_touched_stays_as_somebody_else_changed_it(
    app: Litestar, session: AsyncSession, agent: Account
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        await type_in(client, WEEK, **{cell(agent, 9): "9-18"})
        old_page = {cell(agent, 9): "", f"was-{cell(agent, 9)}": "", cell(agent, 10): "10-14"}
        await type_in(client, WEEK, **old_page)

    assert len(await shifts(session)) == 2


async def test_a_week_costs_a_counted_number_of_statements(
    app: Litestar, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        await type_in(client, WEEK, **{cell(agent, 9): "9-18"})
        with statements(session) as asked:
            await client.get(f"{WEEK}&desk={desk.id}")
        few = len(asked)
        other = await an_account(session, Role.AGENT, shops=[desk.tenant_id])
        await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=other.id, level=1)
        await session.commit()
        await type_in(client, WEEK, **{cell(other, day): "9-18" for day in range(9, 16)})
        with statements(session) as asked:
            await client.get(f"{WEEK}&desk={desk.id}")

    assert few == len(asked) <= STATEMENTS


async def test_a_desk_is_filled_with_its_opening_hours_where_the_day_is_free(
    app: Litestar, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    """The clock stands at Monday, the 2nd; on other weekdays the desk is shut."""
    other = await an_account(session, Role.AGENT, shops=[desk.tenant_id])
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=other.id, level=1)
    async with signed_in(app, await supervisor(session)) as client:
        await type_in(client, WEEK, **{cell(agent, 9): "13-15"})
        for week in ("2026-10-26", "2026-11-09", "2026-11-09"):
            path = f"/staffing/shifts/hours?week={week}&desk={desk.id}"
            assert (await client.post(path, follow_redirects=False)).status_code == 303

    assert await shifts(session) == [timedelta(hours=9), timedelta(hours=2)]
