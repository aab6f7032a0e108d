"""``/staffing``: a day of one desk or of all together, and a what-if."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import FormMultiDict, State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries, roster
from desks.models import Desk
from desks.seasons import first_moment
from desks.shifts.queries import shifts_between
from desks.staffing.curve import cliff
from desks.staffing.erlang import MOST_AGENTS, outlook, rostered, seats_needed
from desks.staffing.patience import Patience
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import Rejected
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_, Words
from nanori_app.pages.staffing.day_view import (
    chart,
    cliff_chart,
    cliff_lines,
    patience_said,
    slot_lines,
    what_if,
)
from nanori_app.pages.staffing.forms import AwayForm, WhatIfForm
from nanori_app.pages.staffing.frame import Stands, stands_of
from reports.day_plan import DayPlan, answers_elsewhere, on_shift, plan_day
from reports.demand import Demand, Source, demands

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)
A_DAY = timedelta(days=1)
SOURCES: Mapping[Source, str] = {
    Source.HISTORY: N_("Learnt from the desk's own calls of the last 26 weeks."),
    Source.LAST_YEAR: N_("Last year's season, moved to this year's days, times the growth so far."),
    Source.PLAN: N_("As the season was planned: nobody has called this desk yet."),
}


class StaffingPages(Controller):
    path = "/staffing"
    opt = allow(*WHO)

    @get()
    async def show_day(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        desk: FromQuery[UUID | None] = None,
        on: FromQuery[date | None] = None,
    ) -> Template:
        stands = await stands_of(session)
        chosen = stands.desk(desk)
        day = on or context.now.astimezone(stands.zone(chosen, context)).date()
        return await _day_page(request, session, context, stands, chosen, day)

    @get("/what-if")
    async def show_what_if(self, request: AnyRequest) -> Template:
        """By the query alone, so that an answer can be kept and passed on."""
        return _what_if(request)

    @post("/{tenant_id:uuid}/{desk_id:uuid}/away")
    async def set_away(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        form = AwayForm(await request.form(), words=words_of(request))
        if not form.validate():
            stands = await stands_of(session)
            day = context.now.astimezone(stands.zone(desk, context)).date()
            return await _day_page(request, session, context, stands, desk, day, form)
        await roster.set_away(session, tenant_id, desk_id=desk_id, percent=form.away_percent.data or 0)
        await audit.record(session, context, "desk.changed", shop_id=tenant_id, subject_id=desk_id)
        return go(request, f"/staffing?desk={desk_id}", notice=N_("Saved."))


async def _day_page(
    request: AnyRequest, session: AsyncSession, context: Context, stands: Stands, desk: Desk | None,
    day: date, form: AwayForm | None = None,
) -> Template:  # fmt: skip
    words, zone = words_of(request), stands.zone(desk, context)
    wanted = [desk] if desk else stands.at_work
    found = await demands(session, stands.shops, wanted, now=context.now)
    known = [one for one in found.values() if isinstance(one, Demand)]
    problem = ""
    shown: dict[str, object] = {"plan": None}
    if known:
        shifts = await shifts_between(session, *(first_moment(one, zone) for one in (day, day + A_DAY)))
        entries = await queries.takers(session, at=max(context.now, first_moment(day, zone)))
        pieces = on_shift(shifts, entries, {one.desk.id for one in known})
        try:
            plan = plan_day(day, zone, known, pieces)
        except Rejected as reason:
            problem = reason.said_in(words)
        else:
            shown = _shown(plan, zone, words, known[0].patience if desk else None)
        shown["shared"] = answers_elsewhere(entries, desk.id) if desk else 0
        shown["source"] = SOURCES[known[0].source] if desk else ""
    unknown = [one for one in wanted if not isinstance(found[one.id], Demand)]
    return render(
        request, "nanori_app/staffing/day.html", status=422 if form else 200, day=day, desk=desk,
        desks=stands.choices(words), before=day - A_DAY, later=day + A_DAY,
        today=context.now.astimezone(zone).date(), problem=problem or _reason(found, desk, words),
        unknown=[stands.name(one) for one in unknown] if desk is None else [],
        away=form or (AwayForm.of(desk, words) if desk else None), **shown,
    )  # fmt: skip


def _shown(plan: DayPlan, zone: ZoneInfo, words: Words, patience: Patience | None) -> dict[str, object]:
    chosen = plan.busiest.need.seats if plan.busiest else 0
    title = words.gettext(N_("Calls, agents to plan for and agents on shift, by half hour"))
    return {
        "plan": plan,
        "busiest": words.time(plan.busiest.start, zone) if plan.busiest else "",
        "chart": chart(plan, zone, words, title=title),
        "lines": slot_lines(plan, zone, words),
        "cliff": cliff_lines(plan.cliff, chosen, words),
        "what_if": what_if(plan.busiest, plan, patience),
        "patience": patience_said(patience, words),
    }


def _reason(found: Mapping[UUID, Demand | Rejected], desk: Desk | None, words: Words) -> str:
    """Why nothing can be said, when nothing can."""
    reasons = [one for one in found.values() if isinstance(one, Rejected)]
    if desk is None and len(reasons) < len(found):
        return ""
    return reasons[0].said_in(words) if reasons else ""


def _what_if(request: AnyRequest) -> Template:
    words = words_of(request)
    typed = parse_qsl(request.url.query or "", keep_blank_values=True)
    form = WhatIfForm(FormMultiDict(typed) if typed else None, words=words)
    shown: dict[str, object] = {"problem": "", "reached": None}
    if typed and form.validate():
        shown |= _answer(form, words)
    return render(
        request, "nanori_app/staffing/what_if.html", status=422 if form.errors else 200, form=form,
        **shown,
    )  # fmt: skip


def _answer(form: WhatIfForm, words: Words) -> dict[str, object]:
    """The figures of ``nanori staffing``."""
    within, load = float(form.within.data or 0), form.load
    seats = form.agents.data or seats_needed(load, within=within, target=(form.target.data or 0) / 100)
    if seats is None:
        said = N_("Not even {most} agents keep these promises. Are the calls those of one interval?")
        return {"problem": words.gettext(said, most=words.number(MOST_AGENTS))}
    beside = cliff(load, seats, within=within)
    return {
        "seats": words.number(seats),
        "reached": outlook(load, seats, within=within),
        "planned": words.number(rostered(seats, (form.away.data or 0) / 100)),
        "traffic": words.number(load.traffic, 2),
        "rule": N_("Erlang C: nobody gives up") if load.patience is None else N_("Erlang A: callers give up"),
        "cliff": cliff_lines(beside, seats, words),
        "chart": cliff_chart(beside, words),
    }
