"""Seasonal desks of the demo: one that is over, one that opens in spring, one that is still being checked."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from desks import life, planning
from desks.gates import Asked
from desks.models import Desk
from desks.planning import Plan
from desks.season_models import GateProof, Season
from desks.season_queries import season_of
from desks.start_gate import CONFIRMED, TESTED, start_items
from desks.values import DataEnd, Outside
from nanori.actors import SYSTEM
from nanori_app.pages.season.drafting import people_of, worded
from tenants import promises, queries
from tenants.models import Tenant

POOL = tuple(f"+8150319601{number:02}" for number in range(1, 9))
QUARANTINE_DAYS = 90
OVER = Plan(
    name="秋の贈り物窓口", opens_on=date.min, closes_on=date.min, busy_calls=4, handling_seconds=240,
    outside=Outside.FORWARD,
    greeting="お電話ありがとうございます。花影フラワー、秋の贈り物窓口でございます。",
)  # fmt: skip
MOTHERS_DAY = replace(
    OVER, name="母の日窓口", busy_calls=8, handling_seconds=280, ramp_days=10, outside=Outside.ANNOUNCE,
    greeting="お電話ありがとうございます。花影フラワー、母の日窓口でございます。",
)  # fmt: skip
YEAR_END = replace(
    OVER, name="年末年始窓口", busy_calls=5, needs_certificate=True,
    greeting="お電話ありがとうございます。ミナト珈琲、年末年始窓口でございます。",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stand:
    """A shop, and the desk whose roster its season takes over."""

    shop: Tenant
    like: Desk


async def plan_seasons(
    session: AsyncSession, flowers: Stand, coffee: Stand, *, opened: datetime, now: datetime
) -> None:
    """``opened`` is when the demo's history begins."""
    await promises.add_to_pool(session, POOL, now=opened)
    today = now.astimezone(ZoneInfo(flowers.shop.zone)).date()
    began = opened.astimezone(ZoneInfo(flowers.shop.zone)).date() + timedelta(days=5)
    over = replace(OVER, opens_on=began, closes_on=began + timedelta(days=20))
    await _live_through(session, flowers, over, at=opened)
    year = today.year + (today >= date(today.year, 4, 1))
    spring = replace(MOTHERS_DAY, opens_on=date(year, 4, 20), closes_on=date(year, 5, 12))
    desk, season = await _reserve(session, flowers, spring, at=now)
    await _prove(session, desk, at=now)
    items = await start_items(session, Asked(shop=flowers.shop, desk=desk, season=season, now=now))
    await life.schedule(session, desk, items, actor=SYSTEM, now=now)
    winter = date(today.year + (today >= date(today.year, 12, 20)), 12, 20)
    years_end = replace(YEAR_END, opens_on=winter, closes_on=date(winter.year + 1, 1, 6))
    await _reserve(session, coffee, years_end, at=now)


async def _reserve(session: AsyncSession, stand: Stand, plan: Plan, *, at: datetime) -> tuple[Desk, Season]:
    """Planned like the shop's standing desk, with its trained agents, and with a number from the pool."""
    full = worded(replace(plan, people=await people_of(session, stand.like)), stand.shop)
    desk = await planning.plan_desk(
        session, stand.shop, full, actor=SYSTEM, now=at, quarantine_days=QUARANTINE_DAYS, like=stand.like
    )
    season = await season_of(session, stand.shop.tenant_id, desk.id)
    await life.reserve(session, stand.shop, desk, season, actor=SYSTEM, now=at)
    return desk, season


async def _prove(session: AsyncSession, desk: Desk, *, at: datetime) -> None:
    """Its numbers were called and the shop's first contact was asked, as its gate wants it."""
    lines = [one.line for one in await promises.promises_to(session, desk.tenant_id, desk.id)]
    contacts = await queries.contacts_to_call(session, desk.tenant_id)
    proofs = [(TESTED, line) for line in lines if line.startswith("+")]
    proofs += [(CONFIRMED, contact.phone) for contact in contacts[:1]]
    session.add_all(
        GateProof(tenant_id=desk.tenant_id, desk_id=desk.id, key=key, subject=subject, at=at, good=True)
        for key, subject in proofs
    )
    await session.flush()


async def _live_through(session: AsyncSession, stand: Stand, plan: Plan, *, at: datetime) -> None:
    """From its plan to its end; its number rests."""
    desk, season = await _reserve(session, stand, plan, at=at)
    await life.schedule(session, desk, [], actor=SYSTEM, now=at)
    await life.move_due(session, desk, season, now=season.opens_at)
    await life.move_due(session, desk, season, now=season.closes_at)
    season.memo = "初日と最終日の午前に集中しました。来年は両日とも1名増やしてください。"
    season.data_end, season.data_ended_at = DataEnd.RETURNED, season.closes_at + timedelta(days=2)
    await life.finish(session, desk, season, [], actor=SYSTEM, now=season.closes_at + timedelta(days=3))
