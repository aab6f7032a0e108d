"""``/desks/{shop}/{desk}/words``: its own phrases and its own script, before those of the shop."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries
from desks.models import Desk
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import go, render
from nanori.words import N_
from scripts_talk import commands as scripts
from scripts_talk.addresses import script_path
from scripts_talk.queries import published_script, script_of_desk
from tenants import commands
from tenants.phrase_rows import DAY_PARTS, SITUATIONS, PhraseRow, posted_phrases
from tenants.phrases import Phrase
from tenants.queries import phrases_of
from tenants.queries import shop as shop_by_id
from tenants.values import DayPart, Situation

AnyRequest = Request[Any, Any, State]


class DeskWordsPage(Controller):
    path = "/desks/{tenant_id:uuid}/{desk_id:uuid}"
    opt = allow(Role.SUPERVISOR, Role.OPERATOR)

    @get("/words")
    async def show_words(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        return await _page(request, session, desk)

    @post("/words")
    async def save_words(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Put the desk's own phrases into force; an empty one gives the shop's words back."""
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        rows = posted_phrases(await request.form(), is_of_desk=True)
        if any(row.error for row in rows):
            return await _page(request, session, desk, rows=rows)
        for row in rows:
            await commands.set_phrase(
                session, tenant_id, row.situation, row.day_part, text=row.text, desk_id=desk.id,
                now=context.now,
            )  # fmt: skip
        return await _changed(request, session, context, desk, "desk.words_changed")

    @post("/script")
    async def begin_script(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Open the desk's own script in the editor; a new one begins as a copy of the shop's."""
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        script = await scripts.begin_for_desk(session, tenant_id, desk.id, desk.name, now=context.now)
        await audit.record(session, context, "desk.script_begun", shop_id=tenant_id, subject_id=desk.id)
        notice = N_("This is the desk's own script. Agents follow it once it is approved and published.")
        return go(request, script_path(tenant_id, script.id), notice=notice)

    @post("/script/giving-up")
    async def give_up_script(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """From the next call on the desk's agents follow the shop's script again."""
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        await scripts.give_up_desk_script(session, tenant_id, desk.id)
        return await _changed(request, session, context, desk, "desk.script_given_up")


async def _page(
    request: AnyRequest, session: AsyncSession, desk: Desk, *, rows: Sequence[PhraseRow] | None = None
) -> Template:
    known = await phrases_of(session, desk.tenant_id, desk.id)
    shown = rows or _rows(known)
    for row in shown:
        row.otherwise = _text(known, row, is_of_desk=False)
    own = await script_of_desk(session, desk.tenant_id, desk.id)
    return render(
        request,
        "desks/words.html",
        status=422 if rows else 200,
        shop=await shop_by_id(session, desk.tenant_id),
        desk=desk,
        base=f"/desks/{desk.tenant_id}/{desk.id}",
        groups=[
            (*SITUATIONS[one], [(DAY_PARTS[row.day_part], row) for row in shown if row.situation is one])
            for one in Situation
        ],
        wrong=[(row.name, SITUATIONS[row.situation][0], row.error) for row in shown if row.error],
        script=await published_script(session, desk.tenant_id, desk_id=desk.id),
        own_script=script_path(desk.tenant_id, own.id) if own else "",
    )


def _rows(known: Sequence[Phrase]) -> list[PhraseRow]:
    rows = [PhraseRow(one, part, "", is_of_desk=True) for one in Situation for part in DayPart]
    for row in rows:
        row.text = _text(known, row, is_of_desk=True)
    return rows


def _text(known: Sequence[Phrase], row: PhraseRow, *, is_of_desk: bool) -> str:
    slot = (is_of_desk, row.situation, row.day_part)
    return next((one.text for one in known if (one.is_of_desk, one.situation, one.day_part) == slot), "")


async def _changed(
    request: AnyRequest, session: AsyncSession, context: Context, desk: Desk, action: str
) -> Redirect:
    await audit.record(session, context, action, shop_id=desk.tenant_id, subject_id=desk.id)
    return go(request, f"/desks/{desk.tenant_id}/{desk.id}/words", notice=N_("Saved."))
