"""The main navigation says where a page has its place."""

import re

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori_app.navigation import BELOW, navigation
from nanori_app.rooms import ROOMS
from tests.support.people import a_shop, an_account, signed_in

HERE = re.compile(r'<nav class="nav".*?</nav>', re.DOTALL)
OPERATORS = [(page, entry) for entry in ("/billing", "/desks", "/reports") for page in BELOW[entry]]


@pytest.mark.parametrize(("page", "entry"), OPERATORS)
async def test_a_page_is_found_below_the_entry_that_leads_to_it(
    app: Litestar, session: AsyncSession, page: str, entry: str
) -> None:
    await a_shop(session)
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, operator) as client:
        answer = await client.get(page)

    nav = HERE.search(answer.text)
    assert answer.status_code == 200
    assert nav
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', nav[0]) == [entry]


async def test_an_entry_of_its_own_is_no_other_entrys_page(app: Litestar, session: AsyncSession) -> None:
    shop = await a_shop(session)
    merchant = await an_account(session, Role.MERCHANT, shops=[shop.tenant_id])
    await session.commit()
    async with signed_in(app, merchant) as client:
        answer = await client.get("/invoices")

    nav = HERE.search(answer.text)
    assert nav
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', nav[0]) == ["/invoices"]


def test_whatever_has_pages_below_it_is_an_entry() -> None:
    assert set(BELOW) <= {item.href for item in navigation(ROOMS)}
