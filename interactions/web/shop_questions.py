"""``/shop-questions``: the shop's own page: what the desk asks, whose turn it is, what it may do unasked."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.questions import commands, queries
from interactions.questions.view import VERDICTS, question_view
from interactions.web.questions import LONGEST, verdict_of
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import tidied
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from tenants.escalation.commands import accept_limit
from tenants.escalation.queries import limits_for
from tenants.escalation.wording import limit_lines
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
HOME = "/shop-questions"


class ShopQuestionPages(Controller):
    path = HOME
    opt = allow(Role.MERCHANT)

    @get("/")
    async def show_questions(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Questions that wait for the shop first; then the desk's turn, and what was settled."""
        page = await _page(request, session)
        await audit.record(session, context, "question.listed", shop_id=min(context.shops, default=None))
        return page

    @post("/{tenant_id:uuid}/{asked_id:uuid}/acknowledgement")
    async def acknowledge(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        asked_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """“We have seen it”: nobody else is called or written to."""
        await commands.acknowledge(session, tenant_id, asked_id, actor=context.actor, now=context.now)
        await audit.record(session, context, "question.seen", shop_id=tenant_id, subject_id=asked_id)
        return go(request, HOME, notice=N_("Thank you. The desk knows that you have seen it."))

    @post("/{tenant_id:uuid}/{asked_id:uuid}/answer")
    async def answer(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        asked_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        await queries.question_by_id(session, tenant_id, asked_id)
        form = await request.form()
        text, typed = tidied(str(form.get("text", "")))[:LONGEST], str(form.get("verdict", ""))
        try:
            await commands.answer(
                session, tenant_id, asked_id, verdict_of(typed), text,
                actor=context.actor, now=context.now,
            )  # fmt: skip
        except InvalidInput as refusal:
            return await _page(request, session, about=asked_id, wrong=refusal.fields, text=text)
        await audit.record(session, context, "question.answered", shop_id=tenant_id, subject_id=asked_id)
        return go(request, HOME, notice=N_("Thank you. The desk goes on with your answer."))

    @post("/{tenant_id:uuid}/limits")
    async def accept(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """The shop agrees to a limit as it was proposed; one that is proposed no longer changes nothing."""
        await shop_by_id(session, tenant_id)
        subject = str((await request.form()).get("subject", ""))
        found = [one for one in await queries.proposals_for(session, tenant_id) if one.subject == subject]
        for one in found:
            await accept_limit(session, tenant_id, one.subject, one.amount_yen)
            detail = {"subject": one.subject, "amount_yen": one.amount_yen}
            await audit.record(session, context, "limit.accepted", shop_id=tenant_id, detail=detail)
        return go(request, HOME, notice=N_("Agreed: agents see it from now on.") if found else "")


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    *,
    about: UUID | None = None,
    wrong: Mapping[str, str] | None = None,
    text: str = "",
) -> Template:
    words, now = words_of(request), context_of(request).now
    shops = {shop.tenant_id: shop for shop in await shops_bound(session)}
    found = await queries.open_questions(session, now=now)
    closed = await queries.closed_questions(session, now=now)
    rows = [question_view(one, shops, words, now) for one in found]
    agreed = [
        (shop, limit_lines(await limits_for(session, tenant_id, None), words),
         await queries.proposals_for(session, tenant_id))
        for tenant_id, shop in shops.items()
    ]  # fmt: skip
    return render(
        request,
        "interactions/shop_questions.html",
        status=422 if wrong else 200,
        waiting=[one for one in rows if one.with_shop],
        others=[one for one in rows if not one.with_shop],
        closed=[question_view(one, shops, words, now) for one in closed],
        agreed=agreed,
        verdicts=VERDICTS,
        about=about,
        wrong=wrong or {},
        text=text,
    )
