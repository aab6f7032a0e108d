"""Supervisors in calls, and agents who ask for one."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from telephony.commands import supervision
from telephony.web.forms import Form

AnyRequest = Request[Any, Any, State]


class Supervisors(Controller):
    """Taking part in a call that an agent has. Operators may not: what is said there is no setting."""

    path = "/calls/{call_id:uuid}"
    opt = allow(Role.SUPERVISOR)

    @post("/supervision", status_code=HTTP_200_OK)
    async def take_part(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> dict[str, str]:
        """``leg`` is the token to dial in with; there is none for one who is in the call already."""
        form = await Form.read(request)
        mode = form.supervision()
        accepted = await supervision.supervise(session, call_id, mode=mode, context=context)
        told = {"call": str(call_id), "mode": mode.value}
        return told | {"leg": accepted.token} if accepted else told

    @post("/supervision-ending", status_code=HTTP_204_NO_CONTENT)
    async def stop(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await supervision.stop(session, call_id, supervisor=context.actor, now=context.now)


class Help(Controller):
    """An agent in a call wants a supervisor."""

    path = "/calls/{call_id:uuid}"
    opt = allow(Role.AGENT)

    @post("/help", status_code=HTTP_204_NO_CONTENT)
    async def ask(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await supervision.ask_for_help(session, call_id, agent=context.actor, now=context.now)

    @post("/help-cancellation", status_code=HTTP_204_NO_CONTENT)
    async def cancel(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await supervision.cancel_help(session, call_id, agent=context.actor)
