"""``/staffing/shifts``: a week of shifts, typed into one table."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries
from desks.models import Desk
from desks.season_queries import calendar_of_desk
from desks.shifts.cover import Piece, at_work, nobody
from desks.shifts.entry import LONGEST, Times
from desks.shifts.models import Shift
from desks.shifts.queries import shifts_of
from desks.shifts.week import A_WEEK, Cell, copy_last_week, moment, plan_shifts
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.identity.models import Account
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from nanori_app.pages.staffing.frame import Stands, monday_of, scope_of, stands_of
from nanori_app.pages.staffing.grid import TEMPLATES, AgentRow, Week, heads, mark, posted, rows_of
from tenants.hours import open_intervals, spans_on

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)
AGENTS_A_PAGE = 40
PATH = "/staffing/shifts"


class ShiftPages(Controller):
    path = PATH
    opt = allow(*WHO)

    @get()
    async def show_week(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        week: FromQuery[date | None] = None,
        desk: FromQuery[UUID | None] = None,
        after: FromQuery[UUID | None] = None,
    ) -> Template:
        sheet = await _sheet(request, session, week=week, desk_id=desk, after=after)
        return await sheet.draw(session)

    @post()
    async def save_week(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        week: FromQuery[date | None] = None,
        desk: FromQuery[UUID | None] = None,
        after: FromQuery[UUID | None] = None,
    ) -> Template | Redirect:
        """All that was typed, or nothing of it."""
        sheet = await _sheet(request, session, week=week, desk_id=desk, after=after)
        plan = posted(sheet.week, sheet.rows, await request.form())
        if not sheet.is_wrong:
            refused = await plan_shifts(session, sheet.week.scope, plan, zone=sheet.week.zone)
            mark(sheet.rows, refused, zone=sheet.week.zone, words=words_of(request))
        if sheet.is_wrong:
            return await sheet.draw(session, status=422)
        if plan:
            detail = {"week": sheet.week.monday.isoformat(), "days": len(plan)}
            await audit.record(
                session, context, "shifts.planned", shop_id=sheet.week.scope.shop_id,
                subject_id=sheet.week.scope.desk_id, detail=detail,
            )  # fmt: skip
        return go(request, sheet.address(), notice=N_("Saved."))

    @post("/copy")
    async def copy_week(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        week: FromQuery[date | None] = None,
        desk: FromQuery[UUID | None] = None,
    ) -> Redirect:
        """Last week's shifts of everybody, where a day has none yet."""
        sheet = await _sheet(request, session, week=week, desk_id=desk, after=None)
        ids = [one.id for one in sheet.everybody]
        copied, left_out = await copy_last_week(
            session, sheet.week.scope, ids, sheet.week.monday, zone=sheet.week.zone
        )
        detail = {"week": sheet.week.monday.isoformat(), "copied": copied}
        await audit.record(session, context, "shifts.copied", shop_id=sheet.week.scope.shop_id, detail=detail)
        words = words_of(request)
        said = words.ngettext("{n} shift was copied.", "{n} shifts were copied.", copied)
        if left_out:
            said += words.ngettext(
                " {n} would have overlapped and was left out.",
                " {n} would have overlapped and were left out.",
                left_out,
            )
        return go(request, sheet.address(), notice=said, kind="warn" if left_out else "good")

    @post("/hours")
    async def fill_week(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        desk: FromQuery[UUID],
        week: FromQuery[date | None] = None,
    ) -> Redirect:
        """Everybody of a desk's roster through its opening hours, on days that are free and to come."""
        sheet = await _sheet(request, session, week=week, desk_id=desk, after=None)
        plan = await sheet.opening_hours(session)
        await plan_shifts(session, sheet.week.scope, plan, zone=sheet.week.zone)
        detail = {"week": sheet.week.monday.isoformat(), "days": len(plan)}
        await audit.record(
            session, context, "shifts.planned", shop_id=sheet.week.scope.shop_id, detail=detail
        )
        said = words_of(request).ngettext("{n} day was filled.", "{n} days were filled.", len(plan))
        return go(request, sheet.address(), notice=said)


