"""``/demo/mail``: what would have left the house, where nothing leaves it."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from mailroom import queries
from mailroom.queries import SentRow
from mailroom.web.view import SENDING, shop_view
from nanori.actors import STAFF
from nanori.context import Context
from nanori.errors import NotFound
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import render
from nanori.words import Words, words_for

AnyRequest = Request[Any, Any, State]


class SentPages(Controller):
    path = "/demo/mail"

    @get("/", opt=allow(*STAFF))
    async def list_sent(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template:
        """The outbox of the reader's shops, newest first."""
        _only_with_a_sink(installation)
        words = words_for(context.locale)
        rows = [_row(row, words) for row in await queries.outbox_rows(session)]
        return render(request, "mailroom/sent_list.html", rows=rows)

    @get("/{tenant_id:uuid}/{outgoing_id:uuid}", opt=allow(*STAFF))
    async def show_sent(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        outgoing_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template:
        """One mail as its reader would see it, and its source."""
        _only_with_a_sink(installation)
        row = await queries.outbox_row(session, tenant_id, outgoing_id)
        if row is None:
            raise NotFound
        return render(
            request,
            "mailroom/sent.html",
            row=_row(row, words_for(context.locale)),
            text=row.message.text,
            source=row.outgoing.content.decode("ascii", "replace"),
        )


def _only_with_a_sink(installation: Installation) -> None:
    if not installation.settings.mail_sink:
        raise NotFound


def _row(row: SentRow, words: Words) -> dict[str, Any]:
    message = row.message
    return {
        "href": f"/demo/mail/{message.tenant_id}/{row.outgoing.id}",
        "case": f"/mail/{message.tenant_id}/{message.case_id}",
        "shop": shop_view(row.shop),
        "sender": f"{message.from_name} <{message.from_address}>",
        "to": message.to_address,
        "subject": message.subject,
        "at": words.moment(message.at, row.shop.zone),
        "state": SENDING[row.outgoing.state],
    }
