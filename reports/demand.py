"""The calls that desks may expect: learnt from their log, from last year's season, or as planned."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.season_models import Season
from desks.season_queries import calendars_of_desks, seasons_of
from desks.seasons import Dates, calls_on, first_moment
from desks.staffing.curve import Away, Promise
from desks.staffing.days import Occasion, falls_on
from desks.staffing.errors import NoCalls, NothingCounted
from desks.staffing.forecast import Again, Quiet, learn, learn_season
from desks.staffing.history import HALF_HOURS, History, lengths
from desks.staffing.patience import Patience
from nanori.errors import Rejected
from reports.volumes import Counted, counted_calls, of_shop
from tenants import queries as tenants
from tenants.calendars import calendars_of
from tenants.hours import Calendar, spans_on
from tenants.models import ContractTerms, Tenant

WEEKS = 26
"""Learnt from, unless somebody asks for more."""
USUAL_HANDLING = 300.0
"""Seconds of a call, of a desk whose log has no answered one."""
USUAL_PROMISE = Promise(within=20, target=0.8)
"""Where no service level is agreed."""
AROUND = timedelta(days=42)
"""Before and after an occasion that its season is learnt from."""
BEGINNING = datetime(2000, 1, 1, tzinfo=ZoneInfo("UTC"))


class Source(StrEnum):
    """What a forecast is made of."""

    HISTORY = "history"
    LAST_YEAR = "last-year"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What one desk may expect, and what it has promised."""

    desk: Desk
    calendar: Calendar
    handling: float  # seconds of one call
    promise: Promise
    away: Away
    source: Source
    guess: Callable[[date], Sequence[float]]  # calls in each half hour of a day, closed ones too
    left_out: Sequence[Quiet] = ()
    history: History | None = None  # of the desk's own calls
    patience: Patience | None = None  # of its own callers

    def on(self, day: date) -> list[float]:
        """Calls in each half hour of the wall clock; none while the desk is closed."""
        return masked(self.guess(day), self.calendar, day)

    def over(self, starts: Iterable[datetime]) -> list[float]:
        """Calls in the half hours that begin at these instants."""
        zone, days, found = self.calendar.zone, dict[date, list[float]](), []
        for start in starts:
            local = start.astimezone(zone)
            day, half_hour = local.date(), (local.hour * 60 + local.minute) // 30
            if day not in days:
                days[day] = self.on(day)
            length = lengths(day, zone)[half_hour]
            found.append(days[day][half_hour] / length if length else 0.0)
        return found


def masked(calls: Sequence[float], calendar: Calendar, day: date) -> list[float]:
    """The same without the half hours in which nobody is asked to answer."""
    spans = spans_on(calendar, day)
    return [
        expected if any(span.opens < at + 30 and span.closes > at for span in spans) else 0.0
        for at, expected in zip(range(0, 1440, 30), calls, strict=True)
    ]


