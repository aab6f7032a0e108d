"""Seasonal desks for tests."""

from datetime import date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from desks import life, planning
from desks.models import Desk
from desks.planning import Plan
from desks.season_models import Season
from desks.season_queries import season_of
from nanori.actors import SYSTEM
from tenants import promises
from tenants.models import Tenant
from tests.support.clock import START

MOTHERS_DAY = Plan(
    name="母の日窓口", opens_on=date(2027, 4, 20), closes_on=date(2027, 5, 10),
    greeting="お電話ありがとうございます。母の日窓口でございます。",
    before_message="母の日窓口は、4月20日から承ります。", after_message="母の日窓口は、終了いたしました。",
    busy_calls=6, handling_seconds=300,
)  # fmt: skip
POOL = ("+815031960101", "+815031960102")


async def a_draft(session: AsyncSession, shop: Tenant, plan: Plan = MOTHERS_DAY, **more: Any) -> Desk:
    return await planning.plan_desk(
        session, shop, plan, actor=SYSTEM, now=more.pop("now", START), quarantine_days=90, **more
    )


async def a_season(
    session: AsyncSession, shop: Tenant, plan: Plan = MOTHERS_DAY, *, now: datetime = START, **more: Any
) -> tuple[Desk, Season]:
    """A seasonal desk that has passed its start gate."""
    desk = await a_draft(session, shop, plan, now=now, **more)
    season = await season_of(session, shop.tenant_id, desk.id)
    await life.reserve(session, shop, desk, season, actor=SYSTEM, now=now)
    await life.schedule(session, desk, [], actor=SYSTEM, now=now)
    return desk, season


async def a_pool(session: AsyncSession, *numbers: str) -> None:
    await promises.add_to_pool(session, numbers or POOL, now=START)
