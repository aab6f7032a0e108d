"""The agent's desk: one page that rings, shows whose name to say, and keeps what is typed."""

from dataclasses import replace
from typing import Any

from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import render
from nanori_app.pages.desk_calling import filled_in
from nanori_app.pages.desk_view import desk_view

AnyRequest = Request[Any, Any, State]
LONGEST_TAB_NAME = 64


class AgentDesk(Controller):
    path = "/desk"

    @get("/", opt=allow(Role.AGENT))
    async def page(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """The page as a whole; the tab names itself afterwards and asks for the panel."""
        view = await desk_view(session, context)
        about = request.query_params.get("about", "")
        if view.callout and about:
            view = replace(view, callout=await filled_in(session, view.callout, about))
        return render(request, "nanori_app/desk/page.html", view=view)

    @get("/panel", opt=allow(Role.AGENT))
    async def panel(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Every part of the page as it stands now; the browser puts in place what has changed."""
        tab = request.query_params.get("tab", "")[:LONGEST_TAB_NAME]
        view = await desk_view(session, context, tab=tab)
        return render(request, "nanori_app/desk/panel.html", view=view)
