"""``/shops/{shop}/escalation/limits``: what the desk may decide without asking the shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks.web.escalation import LEADERS, asked_desk, saved, scopes_of
from nanori.context import Context
from nanori.text import code_like, one_line
from nanori.web.access import allow
from nanori.web.forms import Posted, values_by_row
from nanori.words import N_
from tenants import queries as shops
from tenants.escalation import commands, queries
from tenants.escalation.commands import LimitFacts
from tenants.frame import show
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]
MOST_YEN = 100_000_000
NAMES = ("limit-subject", "limit-amount", "limit-note")


@dataclass(slots=True)
class LimitRow:
    """One limit as typed."""

    subject: str = ""
    amount: str = ""
    note: str = ""
    error: str = ""


class LimitPages(Controller):
    path = "/shops/{tenant_id:uuid}/escalation/limits"
    opt = allow(*LEADERS)

    @get("/")
    async def show_limits(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        shop = await shops.shop(session, tenant_id)
        desk_id = await asked_desk(session, tenant_id, request.query_params.get("desk", ""))
        return await _page(request, session, shop, desk_id)

    @post("/")
    async def save_limits(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """The order on the form is the order on the agents' screens."""
        shop = await shops.shop(session, tenant_id)
        form = await request.form()
        desk_id = await asked_desk(session, tenant_id, str(form.get("desk", "")))
        rows, limits = posted_limits(form)
        if any(row.error for row in rows):
            return await _page(request, session, shop, desk_id, rows=rows)
        await commands.set_limits(session, tenant_id, desk_id, limits)
        return await saved(request, session, context, tenant_id, desk_id, "/limits")


def posted_limits(posted: Posted) -> tuple[list[LimitRow], list[LimitFacts]]:
    """Limits as typed and as meant; empty rows are dropped."""
    rows: list[LimitRow] = []
    limits: list[LimitFacts] = []
    for one in values_by_row(posted, NAMES):
        row = LimitRow(*(one_line(one[name]) for name in NAMES))
        rows.append(row)
        amount = code_like(row.amount).strip("¥￥円").replace(",", "")
        if not row.subject:
            row.error = N_("Please say what may be decided.")
        elif any(limit.subject == row.subject for limit in limits):
            row.error = N_("This is in the list twice.")
        elif amount and not (amount.isdecimal() and 0 < int(amount) <= MOST_YEN):
            row.error = N_("Please give whole yen, like 3000, or nothing for any amount.")
        else:
            yen = int(amount) if amount else None
            limits.append(LimitFacts(subject=row.subject, amount_yen=yen, note=row.note))
    return rows, limits


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    desk_id: UUID | None,
    rows: Sequence[LimitRow] | None = None,
) -> Template:
    known = await queries.limits_of(session, shop.tenant_id)
    stored = [
        LimitRow(one.subject, str(one.amount_yen or ""), one.note) for one in known if one.desk_id == desk_id
    ]
    return await show(
        request, session, shop, "desks/limits.html",
        tab="escalation", part="limits", status=200 if rows is None else 422, may_write=True,
        scopes=await scopes_of(session, shop.tenant_id, [one.desk_id for one in known]), desk_id=desk_id,
        rows=stored if rows is None else rows, blank=LimitRow(),
    )  # fmt: skip
