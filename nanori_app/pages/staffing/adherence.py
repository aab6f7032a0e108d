"""``/staffing/adherence``: how far the shifts of a day were kept to, and how the pool spent its hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Template
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import PresenceInterval
from desks.seasons import first_moment
from desks.shifts.adherence import Did, Kept, kept
from desks.shifts.models import Shift
from desks.shifts.queries import shifts_between
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.db import among
from nanori.identity.models import Account
from nanori.web.access import allow
from nanori.web.page import render, words_of
from nanori.words import DASH, Words
from nanori_app.pages.staffing.hours import hours_of_pool, pool_lines

AnyRequest = Request[Any, Any, State]
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
GOOD_PER_MILLE = 900
"""Below it the bar is told apart; a usual target, and nothing that is promised to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftLine:
    """One shift of one agent."""

    name: str
    planned: str
    there: str
    hours: str
    share: str
    per_mille: int | None  # None before it has begun


class AdherencePage(Controller):
    path = "/staffing/adherence"
    opt = allow(Role.SUPERVISOR)

    @get()
    async def show_day(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        on: FromQuery[date | None] = None,
    ) -> Template:
        """Each look is written down: it is about persons."""
        today = context.now.astimezone(context.zone).date()
        day = on or today
        start, end = (first_moment(one, context.zone) for one in (day, day + A_DAY))
        shifts = [one for one in await shifts_between(session, start, end) if one.starts_at >= start]
        names = await _names(session, shifts)
        did = await _did(session, shifts)
        found = [(one, kept(one, did.get(one.agent_id, ()), context.now)) for one in shifts]
        await audit.record(session, context, "adherence.read", detail={"day": day.isoformat()})
        planned = sum((one.planned for _, one in found), timedelta())
        total = sum((one.kept for _, one in found), timedelta())
        words = words_of(request)
        spans = [(start, end), (first_moment(day - A_WEEK, context.zone), start)]
        pools = [await hours_of_pool(session, since, until, now=context.now) for since, until in spans]
        return render(
            request, "nanori_app/staffing/adherence.html", day=day, before=day - A_DAY, later=day + A_DAY,
            today=today, good=GOOD_PER_MILLE, total=words.percent(total / planned if planned else None),
            lines=[_line(shift, one, names, words, context) for shift, one in found],
            pool=pool_lines(pools, words),
        )  # fmt: skip


def _line(shift: Shift, one: Kept, names: Mapping[UUID, str], words: Words, context: Context) -> ShiftLine:
    times = [words.time(at, context.zone) for at in (shift.starts_at, shift.ends_at)]
    there = [words.time(at, context.zone) for at in (one.first_there, one.last_there) if at]
    share = one.adherence
    return ShiftLine(
        name=names.get(shift.agent_id, ""),
        planned="–".join(times),
        there="–".join(there) or DASH,
        hours=words.duration(timedelta(minutes=round((one.planned - one.kept) / timedelta(minutes=1)))),
        share=words.percent(share),
        per_mille=None if share is None else round(share * 1000),
    )


async def _names(session: AsyncSession, shifts: Sequence[Shift]) -> dict[UUID, str]:
    rows = await session.execute(
        select(Account.id, Account.name).where(among(Account.id, {one.agent_id for one in shifts}))
    )
    return {row.id: row.name for row in rows}


async def _did(session: AsyncSession, shifts: Sequence[Shift]) -> dict[UUID, list[Did]]:
    """What these agents did from the first shift's start to the last one's end; one statement."""
    found: dict[UUID, list[Did]] = {}
    if not shifts:
        return found
    start, end = min(one.starts_at for one in shifts), max(one.ends_at for one in shifts)
    rows = await session.scalars(
        select(PresenceInterval)
        .where(
            among(PresenceInterval.agent_id, {one.agent_id for one in shifts}),
            PresenceInterval.started_at < end,
            or_(PresenceInterval.ended_at.is_(None), PresenceInterval.ended_at > start),
        )
        .order_by(PresenceInterval.started_at)
    )
    for row in rows:
        found.setdefault(row.agent_id, []).append(Did(row.state, row.started_at, row.ended_at))
    return found
