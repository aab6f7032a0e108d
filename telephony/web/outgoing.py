"""Calls that agents make, and promises to call back that are not needed any more."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.context import Context
from nanori.installation import Installation
from nanori.web.access import allow
from telephony.commands import calling_back, outbound
from telephony.commands.outbound import Wanted
from telephony.urls import Urls
from telephony.web.forms import Form

LONGEST_NUMBER = 40


class OutgoingCalls(Controller):
    path = "/shops/{tenant_id:uuid}/calls"

    @post("/", opt=allow(Role.AGENT), status_code=HTTP_200_OK)
    async def call(
        self,
        request: Request[Any, Any, State],
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> dict[str, str]:
        """The address names the shop that the screen shows; its own number is the one that calls."""
        form = await Form.read(request)
        wanted = Wanted(
            shop_id=tenant_id, to=form.values.get("to", "")[:LONGEST_NUMBER], tab=form.tab(),
            about=form.optional_uuid("about"),
        )  # fmt: skip
        settings = installation.settings
        begun = await outbound.call_shopper(
            session, wanted, Urls(settings.public_url),
            account_sid=settings.twilio_account_sid, context=context,
        )  # fmt: skip
        return {"leg": begun.token, "call": str(begun.call_id)}


class Promises(Controller):
    path = "/callbacks/{tenant_id:uuid}/{callback_id:uuid}"

    @post("/cancellation", opt=allow(Role.AGENT, Role.SUPERVISOR))
    async def cancel(
        self,
        tenant_id: FromPath[UUID],
        callback_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Back to the page of the call in which the shopper asked for it."""
        promise = await calling_back.cancel_promise(session, tenant_id, callback_id, now=context.now)
        return Redirect(f"/interactions/{tenant_id}/{promise.asked_in}", status_code=HTTP_303_SEE_OTHER)
