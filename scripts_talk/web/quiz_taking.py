"""``/quiz/<shop>``: an agent takes a shop's quiz and sees how it went."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.forms import Posted
from nanori.web.page import context_of, go, render, words_of
from scripts_talk.quiz import queries, sittings
from scripts_talk.quiz.models import Certificate, QuizSitting
from scripts_talk.web.quiz_view import certificate_badge, result_in, sheet_lines
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]
Chosen = Mapping[int, frozenset[int]]


class QuizTaking(Controller):
    path = "/quiz/{tenant_id:uuid}"
    opt = allow(Role.AGENT)

    @get()
    async def show_sitting(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """The open sheet; else how the last one went."""
        return await _page(request, session, tenant_id)

    @post()
    async def begin(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await shops.shop(session, tenant_id)
        await sittings.begin(session, tenant_id, context.account_id, now=context.now)
        return go(request, f"/quiz/{tenant_id}")

    @post("/answers")
    async def answer(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """All of them at once; what has no answer is said at its question."""
        await shops.shop(session, tenant_id)
        chosen = _chosen(await request.form())
        try:
            await sittings.answer(session, tenant_id, context.account_id, chosen, now=context.now)
        except InvalidInput as refusal:
            return await _page(request, session, tenant_id, chosen=chosen, wrong=refusal.fields)
        return go(request, f"/quiz/{tenant_id}")


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    tenant_id: UUID,
    *,
    chosen: Chosen | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Template:
    context, words = context_of(request), words_of(request)
    shop = await shops.shop(session, tenant_id)
    held = await queries.certificate_of(session, tenant_id, context.account_id)
    last = await queries.last_sitting(session, tenant_id, context.account_id)
    is_open = last is not None and last.judged_at is None
    left = sittings.pause_left(last, context.now)
    return render(
        request,
        "scripts_talk/quiz/sheet.html" if is_open else "scripts_talk/quiz/result.html",
        status=422 if wrong else 200,
        shop=shop,
        base=f"/quiz/{tenant_id}",
        rules=await queries.rules_of(session, tenant_id),
        badge_of=certificate_badge(held, context),
        until=words.date(held.expires_at, context.zone) if held else "",
        changed=await _changed(session, held),
        last=last,
        result=result_in(words, last, context.zone) if last and not is_open else "",
        lines=await _lines(session, last, chosen),
        opens_at=words.time(context.now + left, context.zone) if left else "",
        can_ask=bool(await queries.quizzes(session, [tenant_id])),
        wrong=wrong or {},
    )


async def _changed(session: AsyncSession, held: Certificate | None) -> tuple[str, str] | None:
    """Title and address of the article whose change lets the certificate end early."""
    if held is None or held.article_id is None:
        return None
    titles = await queries.titles_of(session, held.tenant_id, [held.article_id])
    title = titles.get(held.article_id)
    return (title, f"/knowledge/{held.tenant_id}/{held.article_id}") if title else None


async def _lines(session: AsyncSession, last: QuizSitting | None, chosen: Chosen | None) -> list[Any]:
    if last is None:
        return []
    if chosen is None:
        chosen = {place: frozenset(one["chosen"]) for place, one in enumerate(last.sheet)}
    ids = [one.article_id for one in sittings.questions_on(last)]
    return sheet_lines(last, await queries.titles_of(session, last.tenant_id, ids), chosen)


def _chosen(posted: Posted) -> dict[int, frozenset[int]]:
    """``question-<place>`` with places of choices; what is no number is left out."""
    found = {}
    for name in posted:
        _, _, place = name.partition("question-")
        if place.isdecimal():
            found[int(place)] = frozenset(
                int(one) for one in map(str, posted.getall(name, [])) if one.isdecimal()
            )
    return found
