"""``/mail/<shop>/<case>/join`` and ``/split``: two cases become one, one mail becomes two cases."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks.queries import desks_of
from interactions.errors import CaseNotFound
from interactions.joins import refuse_joined, undo_join
from interactions.models import Case
from interactions.queries import reasons_of
from mailroom import matters, queries
from mailroom.commands.joining import Second, Wanted, join_case, split_case
from mailroom.policy import WRITERS
from mailroom.values import Direction, DraftFate
from mailroom.web.joining_view import Preview, found_case, preview
from mailroom.web.typed import value_in
from mailroom.web.view import shop_view, thread_view
from mailroom.web.writing import version_in
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.identity.queries import names_of
from nanori.web.access import allow
from nanori.web.forms import Posted
from nanori.web.page import context_of, go, installation_of, render, words_of
from nanori.words import N_, words_for
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]
Choices = list[tuple[str, str]]


class JoiningPages(Controller):
    path = "/mail/{tenant_id:uuid}"
    opt = allow(*WRITERS)

    @get("/{case_id:uuid}/join")
    async def show_join(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """Choose the other case (``?q=`` its number or subject), then see what will be (``?into=``)."""
        case = await _to_work_on(session, tenant_id, case_id)
        return await _draw_join(request, session, case, into=_id_in(request.query_params.get("into", "")))

    @post("/{case_id:uuid}/join")
    async def join(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        case = await _to_work_on(session, tenant_id, case_id)
        form = await request.form()
        into_id = _id_in(value_in(form, "into"))
        if into_id is None:
            raise CaseNotFound
        wanted = Wanted(
            into_id=into_id, version=version_in(form), reason=value_in(form, "reason"), drafts=_fate(form)
        )
        try:
            join = await join_case(session, tenant_id, case_id, wanted, actor=context.actor, now=context.now)
        except Rejected as refusal:
            return await _draw_join(
                request, session, case, into=into_id, typed=wanted.reason, refusal=refusal
            )
        await audit.record(session, context, "mail.joined", shop_id=tenant_id, subject_id=case_id)
        return go(request, f"/mail/{tenant_id}/{join.into_id}", notice=N_("The two cases are one now."))

    @post("/joins/{join_id:uuid}/undoing")
    async def undo(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        join_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        case = await undo_join(session, tenant_id, join_id, actor=context.actor, now=context.now)
        await audit.record(session, context, "mail.parted", shop_id=tenant_id, subject_id=case.id)
        place = f"/mail/{tenant_id}/{case.id}" if await matters.has_mail(session, case) else "/mail"
        return go(request, place, notice=N_("The case stands by itself again."))

    @get("/{case_id:uuid}/split")
    async def show_split(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """One mail of the case (``?message=``, the latest otherwise) and what its second question is."""
        case = await _to_work_on(session, tenant_id, case_id)
        return await _draw_split(request, session, case, _id_in(request.query_params.get("message", "")))

    @post("/{case_id:uuid}/split")
    async def split(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        case_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        case = await _to_work_on(session, tenant_id, case_id)
        form = await request.form()
        message_id = _id_in(value_in(form, "message"))
        if message_id is None:
            raise NotFound
        typed = {name: value_in(form, name) for name in ("subject", "reason", "desk")}
        second = Second(
            message_id=message_id, version=version_in(form), subject=typed["subject"],
            reason_id=_id_in(typed["reason"]), desk_id=await _desk(session, tenant_id, typed["desk"]),
        )  # fmt: skip
        try:
            made = await split_case(session, tenant_id, case_id, second, actor=context.actor, now=context.now)
        except (Rejected, InvalidInput) as refusal:
            return await _draw_split(request, session, case, message_id, typed, refusal)
        await audit.record(session, context, "mail.split", shop_id=tenant_id, subject_id=made.id)
        said = N_("This is the second question of the mail, in a case of its own.")
        return go(request, f"/mail/{tenant_id}/{made.id}", notice=said)


async def _to_work_on(session: AsyncSession, tenant_id: UUID, case_id: UUID) -> Case:
    case = await queries.case_with_mail(session, tenant_id, case_id)
    await refuse_joined(session, case)
    return case


async def _draw_join(
    request: AnyRequest,
    session: AsyncSession,
    case: Case,
    *,
    into: UUID | None,
    typed: str = "",
    refusal: Rejected | None = None,
) -> Template:
    context = context_of(request)
    shop = await shops.shop(session, case.tenant_id)
    asked = request.query_params.get("q", "").strip()
    found = [] if into else await matters.cases_like(session, case, asked)
    drafts = await queries.drafts_in(session, case) if into else []
    writers = await names_of(session, [one.agent_id for one in drafts])
    return render(
        request, "mailroom/join.html", status=refusal.status_code if refusal else 200,
        case=case, shop=shop_view(shop), base=f"/mail/{case.tenant_id}/{case.id}", asked=asked,
        found=[found_case(one, shop, context) for one in found],
        chosen=await _preview(request, session, case, into) if into else None, typed=typed,
        drafts=[(writers.get(one.agent_id, ""), one.text[:120]) for one in drafts],
        problem=refusal.said_in(words_of(request)) if refusal else "",
    )  # fmt: skip


async def _preview(request: AnyRequest, session: AsyncSession, case: Case, into_id: UUID) -> Preview:
    into = await matters.head_by_id(session, case.tenant_id, into_id)
    held = into.assigned_to if into.assigned_to != context_of(request).account_id else None
    names = await names_of(session, [held]) if held else {}
    return preview(
        case, into, await matters.contents_of(session, case), await matters.contents_of(session, into),
        held_by=names.get(held, "") if held else "", words=words_of(request),
    )  # fmt: skip


async def _draw_split(
    request: AnyRequest,
    session: AsyncSession,
    case: Case,
    message_id: UUID | None,
    typed: dict[str, str] | None = None,
    refusal: Rejected | InvalidInput | None = None,
) -> Template:
    shop = await shops.shop(session, case.tenant_id)
    thread = [
        one
        for one in await queries.thread_of(session, case)
        if one.message.direction is Direction.INBOUND and not one.message.automatic
    ]
    mail = next((one for one in thread if one.message.id == message_id), thread[-1] if thread else None)
    fields = refusal.fields if isinstance(refusal, InvalidInput) else {}
    if typed is None:
        typed = {"desk": str(await queries.desk_of(session, mail.message) or "")} if mail else {}
    words = words_of(request)
    return render(
        request, "mailroom/split.html", status=refusal.status_code if refusal else 200,
        case=case, shop=shop_view(shop), base=f"/mail/{case.tenant_id}/{case.id}", typed=typed,
        mails=thread_view(thread, shop, context_of(request), installation_of(request)),
        mail=thread_view([mail], shop, context_of(request), installation_of(request))[0] if mail else None,
        reasons=await _reasons(session, case.tenant_id, words.locale),
        desks=await _desks(session, case.tenant_id),
        wrong=fields, problem="" if fields or refusal is None else refusal.said_in(words),
    )  # fmt: skip


async def _reasons(session: AsyncSession, tenant_id: UUID, locale: str) -> Choices:
    found = [one for one in await reasons_of(session, [tenant_id]) if one.retired_at is None]
    nothing = words_for(locale).gettext(N_("Not decided yet"))
    return [
        ("", nothing),
        *((str(one.id), one.label_ja if locale == "ja" else one.label_en) for one in found),
    ]


async def _desks(session: AsyncSession, tenant_id: UUID) -> Choices:
    return [(str(one.id), one.name) for one in await desks_of(session) if one.tenant_id == tenant_id]


async def _desk(session: AsyncSession, tenant_id: UUID, typed: str) -> UUID | None:
    """The desk that was chosen, if it is the shop's."""
    return _id_in(typed) if typed in dict(await _desks(session, tenant_id)) else None


def _fate(form: Posted) -> DraftFate | None:
    typed = value_in(form, "drafts")
    return DraftFate(typed) if typed in set(DraftFate) else None


def _id_in(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
