"""Accounts and shops for tests, and clients that are signed in."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import func, select
from sqlalchemy import table as table_clause
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import directory
from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.identity import commands as identity
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori.web.cookies import csrf_token, session_cookie_name
from scripts_talk.quiz.models import Certificate, QuizSitting
from tenants.models import Tenant
from tests.support.clock import START

Client = AsyncTestClient[Litestar]


async def a_shop(session: AsyncSession, *, slug: str = "", brand: str = "ミナト珈琲") -> Tenant:
    """A stored shop with nothing set up but its name; the transaction is bound to every shop afterwards."""
    tenant_id = uuid7()
    slug = slug or f"shop-{tenant_id.hex[-8:]}"
    await directory.promise(session, directory.Kind.SHOP, slug, shop_id=tenant_id)
    await bind_all_shops(session)
    shop = Tenant(
        tenant_id=tenant_id, slug=slug, legal_name=f"株式会社{brand}", brand_name=brand,
        brand_reading="みなとこーひー", colour="#7a3e1d", locale="ja", zone="Asia/Tokyo", created_at=START,
    )  # fmt: skip
    session.add(shop)
    await session.flush()
    return shop


async def an_account(
    session: AsyncSession,
    role: Role,
    *,
    shops: list[UUID] | None = None,
    now: datetime = START,
    locale: str = "ja",
) -> Account:
    """An account with one role, for the shops where the role needs them."""
    account = await identity.add_account(
        session, f"{role.value}-{uuid7().hex[-10:]}@nanori.example", name="試験 太郎",
        password="a long enough password", locale=locale, now=now,
    )  # fmt: skip
    for shop_id in shops or [None]:  # type: ignore[list-item] # None: a role without a shop
        await identity.grant(session, account.id, role, shop_id=shop_id)
    return account


@asynccontextmanager
async def signed_in(app: Litestar, account: Account) -> AsyncGenerator[Client]:
    """A browser of this account: cookie and token as a page would have them."""
    house: Installation = app.state.installation
    async with house.staff.begin() as session:
        cookie = await identity.open_session(session, account.id, now=house.clock.now())
    async with AsyncTestClient(app, base_url="http://testserver.local") as client:
        client.cookies.set(session_cookie_name(house.settings), cookie)
        client.headers["X-CSRF-Token"] = csrf_token(house.settings, identity.session_hash(cookie))
        yield client


async def certify(session: AsyncSession, shop_id: UUID, agent_id: UUID, *, until: datetime) -> None:
    """Let the agent have passed the shop's quiz long ago."""
    passed_at = START - timedelta(days=1)
    sitting = QuizSitting(
        tenant_id=shop_id, id=uuid7(), agent_id=agent_id, sheet=[], drawn_at=passed_at, judged_at=passed_at,
        right_answers=0, passed=True,
    )  # fmt: skip
    session.add(sitting)
    await session.flush()
    session.add(
        Certificate(
            tenant_id=shop_id, id=uuid7(), agent_id=agent_id, sitting_id=sitting.id, passed_at=passed_at,
            expires_at=until,
        )
    )  # fmt: skip
    await session.flush()


async def count(session: AsyncSession, table: str) -> int:
    """Rows of a table that the session can see."""
    return await session.scalar(select(func.count()).select_from(table_clause(table))) or 0
