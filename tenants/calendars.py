"""Opening times out of the database: what was set up for the shop, and what it has changed from a day on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    cast,
    literal,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.db import among
from tenants.changes.models import ChangedSpan, ChangeKind, ChangeState, ShopChange
from tenants.hours import Calendar, Span, is_open
from tenants.models import OpeningSpan, SpecialDay, Tenant
from tenants.values import HOLIDAY

A_DAY = timedelta(days=1)
ALL = true()
SET_UP_WEEK, SET_UP_DAY = "set-up week", "set-up day"

Week = dict[int, tuple[Span, ...]]
Row = Sequence[Any]
"""For a span of the set-up: weekday, opens, closes. For a date of it: date, opens, closes or no times.

For a change: kind, first day, last day or None, weekday or None, opens, closes; without times, no span.
"""


async def calendar_of(session: AsyncSession, shop: Tenant) -> Calendar:
    """The shop's opening times, ready to be asked (``tenants.hours``)."""
    return (await calendars_of(session, [shop]))[shop.tenant_id]


async def calendars_of(session: AsyncSession, shops: Iterable[Tenant]) -> dict[UUID, Calendar]:
    """The opening times of many shops, in one statement."""
    return await _calendars(session, {shop.tenant_id: shop for shop in shops})


async def open_now(session: AsyncSession, shops: Iterable[Tenant], at: datetime) -> set[UUID]:
    """Which of the shops are open, in one statement that looks at the hours around now alone."""
    today = at.date()
    weekdays = [*{(today + n * A_DAY).weekday() for n in (-1, 0, 1)}, HOLIDAY]
    found = await _calendars(
        session,
        {shop.tenant_id: shop for shop in shops},
        OpeningSpan.weekday.in_(weekdays),
        SpecialDay.on.between(today - A_DAY, today + A_DAY),
        ShopChange.holds_from <= today + A_DAY,
    )
    return {key for key, calendar in found.items() if is_open(calendar, at)}


def changes(*columns: Any) -> Select[Any]:
    """Rows of the changes of hours that stand, or other columns of them."""
    one, span = ShopChange, ChangedSpan
    shown = columns or (
        one.tenant_id, cast(one.kind, String), one.holds_from, one.holds_until,
        span.weekday, span.opens, span.closes,
    )  # fmt: skip
    return (
        select(*shown)
        .select_from(one)
        .outerjoin(span, and_(span.tenant_id == one.tenant_id, span.change_id == one.id))
        .where(one.state == ChangeState.STANDS, one.kind != ChangeKind.CONTACTS)
    )


def calendar_from(
    zone: ZoneInfo, spans: Iterable[Row], days: Iterable[Row], changed: Iterable[Row] = ()
) -> Calendar:
    """A calendar of rows; dates may be text, as JSON has them. What the shop changed beats its set-up."""
    week: Week = {}
    for weekday, opens, closes in spans:
        week[weekday] = (*week.get(weekday, ()), Span(opens, closes))
    special: dict[date, tuple[Span, ...]] = {}
    for day, opens, closes in days:
        on = _date(day)
        special[on] = (*special.get(on, ()), *_spans(opens, closes))
    own, later = dict[date, tuple[Span, ...]](), dict[date, Week]()
    for kind, first, last, weekday, opens, closes in changed:
        if kind == ChangeKind.DAYS:
            for on in _dates(_date(first), _date(last)):
                own[on] = (*own.get(on, ()), *_spans(opens, closes))
        else:
            held = later.setdefault(_date(first), {})
            if weekday is not None:
                held[weekday] = (*held.get(weekday, ()), Span(opens, closes))
    return Calendar(zone=zone, week=week, special=special | own, later=tuple(sorted(later.items())))


async def _calendars(
    session: AsyncSession,
    shops: Mapping[UUID, Tenant],
    week: ColumnElement[bool] = ALL,
    days: ColumnElement[bool] = ALL,
    changed: ColumnElement[bool] = ALL,
) -> dict[UUID, Calendar]:
    """Of all these shops; the conditions leave out what does not matter."""
    rows: dict[UUID, dict[str, list[Row]]] = {key: {} for key in shops}
    asked = union_all(
        _week().where(among(OpeningSpan.tenant_id, shops), week),
        _days().where(among(SpecialDay.tenant_id, shops), days),
        changes().where(among(ShopChange.tenant_id, shops), changed),
    )
    for tenant_id, kind, first, last, weekday, opens, closes in await session.execute(asked):
        mine = rows[tenant_id]
        if kind == SET_UP_WEEK:
            mine.setdefault(kind, []).append((weekday, opens, closes))
        elif kind == SET_UP_DAY:
            mine.setdefault(kind, []).append((first, opens, closes))
        else:
            mine.setdefault("", []).append((kind, first, last, weekday, opens, closes))
    return {
        key: calendar_from(
            ZoneInfo(shop.zone), mine.get(SET_UP_WEEK, ()), mine.get(SET_UP_DAY, ()), mine.get("", ())
        )
        for (key, shop), mine in zip(shops.items(), rows.values(), strict=True)
    }


def _week() -> Select[Any]:
    one, no_date = OpeningSpan, cast(null(), Date)
    shown: Sequence[Any] = (
        one.tenant_id, literal(SET_UP_WEEK), no_date, no_date, one.weekday, one.opens, one.closes
    )  # fmt: skip
    return select(*shown)


def _days() -> Select[Any]:
    one = SpecialDay
    no_date, no_weekday = cast(null(), Date), cast(null(), Integer)
    shown: Sequence[Any] = (
        one.tenant_id, literal(SET_UP_DAY), one.on, no_date, no_weekday, one.opens, one.closes
    )  # fmt: skip
    return select(*shown)


def _spans(opens: int | None, closes: int | None) -> tuple[Span, ...]:
    return () if opens is None or closes is None else (Span(opens, closes),)


def _dates(first: date, last: date) -> Iterable[date]:
    return (first + n * A_DAY for n in range((last - first).days + 1))


def _date(said: date | str) -> date:
    return date.fromisoformat(said) if isinstance(said, str) else said
