"""A supervisor before the pages of seasonal desks, with everything that a plan needs."""

import re

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.season_models import Season
from desks.values import DeskKind
from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from scripts_talk import versions
from scripts_talk.steps import Step
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import Client, an_account
from tests.support.seasons import a_pool
from tests.telephony.conftest import NUMBER, a_desk, a_ready_shop, an_agent

PLAN = {
    "name": "母の日窓口", "opens_on": "2027-04-20", "closes_on": "2027-05-10", "wanted_numbers": "1",
    "greeting": "お電話ありがとうございます。母の日窓口でございます。", "outside": "announce",
    "busy_calls": "1", "handling_seconds": "120", "ramp_days": "3",
}  # fmt: skip


class Stand:
    """A shop that lacks nothing, two agents, and a pool of two numbers."""

    def __init__(self, shop: Tenant, desk: Desk, agents: list[Account]) -> None:
        self.shop, self.desk, self.agents = shop, desk, agents

    @property
    def new(self) -> str:
        return f"/shops/{self.shop.tenant_id}/seasons/new"

    @property
    def plan(self) -> dict[str, object]:
        """What a supervisor types."""
        ids = [str(one.id) for one in self.agents]
        return {**PLAN, "agent": ids, "certified": ids, "then": "check"}


async def a_stand(session: AsyncSession) -> Stand:
    shop = await a_ready_shop(session, NUMBER)
    desk = await a_desk(session, shop)
    agents = [await an_agent(session, shop, desk) for _ in range(2)]
    step = Step(title="名のり", say="ご用件を承ります。")
    await versions.put_in_force(session, shop.tenant_id, "受付", [step], now=START)
    await a_pool(session)
    await session.commit()
    return Stand(shop, desk, agents)


async def the_season(session: AsyncSession) -> tuple[Desk, Season]:
    await bind_all_shops(session)
    desk = await session.scalar(
        select(Desk).where(Desk.kind == DeskKind.SEASONAL).execution_options(populate_existing=True)
    )
    season = await session.scalar(select(Season).execution_options(populate_existing=True))
    assert desk is not None
    assert season is not None
    return desk, season


async def supervisor(session: AsyncSession) -> Account:
    account = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    return account


def missing(html: str) -> set[str]:
    """Keys of what the gate still asks for."""
    return set(re.findall(r'class="is-missing" data-item="([a-z_]+)"', html))


async def scheduled(client: Client, stand: Stand) -> str:
    """The address of a season whose gate was green."""
    answer = await client.post(stand.new, data=stand.plan, follow_redirects=False)
    base = str(answer.headers["location"])
    for deed in ("test-calls", "confirmations"):
        await client.post(f"{base}/{deed}")
    await client.post(f"{base}/moves", data={"to": "scheduled"})
    return base
