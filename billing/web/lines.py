"""The ledger line by line: what happened, and the rule that made it billable or not."""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.models import UsageLine
from billing.ledger.reading import LinePage, Place, lines_page
from billing.ledger.wording import RULES
from billing.plans.plan import PLAIN
from billing.plans.wording import METERS, unit_said
from billing.web.months import chosen_month
from billing.web.usage_view import number, wants_json
from nanori.actors import Role
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import render, words_of
from nanori.words import DASH, N_, Words
from tenants.frame import logo_url
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
KINDS = {"": None, "billed": True, "free": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line, as read."""

    day: str
    time: str
    at: str
    number: str
    href: str  # "" for whoever may not see the contact itself
    channel: str
    what: str
    rule: str
    is_billed: bool
    is_counter: bool
    quantity: str
    note: str


class LedgerPages(Controller):
    @get("/billing/{tenant_id:uuid}/ledger", opt=allow(Role.OPERATOR))
    async def show_lines(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        month: FromQuery[str | None] = None,
        kind: FromQuery[str] = "",
        older: FromQuery[str] = "",
    ) -> Template | Response[dict[str, Any]]:
        """What is booked in a month, newest first; to programs as JSON."""
        shop, words = await shop_by_id(session, tenant_id), words_of(request)
        choice = chosen_month(month, context.now, ZoneInfo(shop.zone), words)
        page = await lines_page(
            session, tenant_id, choice.month, billed=KINDS.get(kind), older_than=read_place(older)
        )
        rows = [line_view(one, shop, words) for one in page.rows]
        base = f"/billing/{tenant_id}/ledger?month={choice.text}"
        next_page = older_address(f"{base}&kind={kind}" if kind else base, page)
        if wants_json(request):
            return Response({"lines": [asdict(one) for one in rows], "older": next_page or None})
        return render(
            request, "billing/ledger.html", shop=shop, logo_url=logo_url(shop), choice=choice, rows=rows,
            older=next_page, kind=kind, base=base, newest=bool(older),
        )  # fmt: skip


def line_view(one: UsageLine, shop: Tenant, words: Words, *, linked: bool = True) -> LineView:
    zone = ZoneInfo(shop.zone)
    unit = unit_said(one.meter, one.quantity, words)
    return LineView(
        day=words.day(one.at, zone), time=words.time(one.at, zone), at=one.at.isoformat(),
        number=f"#{one.number}", channel=one.channel.value,
        href=f"/interactions/{one.tenant_id}/{one.interaction_id}" if linked else "",
        what=words.gettext(METERS[one.meter]), rule=words.gettext(RULES[one.rule]),
        is_billed=one.is_billed, is_counter=one.is_counter,
        quantity=f"{number(one.quantity, words)} {unit}" if one.is_billed else DASH,
        note=" ".join(_notes(one, words)),
    )  # fmt: skip


def _notes(one: UsageLine, words: Words) -> list[str]:
    found = []
    if one.is_counter:
        found.append(words.gettext(N_("Taken back")))
    elif one.revision > 1:
        found.append(words.gettext(N_("Corrected")))
    if one.booked != one.month:
        found.append(words.gettext(N_("of {month}"), month=words.month(one.month)))
    if one.weight != PLAIN:
        found.append(words.gettext(N_("counts as {n}%"), n=one.weight))
    if one.talk_s:
        found.append(words.duration(timedelta(seconds=one.talk_s)))
    return found


def older_address(base: str, page: LinePage) -> str:
    """Of the page beyond; empty where there is none."""
    if page.older is None:
        return ""
    return f"{base}&older={int(page.older.at.timestamp() * 1_000_000)}.{page.older.id}"


def read_place(text: str) -> Place | None:
    """A place out of an address; what cannot be read is none, which is the first page."""
    micros, _, key = text.partition(".")
    try:
        at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(micros))
        return Place(at, UUID(key))
    except (ValueError, OverflowError):
        return None
