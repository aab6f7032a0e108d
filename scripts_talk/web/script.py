"""A shop's talk script: a draft that keeps itself, submitted to the shop, published when approved."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import code_like, one_line
from nanori.web.access import allow
from nanori.web.forms import fields_in_order
from nanori.web.page import context_of, go, words_of
from nanori.words import N_
from scripts_talk import commands, queries, versions
from scripts_talk.addresses import script_asked, script_path, whose
from scripts_talk.campaigns import campaigns_of
from scripts_talk.errors import NoSuchScript
from scripts_talk.models import ScriptVersion
from scripts_talk.policy import READERS, WRITERS, may_write
from scripts_talk.problems import problems
from scripts_talk.usual import usual_talk
from scripts_talk.values import ScriptState
from scripts_talk.web.editor import editor_values
from scripts_talk.web.rows import StepRow, mark, meant, posted_steps, step_rows
from scripts_talk.wording import FIRST_NAME
from tenants import queries as shops
from tenants.frame import show
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]
NOT_SUBMITTED = N_("Kept as a draft, not submitted yet. Please check the marked steps.")
SHOWN = (ScriptState.DRAFT, ScriptState.APPROVED, ScriptState.SUBMITTED, ScriptState.PUBLISHED)
"""What the editor begins with: the first of these that there is."""


class ScriptPages(Controller):
    path = "/shops/{tenant_id:uuid}/script"

    @get("/", opt=allow(*READERS))
    async def show_script(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """The draft when there is one, otherwise the newest version: writing in it begins a new draft.

        ``?begin=usual`` shows the usual talk where nothing was written yet; it is kept when it is saved.
        """
        return await _page(request, session, await shops.shop(session, tenant_id))

    @post("/", opt=allow(*WRITERS))
    async def save_script(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Keep the draft whatever is wrong with it, and submit it to the shop when the button says so."""
        await shops.shop(session, tenant_id)
        fields = await fields_in_order(request)
        draft = await _keep(session, request, context, tenant_id, fields)
        if dict(fields).get("then") != "submit":
            return await _saved(request, session, context, tenant_id)
        try:
            await versions.submit_script(
                session, tenant_id, script_asked(request), by=context.account_id, now=context.now
            )
        except InvalidInput as refusal:
            whole = refusal.fields.get("steps", NOT_SUBMITTED)
            return go(request, _here(request, tenant_id), notice=whole, kind="warn")
        await audit.record(
            session, context, "script.submitted", shop_id=tenant_id, subject_id=draft.id
        )  # fmt: skip
        notice = N_("Submitted. The shop sees it in its portal.")
        return go(request, _here(request, tenant_id), notice=notice)

    @post("/draft", opt=allow(*WRITERS), status_code=HTTP_200_OK)
    async def keep_draft(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> dict[str, Any]:
        """The draft as it is typed, and what is still wrong with it."""
        await shops.shop(session, tenant_id)
        fields = await fields_in_order(request)
        draft = await _keep(session, request, context, tenant_id, fields)
        words = words_of(request)
        wrong = problems(meant(posted_steps(fields)))
        return {
            "revision": draft.revision,
            "problems": {place: words.gettext(said) for place, said in wrong.items()},
        }

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
        await commands.discard_draft(session, tenant_id, script_asked(request))
        return await _saved(request, session, context, tenant_id)

    @post("/approval", opt=allow(*WRITERS))
    async def record_approval(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """The shop said yes outside of its portal."""
        await shops.shop(session, tenant_id)
        note = one_line(str((await request.form()).get("note", "")))
        version = await versions.record_approval(
            session, tenant_id, script_asked(request), note=note, by=context.account_id, now=context.now
        )
        await audit.record(
            session, context, "script.approval_recorded", shop_id=tenant_id, subject_id=version.id
        )
        return go(request, _here(request, tenant_id), notice=N_("Recorded. The version can be published."))

    @post("/publishing", opt=allow(*WRITERS))
    async def publish(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Put the approved version into force."""
        await shops.shop(session, tenant_id)
        version = await versions.publish_script(session, tenant_id, script_asked(request), now=context.now)
        await audit.record(session, context, "script.published", shop_id=tenant_id, subject_id=version.id)
        notice = N_("Published. Agents see this version from the next call on.")
        return go(request, _here(request, tenant_id), notice=notice)


async def _keep(
    session: AsyncSession,
    request: AnyRequest,
    context: Context,
    tenant_id: UUID,
    fields: list[tuple[str, str]],
) -> ScriptVersion:
    posted = dict(fields)
    seen = posted.get("seen", "")
    return await commands.save_draft(
        session,
        tenant_id,
        one_line(posted.get("name", "")) or words_of(request).gettext(FIRST_NAME),
        meant(posted_steps(fields)),
        order_pattern=code_like(posted.get("order_pattern", "")).upper(),
        seen=int(seen) if seen.isdecimal() else None,
        script_id=script_asked(request),
        now=context.now,
    )


async def _saved(request: AnyRequest, session: AsyncSession, context: Context, tenant_id: UUID) -> Redirect:
    await audit.record(session, context, "shop.changed", shop_id=tenant_id, detail={"part": "script"})
    return go(request, _here(request, tenant_id), notice=N_("Saved."))


def _here(request: AnyRequest, tenant_id: UUID) -> str:
    return script_path(tenant_id, script_asked(request))


async def _page(request: AnyRequest, session: AsyncSession, shop: Tenant) -> Template:
    script_id = script_asked(request)
    script = await queries.script_of(session, shop.tenant_id, script_id)
    if script is None and script_id is not None:
        raise NoSuchScript
    known = await queries.scripts_by_state(session, shop.tenant_id, script_id)
    newest = next((known[state] for state in SHOWN if state in known), None)
    begun = usual_talk(shop.locale) if request.query_params.get("begin") == "usual" else ()
    rows: list[StepRow] = step_rows(newest.steps if newest else begun)
    if newest and newest.state is ScriptState.DRAFT:
        mark(rows, problems(newest.steps))
    words = words_of(request)
    return await show(
        request,
        session,
        shop,
        "scripts_talk/script.html",
        tab="script",
        name=script.name if script else words.gettext(FIRST_NAME),
        order_pattern=script.order_pattern if script else "",
        whose=whose(script_id),
        desk=script if script_id else None,
        of_desks=await queries.scripts_of_desks(session, shop.tenant_id),
        may_write=may_write(context_of(request)),
        **editor_values(rows, known, await campaigns_of(session, shop.tenant_id), words),
    )
