"""What a contact costs, all shops together: for operators, on the page of the pool's hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from desks.seasons import first_moment
from desks.shifts.costs import Stated, by_price, paid_hours
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import code_like
from nanori.words import N_, Words
from nanori_app.pages.staffing.hours import hours_of_pool
from reports.agent_hours import AgentHours, Paid, cost_per_contact
from reports.figures import HOUR_MS, Figure, rounded
from reports.paper.wording import Wording

MOST_YEN = 1_000_000
FIRST_YEAR, LAST_YEAR = 2000, 2199
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostsPart:
    """``cells``: value and what it was divided by, of each stretch. ``prices``: day and yen, newest first."""

    cells: Sequence[tuple[str, str]]
    prices: Sequence[tuple[str, str]]
    today: date


async def costs_part(
    session: AsyncSession, spans: Sequence[Span], pools: Sequence[AgentHours], words: Words, context: Context
) -> CostsPart:
    stated = await paid_hours(session)
    figures = [
        cost_per_contact(await _paid(session, span, stated, context), pool.calls + pool.mails)
        for span, pool in zip(spans, pools, strict=True)
    ]
    return CostsPart(
        cells=[_cell(one, pool, words) for one, pool in zip(figures, pools, strict=True)],
        prices=[(words.date(one.valid_from), words.money(one.yen)) for one in reversed(stated)],
        today=context.now.astimezone(context.zone).date(),
    )


def hour_in(typed: Mapping[str, str]) -> Stated:
    """What an operator has typed.

    Raises:
        InvalidInput: no day, or no whole number of yen.
    """
    amount = code_like(typed["yen"]).strip("¥￥円").replace(",", "")
    wrong = {}
    if not (amount.isdecimal() and 0 < int(amount) <= MOST_YEN):
        wrong["yen"] = N_("Please write whole yen, 1 to 1,000,000.")
    try:
        day = date.fromisoformat(typed["valid_from"])
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        wrong["valid_from"] = N_("Not a valid date value.")
    if wrong:
        raise InvalidInput(wrong)
    return Stated(day, int(amount))


async def _paid(session: AsyncSession, span: Span, stated: Sequence[Stated], context: Context) -> list[Paid]:
    """Paid time in the stretches of one price."""
    first, end = (at.astimezone(context.zone).date() for at in span)
    found = []
    for start, until, yen in by_price(stated, first, end):
        ends = [first_moment(day, context.zone) for day in (start, until)]
        found.append(Paid((await hours_of_pool(session, *ends, now=context.now)).paid, yen))
    return found


def _cell(figure: Figure | None, pool: AgentHours, words: Words) -> tuple[str, str]:
    if figure is None:
        return words.gettext(N_("not stated")), ""
    if not figure.denominator:
        return Wording(words).figure(figure), ""
    cost = words.money(rounded(figure.numerator, HOUR_MS))
    counted = words.gettext(
        N_("{calls} calls + {mails} mails"), calls=words.number(pool.calls), mails=words.number(pool.mails)
    )
    return Wording(words).figure(figure), f"{cost} / ({counted})"
