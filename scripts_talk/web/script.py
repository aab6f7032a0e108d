"""A shop's talk script: written as a draft, published when it is good."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import one_line
from nanori.web.access import allow
from nanori.web.forms import fields_in_order
from nanori.web.page import context_of, go
from nanori.words import N_, words_for
from scripts_talk import commands, queries
from scripts_talk.queries import TalkScript
from scripts_talk.values import FieldKind
from scripts_talk.web.rows import StepRow, mark, meant, posted_steps, step_rows
from tenants import queries as shops
from tenants.frame import saved, show
from tenants.models import Tenant
from tenants.policy import READERS, WRITERS

AnyRequest = Request[Any, Any, State]
FIRST_NAME = N_("Talk script")
KINDS = {
    FieldKind.TEXT: N_("Text"),
    FieldKind.PHONE: N_("Phone number"),
    FieldKind.ORDER_NUMBER: N_("Order number"),
    FieldKind.DATE: N_("Date"),
    FieldKind.CHOICE: N_("Choice"),
}


class ScriptPages(Controller):
    path = "/shops/{tenant_id:uuid}/script"

    @get("/", opt=allow(*READERS))
    async def show_script(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """The draft when there is one, otherwise what is published."""
        shop = await shops.shop(session, tenant_id)
        draft = await queries.draft_script(session, tenant_id)
        published = await queries.published_script(session, tenant_id)
        shown = draft or published
        name = shown.name if shown else words_for(context_of(request).locale).gettext(FIRST_NAME)
        rows = step_rows(shown.steps) if shown else []
        return await _page(request, session, shop, typed=(name, rows), versions=(draft, published))

    @post("/", opt=allow(*WRITERS))
    async def save_script(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Keep the draft, and publish it when the button says so."""
        shop = await shops.shop(session, tenant_id)
        posted = await request.form()
        name = one_line(str(posted.get("name", ""))) or words_for(context.locale).gettext(FIRST_NAME)
        rows = posted_steps(await fields_in_order(request))
        try:
            await commands.save_draft(session, tenant_id, name, meant(rows), now=context.now)
        except InvalidInput as refusal:
            mark(rows, refusal.fields)
            versions = await _versions(session, tenant_id)
            return await _page(
                request, session, shop, typed=(name, rows), versions=versions, wrong=refusal.fields
            )
        if posted.get("then") != "publish":
            return await saved(request, session, context, tenant_id, "script")
        await commands.publish_script(session, tenant_id, now=context.now)
        await audit.record(session, context, "script.published", shop_id=tenant_id)
        notice = N_("Published. Agents see this version from the next call on.")
        return go(request, f"/shops/{tenant_id}/script", notice=notice)

    @post("/discarding", opt=allow(*WRITERS))
    async def discard(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Give up the draft; what is published stays."""
        await shops.shop(session, tenant_id)
        await commands.discard_draft(session, tenant_id)
        return await saved(request, session, context, tenant_id, "script")


async def _versions(session: AsyncSession, tenant_id: UUID) -> tuple[TalkScript | None, TalkScript | None]:
    return (
        await queries.draft_script(session, tenant_id),
        await queries.published_script(session, tenant_id),
    )


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    *,
    typed: tuple[str, list[StepRow]],
    versions: tuple[TalkScript | None, TalkScript | None],
    wrong: dict[str, str] | None = None,
) -> Template:
    name, rows = typed
    draft, published = versions
    return await show(
        request,
        session,
        shop,
        "scripts_talk/script.html",
        tab="script",
        status=422 if wrong else 200,
        name=name,
        rows=rows,
        draft=draft,
        published=published,
        wrong=wrong or {},
        kinds=[(kind.value, label) for kind, label in KINDS.items()],
    )
