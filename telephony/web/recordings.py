"""Pausing the recording of the call in hand, while the caller says card numbers."""

from uuid import UUID

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_204_NO_CONTENT
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from telephony.commands import recordings


class RecordingSwitch(Controller):
    path = "/calls/{call_id:uuid}"
    opt = allow(Role.AGENT)

    @post("/recording-pause", status_code=HTTP_204_NO_CONTENT)
    async def pause(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await recordings.pause(session, call_id, agent=context.actor, now=context.now)

    @post("/recording-resumption", status_code=HTTP_204_NO_CONTENT)
    async def resume(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        await recordings.resume(session, call_id, agent=context.actor, now=context.now)
