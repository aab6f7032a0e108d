"""What an agent does with a case: take it, write, send, settle it without an answer."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import presence
from mailroom import queries
from mailroom.commands import answering
from mailroom.commands.answering import Answer
from mailroom.policy import FREERS, WRITERS
from mailroom.values import AfterAnswer
from mailroom.web.cases import show
from mailroom.web.feedback import links_of
from mailroom.web.typed import value_in
from mailroom.web.view import attribution
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput, Rejected
from nanori.web.access import allow
from nanori.web.forms import Posted
from nanori.web.page import go, render, words_of
from nanori.words import N_
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]


class WritingPages(Controller):
    path = "/mail/{tenant_id:uuid}/{case_id:uuid}"

    @post("/taking", opt=allow(*WRITERS))
    async def take(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Answer this one, so that nobody else does."""
        await queries.case_with_mail(session, tenant_id, case_id)
        await answering.take_case(session, tenant_id, case_id, agent_id=context.account_id, now=context.now)
        await presence.begin_writing(session, context.account_id, now=context.now)
        return go(request, f"/mail/{tenant_id}/{case_id}#answer")

    @post("/release", opt=allow(*WRITERS))
    async def release(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Leave it to others."""
        await queries.case_with_mail(session, tenant_id, case_id)
        await answering.release_case(
            session,
            tenant_id,
            case_id,
            agent_id=context.account_id,
            now=context.now,
            frees_others=context.may(*FREERS),
        )
        await presence.end_writing(session, context.account_id)
        await audit.record(session, context, "mail.released", shop_id=tenant_id, subject_id=case_id)
        return go(request, f"/mail/{tenant_id}/{case_id}", notice=N_("The case is free for others."))

    @post("/draft", opt=allow(*WRITERS))
    async def keep_draft(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """What has been typed so far; the answer is the line that says so."""
        case = await queries.case_with_mail(session, tenant_id, case_id)
        text = _typed(await request.form())
        await answering.save_draft(session, case, text, agent_id=context.account_id, now=context.now)
        await presence.keep_writing(session, context.account_id, now=context.now)
        return render(request, "mailroom/_draft_state.html", saved_at=context.now)

    @post("/answers", opt=allow(*WRITERS))
    async def answer(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Send the answer once. What cannot be sent stays on the page with the reason above it."""
        case = await queries.case_with_mail(session, tenant_id, case_id)
        form = await request.form()
        asked = await queries.last_received(session, case)
        shop = await shops.shop(session, tenant_id)
        answer = Answer(
            text=_typed(form),
            version=version_in(form),
            after=_after(form),
            attribution=attribution(asked, shop) if asked and "quote" in form else "",
            links=links_of(request),
        )
        try:
            message = await answering.answer_case(
                session, tenant_id, case_id, answer, actor=context.actor, now=context.now
            )
        except (Rejected, InvalidInput) as refusal:
            said = refusal.said_in(words_of(request))
            await session.refresh(case)
            return await show(
                request, session, case, status=refusal.status_code, typed=answer.text, problem=said
            )
        await presence.end_writing(session, context.account_id)
        await audit.record(session, context, "mail.answered", shop_id=tenant_id, subject_id=message.id)
        return go(request, "/mail", notice=N_("The answer is on its way."))

    @post("/closing", opt=allow(*WRITERS))
    async def close(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """No answer is needed."""
        await queries.case_with_mail(session, tenant_id, case_id)
        form = await request.form()
        await answering.close_without_answer(
            session, tenant_id, case_id, version=version_in(form), actor=context.actor, now=context.now
        )
        await presence.end_writing(session, context.account_id)
        await audit.record(session, context, "mail.closed", shop_id=tenant_id, subject_id=case_id)
        return go(request, "/mail", notice=N_("The case is closed without an answer."))


def _typed(form: Posted) -> str:
    return value_in(form, "text")


def version_in(form: Posted) -> int:
    """The case's version as the page showed it; something else is a version that never was."""
    typed = value_in(form, "version")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < len("1000000000") else 0


def _after(form: Posted) -> AfterAnswer:
    return AfterAnswer.PENDING if value_in(form, "after") == AfterAnswer.PENDING.value else AfterAnswer.DONE
