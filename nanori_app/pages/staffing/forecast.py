"""``/staffing/forecast``: the next weeks of one desk by day, and how good such forecasts have been."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from desks.staffing.days import Occasion, holiday_name
from desks.staffing.errors import NoCalls, NothingCounted
from desks.staffing.heldout import Score, held_out
from nanori.actors import Role
from nanori.charts import Bar, Frame, bars
from nanori.context import Context
from nanori.errors import Rejected
from nanori.web.access import allow
from nanori.web.page import render, words_of
from nanori.words import N_, Words
from nanori_app.pages.staffing.day_view import patience_said
from nanori_app.pages.staffing.frame import stands_of
from reports.demand import Demand, Source, demands, masked, occasion_again, occasions

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)
LENGTHS = (2, 4, 8, 13)
"""Weeks to choose from."""
FEW_CALLS = 100
OCCASIONS: Mapping[Occasion, str] = {
    Occasion.VALENTINE: N_("Valentine's Day"),
    Occasion.MOTHERS_DAY: N_("Mother's Day"),
    Occasion.FATHERS_DAY: N_("Father's Day"),
    Occasion.CHRISTMAS: N_("Christmas"),
    Occasion.YEAR_END: N_("New Year's Eve"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One day to come."""

    on: date
    label: str
    calls: str
    busiest: str  # calls of the half hour with most
    holiday: str
    occasion: str
    is_closed: bool


class ForecastPage(Controller):
    path = "/staffing/forecast"
    opt = allow(*WHO)

    @get()
    async def show_forecast(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        desk: FromQuery[UUID | None] = None,
        weeks: FromQuery[int] = 4,
        occasion: FromQuery[str] = "",
    ) -> Template:
        stands, words = await stands_of(session), words_of(request)
        chosen = stands.desk(desk) or next(iter(stands.at_work), None)
        choices: dict[str, Any] = {
            "desks": [(str(one.id), stands.name(one)) for one in stands.desks],
            "desk_id": str(chosen.id) if chosen else "",
            "lengths": [(str(one), words.ngettext("{n} week", "{n} weeks", one)) for one in LENGTHS],
            "weeks": str(weeks),
            "occasion": occasion,
            "seasons": [("", words.gettext(N_("The last 26 weeks")))]
            + [(one.value, words.gettext(said)) for one, said in OCCASIONS.items()],
        }
        shown: dict[str, Any] = {"lines": [], "problem": ""}
        if chosen is not None:
            found = (await demands(session, stands.shops, [chosen], now=context.now))[chosen.id]
            if isinstance(found, Demand):
                days = _days(found, context, weeks if weeks in LENGTHS else LENGTHS[1])
                shown |= await _shown(session, found, days, occasion, words=words, context=context)
            else:
                shown["problem"] = found.said_in(words)
        return render(request, "nanori_app/staffing/forecast.html", **choices, **shown)


def _days(demand: Demand, context: Context, weeks: int) -> list[date]:
    """From today on; of a season that is still to come, from its first day with calls."""
    today = context.now.astimezone(demand.calendar.zone).date()
    ahead = (today + timedelta(days=number) for number in range(370))
    first = today if demand.source is Source.HISTORY else next((d for d in ahead if any(demand.on(d))), today)
    return [first + timedelta(days=number) for number in range(7 * weeks)]


async def _shown(
    session: AsyncSession, demand: Demand, days: Sequence[date], occasion: str, *, words: Words,
    context: Context,
) -> dict[str, object]:  # fmt: skip
    expect, problem, growth = demand.on, "", None
    if occasion in set(Occasion) and demand.source is Source.HISTORY:
        try:
            again = await occasion_again(
                session, demand.desk.tenant_id, demand.calendar.zone, Occasion(occasion), days[0],
                now=context.now, desk_id=demand.desk.id,
            )  # fmt: skip
        except (NoCalls, NothingCounted) as reason:
            problem = _without_last_year(reason, words)
        else:
            growth = words.number(again.growth, 2)

            def expect(day: date) -> list[float]:
                return masked(again.expect(day), demand.calendar, day)

    score = held_out(demand.history) if demand.history and growth is None else None
    return {
        "lines": _lines(expect, days, words),
        "chart": _chart(expect, days, words),
        "score": score,
        "verdict": _verdict(score, words),
        "growth": growth,
        "left_out": [(words.date(one.first), words.date(one.last)) for one in demand.left_out],
        "problem": problem,
        "source": demand.source.value,
        "handling": words.duration(round(demand.handling)),
        "patience": patience_said(demand.patience, words),
    }


def _lines(expect: Callable[[date], list[float]], days: Sequence[date], words: Words) -> list[DayLine]:
    marks = dict(occasions(days[0], days[-1]))
    found = []
    for day in days:
        calls, name = expect(day), holiday_name(day)
        found.append(
            DayLine(
                on=day, label=words.date(day), calls=words.number(sum(calls), 1),
                busiest=words.number(max(calls), 1), is_closed=not any(calls),
                holiday=(name if words.locale == "ja" else words.gettext(N_("Holiday"))) if name else "",
                occasion=words.gettext(OCCASIONS[marks[day]]) if day in marks else "",
            )
        )  # fmt: skip
    return found


def _chart(expect: Callable[[date], list[float]], days: Sequence[date], words: Words) -> Markup:
    """A column a day; Mondays are labelled."""
    columns = [
        Bar(words.short_day(day) if day.weekday() == 0 else "", round(sum(expect(day)))) for day in days
    ]
    title = words.gettext(N_("Calls expected by day"))
    drawn = bars(columns, Frame(title=title, width=960, height=220))
    return Markup(drawn)  # noqa: S704 - the chart escapes every word that it draws


def _verdict(score: Score | None, words: Words) -> str:
    """What the figures say, honestly."""
    if score is None:
        return words.gettext(
            N_("Three weeks of calls are needed before a week can be held out to try the forecast on.")
        )
    if score.by_day is None or score.copied_by_day is None:
        return words.gettext(N_("Not one call came in the weeks held out."))
    if score.by_day >= score.copied_by_day:
        return words.gettext(
            N_("Copying the week before would have been as good or better: look at the days below with care.")
        )
    if score.calls < FEW_CALLS:
        return words.gettext(
            N_("Better than copying the week before; with so few calls chance decides much.")
        )
    return words.gettext(N_("Better than copying the week before."))


def _without_last_year(reason: Rejected, words: Words) -> str:
    said = N_("Last year's weeks say nothing, so the last 26 weeks are used. {reason}")
    return words.gettext(said, reason=reason.said_in(words))
