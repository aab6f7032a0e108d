"""``/desks/{shop}/{desk}``: one desk, its times, how it shares agents, and its roster."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries, roster
from desks.admission import most_waiting
from desks.matching import SAME_SHOP_WITHIN
from desks.models import Desk, RosterEntry, Seat
from desks.snapshot import standing_now
from desks.values import LEVELS
from desks.web.facts import kept_of
from desks.web.forms import CertificateForm, PlaceForm, RosterForm, SharingForm, TimesForm
from desks.web.view import AgentLine, agent_line, certificate_line, standing_line
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.identity.models import Account
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_, Words
from scripts_talk.quiz.queries import certificates_of
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)
OVERFLOW_OPEN = timedelta(minutes=30)
"""How long a supervisor's word holds."""


class DeskPage(Controller):
    path = "/desks/{tenant_id:uuid}/{desk_id:uuid}"
    opt = allow(*WHO)

    @get()
    async def show_desk(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        return await _desk_page(request, session, desk)

    @post("/times")
    async def set_times(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        form = TimesForm(await request.form(), words=words_of(request))
        if not form.validate():
            return await _desk_page(request, session, desk, times=form)
        await roster.set_desk_times(
            session,
            tenant_id,
            desk_id=desk_id,
            ring_seconds=form.ring_seconds.data or 0,
            wrapup_seconds=form.wrapup_seconds.data or 0,
            max_wait_seconds=form.max_wait_seconds.data or 0,
        )
        return await _changed(request, session, desk, "desk.changed")

    @post("/sharing")
    async def set_sharing(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        form = SharingForm(await request.form(), words=words_of(request))
        if not form.validate():
            return await _desk_page(request, session, desk, sharing=form)
        await roster.set_sharing(session, tenant_id, desk_id=desk_id, sharing=form.sharing)
        return await _changed(request, session, desk, "desk.changed")

    @post("/overflow")
    async def open_overflow(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Every level is asked at once for half an hour; a second press ends it."""
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        is_open = desk.overflow_until is not None and desk.overflow_until > context.now
        until = None if is_open else context.now + OVERFLOW_OPEN
        await roster.open_overflow(session, tenant_id, desk_id=desk_id, until=until)
        action = "desk.overflow_closed" if is_open else "desk.overflow_opened"
        return await _changed(request, session, desk, action)

    @post("/agents")
    async def add_agent(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        agents = await queries.possible_agents(session)
        form = RosterForm(await request.form(), words=words_of(request), agents=agents)
        if not form.validate():
            return await _desk_page(request, session, desk, joining=form)
        return await _put(request, session, desk, form.agent_id, form, "desk.agent_added")

    @post("/agents/{agent_id:uuid}/place")
    async def move_agent(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template | Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        form = PlaceForm(await request.form(), words=words_of(request))
        if not form.validate():
            return await _desk_page(request, session, desk, refused=True)
        return await _put(request, session, desk, agent_id, form, "desk.agent_moved")

    @post("/certificate")
    async def set_certificate(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Redirect:
        """Whether the desk's calls go only to agents who have passed the shop's quiz."""
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        form = CertificateForm(await request.form(), words=words_of(request))
        asks = form.needs_certificate.data
        await roster.ask_for_certificate(session, tenant_id, desk_id=desk_id, asks=asks)
        return await _changed(request, session, desk, "desk.certificate")

    @post("/agents/{agent_id:uuid}/removal")
    async def remove_agent(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        desk_id: FromPath[UUID],
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Redirect:
        desk = await queries.desk_by_id(session, tenant_id, desk_id)
        await roster.take_off_desk(session, tenant_id, desk_id=desk_id, agent_id=agent_id)
        return await _changed(request, session, desk, "desk.agent_removed", agent_id=agent_id)


async def _put(
    request: AnyRequest, session: AsyncSession, desk: Desk, agent_id: UUID, form: PlaceForm, action: str
) -> Redirect:
    await roster.put_on_desk(
        session,
        desk.tenant_id,
        desk_id=desk.id,
        agent_id=agent_id,
        level=int(form.level.data),
        certified=form.certified.data,
        preferred=form.preferred.data,
    )
    return await _changed(request, session, desk, action, agent_id=agent_id)


async def _desk_page(
    request: AnyRequest,
    session: AsyncSession,
    desk: Desk,
    *,
    times: TimesForm | None = None,
    sharing: SharingForm | None = None,
    joining: RosterForm | None = None,
    refused: bool = False,
) -> Template:
    """The desk's page; a form that was refused comes back with what was typed."""
    words, context = words_of(request), context_of(request)
    seats = await queries.seats(session)
    there = [(entry, one) for entry, one in await queries.roster_of(session) if entry.desk_id == desk.id]
    taken = {one.id for _, one in there}
    free = [one for one in await queries.possible_agents(session) if one.id not in taken]
    standings = await standing_now(session, now=context.now)
    opened = desk.overflow_until
    here = await queries.at_work(session, desk)
    return render(
        request,
        "desks/desk.html",
        status=422 if times or sharing or joining or refused else 200,
        shop=await shop_by_id(session, desk.tenant_id),
        desk=desk,
        base=f"/desks/{desk.tenant_id}/{desk.id}",
        standing=standing_line(standings.get(desk.id), words),
        here=here,
        same_shop_within=words.number(SAME_SHOP_WITHIN.total_seconds()),
        levels=[(str(level), str(level)) for level in LEVELS],
        most_waiting=most_waiting(desk.max_waiting, agents=here, longest_wait=desk.max_wait_seconds),
        overflow_until=words.time(opened, context.zone) if opened and opened > context.now else "",
        times=times or TimesForm.of(desk, words),
        sharing=sharing or SharingForm.of(desk, words),
        joining=joining or RosterForm(words=words, agents=free),
        certifying=CertificateForm(words=words, needs_certificate=desk.needs_certificate),
        people=await _people(session, desk, there, seats, words=words, context=context),
        kept=await kept_of(request, session, desk),
    )


async def _people(
    session: AsyncSession,
    desk: Desk,
    there: Sequence[tuple[RosterEntry, Account]],
    seats: Mapping[UUID, Seat],
    *,
    words: Words,
    context: Context,
) -> list[AgentLine]:
    """The roster, with certificates where the desk asks for them."""
    asked = desk.needs_certificate
    held = await certificates_of(session, desk.tenant_id) if asked else {}
    return [
        agent_line(
            one, seats.get(one.id), words=words, context=context, place=entry,
            certificate=certificate_line(held.get(one.id), words, context) if asked else None,
        )
        for entry, one in there
    ]  # fmt: skip


async def _changed(
    request: AnyRequest, session: AsyncSession, desk: Desk, action: str, *, agent_id: UUID | None = None
) -> Redirect:
    """Write down who changed what, and show the desk again."""
    detail = {"agent_id": str(agent_id)} if agent_id else None
    await audit.record(
        session, context_of(request), action, shop_id=desk.tenant_id, subject_id=desk.id, detail=detail
    )
    return go(request, f"/desks/{desk.tenant_id}/{desk.id}", notice=N_("Saved."))
