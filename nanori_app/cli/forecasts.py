"""``nanori forecast``: the calls that a shop may expect, from its log, and the seats for them."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import click

from desks.seasons import first_moment
from desks.staffing.curve import Away, Need, Promise, curve
from desks.staffing.days import HOLIDAY, Occasion, kind_of
from desks.staffing.erlang import MOST_AGENTS, Load
from desks.staffing.errors import TooManyCalls
from desks.staffing.forecast import Quiet, learn
from desks.staffing.history import HALF_HOUR, HALF_HOURS, dates
from nanori.db import unit_of_work
from nanori.installation import Installation, connect
from nanori.settings import LoginKind, Settings
from nanori_app.cli.shared import as_json, migrated_database, print_json, shop_id_of
from nanori_app.cli.staffing import Duration
from nanori_app.errors import Stopped
from nanori_app.post import build_post
from reports.demand import USUAL_HANDLING, masked, occasion_again
from reports.volumes import counted_calls, of_shop
from tenants import queries as tenants
from tenants.calendars import calendar_of
from tenants.hours import Calendar

DAY = click.DateTime(["%Y-%m-%d"])
LONGEST = timedelta(days=92)


class NoDays(Stopped):
    message = "The last day must be the first or one of the {days} days after it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked."""

    slug: str
    first: date
    last: date
    weeks: int
    occasion: Occasion | None
    growth: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the log and the shop's hours say."""

    guess: Callable[[date], Sequence[float]]  # calls in each half hour
    left_out: Sequence[Quiet]
    calendar: Calendar
    handling: float

    def expect(self, day: date) -> list[float]:
        """Calls in each half hour of a day; none while the shop is closed."""
        return masked(self.guess(day), self.calendar, day)


@click.command(short_help="The calls that a shop may expect, and the seats for them.")
@click.option("--shop", "slug", required=True, metavar="SLUG", help="Short name of the shop.")
@click.option("--from", "first", type=DAY, required=True, help="The first day (YYYY-MM-DD).")
@click.option("--to", "last", type=DAY, help="The last one; without it one day.")
@click.option("--weeks", type=click.IntRange(1, 104), default=26, show_default=True,
              help="Weeks to learn from.")  # fmt: skip
@click.option("--occasion", type=click.Choice([one.value for one in Occasion]),
              help="Learn from the weeks around last year's instead.")  # fmt: skip
@click.option("--growth", type=click.FloatRange(0, 100, min_open=True), default=1.0, show_default=True,
              help="Calls against last year's; what came so far this year corrects it.")  # fmt: skip
@click.option("--target", type=click.FloatRange(0, 100, max_open=True), default=80.0, show_default=True,
              help="Per cent of the calls to be answered in time.")  # fmt: skip
@click.option("--within", type=Duration(may_be_nothing=True), default="20s", show_default=True)
@click.option("--shrinkage", type=click.FloatRange(0, 100, max_open=True), default=0.0, show_default=True,
              help="Per cent of the paid time away: breaks, training, leave.")  # fmt: skip
@as_json
def forecast(  # noqa: PLR0913 - one for each option
    *, slug: str, first: datetime, last: datetime | None, weeks: int, occasion: str | None, growth: float,
    target: float, within: float, shrinkage: float, as_json: bool,
) -> None:  # fmt: skip
    """Calls to expect by half hour, from the shop's log until the first day, and the seats for them.

    By Erlang C.
    """
    wanted = Wanted(
        slug=slug, first=first.date(), last=(last or first).date(), weeks=weeks,
        occasion=Occasion(occasion) if occasion else None, growth=growth,
    )  # fmt: skip
    if not timedelta() <= wanted.last - wanted.first <= LONGEST:
        raise NoDays(days=LONGEST.days)
    with migrated_database() as settings:
        known = asyncio.run(_read(settings, wanted))
    promise, away = Promise(within=within, target=target / 100), Away(leave=shrinkage / 100)
    like = Load(calls=0, interval=HALF_HOUR.total_seconds(), handling=known.handling)
    days = {day: curve(known.expect(day), like, promise, away) for day in dates(wanted.first, wanted.last)}
    if as_json:
        print_json(_as_dict(wanted, known, days))
        return
    for quiet in known.left_out:
        click.echo(f"Not one call came from {quiet.first} to {quiet.last}: those days are left out.")
    click.echo(f"Calls of {known.handling:.0f} s; {target:g} % within {within:g} s.")
    for day, needs in days.items():
        _tell(day, needs)


