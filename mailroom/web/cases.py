"""The agent's mail: open cases by urgency, and one case as a thread under its shop's name."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.cases import LIVE
from interactions.models import Case
from interactions.queries import interaction_by_id
from interactions.questions.asked import latest_question
from interactions.questions.view import QuestionView
from mailroom import matters, queries
from mailroom.composing import reply_subject
from mailroom.models import MailMessage
from mailroom.policy import FREERS, KEEPERS, READERS
from mailroom.surveys.models import Survey
from mailroom.surveys.queries import survey_of_case
from mailroom.web.thread import joined_note, thread_parts, whole_thread
from mailroom.web.view import STATES, row_view, shop_view
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.identity.queries import names_of
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import context_of, installation_of, render, words_of
from nanori.words import words_for
from tenants import queries as shops
from tenants.escalation.queries import limits_for
from tenants.escalation.wording import limit_lines

AnyRequest = Request[Any, Any, State]


class CasePages(Controller):
    path = "/mail"

    @get("/", opt=allow(*READERS))
    async def list_cases(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Open cases of the reader's shops, the most urgent first; ``?shop=`` shows one shop's."""
        chosen = _shop_asked(request)
        asked = context.shops & {chosen} if chosen else context.shops
        rows = await queries.open_mail_cases(session, asked)
        return render(
            request,
            "mailroom/case_list.html",
            rows=[row_view(row, context) for row in rows],
            shops=[shop_view(shop) for shop in await shops.shops(session)],
            chosen=chosen,
            has_sink=installation_of(request).settings.mail_sink,
            is_cut=len(rows) == queries.LIST_SIZE,
            set_aside=await queries.set_aside_count(session),
        )

    @get("/{tenant_id:uuid}/{case_id:uuid}", opt=allow(*READERS))
    async def show_case(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        case = await queries.case_with_mail(session, tenant_id, case_id)
        await audit.record(session, context, "mail.read", shop_id=tenant_id, subject_id=case.id)
        return await show(request, session, case)

    @get("/{tenant_id:uuid}/attachments/{attachment_id:uuid}", opt=allow(*READERS))
    async def attachment(
        self,
        tenant_id: FromPath[UUID],
        attachment_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        """The file, always as a download and never as what its sender called it."""
        file = await queries.attachment_file(session, tenant_id, attachment_id)
        name = quote(_safe_name(file.name), safe="")
        await audit.record(session, context, "mail.file_read", shop_id=tenant_id, subject_id=attachment_id)
        return Response(
            installation.files.read(tenant_id, file.id),
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, no-store",
            },
        )


async def show(
    request: AnyRequest,
    session: AsyncSession,
    case: Case,
    *,
    status: int = 200,
    typed: str = "",
    problem: str = "",
) -> Template:
    """The page of one case. After a refusal with what was typed and the reason on top."""
    context = context_of(request)
    shop = await shops.shop(session, case.tenant_id)
    parts = await thread_parts(session, case)
    survey = await _survey(session, context, case)
    asked = await queries.last_received(session, case)
    desk_id = await queries.desk_of(session, asked) if asked else None
    draft = await queries.draft_of(session, case, context.account_id)
    names = await names_of(session, [case.assigned_to]) if case.assigned_to else {}
    return render(
        request,
        "mailroom/case.html",
        status=status,
        case=case,
        state=STATES[case.state],
        base=f"/mail/{case.tenant_id}/{case.id}",
        shop=shop_view(shop),
        thread=whole_thread(parts, shop, context, installation_of(request), survey),
        joined_to=joined_note(parts, await _head(session, case), shop, context),
        asked=asked,
        subject=reply_subject(asked.subject) if asked else "",
        text=typed or (draft.text if draft else ""),
        problem=problem,
        is_live=case.state in LIVE,
        is_mine=case.assigned_to == context.account_id,
        may_release=case.assigned_to == context.account_id or context.may(*FREERS),
        taken_by=names.get(case.assigned_to, "") if case.assigned_to else "",
        question=await _question(session, context, asked),
        limits=limit_lines(await limits_for(session, case.tenant_id, desk_id), words_of(request)),
        call_href=_call_href(context, asked),
    )


def _call_href(context: Context, asked: MailMessage | None) -> str:
    if asked is None or not context.may(Role.AGENT):
        return ""
    return f"/desk?about={asked.tenant_id}.{asked.interaction_id}"


async def _head(session: AsyncSession, case: Case) -> Case | None:
    return await matters.head_by_id(session, case.tenant_id, case.id) if case.joined_to else None


async def _survey(session: AsyncSession, context: Context, case: Case) -> Survey | None:
    """What the shopper was asked and said; agents read it nowhere."""
    return await survey_of_case(session, case) if context.may(*KEEPERS) else None


async def _question(
    session: AsyncSession, context: Context, asked: MailMessage | None
) -> QuestionView | None:
    """What the shop was asked about the latest mail."""
    if asked is None:
        return None
    interaction = await interaction_by_id(session, asked.tenant_id, asked.interaction_id)
    return await latest_question(session, interaction, words=words_for(context.locale), now=context.now)


def _shop_asked(request: AnyRequest) -> UUID | None:
    try:
        return UUID(request.query_params.get("shop", ""))
    except ValueError:
        return None


def _safe_name(name: str) -> str:
    """Only the last part of whatever path a sender wrote, without control characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in last if char.isprintable()) or "file"
