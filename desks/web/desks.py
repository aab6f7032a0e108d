"""``/desks``: every desk with its times, who may answer there, and what each agent is doing."""

from collections import Counter
from dataclasses import asdict
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries, roster
from desks.errors import DeskNotFound
from desks.models import Desk
from desks.web.forms import RosterForm, TimesForm
from desks.web.view import agent_line, desk_lines
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)


class DeskPages(Controller):
    @get("/desks", opt=allow(*WHO))
    async def show_desks(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template | Response[dict[str, Any]]:
        """All desks and all agents; to programs the JSON twin."""
        words = words_of(request)
        shops = {shop.tenant_id: shop for shop in await shops_bound(session)}
        entries = await queries.roster_of(session)
        seats = await queries.seats(session)
        on_desks = Counter(entry.agent_id for entry, _ in entries)
        desks = desk_lines(await queries.desks_of(session), shops, entries, seats, words)
        people = [
            agent_line(one, seats.get(one.id), words=words, context=context, desks=on_desks[one.id])
            for one in await queries.possible_agents(session)
        ]
        if "application/json" in request.headers.get("accept", ""):
            return Response(
                {"desks": [asdict(one) for one in desks], "agents": [asdict(one) for one in people]}
            )
        return render(request, "desks/desk_list.html", desks=desks, people=people)

    @get("/shops/{tenant_id:uuid}/desk", opt=allow(*WHO))
    async def find_desk(self, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]) -> Redirect:
        """A shop's first desk, for whoever comes from the shop's pages."""
        shop = await shop_by_id(session, tenant_id)
        for desk in await queries.desks_of(session):
            if desk.tenant_id == shop.tenant_id:
                return Redirect(f"/desks/{tenant_id}/{desk.id}", status_code=303)
        raise DeskNotFound

    @get("/desks/{tenant_id:uuid}/{desk_id:uuid}", opt=allow(*WHO))
    async def show_desk(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        return await _desk_page(request, session, desk)

    @post("/desks/{tenant_id:uuid}/{desk_id:uuid}/times", opt=allow(*WHO))
    async def set_times(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        form = TimesForm(await request.form(), words=words_of(request))
        if not form.validate():
            return await _desk_page(request, session, desk, times=form)
        await roster.set_desk_times(
            session,
            tenant_id,
            desk_id=desk_id,
            ring_seconds=form.ring_seconds.data or 0,
            wrapup_seconds=form.wrapup_seconds.data or 0,
            max_wait_seconds=form.max_wait_seconds.data or 0,
        )
        return await _changed(request, session, desk, "desk.changed")

    @post("/desks/{tenant_id:uuid}/{desk_id:uuid}/agents", opt=allow(*WHO))
    async def add_agent(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        agents = await queries.possible_agents(session)
        form = RosterForm(await request.form(), words=words_of(request), agents=agents)
        if not form.validate():
            return await _desk_page(request, session, desk, joining=form)
        await roster.put_on_desk(
            session, tenant_id, desk_id=desk_id, agent_id=form.agent_id, level=int(form.level.data)
        )
        return await _changed(request, session, desk, "desk.agent_added", agent_id=form.agent_id)

    @post("/desks/{tenant_id:uuid}/{desk_id:uuid}/agents/{agent_id:uuid}/removal", opt=allow(*WHO))
    async def remove_agent(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        await roster.take_off_desk(session, tenant_id, desk_id=desk_id, agent_id=agent_id)
        return await _changed(request, session, desk, "desk.agent_removed", agent_id=agent_id)


async def _desk_page(
    request: AnyRequest,
    session: AsyncSession,
    desk: Desk,
    *,
    times: TimesForm | None = None,
    joining: RosterForm | None = None,
) -> Template:
    """The desk's page; a form that was refused comes back with what was typed."""
    words, context = words_of(request), context_of(request)
    seats = await queries.seats(session)
    there = [(entry, one) for entry, one in await queries.roster_of(session) if entry.desk_id == desk.id]
    taken = {one.id for _, one in there}
    free = [one for one in await queries.possible_agents(session) if one.id not in taken]
    return render(
        request,
        "desks/desk.html",
        status=422 if times or joining else 200,
        shop=await shop_by_id(session, desk.tenant_id),
        desk=desk,
        base=f"/desks/{desk.tenant_id}/{desk.id}",
        times=times or TimesForm.of(desk, words),
        joining=joining or RosterForm(words=words, agents=free),
        people=[
            agent_line(one, seats.get(one.id), words=words, context=context, level=entry.level)
            for entry, one in there
        ],
    )


async def _changed(
    request: AnyRequest, session: AsyncSession, desk: Desk, action: str, *, agent_id: UUID | None = None
) -> Redirect:
    """Write down who changed what, and show the desk again."""
    detail = {"agent_id": str(agent_id)} if agent_id else None
    await audit.record(
        session, context_of(request), action, shop_id=desk.tenant_id, subject_id=desk.id, detail=detail
    )
    return go(request, f"/desks/{desk.tenant_id}/{desk.id}", notice=N_("Saved."))