class Sheet:
    """One page of the table."""

    def __init__(
        self, request: AnyRequest, stands: Stands, desk: Desk | None, week: Week, everybody: Sequence[Account]
    ) -> None:
        self.request, self.stands, self.desk, self.week, self.everybody = (
            request, stands, desk, week, everybody
        )  # fmt: skip
        self.shifts: Sequence[Shift] = ()
        self.rows: list[AgentRow] = []

    @property
    def is_wrong(self) -> bool:
        return any(cell.error for row in self.rows for cell in row.cells)

    def address(self, monday: date | None = None, after: UUID | None = None, *, path: str = PATH) -> str:
        desk = f"&desk={self.desk.id}" if self.desk else ""
        more = f"&after={after}" if after else ""
        return f"{path}?week={monday or self.week.monday}{desk}{more}"

    async def read(self, session: AsyncSession) -> None:
        start, end = _edges(self.week)
        self.shifts = await shifts_of(session, [one.id for one in self.everybody], start, end)
        names = {one.id: self.stands.name(one) for one in self.stands.desks}
        self.rows = rows_of(self.week, self.shifts, names, words_of(self.request))

    async def draw(self, session: AsyncSession, *, status: int = 200) -> Template:
        words, context = words_of(self.request), context_of(self.request)
        today = context.now.astimezone(self.week.zone).date()
        shown, everybody = self.week.agents, self.everybody
        last = shown[-1].id if shown and shown[-1].id != everybody[-1].id else None
        monday = self.week.monday
        return render(
            self.request, "nanori_app/staffing/shifts.html", status=status, rows=self.rows,
            desk_id=str(self.desk.id) if self.desk else "", desks=self.stands.choices(words), monday=monday,
            heads=heads(self.week, self.shifts, await self._gaps(session), today=today, words=words),
            wrong=[(one.key, one.label, one.error) for row in self.rows for one in row.cells if one.error],
            templates=TEMPLATES, action=self.address(after=self._after),
            copy=self.address(path=f"{PATH}/copy"),
            before=self.address(monday - A_WEEK), later=self.address(monday + A_WEEK),
            this_week=self.address(monday_of(today)), more=self.address(after=last) if last else "",
            fill=self.address(path=f"{PATH}/hours") if self.desk else "",
        )  # fmt: skip

    @property
    def _after(self) -> UUID | None:
        """The agent before the first one shown."""
        if not self.week.agents or self.week.agents[0].id == self.everybody[0].id:
            return None
        place = next(n for n, one in enumerate(self.everybody) if one.id == self.week.agents[0].id)
        return self.everybody[place - 1].id

    async def opening_hours(self, session: AsyncSession) -> dict[Cell, tuple[Times, ...]]:
        """Shifts as long as the desk is open, of agents who have nothing else on or around that day."""
        if self.desk is None:
            return {}
        calendar = await calendar_of_desk(session, self.stands.shops[self.desk.tenant_id], self.desk)
        today = context_of(self.request).now.astimezone(self.week.zone).date()
        busy = {
            (one.agent_id, day)
            for one in self.shifts
            for day in {at.astimezone(self.week.zone).date() for at in (one.starts_at, one.ends_at)}
        }
        return {
            Cell(agent.id, day): tuple(Times(span.opens, span.closes) for span in spans)
            for day in self.week.days
            if day >= today
            and (spans := [one for one in spans_on(calendar, day) if one.closes - one.opens <= LONGEST])
            for agent in self.everybody
            if (agent.id, day) not in busy
        }

    async def _gaps(self, session: AsyncSession) -> list[Piece]:
        """When the desk is open and nobody is on shift; only of one desk."""
        if self.desk is None:
            return []
        shop = self.stands.shops[self.desk.tenant_id]
        calendar = await calendar_of_desk(session, shop, self.desk)
        start, end = _edges(self.week)
        here = [one for one in self.shifts if one.desk_id in {None, self.desk.id}]
        return nobody(open_intervals(calendar, start, end), [piece for one in here for piece in at_work(one)])


async def _sheet(
    request: AnyRequest, session: AsyncSession, *, week: date | None, desk_id: UUID | None, after: UUID | None
) -> Sheet:
    stands, context = await stands_of(session), context_of(request)
    desk = stands.desk(desk_id)
    zone = stands.zone(desk, context)
    everybody = await _agents(session, desk)
    monday = monday_of(week or context.now.astimezone(zone).date())
    first = next((n + 1 for n, one in enumerate(everybody) if one.id == after), 0)
    shown = everybody[first : first + AGENTS_A_PAGE]
    sheet = Sheet(
        request, stands, desk, Week(monday=monday, scope=scope_of(desk), zone=zone, agents=shown), everybody
    )
    await sheet.read(session)
    return sheet


async def _agents(session: AsyncSession, desk: Desk | None) -> list[Account]:
    """Who may be planned: the desk's roster, or every agent; by name."""
    agents = list(await queries.possible_agents(session))
    if desk is None:
        return agents
    on_roster = {entry.agent_id for entry, _ in await queries.roster_of(session) if entry.desk_id == desk.id}
    return [one for one in agents if one.id in on_roster]


def _edges(week: Week) -> tuple[datetime, datetime]:
    zone: ZoneInfo = week.zone
    return moment(week.monday, 0, zone), moment(week.monday + timedelta(days=7), 0, zone)
