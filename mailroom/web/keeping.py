"""Mails that went astray inside the house: could not be filed, or not surely sent. A person decides."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from mailroom import queries
from mailroom.commands import sending
from mailroom.errors import RawNotFound
from mailroom.models import RawMessage
from mailroom.policy import KEEPERS, READERS
from mailroom.receiving import file_one
from mailroom.values import RawState
from mailroom.web.view import file_size, shop_view
from nanori import audit
from nanori.context import Context
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import go, render
from nanori.words import N_, words_for
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]


class KeepingPages(Controller):
    path = "/mail"

    @get("/set-aside", opt=allow(*KEEPERS))
    async def list_set_aside(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Mails whose bytes are safe but which no case shows yet."""
        words = words_for(context.locale)
        by_id = {shop.tenant_id: shop for shop in await shops.shops(session)}
        rows = [
            {
                "shop": shop_view(by_id[raw.tenant_id]),
                "mailbox": raw.mailbox,
                "at": words.moment(raw.received_at, by_id[raw.tenant_id].zone),
                "size": file_size(raw.size, words),
                "failure": raw.failure or "",
                "again": f"/mail/{raw.tenant_id}/set-aside/{raw.id}/filing",
            }
            for raw in await queries.quarantined(session)
        ]
        return render(request, "mailroom/set_aside.html", rows=rows)

    @post("/{tenant_id:uuid}/set-aside/{raw_id:uuid}/filing", opt=allow(*KEEPERS))
    async def file_again(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        raw_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Redirect:
        """Try to file it once more, right after this answer."""
        raw = await session.get(RawMessage, (tenant_id, raw_id), with_for_update=True)
        if raw is None or raw.state is not RawState.QUARANTINED:
            raise RawNotFound
        raw.state = RawState.STORED
        await audit.record(session, context, "mail.filed_again", shop_id=tenant_id, subject_id=raw_id)
        answer = go(request, "/mail/set-aside", notice=N_("The mail is being read once more."))
        answer.background = BackgroundTask(file_one, installation, tenant_id, raw_id)
        return answer

    @post("/{tenant_id:uuid}/outbox/{outgoing_id:uuid}/sending", opt=allow(*READERS))
    async def send_again(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        outgoing_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Send what failed, or may have been sent."""
        row = await queries.outbox_row(session, tenant_id, outgoing_id)
        if row is None:
            raise NotFound
        sent = await sending.send_again(session, tenant_id, outgoing_id, now=context.now)
        await audit.record(session, context, "mail.sent_again", shop_id=tenant_id, subject_id=row.message.id)
        said = N_("The answer is on its way.") if sent else N_("This mail is already on its way.")
        return go(request, f"/mail/{tenant_id}/{row.message.case_id}", notice=said)
