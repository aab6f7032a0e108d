"""What agents say first and machines say after it."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.web.access import allow
from nanori.words import words_for
from tenants import commands, queries
from tenants.frame import saved, show
from tenants.models import Tenant
from tenants.phrase_rows import DAY_PARTS, SITUATIONS, PhraseRow, posted_phrases
from tenants.policy import READERS, WRITERS
from tenants.values import DayPart, Situation
from tenants.web.forms import AnnouncementForm

AnyRequest = Request[Any, Any, State]


class PhrasePages(Controller):
    path = "/shops/{tenant_id:uuid}/phrases"

    @get("/", opt=allow(*READERS))
    async def show_phrases(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        known = {(p.situation, p.day_part): p.text for p in await queries.phrases_of(session, tenant_id)}
        rows = [
            PhraseRow(situation, part, known.get((situation, part), ""))
            for situation in Situation
            for part in DayPart
        ]
        form = AnnouncementForm(
            words=words_for(context.locale),
            closed_message=shop.closed_message,
        )
        return await _phrase_page(request, session, shop, (rows, form))

    @post("/", opt=allow(*WRITERS))
    async def save_phrases(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await queries.shop(session, tenant_id)
        posted = await request.form()
        rows, form = posted_phrases(posted), AnnouncementForm(posted, words=words_for(context.locale))
        if not form.validate() or any(row.error for row in rows):
            return await _phrase_page(request, session, shop, (rows, form), status=422)
        for row in rows:
            await commands.set_phrase(
                session, tenant_id, row.situation, row.day_part, text=row.text, now=context.now
            )
        await commands.set_closed_message(session, tenant_id, form.closed_message.value)
        return await saved(request, session, context, tenant_id, "phrases")


async def _phrase_page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    typed: tuple[list[PhraseRow], AnnouncementForm],
    *,
    status: int = 200,
) -> Template:
    rows, form = typed
    groups = [
        (
            *SITUATIONS[situation],
            [(DAY_PARTS[row.day_part], row) for row in rows if row.situation is situation],
        )
        for situation in Situation
    ]
    wrong = [(row.name, SITUATIONS[row.situation][0], row.error) for row in rows if row.error]
    return await show(
        request,
        session,
        shop,
        "tenants/phrases.html",
        tab="phrases",
        status=status,
        groups=groups,
        form=form,
        wrong=[*wrong, *form.wrong],
    )
