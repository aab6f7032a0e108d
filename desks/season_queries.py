"""Reads about seasonal desks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from desks.errors import SeasonNotFound
from desks.models import Desk
from desks.season_models import DeskDay, DeskMove, DeskSpan, GateProof, Season
from desks.seasons import Dates
from desks.values import DeskKind, DeskState
from nanori.db import among
from tenants.calendars import calendar_of
from tenants.commands import SpecialDate
from tenants.hours import Calendar, Span
from tenants.models import Tenant

PAGE_SIZE = 50


async def seasonal_desks(session: AsyncSession, tenant_id: UUID) -> Sequence[Desk]:
    """Seasonal desks of a shop that are planned, open or about to end; the newest first."""
    found = await session.scalars(
        select(Desk)
        .where(
            Desk.tenant_id == tenant_id, Desk.kind == DeskKind.SEASONAL,
            Desk.state.not_in([DeskState.DRAFT, DeskState.CLOSED]),
        )
        .order_by(Desk.created_at.desc(), Desk.id)
    )  # fmt: skip
    return found.all()


async def season_of(session: AsyncSession, tenant_id: UUID, desk_id: UUID, *, lock: bool = False) -> Season:
    """The plan of a seasonal desk.

    Raises:
        SeasonNotFound: no such desk among the shops bound, or a standing one.
    """
    asked = select(Season).where(Season.tenant_id == tenant_id, Season.desk_id == desk_id)
    if lock:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found: Season | None = await session.scalar(asked)
    if found is None:
        raise SeasonNotFound
    return found


async def seasons_of(session: AsyncSession) -> Sequence[tuple[Desk, Season]]:
    """Every seasonal desk of the shops bound, the next to open first."""
    rows = await session.execute(
        select(Desk, Season)
        .join(Season, (Season.tenant_id == Desk.tenant_id) & (Season.desk_id == Desk.id))
        .order_by(Season.opens_at, Desk.id)
    )
    return [(desk, season) for desk, season in rows]


@dataclass(frozen=True, slots=True)
class SeasonPlace:
    """Where one season stands in the list."""

    opens_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class SeasonsPage:
    """Seasons from the latest to the earliest; ``earlier`` is None where nothing lies beyond."""

    rows: Sequence[tuple[Desk, Season]]
    earlier: SeasonPlace | None


async def seasons_page(
    session: AsyncSession, *, before: SeasonPlace | None = None, size: int = PAGE_SIZE
) -> SeasonsPage:
    """One page of the seasonal desks of the shops bound, by keys: page 200 costs what page 1 does."""
    asked = select(Desk, Season).join(
        Season, (Season.tenant_id == Desk.tenant_id) & (Season.desk_id == Desk.id)
    )
    if before is not None:
        asked = asked.where(tuple_(Season.opens_at, Season.id) < (before.opens_at, before.id))
    found = await session.execute(asked.order_by(Season.opens_at.desc(), Season.id.desc()).limit(size + 1))
    rows = [(desk, season) for desk, season in found]
    more = len(rows) > size
    rows = rows[:size]
    return SeasonsPage(rows, SeasonPlace(rows[-1][1].opens_at, rows[-1][1].id) if more else None)


def dates_of(season: Season, shop: Tenant) -> Dates:
    return Dates(opens_on=season.opens_on, closes_on=season.closes_on, zone=ZoneInfo(shop.zone))


async def calendar_of_desk(session: AsyncSession, shop: Tenant, desk: Desk) -> Calendar:
    """When a desk is open: by its own hours where it has some, else by the shop's."""
    if desk.kind is DeskKind.STANDING:
        return await calendar_of(session, shop)
    season = await season_of(session, desk.tenant_id, desk.id)
    if not season.own_hours:
        return await calendar_of(session, shop)
    week, days = await own_hours(session, desk)
    return Calendar(zone=ZoneInfo(shop.zone), week=week, special={day.on: day.spans for day in days})


