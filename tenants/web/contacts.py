"""Whom an escalation reaches at the shop."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.page import words_of
from tenants import queries
from tenants.contacts import set_contacts
from tenants.frame import saved, show
from tenants.policy import READERS, WRITERS
from tenants.web.rows import (
    contact_rows,
    posted_contacts,
)

AnyRequest = Request[Any, Any, State]
TEMPLATE = "tenants/contacts.html"


class ContactPages(Controller):
    path = "/shops/{tenant_id:uuid}/contacts"

    @get("/", opt=allow(*READERS))
    async def show_contacts(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        rows = contact_rows(await queries.contacts_of(session, tenant_id))
        return await show(request, session, shop, TEMPLATE, tab="contacts", rows=rows, refused="")

    @post("/", opt=allow(*WRITERS))
    async def save_contacts(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """The order on the form is the order of calling."""
        shop = await queries.shop(session, tenant_id)
        rows, people = posted_contacts(await request.form())
        refused = ""
        if not any(row.error for row in rows):
            try:
                await set_contacts(session, tenant_id, people, now=context.now)
            except InvalidInput as problem:
                (said,) = problem.fields.values()
                refused = words_of(request).gettext(said).format(**problem.params)
        if refused or any(row.error for row in rows):
            return await show(
                request, session, shop, TEMPLATE, tab="contacts", status=422, rows=rows, refused=refused
            )
        return await saved(request, session, context, tenant_id, "contacts")
