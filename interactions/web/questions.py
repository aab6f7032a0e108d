"""``/questions``: what the desk has asked of shops, whose turn it is, and what came of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.queries import interaction_by_id
from interactions.questions import commands, queries
from interactions.questions.commands import Asked
from interactions.questions.errors import QuestionNotFound
from interactions.questions.models import ShopQuestion
from interactions.questions.values import Verdict
from interactions.questions.view import VERDICTS, question_view, story
from nanori import audit
from nanori.actors import Actor, ActorKind
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import code_like, one_line, tidied
from nanori.web.access import allow_staff
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from tenants.escalation.queries import limits_for
from tenants.escalation.wording import limit_lines
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
MOST_YEN = 100_000_000
LONGEST = 2000


class QuestionPages(Controller):
    path = "/questions"
    opt = allow_staff()

    @get("/")
    async def list_questions(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """What is open at the reader's shops, the longest asked first, and what was settled lately."""
        words = words_of(request)
        shops = {shop.tenant_id: shop for shop in await shops_bound(session)}
        found = await queries.open_questions(session, now=context.now)
        closed = await queries.closed_questions(session, now=context.now)
        return render(
            request,
            "interactions/questions.html",
            rows=[question_view(one, shops, words, context.now) for one in found],
            closed=[question_view(one, shops, words, context.now) for one in closed],
            is_cut=len(found) == queries.LIST_SIZE,
        )

    @get("/{tenant_id:uuid}/about/{interaction_id:uuid}")
    async def new_question(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template | Redirect:
        """The form; where one is open already, that one."""
        known = await queries.open_question(session, tenant_id, interaction_id)
        if known is not None:
            return go(request, f"/questions/{tenant_id}/{known.id}")
        interaction = await interaction_by_id(session, tenant_id, interaction_id)
        return await _form(request, session, interaction, {"subject": "", "amount": "", "text": ""}, {})

    @post("/{tenant_id:uuid}/about/{interaction_id:uuid}")
    async def ask(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        interaction = await interaction_by_id(session, tenant_id, interaction_id)
        form = await request.form()
        typed = {name: tidied(str(form.get(name, ""))) for name in ("subject", "amount", "text")}
        try:
            asked = _asked(typed)
            question = await commands.ask(session, interaction, asked, actor=context.actor, now=context.now)
        except InvalidInput as refusal:
            return await _form(request, session, interaction, typed, refusal.fields)
        await audit.record(session, context, "question.asked", shop_id=tenant_id, subject_id=question.id)
        return go(request, f"/questions/{tenant_id}/{question.id}", notice=N_("The shop is being asked."))

    @get("/{tenant_id:uuid}/{asked_id:uuid}")
    async def show_question(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        asked_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        question = await queries.question_by_id(session, tenant_id, asked_id)
        await audit.record(session, context, "question.read", shop_id=tenant_id, subject_id=asked_id)
        return await _page(request, session, question, {})

    @post("/{tenant_id:uuid}/{asked_id:uuid}/{deed:str}")
    async def go_on(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        asked_id: FromPath[UUID],
        deed: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """What the desk does: reached by telephone, told an answer, asks once more, settles."""
        question = await queries.question_by_id(session, tenant_id, asked_id)
        form = await request.form()
        text = tidied(str(form.get("text", "")))[:LONGEST]
        by_phone = Actor(kind=ActorKind.CONTACT)
        key = (session, tenant_id, asked_id)
        try:
            match deed:
                case "acknowledgement":
                    await commands.acknowledge(*key, actor=by_phone, now=context.now)
                case "answer":
                    said = verdict_of(str(form.get("verdict", "")))
                    await commands.answer(*key, said, text, actor=by_phone, now=context.now)
                case "asking":
                    await commands.ask_again(*key, text, actor=context.actor, now=context.now)
                case "closing":
                    await commands.close_question(*key, actor=context.actor, now=context.now)
                case _:
                    raise QuestionNotFound
        except InvalidInput as refusal:
            return await _page(request, session, question, refusal.fields, text=text, deed=deed)
        await audit.record(session, context, f"question.{deed}", shop_id=tenant_id, subject_id=asked_id)
        return go(request, f"/questions/{tenant_id}/{asked_id}", notice=N_("Saved."))


def verdict_of(typed: str) -> Verdict | None:
    return Verdict(typed) if typed in set(Verdict) else None


def _asked(typed: Mapping[str, str]) -> Asked:
    amount = code_like(typed["amount"]).strip("¥￥円").replace(",", "")
    if amount and not (amount.isdecimal() and 0 < int(amount) <= MOST_YEN):
        raise InvalidInput({"amount": N_("Please give whole yen, like 3000, or nothing.")})
    return Asked(
        subject=one_line(typed["subject"])[:80],
        text=typed["text"][:LONGEST],
        amount_yen=int(amount) if amount else None,
    )


async def _form(
    request: AnyRequest,
    session: AsyncSession,
    interaction: Interaction,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
) -> Template:
    limits = await limits_for(session, interaction.tenant_id, interaction.desk_id)
    return render(
        request,
        "interactions/question_new.html",
        status=422 if wrong else 200,
        shop=await shop_by_id(session, interaction.tenant_id),
        interaction=interaction,
        typed=typed,
        wrong=wrong,
        limits=limit_lines(limits, words_of(request)),
    )


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    question: ShopQuestion,
    wrong: Mapping[str, str],
    *,
    text: str = "",
    deed: str = "",
) -> Template:
    words, now = words_of(request), context_of(request).now
    shop = await shop_by_id(session, question.tenant_id)
    (clocks,) = await queries.held(session, [question], now=now)
    view = question_view(clocks, {shop.tenant_id: shop}, words, now)
    moves, reaches = await queries.moves_of(session, question), await queries.reaches_of(session, question)
    return render(
        request,
        "interactions/question.html",
        status=422 if wrong else 200,
        view=view,
        lines=story(moves, reaches, words, waits=view.is_asked),
        about=f"/interactions/{question.tenant_id}/{question.interaction_id}",
        verdicts=VERDICTS,
        wrong=wrong,
        text=text,
        deed=deed,
    )
