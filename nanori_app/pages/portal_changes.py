"""``/portal/…/hours`` and ``/portal/…/contacts``: what a shop changes by itself, from a day on."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import one_line
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from reports.closing.queries import closed_before
from tenants.calendars import calendar_of
from tenants.changes.commands import change_contacts, change_days, change_week, withdraw
from tenants.changes.models import ChangeKind, ShopChange
from tenants.changes.queries import changes_of_shop
from tenants.changes.rules import Today
from tenants.changes.view import change_view, spans_said, week_lines
from tenants.frame import logo_url
from tenants.hours import week_on
from tenants.models import Tenant
from tenants.queries import contacts_of
from tenants.queries import shop as shop_by_id
from tenants.web.rows import contact_rows, posted_contacts, posted_days, posted_week, week_rows

AnyRequest = Request[Any, Any, State]
DATES_SHOWN = 12
Wrong = Mapping[str, str] | None
"""By field; None: the page was not refused."""


class PortalChanges(Controller):
    path = "/portal/{tenant_id:uuid}"
    opt = allow(Role.MERCHANT)

    @get("/hours")
    async def show_hours(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """What holds, what is to come, and the two forms."""
        return await _hour_page(request, session, await shop_by_id(session, tenant_id))

    @post("/hours")
    async def change_hours(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template | Redirect:
        """Other hours each week, from a day on."""
        shop, form = await shop_by_id(session, tenant_id), await request.form()
        rows, week = posted_week(form)
        since = str(form.get("holds_from", ""))
        typed = {"week": rows, "week_from": since}
        if any(row.error for row in rows):
            return await _hour_page(request, session, shop, wrong={"week": ""}, **typed)
        try:
            change = await change_week(
                session, shop, week, holds_from=_day(since),
                today=await _today(request, session, shop), now=context_of(request).now,
            )  # fmt: skip
        except InvalidInput as refusal:
            for row in rows:
                row.error = refusal.fields.get(f"day-{row.weekday}", "")
            return await _hour_page(
                request, session, shop, wrong={"week": refusal.fields.get("holds_from", "")}, **typed
            )
        return await _noted(request, session, change)

    @post("/days")
    async def change_single_days(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template | Redirect:
        """Closed, or open at other times, on one day or a run of days."""
        shop, form = await shop_by_id(session, tenant_id), await request.form()
        typed = {name: one_line(str(form.get(name, ""))) for name in ("holds_from", "holds_until", "label")}
        times, spans, unread = posted_days(form)
        wrong = {"times": unread} if unread else {}
        last = _day(typed["holds_until"])
        if typed["holds_until"] and last is None:
            wrong["holds_until"] = N_("This is not a date.")
        if wrong:
            return await _hour_page(request, session, shop, wrong=wrong, days=typed, times=times)
        try:
            change = await change_days(
                session, shop, spans, first=_day(typed["holds_from"]), last=last, label=typed["label"],
                today=await _today(request, session, shop), now=context_of(request).now,
            )  # fmt: skip
        except InvalidInput as refusal:
            return await _hour_page(request, session, shop, wrong=refusal.fields, days=typed, times=times)
        return await _noted(request, session, change)

    @get("/contacts")
    async def show_contacts(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """Whom the desk reaches today, and who it will be."""
        shop = await shop_by_id(session, tenant_id)
        rows = contact_rows(await contacts_of(session, tenant_id))
        return await _contact_page(request, session, shop, rows=rows, holds_from="")

    @post("/contacts")
    async def change_people(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template | Redirect:
        """The order on the form is the order of calling, from a day on."""
        shop, form = await shop_by_id(session, tenant_id), await request.form()
        rows, people = posted_contacts(form)
        since = str(form.get("holds_from", ""))
        typed = {"rows": rows, "holds_from": since}
        if any(row.error for row in rows):
            return await _contact_page(request, session, shop, wrong={"rows": ""}, **typed)
        try:
            change = await change_contacts(
                session, shop, people, holds_from=_day(since),
                today=await _today(request, session, shop), now=context_of(request).now,
            )  # fmt: skip
        except InvalidInput as refusal:
            words = words_of(request)
            said = {key: words.gettext(text, **refusal.params) for key, text in refusal.fields.items()}
            return await _contact_page(request, session, shop, wrong=said, **typed)
        return await _noted(request, session, change)

    @post("/changes/{change_id:uuid}/withdrawal")
    async def withdraw_change(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        change_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Before its day."""
        change = await withdraw(session, tenant_id, change_id, now=context.now)
        await audit.record(session, context, "change.withdrawn", shop_id=tenant_id, subject_id=change.id)
        return go(request, _page_of(change), notice=N_("The change is withdrawn."))


