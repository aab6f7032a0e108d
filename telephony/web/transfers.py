"""Passing a caller on: what agents ask for, and the document for a caller who goes to another desk."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_204_NO_CONTENT
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.context import Context
from nanori.installation import Installation
from nanori.web.access import allow
from telephony.commands import transfers
from telephony.urls import Urls
from telephony.web.answers import document
from telephony.web.forms import Form
from telephony.web.incoming import OnLine, Webhooks

AnyRequest = Request[Any, Any, State]


class Transfers(Controller):
    """A colleague is asked, takes over or leaves again; or the caller goes to another desk at once."""

    path = "/calls/{call_id:uuid}"
    opt = allow(Role.AGENT)

    @post("/consultation", status_code=HTTP_204_NO_CONTENT)
    async def consult(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> None:
        """``desk``: of which desk a colleague is asked for."""
        form = await Form.read(request)
        urls = Urls(installation.settings.public_url)
        await transfers.consult(
            session, call_id, form.uuid("desk"), urls, agent=context.actor, now=context.now
        )

    @post("/consultation-ending", status_code=HTTP_204_NO_CONTENT)
    async def end_consultation(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        """Back to the caller; the colleague may ask for it too, and leaves."""
        await transfers.end_consultation(session, call_id, agent=context.actor, now=context.now)

    @post("/handover", status_code=HTTP_204_NO_CONTENT)
    async def hand_over(
        self,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> None:
        """The colleague or contact who has joined keeps the caller."""
        await transfers.hand_over(session, call_id, agent=context.actor, now=context.now)

    @post("/transfer", status_code=HTTP_204_NO_CONTENT)
    async def pass_on(
        self,
        request: AnyRequest,
        call_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> None:
        """``desk``: into whose queue the caller goes."""
        form = await Form.read(request)
        urls = Urls(installation.settings.public_url)
        await transfers.pass_on(
            session, call_id, form.uuid("desk"), urls, agent=context.actor, now=context.now
        )


class TransferWebhooks(Webhooks):
    @post("/v/{call_id:uuid}/requeue")
    async def requeue(self, caller: NamedDependency[OnLine]) -> Response[str]:
        """A caller on the way to another desk hears so and waits there, at the front."""
        return document(await transfers.requeue(caller.line))
