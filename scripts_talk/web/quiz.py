"""``/knowledge/<shop>/quiz``: a shop's questions, how it certifies, and who has passed."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from scripts_talk.quiz import commands, queries
from scripts_talk.quiz.models import QuizQuestion
from scripts_talk.web.articles import LEADERS
from scripts_talk.web.quiz_forms import ChoiceRow, QuestionForm, QuizRulesForm, choice_rows, posted_choices
from scripts_talk.web.quiz_view import candidate_line, question_groups
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]
WRITERS = (*LEADERS, Role.MERCHANT)


class QuizPages(Controller):
    path = "/knowledge/{tenant_id:uuid}/quiz"
    opt = allow(*WRITERS)

    @get()
    async def show_quiz(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        return await _quiz(request, session, tenant_id)

    @post("/rules", opt=allow(*LEADERS))
    async def set_quiz_rules(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        form = QuizRulesForm(await request.form(), words=words_of(request))
        if not form.validate():
            return await _quiz(request, session, tenant_id, rules=form)
        await commands.set_rules(session, tenant_id, **form.data)
        return await _done(request, session, context, tenant_id, "quiz.rules_changed")

    @get("/questions/new")
    async def begin_question(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """``?article=`` is the article that it is about."""
        form = QuestionForm(
            words=words_of(request), articles=await queries.articles_to_ask_about(session, tenant_id),
            article=request.query_params.get("article", ""),
        )  # fmt: skip
        return await _question(request, session, tenant_id, form, choice_rows(None))

    @post("/questions/new")
    async def add_question(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        return await _write(request, session, context, tenant_id, None)

    @get("/questions/{quiz_question_id:uuid}")
    async def show_question(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        quiz_question_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        question = await queries.question_by_id(session, tenant_id, quiz_question_id)
        form = QuestionForm(
            words=words_of(request), articles=await queries.articles_to_ask_about(session, tenant_id),
            article=str(question.article_id), asked=question.asked, why=question.why,
        )  # fmt: skip
        return await _question(request, session, tenant_id, form, choice_rows(question), question)

    @post("/questions/{quiz_question_id:uuid}")
    async def change_question(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        quiz_question_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        question = await queries.question_by_id(session, tenant_id, quiz_question_id)
        return await _write(request, session, context, tenant_id, question)

    @post("/questions/{quiz_question_id:uuid}/confirmation")
    async def confirm_question(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        quiz_question_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Still right, although the article changed."""
        await commands.confirm_question(session, tenant_id, quiz_question_id)
        return await _done(request, session, context, tenant_id, "quiz.question_confirmed", quiz_question_id)

    @post("/questions/{quiz_question_id:uuid}/retirement")
    async def retire_question(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        quiz_question_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await commands.retire_question(session, tenant_id, quiz_question_id, now=context.now)
        return await _done(request, session, context, tenant_id, "quiz.question_retired", quiz_question_id)


async def _quiz(
    request: AnyRequest, session: AsyncSession, tenant_id: UUID, *, rules: QuizRulesForm | None = None
) -> Template:
    context, words = context_of(request), words_of(request)
    shop = await shops.shop(session, tenant_id)
    leads = context.may(*LEADERS)
    kept = await queries.rules_of(session, tenant_id)
    people = await queries.candidates(session, tenant_id) if leads else []
    return render(
        request,
        "scripts_talk/quiz/quiz.html",
        status=422 if rules else 200,
        shop=shop,
        base=f"/knowledge/{tenant_id}/quiz",
        groups=question_groups(await queries.questions_of(session, tenant_id)),
        rules=rules
        or QuizRulesForm(
            words=words, pass_percent=kept.pass_percent, questions=kept.questions, valid_days=kept.valid_days
        ),
        people=[candidate_line(one, words, context) for one in people],
        leads=leads,
    )


async def _write(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    question: QuizQuestion | None,
) -> Template | Redirect:
    """Keep what was typed, or show it again with what is wrong."""
    posted = await request.form()
    articles = await queries.articles_to_ask_about(session, tenant_id)
    form, rows = QuestionForm(posted, words=words_of(request), articles=articles), posted_choices(posted)
    is_valid, draft, by = form.validate(), form.draft(rows), context.account_id
    try:
        commands.check(draft)
        if not is_valid:
            return await _question(request, session, tenant_id, form, rows, question)
        if question is None:
            question = await commands.write_question(session, tenant_id, draft, by=by, now=context.now)
        else:
            await commands.change_question(session, tenant_id, question.id, draft, by=by)
    except InvalidInput as refusal:
        form.refuse(refusal)
        form.choices_wrong = [refusal.fields["choices"]] if "choices" in refusal.fields else []
        return await _question(request, session, tenant_id, form, rows, question)
    return await _done(request, session, context, tenant_id, "quiz.question_written", question.id)


async def _question(
    request: AnyRequest,
    session: AsyncSession,
    tenant_id: UUID,
    form: QuestionForm,
    rows: Sequence[ChoiceRow],
    question: QuizQuestion | None = None,
) -> Template:
    wrong = form.wrong
    if form.choices_wrong:
        wrong = [*wrong, ("choice-1", words_of(request).gettext(N_("Choices")), form.choices_wrong[0])]
    return render(
        request,
        "scripts_talk/quiz/question.html",
        status=422 if wrong else 200,
        shop=await shops.shop(session, tenant_id),
        base=f"/knowledge/{tenant_id}/quiz",
        form=form,
        rows=rows,
        wrong=wrong,
        question=question,
    )


async def _done(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    action: str,
    subject_id: UUID | None = None,
) -> Redirect:
    await audit.record(session, context, action, shop_id=tenant_id, subject_id=subject_id)
    return go(request, f"/knowledge/{tenant_id}/quiz", notice=N_("Saved."))
