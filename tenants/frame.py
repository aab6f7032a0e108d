"""What all pages of one shop's set-up show around their form: name, tabs, readiness.

Not among the room's own pages, since higher rooms put theirs into the same frame.
"""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Request
from litestar.datastructures import State
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.installation import Installation
from nanori.web.page import context_of, go, render
from nanori.words import N_, words_for
from tenants import queries
from tenants.models import Tenant
from tenants.policy import may_set_up
from tenants.ports import MoreChecks
from tenants.readiness import Check, missing, readiness

AnyRequest = Request[Any, Any, State]

TABS = (
    ("", N_("Overview")),
    ("profile", N_("Brand")),
    ("phrases", N_("Phrases")),
    ("phone", N_("During calls")),
    ("hours", N_("Hours")),
    ("lines", N_("Numbers and mail")),
    ("contacts", N_("Escalation contacts")),
    ("escalation", N_("Escalation policy")),
    ("terms", N_("Service level")),
    ("script", N_("Talk script")),
)


async def show(
    request: AnyRequest, session: AsyncSession, shop: Tenant, template: str, *, tab: str, **values: Any
) -> Template:
    """Draw one page of a shop's set-up; ``status`` among the values when something was refused."""
    context = context_of(request)
    checks = await checks_of(request, session, [shop.tenant_id])
    return render(
        request,
        template,
        shop=shop,
        logo_url=logo_url(shop),
        base=f"/shops/{shop.tenant_id}",
        tab=tab,
        tabs=_tabs(shop, context.locale, tab),
        checks=checks[shop.tenant_id],
        missing=missing(checks[shop.tenant_id]),
        may_change=may_set_up(context),
        **values,
    )


async def saved(
    request: AnyRequest, session: AsyncSession, context: Context, tenant_id: UUID, part: str
) -> Redirect:
    """Write down who changed which part, and show it again."""
    await audit.record(session, context, "shop.changed", shop_id=tenant_id, detail={"part": part})
    return go(request, f"/shops/{tenant_id}/{part}", notice=N_("Saved."))


async def checks_of(
    request: AnyRequest, session: AsyncSession, tenant_ids: list[UUID]
) -> dict[UUID, list[Check]]:
    """Readiness of each shop, with what higher rooms add."""
    now = context_of(request).now
    today = now.astimezone(ZoneInfo("Asia/Tokyo")).date()
    installation: Installation = request.app.state.installation
    facts = await queries.shop_facts(session, tenant_ids, today, store=installation.files)
    more: list[MoreChecks] = request.app.state.get("more_checks", [])
    added = [await ask(session, tenant_ids) for ask in more]
    return {
        tenant_id: readiness(fact, [check for found in added for check in found.get(tenant_id, ())])
        for tenant_id, fact in facts.items()
    }


def _tabs(shop: Tenant, locale: str, current: str) -> list[tuple[str, str, bool]]:
    words = words_for(locale)
    return [
        (words.gettext(label), f"/shops/{shop.tenant_id}/{path}".rstrip("/"), path == current)
        for path, label in TABS
    ]


def logo_url(shop: Tenant) -> str:
    """Address of the logo as it is now; empty without one."""
    return f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else ""
