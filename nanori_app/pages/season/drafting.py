"""The first plan of a season: from nothing, like another desk, or like last year's."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.errors import DeskNotFound
from desks.models import Desk, RosterEntry
from desks.planning import KEPT, Place, Plan
from desks.queries import desk_by_id
from desks.season_models import Season
from desks.season_queries import own_hours, season_of
from desks.values import DeskKind
from interactions.close_gate import Volumes, volumes_of
from nanori.words import N_, Words
from scripts_talk.quiz.queries import quizzes
from tenants.models import Tenant

LEAD, LENGTH = timedelta(days=14), timedelta(days=13)
LATELY = timedelta(days=28)
A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Model:
    """The desk that a season is made like, and what its calls were like."""

    desk: Desk
    season: Season | None  # of a seasonal one
    volumes: Volumes


async def model_of(
    session: AsyncSession, shop: Tenant, desk_id: UUID | None, *, now: datetime
) -> Model | None:
    """The desk asked for; None for a season from nothing.

    Raises:
        DeskNotFound: not a desk of this shop.
    """
    if desk_id is None:
        return None
    desk = await desk_by_id(session, shop.tenant_id, desk_id)
    if desk.tenant_id != shop.tenant_id:
        raise DeskNotFound
    season = None
    since, until = now - LATELY, now
    if desk.kind is DeskKind.SEASONAL:
        season = await season_of(session, shop.tenant_id, desk.id)
        since, until = season.opens_at, season.closes_at
    volumes = await volumes_of(session, shop.tenant_id, desk.id, since=since, until=until)
    return Model(desk, season, volumes)


async def first_plan(
    session: AsyncSession, shop: Tenant, model: Model | None, *, now: datetime, words: Words
) -> Plan:
    """What the form shows first."""
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    has_quiz = bool(await quizzes(session, [shop.tenant_id]))
    plan = Plan(
        name="", opens_on=today + LEAD, closes_on=today + LEAD + LENGTH, people={},
        needs_certificate=has_quiz,
    )  # fmt: skip
    if model is None:
        return replace(plan, name=words.gettext(N_("Seasonal desk")))
    plan = replace(plan, people=await people_of(session, model.desk))
    if model.season is not None:
        plan = await _a_year_later(session, shop, model.desk, model.season, plan, today=today)
    seconds = model.volumes.handling_seconds
    return replace(plan, handling_seconds=seconds) if seconds else plan


async def plan_of(session: AsyncSession, desk: Desk, season: Season) -> Plan:
    """A desk's plan as it is kept."""
    week, days = await own_hours(session, desk)
    kept = {name: getattr(season, name) for name in KEPT}
    return Plan(
        name=desk.name, needs_certificate=desk.needs_certificate, week=week, days=days,
        people=await people_of(session, desk), **kept,
    )  # fmt: skip


async def people_of(session: AsyncSession, desk: Desk) -> dict[UUID, Place]:
    rows = await session.scalars(
        select(RosterEntry).where(RosterEntry.tenant_id == desk.tenant_id, RosterEntry.desk_id == desk.id)
    )
    return {row.agent_id: Place(level=row.level, certified=row.certified) for row in rows}


def worded(plan: Plan, shop: Tenant) -> Plan:
    """With sentences for callers before and after the season where none were typed."""
    before, after = _sentences(plan.name, plan.opens_on, plan.closes_on, shop)
    return replace(
        plan, before_message=plan.before_message or before, after_message=plan.after_message or after
    )


def later(day: date, years: int) -> date:
    """The same day of another year; the 29th of February becomes the 28th where there is none."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, calendar.monthrange(year, day.month)[1]))


async def _a_year_later(
    session: AsyncSession, shop: Tenant, desk: Desk, season: Season, plan: Plan, *, today: date
) -> Plan:
    """Last year's plan on the same days of the next year that is still to come; numbers anew."""
    old = await plan_of(session, desk, season)
    years = 1
    while later(old.opens_on, years) <= today:
        years += 1
    before, after = _sentences(old.name, old.opens_on, old.closes_on, shop)
    return replace(
        old,
        opens_on=later(old.opens_on, years),
        closes_on=later(old.closes_on, years),
        before_message="" if old.before_message == before else old.before_message,
        after_message="" if old.after_message == after else old.after_message,
        wanted_lines=(),
        wanted_numbers=max(1, old.wanted_numbers),
        days=(),  # single dates were those of that year
        people=plan.people,
    )


def _sentences(name: str, opens_on: date, closes_on: date, shop: Tenant) -> tuple[str, str]:
    """Before and after, in the shop's own language."""
    if shop.locale == "en":
        return (
            f"Thank you for calling {shop.brand_name}. The {name} opens on {opens_on:%B} {opens_on.day}.",
            f"Thank you for calling {shop.brand_name}. The {name} closed on {closes_on:%B} {closes_on.day}.",
        )
    thanks = f"お電話ありがとうございます。{shop.brand_name}の{name}は、"
    return (
        f"{thanks}{opens_on.month}月{opens_on.day}日から承ります。",
        f"{thanks}{closes_on.month}月{closes_on.day}日をもちまして終了いたしました。",
    )
