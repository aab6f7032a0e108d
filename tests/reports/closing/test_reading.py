"""A month beside the month before it, whichever of them is closed."""

from datetime import date, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from reports.closing.commands import close_month
from reports.closing.reading import read_month
from tests.reports.logged import OCTOBER, ShopLog, a_few, an_open_shop
from tests.reports.months import at
from tests.support.clock import START
from tests.support.people import an_account

SEPTEMBER = date(2026, 9, 1)


async def a_shop_with_two_months(session: AsyncSession, before: datetime | None) -> ShopLog:
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    book = ShopLog(session, shop, agent.id)
    if before is not None:
        await book.answered(before, waits=30)
        await book.mail(before, replied=at(date(2026, 10, 2), 11))
    await a_few(book)
    return book


async def both(book: ShopLog) -> list[object]:
    """The figures of October and of the month before, whatever their standing."""
    months = (await read_month(book.session, book.shop.tenant_id, OCTOBER)).figures()
    return [one and {**one.as_json(), "standing": None} for one in months]


@pytest.mark.parametrize("closed", [(OCTOBER,), (SEPTEMBER,), (SEPTEMBER, OCTOBER)])
async def test_the_figures_are_the_same_whichever_month_is_closed(
    session: AsyncSession, closed: tuple[date, ...]
) -> None:
    book = await a_shop_with_two_months(session, at(date(2026, 9, 30), 10))
    live = await both(book)
    assert None not in live
    for month in closed:
        await close_month(session, book.shop.tenant_id, month, now=START)
    assert await both(book) == live


async def test_nothing_stands_beside_a_month_before_which_there_was_nothing(session: AsyncSession) -> None:
    book = await a_shop_with_two_months(session, None)
    live = await both(book)
    await close_month(session, book.shop.tenant_id, OCTOBER, now=START)
    assert await both(book) == live
    assert live[1] is None