def promise_of(terms: ContractTerms | None) -> Promise:
    if terms is None:
        return USUAL_PROMISE
    return Promise(within=terms.answer_within_seconds, target=terms.target_percent / 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the database says of some desks, read in a few statements however many they are."""

    shops: Mapping[UUID, Tenant]
    calendars: Mapping[UUID, Calendar]  # of shops
    own: Mapping[UUID, Calendar]  # of desks that have hours of their own
    seasons: Mapping[UUID, Season]  # by desk
    terms: Mapping[UUID, ContractTerms]
    counted: Mapping[tuple[UUID, UUID | None], Counted]
    last_year: Mapping[tuple[UUID, UUID | None], Counted]

    def calendar(self, desk: Desk) -> Calendar:
        return self.own.get(desk.id, self.calendars[desk.tenant_id])


async def demands(
    session: AsyncSession, shops: Mapping[UUID, Tenant], desks: Sequence[Desk], *, now: datetime
) -> dict[UUID, Demand | Rejected]:
    """By desk: what it may expect, or why nobody can say."""
    facts = await _facts(session, shops, desks, now=now)
    found: dict[UUID, Demand | Rejected] = {}
    for desk in desks:
        try:
            found[desk.id] = _demand(facts, desk, now)
        except (NothingCounted, NoCalls) as reason:
            found[desk.id] = reason
    return found


async def _facts(
    session: AsyncSession, shops: Mapping[UUID, Tenant], desks: Sequence[Desk], *, now: datetime
) -> Facts:
    wanted = {desk.id for desk in desks}
    seasons = {desk.id: season for desk, season in await seasons_of(session) if desk.id in wanted}
    calendars = await calendars_of(session, shops.values())
    tenant_ids = {desk.tenant_id for desk in desks}
    copied = {season.copied_from for season in seasons.values() if season.copied_from}
    last_year: Mapping[tuple[UUID, UUID | None], Counted] = {}
    if copied:
        last_year = await counted_calls(session, tenant_ids, BEGINNING, now, desk_ids=copied)
    return Facts(
        shops=shops, calendars=calendars, own=await calendars_of_desks(session, calendars, seasons),
        seasons=seasons, terms=await tenants.terms_of_shops(session, now.date()),
        counted=await counted_calls(
            session, tenant_ids, now - timedelta(weeks=WEEKS), now, desk_ids=sorted(wanted)
        ),
        last_year=last_year,
    )  # fmt: skip


def _demand(facts: Facts, desk: Desk, now: datetime) -> Demand:
    calendar = facts.calendar(desk)
    today = now.astimezone(calendar.zone).date()
    counted = facts.counted.get((desk.tenant_id, desk.id), Counted())
    season = facts.seasons.get(desk.id)
    like = Demand(
        desk=desk, calendar=calendar, handling=counted.handling or USUAL_HANDLING,
        promise=promise_of(facts.terms.get(desk.tenant_id)), away=Away(leave=desk.away_percent / 100),
        source=Source.HISTORY, guess=_nothing, patience=counted.patience,
    )  # fmt: skip
    history = counted.history(calendar.zone, today)
    if season is None:
        pattern = learn(history)
        return replace(like, guess=pattern.expect, left_out=pattern.left_out, history=history)
    like = replace(like, handling=counted.handling or season.handling_seconds, history=history)
    before = facts.last_year.get((desk.tenant_id, season.copied_from), Counted())
    if sum(map(sum, before.days.values())):
        again = season_again(before.history(calendar.zone, today), season.opens_on, season.closes_on)
        if history.calls:
            again = again.grown(history)
        return replace(like, guess=_within(season, again.expect), source=Source.LAST_YEAR)
    return replace(like, guess=_within(season, _as_planned(season, calendar)), source=Source.PLAN)


def season_again(history: History, opens_on: date, closes_on: date) -> Again:
    """Last year's season, moved so that the occasion is on its day; without one the first days meet.

    Raises:
        NothingCounted, NoCalls: as ``desks.staffing.forecast.learn``.
    """
    called = [day for day, calls in history.calls.items() if any(calls)]
    if not called:
        raise NothingCounted
    first, last = min(called), max(called)
    pattern = learn_season(
        History(history.zone, {day: calls for day, calls in history.calls.items() if first <= day <= last})
    )
    occasion = occasion_in(opens_on, closes_on)
    if occasion is None:
        return Again(last=pattern, then=first, now=opens_on)
    day, name = occasion
    then = min((falls_on(name, year) for year in (first.year, last.year)), key=lambda one: abs(one - last))
    return Again(last=pattern, then=then, now=day)


async def occasion_again(
    session: AsyncSession, tenant_id: UUID, zone: ZoneInfo, occasion: Occasion, near: date, *, now: datetime,
    desk_id: UUID | None = None, growth: float = 1.0,
) -> Again:  # fmt: skip
    """The weeks around last year's occasion, moved to the one nearest to a day; of a shop or one desk.

    Raises:
        NothingCounted, NoCalls: last year says nothing.
    """
    year = min((near.year - 1, near.year, near.year + 1), key=lambda one: abs(falls_on(occasion, one) - near))
    this, then = falls_on(occasion, year), falls_on(occasion, year - 1)
    today = now.astimezone(zone).date()

    async def history(day: date, until: date) -> History:
        since = first_moment(day - AROUND, zone)
        found = await counted_calls(
            session, [tenant_id], since, first_moment(until, zone), desk_ids=[desk_id] if desk_id else None
        )
        return of_shop(found, tenant_id).history(zone, until)

    again = Again(
        last=learn_season(await history(then, min(then + AROUND, today))), then=then, now=this, growth=growth
    )
    so_far = await history(this, min(this + AROUND, today))
    return again.grown(so_far) if so_far.calls else again


def occasion_in(first: date, last: date) -> tuple[date, Occasion] | None:
    """The last day of gifts within these dates: the one that a season is made for."""
    found = [(day, name) for day, name in occasions(first, last)]
    return max(found, default=None)


def occasions(first: date, last: date) -> list[tuple[date, Occasion]]:
    """All days of gifts within these dates, in order."""
    days = [(falls_on(name, year), name) for name in Occasion for year in range(first.year, last.year + 1)]
    return sorted((day, name) for day, name in days if first <= day <= last)


def _nothing(_day: date) -> Sequence[float]:
    return [0.0] * HALF_HOURS


def _within(season: Season, guess: Callable[[date], Sequence[float]]) -> Callable[[date], Sequence[float]]:
    """Only on the season's days."""

    def expect(day: date) -> Sequence[float]:
        return guess(day) if season.opens_on <= day <= season.closes_on else _nothing(day)

    return expect


def _as_planned(season: Season, calendar: Calendar) -> Callable[[date], Sequence[float]]:
    """As many calls in every half hour as in the day's busiest: nobody knows more yet."""
    dates = Dates(opens_on=season.opens_on, closes_on=season.closes_on, zone=calendar.zone)

    def expect(day: date) -> Sequence[float]:
        calls = calls_on(day, dates, at_full=season.busy_calls, ramp_days=season.ramp_days)
        return [calls * length for length in lengths(day, calendar.zone)]

    return expect
