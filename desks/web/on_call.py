"""``/shops/{shop}/escalation/on-call``: who is on call in the coming weeks, and when nobody is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks.web.escalation import LEADERS, saved
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.page import context_of
from nanori.words import N_
from tenants import queries as shops
from tenants.escalation import commands, queries
from tenants.escalation.duty import gaps
from tenants.escalation.models import OnCall
from tenants.escalation.values import RANKS
from tenants.frame import show
from tenants.models import Contact, Tenant

AnyRequest = Request[Any, Any, State]
AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Line:
    """A period of the calendar, or a gap in it."""

    starts: datetime
    ends: datetime
    name: str = ""  # "" in a gap
    rank: int = 0
    id: UUID | None = None
    is_now: bool = False


class OnCallPages(Controller):
    path = "/shops/{tenant_id:uuid}/escalation/on-call"
    opt = allow(*LEADERS)

    @get("/")
    async def show_calendar(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        return await _page(request, session, await shops.shop(session, tenant_id))

    @post("/")
    async def add_period(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await shops.shop(session, tenant_id)
        form = await request.form()
        typed = {name: str(form.get(name, "")) for name in ("contact", "rank", "starts", "ends")}
        try:
            await commands.add_period(session, tenant_id, _period(typed, ZoneInfo(shop.zone)))
        except InvalidInput as refusal:
            return await _page(request, session, shop, typed=typed, wrong=refusal.fields)
        return await saved(request, session, context, tenant_id, None, "/on-call")

    @post("/{period_id:uuid}/removal")
    async def remove_period(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        period_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await shops.shop(session, tenant_id)
        await commands.remove_period(session, tenant_id, period_id)
        return await saved(request, session, context, tenant_id, None, "/on-call")


def calendar_lines(
    periods: Sequence[OnCall], contacts: Sequence[Contact], now: datetime, until: datetime
) -> list[Line]:
    """Who is on call from now on, with the gaps between; no gaps where nobody ever is."""
    names = {one.id: one.name for one in contacts}
    lines = [
        Line(one.starts_at, one.ends_at, names[one.contact_id], one.rank, one.id, one.starts_at <= now)
        for one in periods
    ]
    empty = gaps([(one.starts_at, one.ends_at) for one in periods], now, until) if periods else []
    return sorted([*lines, *(Line(*gap) for gap in empty)], key=lambda one: (max(one.starts, now), one.rank))


def _period(typed: Mapping[str, str], zone: ZoneInfo) -> commands.Period:
    wrong: dict[str, str] = {}
    moments: dict[str, datetime] = {}
    for name in ("starts", "ends"):
        try:
            moments[name] = datetime.fromisoformat(typed[name]).replace(tzinfo=zone)
        except ValueError:
            wrong[name] = N_("Please give a day and a time.")
    rank = next((rank for rank in RANKS if str(rank) == typed["rank"]), None)
    if rank is None:
        wrong["rank"] = N_("Please choose a rank.")
    try:
        contact = UUID(typed["contact"])
    except ValueError:
        wrong["contact"] = N_("This is none of the shop's contacts.")
    if wrong or rank is None:
        raise InvalidInput(wrong)
    return commands.Period(contact_id=contact, rank=rank, starts=moments["starts"], ends=moments["ends"])


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    *,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> Template:
    now = context_of(request).now
    contacts = await shops.contacts_of(session, shop.tenant_id)
    periods = await queries.on_call_between(session, shop.tenant_id, now, now + AHEAD)
    morning = now.astimezone(ZoneInfo(shop.zone)).replace(hour=9, minute=0)
    stamp = "%Y-%m-%dT%H:%M"
    fresh = {"starts": morning.strftime(stamp), "ends": (morning + timedelta(days=7)).strftime(stamp)}
    return await show(
        request, session, shop, "desks/on_call.html",
        tab="escalation", part="on-call", status=422 if wrong else 200, may_write=True,
        contacts=[(str(one.id), one.name) for one in contacts], ranks=[(str(n), str(n)) for n in RANKS],
        lines=calendar_lines(periods, contacts, now, now + AHEAD),
        typed=typed or {"contact": "", "rank": "1"} | fresh, wrong=wrong or {},
    )  # fmt: skip
