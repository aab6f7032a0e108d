"""The start page of each role, and the answer to "are you alive?"."""

from typing import Any

from litestar import Controller, MediaType, Request, get
from litestar.datastructures import State
from litestar.response import Redirect

from nanori.actors import Role
from nanori.web.access import allow, open_files
from nanori.web.page import context_of

START = ((Role.AGENT, "/desk"), (Role.SUPERVISOR, "/floor"), (Role.OPERATOR, "/shops"))


class StartPages(Controller):
    @get("/", opt=allow(*Role))
    async def start(self, request: Request[Any, Any, State]) -> Redirect:
        """Send everybody to the page on which their work begins."""
        context = context_of(request)
        path = next((path for role, path in START if context.may(role)), "/portal")
        return Redirect(path, status_code=303)

    @get("/health", opt=open_files("for the machine that watches the process"), media_type=MediaType.TEXT)
    async def health(self) -> str:
        """The process answers; says nothing of the database."""
        return "ok"