async def _read(settings: Settings, wanted: Wanted) -> Known:
    house = connect(settings, build_post(settings.url_for(LoginKind.WORKER)))
    try:
        return await _known(house, wanted)
    finally:
        await house.close()


async def _known(house: Installation, wanted: Wanted) -> Known:
    async with house.worker() as session:
        shop_id = await shop_id_of(session, wanted.slug)
    async with unit_of_work(house.worker, [shop_id]) as session:
        shop = await tenants.shop(session, shop_id)
        calendar = await calendar_of(session, shop)
        today = house.clock.now().astimezone(calendar.zone).date()
        until = first_moment(min(today, wanted.first), calendar.zone)
        found = await counted_calls(session, [shop_id], until - timedelta(weeks=wanted.weeks), until)
        counted = of_shop(found, shop_id)
        handling = counted.handling or USUAL_HANDLING
        if wanted.occasion is None:
            pattern = learn(counted.history(calendar.zone, min(today, wanted.first)))
            return Known(
                guess=pattern.expect, left_out=pattern.left_out, calendar=calendar, handling=handling
            )
        again = await occasion_again(
            session, shop_id, calendar.zone, wanted.occasion, wanted.first, now=until, growth=wanted.growth
        )
        return Known(guess=again.expect, left_out=again.last.left_out, calendar=calendar, handling=handling)


def _tell(day: date, needs: list[Need | None]) -> None:
    calls = sum(need.load.calls for need in _known_of(needs))
    click.echo(f"\n{day}{' (national holiday)' if kind_of(day) == HOLIDAY else ''}: {calls:.1f} calls")
    busy = [(at, need) for at, need in enumerate(_known_of(needs)) if need.seats]
    if busy:
        click.echo("         calls  seats  to plan  in time  one fewer")
    for at, need in busy:
        reached, fewer = need.reached, need.one_fewer
        click.echo(
            f"  {_starts(at)} {need.load.calls:7.1f} {need.seats:6d} {need.rostered:8d} "
            f"{reached.service_level if reached else 0:8.1%} {fewer.service_level if fewer else 0:10.1%}"
        )


def _known_of(needs: list[Need | None]) -> list[Need]:
    found = [need for need in needs if need]
    if len(found) < HALF_HOURS:
        raise TooManyCalls(most=MOST_AGENTS)
    return found


def _starts(at: int) -> str:
    return f"{at // 2:02d}:{at % 2 * 30:02d}"


def _as_dict(wanted: Wanted, known: Known, days: dict[date, list[Need | None]]) -> dict[str, object]:
    return {
        "shop": wanted.slug,
        "handling_seconds": known.handling,
        "left_out": [{"first": quiet.first, "last": quiet.last} for quiet in known.left_out],
        "days": [
            {
                "date": day,
                "holiday": kind_of(day) == HOLIDAY,
                "calls": sum(need.load.calls for need in _known_of(needs)),
                "half_hours": [
                    _half_hour(at, need) for at, need in enumerate(_known_of(needs)) if need.seats
                ],
            }
            for day, needs in days.items()
        ],
    }


def _half_hour(at: int, need: Need) -> dict[str, object]:
    return {
        "starts": _starts(at),
        "calls": need.load.calls,
        "seats": need.seats,
        "rostered_agents": need.rostered,
        "service_level": need.reached.service_level if need.reached else None,
        "service_level_one_fewer": need.one_fewer.service_level if need.one_fewer else None,
    }