async def _noted(request: AnyRequest, session: AsyncSession, change: ShopChange) -> Redirect:
    """Write down who changes what from when, and show it among what is to come."""
    detail = {"kind": change.kind.value, "from": change.holds_from.isoformat()}
    await audit.record(
        session, context_of(request), "change.added", shop_id=change.tenant_id, subject_id=change.id,
        detail=detail,
    )  # fmt: skip
    return go(request, _page_of(change), notice=N_("Noted. It comes into force by itself; the desk is told."))


async def _hour_page(
    request: AnyRequest, session: AsyncSession, shop: Tenant, *, wrong: Wrong = None, **typed: Any
) -> Template:
    """``typed``: what was on the form that was refused; the other form shows what holds."""
    words, today = words_of(request), _date(request, shop)
    calendar = await calendar_of(session, shop)
    week = week_on(calendar, today)
    dates = sorted(day for day in calendar.special if day >= today)[:DATES_SHOWN]
    values = {"week": week_rows(week), "week_from": "", "days": {}, "times": []} | typed
    return await _page(
        request, session, shop, "hours", wrong, ChangeKind.WEEK, ChangeKind.DAYS,
        now_said=week_lines(week, words),
        dates=[(words.date(day), spans_said(calendar.special[day], words)) for day in dates],
        refused="week" if "week_from" in typed else "days" if typed else "", **values,
    )  # fmt: skip


async def _contact_page(
    request: AnyRequest, session: AsyncSession, shop: Tenant, *, wrong: Wrong = None, **typed: Any
) -> Template:
    return await _page(request, session, shop, "contacts", wrong, ChangeKind.CONTACTS, **typed)


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    name: str,
    wrong: Wrong,
    *kinds: ChangeKind,
    **more: Any,
) -> Template:
    words, now, today = words_of(request), context_of(request).now, _date(request, shop)
    found = await changes_of_shop(session, shop.tenant_id, today=today)
    base = f"/portal/{shop.tenant_id}"
    return render(
        request, f"nanori_app/portal/{name}.html", status=200 if wrong is None else 422, wrong=_listed(wrong),
        shop=shop, logo_url=logo_url(shop), base=base, files=f"{base}/{name}", may_change=True,
        changes=[change_view(one, shop, words, now) for one in found if one.row.kind in kinds],
        tomorrow=date.fromordinal(today.toordinal() + 1).isoformat(), **more,
    )  # fmt: skip


def _listed(wrong: Wrong) -> dict[str, list[str]]:
    return {name: [said] if said else [] for name, said in (wrong or {}).items()}


async def _today(request: AnyRequest, session: AsyncSession, shop: Tenant) -> Today:
    return Today(on=_date(request, shop), closed_before=await closed_before(session, shop.tenant_id))


def _date(request: AnyRequest, shop: Tenant) -> date:
    return context_of(request).now.astimezone(ZoneInfo(shop.zone)).date()


def _page_of(change: ShopChange) -> str:
    part = "contacts" if change.kind is ChangeKind.CONTACTS else "hours"
    return f"/portal/{change.tenant_id}/{part}"


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
