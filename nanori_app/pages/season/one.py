"""``/seasons/{shop}/{season}``: one seasonal desk, from its plan to its end."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import life, planning, queries
from desks.errors import MoveNotAllowed
from desks.gates import Item
from desks.season_models import GateProof
from desks.start_gate import CONFIRMED
from desks.values import DataEnd, DeskState
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori.text import one_line, tidied
from nanori.web.access import allow
from nanori.web.page import go, words_of
from nanori.words import N_
from nanori_app.pages.season import forms
from nanori_app.pages.season.drafting import worded
from nanori_app.pages.season.page import Held, close_gate, held, season_page, start_gate
from nanori_app.pages.season.parts import lines_to_choose, refused
from nanori_app.pages.season.testing import CallsAsked, call_numbers
from nanori_app.rehearse.one_call import Borrow
from tenants.queries import contacts_to_call

AnyRequest = Request[Any, Any, State]
LONGEST_MEMO = 4000
CHANGED_MEANWHILE = N_(
    "Somebody else has changed this plan meanwhile. What you typed is still here: save again to let it hold."
)
BY_HAND = {
    "draft": DeskState.DRAFT, "checking": DeskState.CHECKING, "scheduled": DeskState.SCHEDULED,
    "paused": DeskState.PAUSED, "open": DeskState.OPEN, "closed": DeskState.CLOSED,
}  # fmt: skip
"""Moves that somebody makes; the others come by themselves."""


class SeasonPage(Controller):
    path = "/seasons/{tenant_id:uuid}/{season_id:uuid}"
    opt = allow(Role.SUPERVISOR, Role.OPERATOR)

    @get()
    async def show_season(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        return await season_page(request, session, await held(session, tenant_id, season_id))

    @post()
    async def change(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Let another plan hold. A scheduled desk is looked at anew."""
        found = await held(session, tenant_id, season_id, lock=True)
        agents = await queries.possible_agents(session)
        lines = await lines_to_choose(session, tenant_id, desk_id=found.desk.id)
        posted = await request.form()
        typed = forms.posted(posted, agents, lines=lines, words=words_of(request))
        if str(posted.get("seen", "")) not in {"", found.season.changed_at.isoformat()}:
            typed.form.form_errors.append(words_of(request).gettext(CHANGED_MEANWHILE))
            typed.plan = None
        if typed.plan is None:
            return await season_page(request, session, found, typed=typed)
        try:
            async with session.begin_nested():
                await planning.change_plan(
                    session,
                    found.shop,
                    found.desk,
                    found.season,
                    worded(typed.plan, found.shop),
                    now=context.now,
                )
                if found.desk.state is DeskState.SCHEDULED:
                    await life.move(
                        session, found.desk, DeskState.CHECKING, actor=context.actor, now=context.now
                    )
        except InvalidInput as problem:
            refused(typed, problem)
            return await season_page(request, session, await held(session, tenant_id, season_id), typed=typed)
        return await _done(request, session, context, found, "season.changed")

    @post("/moves")
    async def move(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """What somebody decides: reserve, schedule, pause, close. Through a red gate only with a reason."""
        found = await held(session, tenant_id, season_id, lock=True)
        posted = await request.form()
        to = BY_HAND.get(str(posted.get("to", "")))
        reason = one_line(str(posted.get("reason", "")))
        if to is None:
            return await season_page(request, session, found, status=422)
        missing = await _missing(request, session, found, to)
        try:
            async with session.begin_nested():
                await _move(session, found, to, missing, context=context, reason=reason)
        except InvalidInput as problem:
            found = await held(session, tenant_id, season_id)
            return await season_page(request, session, found, problem=problem)
        red = [item.key for item in missing if not item.done]
        detail = {"to": to.value} | ({"reason": reason, "lacking": red} if red else {})
        return await _done(request, session, context, found, "season.moved", detail)

    @post("/test-calls")
    async def call_number(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Redirect:
        """Call each of its numbers, as the simulated carrier does, before, in and after the season.

        The page comes back at once; the results appear on it one after the other.
        """
        found = await held(session, tenant_id, season_id, lock=True)
        found.season.testing_since, found.season.testing_by = context.now, context.account_id
        await audit.record(session, context, "season.tested", shop_id=tenant_id, subject_id=season_id)
        borrow: Borrow = request.app.state.borrowed_app
        asked = CallsAsked(tenant_id, found.desk.id)
        answer = go(request, f"/seasons/{tenant_id}/{season_id}")
        answer.background = BackgroundTask(call_numbers, installation, borrow, asked)
        return answer

    @post("/confirmations")
    async def confirm_contact(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Somebody has spoken to whoever is called first."""
        found = await held(session, tenant_id, season_id)
        for first in (await contacts_to_call(session, tenant_id))[:1]:
            _prove(session, found, CONFIRMED, first.phone, context=context, good=True, detail={})
        await session.flush()
        return await _done(request, session, context, found, "season.contact_confirmed")

    @post("/memo")
    async def keep_memo(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """What next year should know, and what becomes of the data."""
        found = await held(session, tenant_id, season_id, lock=True)
        posted = await request.form()
        data = str(posted.get("data_end", ""))
        found.season.memo = tidied(str(posted.get("memo", "")))[:LONGEST_MEMO]
        decided = DataEnd(data) if data in set(DataEnd) else None
        if found.season.data_end is not decided:
            found.season.data_end, found.season.data_ended_at = decided, None
        await session.flush()
        return await _done(request, session, context, found, "season.memo")


async def _missing(request: AnyRequest, session: AsyncSession, found: Held, to: DeskState) -> list[Item]:
    """The gate that a move leads through."""
    if to is DeskState.SCHEDULED:
        return await start_gate(request, session, found)
    return await close_gate(request, session, found) if to is DeskState.CLOSED else []


async def _move(
    session: AsyncSession, found: Held, to: DeskState, items: list[Item], *, context: Context, reason: str
) -> None:
    shop, desk, season = found.shop, found.desk, found.season
    actor, now = context.actor, context.now
    if to is DeskState.SCHEDULED:
        await life.schedule(session, desk, items, actor=actor, now=now, reason=reason)
    elif to is DeskState.CLOSED:
        await life.finish(session, desk, season, items, actor=actor, now=now, reason=reason)
    elif to is DeskState.DRAFT:
        await life.take_back(session, desk, season, actor=actor, now=now)
    elif to is DeskState.CHECKING and desk.state is DeskState.DRAFT:
        await life.reserve(session, shop, desk, season, actor=actor, now=now)
    elif to is DeskState.OPEN and desk.state is not DeskState.PAUSED:
        raise MoveNotAllowed  # its date opens it; a hand only ends a pause
    else:
        await life.move(session, desk, to, actor=actor, now=now)


def _prove(
    session: AsyncSession,
    found: Held,
    key: str,
    subject: str,
    *,
    context: Context,
    good: bool,
    detail: dict[str, Any],
) -> None:
    session.add(
        GateProof(
            tenant_id=found.desk.tenant_id, id=uuid7(), desk_id=found.desk.id, key=key, subject=subject,
            at=context.now, good=good, account_id=context.actor.account_id, detail=detail,
        )
    )  # fmt: skip


async def _done(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    found: Held,
    action: str,
    detail: dict[str, Any] | None = None,
    *,
    notice: str = N_("Saved."),
) -> Redirect:
    """Write down who did it, and show the season again."""
    shop_id, subject = found.shop.tenant_id, found.season.id
    await audit.record(session, context, action, shop_id=shop_id, subject_id=subject, detail=detail)
    return go(request, f"/seasons/{shop_id}/{subject}", notice=notice)
