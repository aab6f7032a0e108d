"""Saved views as the page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from nanori.identity.models import Account
from nanori.identity.queries import leaders
from nanori.words import N_, Words
from reports.views.models import FigureView
from reports.views.queries import address_of, asked_on, views_of
from reports.views.values import Span
from tenants.models import Tenant

SPANS = {
    Span.DAYS: N_("These days"),
    Span.WEEK: N_("Always the last whole week"),
    Span.MONTH: N_("Always the last whole month"),
}
SENT = {
    Span.WEEK: N_("Mailed on Mondays to {names}"),
    Span.MONTH: N_("Mailed on the first of each month to {names}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """One saved view; ``readers`` are all who could get it by mail: id, name, and whether they do."""

    id: UUID
    place: str
    name: str
    shop: str
    shows: str
    href: str
    moves: bool
    sent: str
    failure: str
    readers: Sequence[tuple[UUID, str, bool]]


async def saved_views(
    session: AsyncSession, shops: Sequence[Tenant], words: Words, *, now: datetime
) -> list[SavedView]:
    """Those of all shops, in two statements however many."""
    by_id = {shop.tenant_id: shop for shop in shops}
    views = await views_of(session, by_id)
    staff = await leaders(session) if views else []
    return [_saved(view, by_id[view.tenant_id], staff, words, now) for view in views]


def _saved(
    view: FigureView, shop: Tenant, staff: Sequence[Account], words: Words, now: datetime
) -> SavedView:
    asked = asked_on(view, now.astimezone(ZoneInfo(shop.zone)).date())
    days = words.gettext(
        N_("{first} to {last}"), first=words.date(asked.first), last=words.date(asked.last)
    )  # fmt: skip
    readers = [(one.id, one.name, str(one.id) in view.readers) for one in staff]
    named = words.gettext(N_(", ")).join(name for _, name, yes in readers if yes)
    return SavedView(
        id=view.id,
        place=f"/figures/views/{shop.tenant_id}/{view.id}",
        name=view.name,
        shop=shop.brand_name,
        shows=days if view.span is Span.DAYS else f"{words.gettext(SPANS[view.span])} ({days})",
        href=address_of(shop, asked),
        moves=view.span is not Span.DAYS,
        sent=words.gettext(SENT[view.span], names=named) if view.due_at and named else "",
        failure=words.gettext(view.failure) if view.failure else "",
        readers=readers,
    )