async def calendars_of_desks(
    session: AsyncSession, shop_calendars: Mapping[UUID, Calendar], seasons: Mapping[UUID, Season]
) -> dict[UUID, Calendar]:
    """By desk: the hours of seasonal desks that have their own, in two statements; none without any."""
    own = [desk_id for desk_id, season in seasons.items() if season.own_hours]
    if not own:
        return {}
    week: dict[UUID, dict[int, tuple[Span, ...]]] = {one: {} for one in own}
    special: dict[UUID, dict[date, tuple[Span, ...]]] = {one: {} for one in own}
    for span in await session.scalars(select(DeskSpan).where(among(DeskSpan.desk_id, own))):
        spans = week[span.desk_id].get(span.weekday, ())
        week[span.desk_id][span.weekday] = (*spans, Span(span.opens, span.closes))
    for day in await session.scalars(select(DeskDay).where(among(DeskDay.desk_id, own))):
        mine = () if day.opens is None or day.closes is None else (Span(day.opens, day.closes),)
        special[day.desk_id][day.on] = (*special[day.desk_id].get(day.on, ()), *mine)
    return {
        one: Calendar(zone=shop_calendars[seasons[one].tenant_id].zone, week=week[one], special=special[one])
        for one in own
    }


async def own_hours(
    session: AsyncSession, desk: Desk
) -> tuple[dict[int, tuple[Span, ...]], list[SpecialDate]]:
    """The week and the single dates of a desk with hours of its own."""
    week: dict[int, tuple[Span, ...]] = {}
    spans = await session.scalars(
        select(DeskSpan)
        .where(DeskSpan.tenant_id == desk.tenant_id, DeskSpan.desk_id == desk.id)
        .order_by(DeskSpan.weekday, DeskSpan.opens)
    )
    for one in spans:
        week[one.weekday] = (*week.get(one.weekday, ()), Span(one.opens, one.closes))
    days: dict[object, SpecialDate] = {}
    rows = await session.scalars(
        select(DeskDay)
        .where(DeskDay.tenant_id == desk.tenant_id, DeskDay.desk_id == desk.id)
        .order_by(DeskDay.on, DeskDay.opens)
    )
    for row in rows:
        before = days[row.on].spans if row.on in days else ()
        mine = () if row.opens is None or row.closes is None else (Span(row.opens, row.closes),)
        days[row.on] = SpecialDate(on=row.on, spans=(*before, *mine), label=row.label)
    return week, list(days.values())


async def moves_of(session: AsyncSession, desk: Desk) -> Sequence[DeskMove]:
    """Its life, from the beginning."""
    found = await session.scalars(
        select(DeskMove)
        .where(DeskMove.tenant_id == desk.tenant_id, DeskMove.desk_id == desk.id)
        .order_by(DeskMove.at, DeskMove.id)
    )
    return found.all()


async def proofs_of(session: AsyncSession, desk: Desk, key: str) -> dict[str, GateProof]:
    """The newest proof of each subject of one of the gate's items."""
    found = await session.scalars(
        select(GateProof)
        .where(GateProof.tenant_id == desk.tenant_id, GateProof.desk_id == desk.id, GateProof.key == key)
        .order_by(GateProof.at, GateProof.id)
    )
    return {proof.subject: proof for proof in found}


async def due_seasons(session: AsyncSession, *, now: datetime) -> Sequence[tuple[Desk, Season]]:
    """Seasonal desks whose time to open or close has come, locked; others may be working on the rest."""
    rows = await session.execute(
        select(Desk, Season)
        .join(Season, (Season.tenant_id == Desk.tenant_id) & (Season.desk_id == Desk.id))
        .where(
            ((Desk.state == "scheduled") & (Season.opens_at <= now))
            | (Desk.state.in_(["open", "paused"]) & (Season.closes_at <= now))
        )
        .order_by(Season.opens_at)
        .limit(100)
        .with_for_update(of=Desk, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return [(desk, season) for desk, season in rows]
