"""``/floor``: the board, its parts for the browser that follows it, and the same for programs."""

from dataclasses import asdict
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import render, words_of
from nanori_app.pages.floor.call import my_call
from nanori_app.pages.floor.facts import FloorFacts
from nanori_app.pages.floor.reads import floor_facts
from nanori_app.pages.floor.view import floor_view
from nanori_app.pages.floor.wall import wall_view
from reports.today import RecentCounts

AnyRequest = Request[Any, Any, State]
LONGEST_FIND = 40


class FloorPages(Controller):
    path = "/floor"
    opt = allow(Role.SUPERVISOR, Role.OPERATOR)

    @get("/")
    async def show_floor(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template | Response[dict[str, Any]]:
        """The whole floor; to programs the JSON twin, with every desk."""
        if "application/json" in request.headers.get("accept", ""):
            view = floor_view(await facts_for(request, session, context), words_of(request), everything=True)
            return Response(asdict(view), headers={"Vary": "Accept", "Cache-Control": "no-store"})
        page = await _drawn(request, session, context, "page")
        page.headers["Vary"] = "Accept"
        return page

    @get("/parts")
    async def show_parts(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Every part of the board as it stands now; the browser puts in place what has changed."""
        return await _drawn(request, session, context, "parts")

    @get("/wall")
    async def show_wall(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """For a screen that everybody sees: no name and no number of anybody."""
        return await _wall(request, session, context, "wall")

    @get("/wall/parts")
    async def show_wall_parts(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        return await _wall(request, session, context, "wall_parts")


async def facts_for(request: AnyRequest, session: AsyncSession, context: Context) -> FloorFacts:
    """The floor now; today's figures are counted once for all who look within a few seconds."""
    counts: RecentCounts = request.app.state.recent_counts
    return await floor_facts(session, now=context.now, counts=counts)


async def _drawn(request: AnyRequest, session: AsyncSession, context: Context, name: str) -> Template:
    asked = request.query_params
    view = floor_view(
        await facts_for(request, session, context),
        words_of(request),
        find=asked.get("find", "").strip()[:LONGEST_FIND],
        everything=asked.get("all") == "1",
    )
    mine = await my_call(session, context)
    return render(request, f"nanori_app/floor/{name}.html", view=view, mine=mine)


async def _wall(request: AnyRequest, session: AsyncSession, context: Context, name: str) -> Template:
    facts = await facts_for(request, session, context)
    view = wall_view(facts, words_of(request), zone=str(context.zone))
    return render(request, f"nanori_app/floor/{name}.html", view=view)
