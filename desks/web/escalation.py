"""``/shops/{shop}/escalation``: whom to ask, by shop and by desk, and whom that would reach at a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.queries import desks_of
from desks.web.escalation_rows import DAYS, MEDIA, ON_CALL, StepRow, facts_of, mark, posted_rows, stored_rows
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput, NotFound
from nanori.web.access import allow
from nanori.web.forms import fields_in_order
from nanori.web.page import context_of, go
from nanori.words import N_
from tenants import queries as shops
from tenants.escalation import commands, queries
from tenants.escalation.plan import Plan, Reach, phones_now, rehearse
from tenants.frame import show
from tenants.models import Contact, Tenant

AnyRequest = Request[Any, Any, State]
LEADERS = (Role.SUPERVISOR, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Scope:
    """The whole shop, or one of its desks."""

    desk_id: UUID | None
    name: str
    has_own: bool

    @property
    def query(self) -> str:
        return f"?desk={self.desk_id}" if self.desk_id else ""


@dataclass(frozen=True, slots=True)
class Moment:
    """One try of a test run; without a medium the end, when nothing is left to try."""

    at: datetime
    medium: str  # msgid
    time: int
    names: Sequence[str]
    step: int


class EscalationPages(Controller):
    path = "/shops/{tenant_id:uuid}/escalation"
    opt = allow(*LEADERS)

    @get("/")
    async def show_policy(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """The steps of ``?desk=`` or of the shop, and a test run of what is stored at ``?at=``."""
        shop = await shops.shop(session, tenant_id)
        desk_id = await asked_desk(session, tenant_id, request.query_params.get("desk", ""))
        return await _page(request, session, shop, desk_id)

    @post("/")
    async def save_policy(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await shops.shop(session, tenant_id)
        items = await fields_in_order(request)
        desk_id = await asked_desk(session, tenant_id, dict(items).get("desk", ""))
        rows = posted_rows(items)
        try:
            await commands.set_policy(session, tenant_id, desk_id, facts_of(rows), now=context.now)
        except InvalidInput as refusal:
            mark(rows, refusal)
            return await _page(request, session, shop, desk_id, rows=rows, wrong=refusal.fields)
        return await saved(request, session, context, tenant_id, desk_id, "")

    @post("/removal")
    async def remove_policy(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """The desk follows its shop again; the shop calls its contacts one after the other."""
        await shops.shop(session, tenant_id)
        items = await fields_in_order(request)
        desk_id = await asked_desk(session, tenant_id, dict(items).get("desk", ""))
        await commands.remove_policy(session, tenant_id, desk_id)
        return await saved(request, session, context, tenant_id, desk_id, "")


async def asked_desk(session: AsyncSession, tenant_id: UUID, asked: str) -> UUID | None:
    """The desk that a form or an address names; None for the whole shop.

    Raises:
        NotFound: it is none of this shop.
    """
    if not asked:
        return None
    found = [one.id for one in await _desks(session, tenant_id) if str(one.id) == asked]
    if not found:
        raise NotFound
    return found[0]


async def saved(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    tenant_id: UUID,
    desk_id: UUID | None,
    part: str,
) -> Redirect:
    """Write down who changed what, and show it again."""
    detail = {"part": part or "steps", "desk": str(desk_id or "")}
    await audit.record(session, context, "escalation.changed", shop_id=tenant_id, detail=detail)
    query = f"?desk={desk_id}" if desk_id else ""
    return go(request, f"/shops/{tenant_id}/escalation{part}{query}", notice=N_("Saved."))


async def scopes_of(session: AsyncSession, tenant_id: UUID, own: Sequence[UUID | None]) -> list[Scope]:
    """The shop and its desks, with whether each has something of its own."""
    desks = await _desks(session, tenant_id)
    return [Scope(None, "", None in own), *(Scope(one.id, one.name, one.id in own) for one in desks)]


async def _desks(session: AsyncSession, tenant_id: UUID) -> list[Desk]:
    return [one for one in await desks_of(session) if one.tenant_id == tenant_id]


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    desk_id: UUID | None,
    *,
    rows: list[StepRow] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Template:
    now = context_of(request).now
    contacts = await shops.contacts_of(session, shop.tenant_id)
    stored = await queries.policy_for(session, shop.tenant_id, desk_id)
    is_own = stored is not None and stored.policy.desk_id == desk_id
    own = list(await queries.policies_of(session, shop.tenant_id))
    zone = ZoneInfo(shop.zone)
    at = _moment(request.query_params.get("at", ""), zone) or now
    plan = await queries.plan_for(session, shop.tenant_id, desk_id, now=at)
    plan = plan or await queries.plan_without_policy(session, shop.tenant_id)
    return await show(
        request, session, shop, "desks/escalation.html",
        tab="escalation", part="", status=422 if wrong else 200, may_write=True,
        scopes=await scopes_of(session, shop.tenant_id, own), desk_id=desk_id,
        rows=stored_rows(stored) if rows is None else rows, is_own=is_own, is_stored=stored is not None,
        wrong=wrong or {}, contacts=contacts, blank=StepRow(wait="10"), on_call=ON_CALL,
        media=MEDIA, days=DAYS, at=at.astimezone(zone).strftime("%Y-%m-%dT%H:%M"), moment=at,
        calls=[one.name for one in phones_now(plan, at)], run=_run(plan, at, contacts),
    )  # fmt: skip


def _moment(typed: str, zone: ZoneInfo) -> datetime | None:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone)
    except ValueError:
        return None


def _run(plan: Plan, at: datetime, contacts: Sequence[Contact]) -> list[Moment]:
    names = {one.id: one.name for one in contacts}
    found = []
    for moment, what in rehearse(plan, at):
        if isinstance(what, Reach):
            people = [names.get(one.id, one.name) for one in what.people]
            found.append(Moment(moment, MEDIA[what.medium], what.time, people, what.step + 1))
        else:
            found.append(Moment(moment, "", 0, (), 0))
    return found
