"""``/desks``: every desk, how calls are shared now, and what each agent is doing."""

from collections import Counter
from dataclasses import asdict
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries
from desks.errors import DeskNotFound
from desks.snapshot import standing_now
from desks.web.view import agent_line, desk_lines
from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import render, words_of
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
        standings = await standing_now(session, now=context.now)
        desks = desk_lines(await queries.desks_of(session), shops, entries, seats, standings, words)
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
