"""What opens from the floor: a call, a desk, an agent; each a page of its own and a drawer on the board."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import direction, roster
from desks.queries import desk_by_id
from desks.values import LEVELS, BreakReason, Presence
from nanori import audit, live
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput, NotFound
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from nanori_app.pages.floor.agent import agent_view
from nanori_app.pages.floor.call import call_view
from nanori_app.pages.floor.desk import OVERFLOW_MINUTES, desk_view
from nanori_app.pages.floor.forms import AlarmForm
from telephony.web.forms import Form

AnyRequest = Request[Any, Any, State]
WHO = allow(Role.SUPERVISOR, Role.OPERATOR)


class CallDetails(Controller):
    path = "/floor/calls/{tenant_id:uuid}/{call_id:uuid}"
    opt = WHO

    @get("/")
    async def show_call(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        return _drawn(request, "call", view=await call_view(session, context, tenant_id, call_id))


class DeskDetails(Controller):
    path = "/floor/desks/{tenant_id:uuid}/{desk_id:uuid}"
    opt = WHO

    @get("/")
    async def show_desk(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        return await _desk_page(request, session, context, tenant_id, desk_id)

    @post("/agents")
    async def bring_agent(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Put an agent on the roster; calls of the desk may ring there at once."""
        form = await Form.read(request)
        agent_id, level = form.uuid("agent"), form.values.get("level", "1")
        if level not in {str(one) for one in LEVELS}:
            raise InvalidInput({"level": N_("Please choose one from the list.")})
        await roster.put_on_desk(session, tenant_id, desk_id=desk_id, agent_id=agent_id, level=int(level))
        return await _done(
            request, session, context, tenant_id, desk_id, "desk.agent_added", agent_id=agent_id
        )

    @post("/agents/{agent_id:uuid}/removal")
    async def send_agent_away(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await roster.take_off_desk(session, tenant_id, desk_id=desk_id, agent_id=agent_id)
        return await _done(
            request, session, context, tenant_id, desk_id, "desk.agent_removed", agent_id=agent_id
        )

    @post("/overflow")
    async def open_overflow(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Every level is asked at once for so many minutes."""
        minutes = (await Form.read(request)).values.get("minutes", "")
        if minutes not in {str(one) for one in OVERFLOW_MINUTES}:
            raise InvalidInput({"minutes": N_("Please choose one from the list.")})
        until = context.now + timedelta(minutes=int(minutes))
        await roster.open_overflow(session, tenant_id, desk_id=desk_id, until=until)
        return await _done(request, session, context, tenant_id, desk_id, "desk.overflow_opened")

    @post("/overflow-closing")
    async def close_overflow(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await roster.open_overflow(session, tenant_id, desk_id=desk_id, until=None)
        return await _done(request, session, context, tenant_id, desk_id, "desk.overflow_closed")

    @post("/alarms")
    async def set_alarms(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        await desk_by_id(session, tenant_id, desk_id)
        form = AlarmForm(await request.form(), words=words_of(request))
        if not form.validate():
            return await _desk_page(request, session, context, tenant_id, desk_id, form=form)
        await direction.set_alarm_limits(session, tenant_id, desk_id=desk_id, limits=form.limits())
        return await _done(request, session, context, tenant_id, desk_id, "desk.alarms_changed")


class AgentDetails(Controller):
    path = "/floor/agents/{agent_id:uuid}"
    opt = WHO

    @get("/")
    async def show_agent(
        self,
        request: AnyRequest,
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Response[dict[str, Any]]:
        """The agent now, and a day of theirs (``?day=2026-11-22``); the day as JSON to programs."""
        view = await agent_view(session, context, agent_id, _day(request))
        await audit.record(session, context, "agent.day_read", subject_id=agent_id)
        if "application/json" in request.headers.get("accept", ""):
            return Response(asdict(view.day) | {"agent": view.name}, headers={"Cache-Control": "no-store"})
        return _drawn(request, "agent", view=view)

    @post("/presence")
    async def direct(
        self,
        request: AnyRequest,
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Send the agent into calls, on a break or home."""
        form = await Form.read(request)
        state = form.presence("state", Presence.READY, Presence.BREAK, Presence.OFFLINE)
        reason: BreakReason | None = form.break_reason() if state is Presence.BREAK else None
        await direction.direct_presence(session, agent_id, state, reason=reason, now=context.now)
        detail = {"state": state.value, "reason": reason.value if reason else None}
        await audit.record(session, context, "agent.directed", subject_id=agent_id, detail=detail)
        return go(request, f"/floor/agents/{agent_id}", notice=N_("Done."))


async def _desk_page(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    desk_id: UUID,
    *,
    form: AlarmForm | None = None,
) -> Template:
    view = await desk_view(session, context, tenant_id, desk_id)
    desk = await desk_by_id(session, tenant_id, desk_id)
    shown = form or AlarmForm.of(desk, words_of(request))
    return _drawn(request, "desk", status=422 if form else 200, view=view, form=shown, levels=LEVELS)


async def _done(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    desk_id: UUID,
    action: str,
    *,
    agent_id: UUID | None = None,
) -> Redirect:
    """Write down who changed what, tell the floor, and show the desk again."""
    detail = {"agent_id": str(agent_id)} if agent_id else None
    await audit.record(session, context, action, shop_id=tenant_id, subject_id=desk_id, detail=detail)
    await live.announce(session, live.FLOOR, "presence")
    return go(request, f"/floor/desks/{tenant_id}/{desk_id}", notice=N_("Done."))


def _drawn(request: AnyRequest, what: str, *, status: int = 200, **values: Any) -> Template:
    """The content alone for the drawer, otherwise the page around it."""
    alone = request.headers.get("hx-request") == "true"
    template = f"nanori_app/floor/_{what}.html" if alone else "nanori_app/floor/details.html"
    page = render(request, template, status=status, what=what, **values)
    page.headers["Vary"] = "HX-Request, Accept"
    return page


def _day(request: AnyRequest) -> date | None:
    asked = request.query_params.get("day")
    if not asked:
        return None
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise NotFound from None
