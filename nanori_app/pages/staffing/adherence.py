"""``/staffing/adherence``: how far the shifts of a day were kept to, and how the pool spent its hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import PresenceInterval
from desks.seasons import first_moment
from desks.shifts.adherence import Did, Kept, kept
from desks.shifts.costs import state_paid_hour
from desks.shifts.models import Shift
from desks.shifts.queries import shifts_between
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.db import among
from nanori.identity.models import Account
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import DASH, N_, Words
from nanori_app.pages.staffing.costs import costs_part, hour_in
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

    @get(opt=allow(Role.SUPERVISOR, Role.OPERATOR))
    async def show_day(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        on: FromQuery[date | None] = None,
    ) -> Template:
        """Persons are for supervisors, and each look at them is written down; money is for operators."""
        today = context.now.astimezone(context.zone).date()
        day = on or today
        start, end = (first_moment(one, context.zone) for one in (day, day + A_DAY))
        found = await _found(session, context, day) if context.may(Role.SUPERVISOR) else []
        planned = sum((one.planned for _, one in found), timedelta())
        total = sum((one.kept for _, one in found), timedelta())
        words = words_of(request)
        spans = [(start, end), (first_moment(day - A_WEEK, context.zone), start)]
        pools = [await hours_of_pool(session, since, until, now=context.now) for since, until in spans]
        return render(
            request, "nanori_app/staffing/adherence.html", day=day, before=day - A_DAY, later=day + A_DAY,
            today=today, good=GOOD_PER_MILLE, has_begun=bool(planned),
            total=words.percent(total / planned if planned else None),
            lines=await _lines(session, found, words, context),
            pool=pool_lines(pools, words),
            costs=await costs_part(session, spans, pools, words, context)
            if context.may(Role.OPERATOR)
            else None,
        )  # fmt: skip

    @post("/cost", opt=allow(Role.OPERATOR))
    async def state_cost(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Redirect:
        """What a paid hour costs from a day on."""
        form = await request.form()
        stated = hour_in({name: str(form.get(name, "")) for name in ("valid_from", "yen")})
        await state_paid_hour(session, stated, by=context.account_id, now=context.now)
        await audit.record(
            session, context, "paid_hour.stated", detail={"from": stated.valid_from.isoformat()}
        )
        return go(request, "/staffing/adherence#cost", notice=N_("Saved."))


async def _found(session: AsyncSession, context: Context, day: date) -> list[tuple[Shift, Kept]]:
    """The shifts that begin on a day, and how far each was kept to."""
    start, end = (first_moment(one, context.zone) for one in (day, day + A_DAY))
    shifts = [one for one in await shifts_between(session, start, end) if one.starts_at >= start]
    did = await _did(session, shifts)
    await audit.record(session, context, "adherence.read", detail={"day": day.isoformat()})
    return [(one, kept(one, did.get(one.agent_id, ()), context.now)) for one in shifts]


async def _lines(
    session: AsyncSession, found: Sequence[tuple[Shift, Kept]], words: Words, context: Context
) -> list[ShiftLine]:
    names = await _names(session, [shift for shift, _ in found])
    return [_line(shift, one, names, words, context) for shift, one in found]


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
