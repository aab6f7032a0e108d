"""``/staffing/pool``: what the shops save by sharing their agents on a day, and who brings it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncSession

from desks.staffing.errors import TooManyCalls
from desks.staffing.history import HALF_HOUR
from desks.staffing.ledger import Ledger, Member, Rule, hundredths, reckon
from desks.staffing.pool import Answered, Shop, estimate
from nanori.actors import Role
from nanori.charts import Bar, Frame, bars
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import render, words_of
from nanori.words import N_, Words
from nanori_app.pages.staffing.frame import Stands, stands_of
from reports.day_plan import half_hours
from reports.demand import Demand, demands

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)
A_DAY = timedelta(days=1)
INTERVAL = HALF_HOUR.total_seconds()
PLAYED_SECONDS = 20_000.0
RULES: Mapping[Rule, str] = {
    Rule.SHAPLEY: N_(
        "Shared by Shapley's value: the mean, over all orders of joining, of what each joining saved."
    ),
    Rule.MARGINAL: N_("Shared in proportion to what would be lost without each shop."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLine:
    """One shop, in hours of a seat."""

    shop: str
    alone: str
    share: str
    pays: str
    promise: str
    played: str  # "" until it is played


class PoolPage(Controller):
    path = "/staffing/pool"
    opt = allow(*WHO)

    @get()
    async def show_pool(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        on: FromQuery[date | None] = None,
        play: FromQuery[bool] = False,
    ) -> Template:
        stands, words = await stands_of(session), words_of(request)
        day = on or context.now.astimezone(context.zone).date()
        found = await demands(session, stands.shops, stands.at_work, now=context.now)
        known = [one for one in found.values() if isinstance(one, Demand)]
        members = _members(stands, known, day, context.zone)
        shown: dict[str, Any] = {"ledger": None, "problem": ""}
        try:
            if members:
                shown |= await ledger_shown(members, day, context.zone, words, play=play)
        except TooManyCalls as reason:
            shown["problem"] = reason.said_in(words)
        today = context.now.astimezone(context.zone).date()
        return render(
            request, "nanori_app/staffing/pool.html", day=day, before=day - A_DAY, later=day + A_DAY,
            today=today, is_played=play, **shown,
        )  # fmt: skip


def _members(stands: Stands, known: Sequence[Demand], day: date, zone: ZoneInfo) -> tuple[Member, ...]:
    """A member a shop: the calls of all its desks together, on the half hours of the reader's day."""
    starts = [start for start, _ in half_hours(day, zone)]
    by_shop: dict[UUID, list[Demand]] = {}
    for one in known:
        by_shop.setdefault(one.desk.tenant_id, []).append(one)
    members = []
    for tenant_id, desks in by_shop.items():
        calls = [one.over(starts) for one in desks]
        totals = [sum(of_desk) for of_desk in calls]
        work = sum(total * one.handling for total, one in zip(totals, desks, strict=True))
        members.append(
            Member(
                name=stands.shops[tenant_id].brand_name,
                calls=tuple(sum(at) for at in zip(*calls, strict=True)),
                handling=work / sum(totals) if sum(totals) else desks[0].handling,
                promise=desks[0].promise,
            )
        )
    return tuple(members)


@lru_cache(maxsize=64)
def _reckoned(members: tuple[Member, ...]) -> Ledger:
    return reckon(members, INTERVAL)


@lru_cache(maxsize=64)
def _played(members: tuple[Member, ...], at: int, agents: int) -> tuple[Answered, ...]:
    """Half an hour without end, call by call, every agent answering for every shop."""
    shops = [
        Shop(rate=one.calls[at] / INTERVAL, handling=one.handling, within=one.promise.within)
        for one in members
    ]
    return tuple(estimate(shops, [range(len(shops))] * agents, seconds=PLAYED_SECONDS, seed=1))


async def ledger_shown(
    members: tuple[Member, ...], day: date, zone: ZoneInfo, words: Words, *, play: bool
) -> dict[str, Any]:
    """Reckoned beside the event loop, and only once for the same figures."""
    ledger = await asyncio.to_thread(_reckoned, members)
    at = max(range(len(ledger.seats)), key=lambda one: ledger.seats[one])
    played: Sequence[Answered] = ()
    if play and ledger.seats[at]:
        played = await asyncio.to_thread(_played, members, at, ledger.seats[at])
    starts = [start for start, _ in half_hours(day, zone)]
    return {
        "ledger": ledger,
        "alone": _hours(ledger.alone, words),
        "together": _hours(ledger.together, words),
        "saving": _hours(ledger.saving, words),
        "saved": words.percent(ledger.saving / ledger.alone) if ledger.alone else words.percent(None),
        "rule": words.gettext(RULES[ledger.rule]),
        "busiest": words.time(starts[at], zone),
        "lines": _lines(members, ledger, played, words),
        "chart": _chart(members, ledger, [words.time(one, zone) for one in starts], words),
    }


def _lines(
    members: Sequence[Member], ledger: Ledger, played: Sequence[Answered], words: Words
) -> list[PoolLine]:
    shares = hundredths({str(number): line.share for number, line in enumerate(ledger.lines)})
    found = []
    for number, (member, line) in enumerate(zip(members, ledger.lines, strict=True)):
        share = float(shares[str(number)])
        level = played[number].service_level if played and member.calls else None
        found.append(
            PoolLine(
                shop=line.name, alone=_hours(line.alone, words), share=_hours(share, words, 2),
                pays=_hours(line.alone - share, words, 2),
                promise=words.gettext(
                    N_("{target}% within {seconds} seconds"),
                    target=words.number(member.promise.target * 100),
                    seconds=words.number(member.promise.within),
                ),
                played="" if level is None or level.give == float("inf")
                else f"{words.percent(level.mean)} ± {words.percent(level.give)}",
            )
        )  # fmt: skip
    return found


def _chart(members: Sequence[Member], ledger: Ledger, labels: Sequence[str], words: Words) -> Markup:
    """Seats together, and in outline what each shop for itself would need beside."""
    alone = [sum(_alone(one, at) for one in members) for at in range(len(ledger.seats))]
    columns = [
        Bar(labels[at] if at % 4 == 0 else "", seats, max(0, alone[at] - seats))
        for at, seats in enumerate(ledger.seats)
    ]
    title = words.gettext(N_("Seats by half hour: together, and saved by sharing"))
    key = words.gettext(N_("Together")), words.gettext(N_("Saved"))
    drawn = bars(columns, Frame(title=title, width=960, height=220), key=key)
    return Markup(drawn)  # noqa: S704 - the chart escapes every word that it draws


@lru_cache(maxsize=4096)
def _alone(member: Member, at: int) -> int:
    one = Member(name="", calls=(member.calls[at],), handling=member.handling, promise=member.promise)
    return reckon([one], INTERVAL).alone


def _hours(seat_intervals: float, words: Words, digits: int = 1) -> str:
    """A seat kept for half an hour is half an hour of a seat."""
    return words.number(seat_intervals / 2, digits)
