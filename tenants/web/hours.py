"""When a shop is open."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import jpholiday
from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import clock_of_minutes
from nanori.web.access import allow
from nanori.web.page import context_of, words_of
from tenants import commands, queries
from tenants.calendars import calendar_of
from tenants.changes.queries import own_hours_of_shop
from tenants.changes.view import ChangeView, change_view
from tenants.frame import saved, show
from tenants.hours import spans_on, week_on
from tenants.models import Tenant
from tenants.policy import READERS, WRITERS
from tenants.web.rows import (
    posted_special_days,
    posted_week,
    special_rows,
    week_rows,
)

AnyRequest = Request[Any, Any, State]
HOLIDAYS_SHOWN = 6


class HourPages(Controller):
    path = "/shops/{tenant_id:uuid}/hours"

    @get("/", opt=allow(*READERS))
    async def show_hours(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        calendar = await calendar_of(session, shop)
        week = week_rows(week_on(calendar, _today(request, shop)))
        special = special_rows(await queries.special_days(session, tenant_id))
        return await _hour_page(request, session, shop, week=week, special=special)

    @post("/", opt=allow(*WRITERS))
    async def save_hours(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Weekly times and single dates are saved together or not at all."""
        shop = await queries.shop(session, tenant_id)
        posted = await request.form()
        week, spans = posted_week(posted)
        special, days = posted_special_days(posted)
        if not any(day.error for day in week) and not any(row.error for row in special):
            try:
                await commands.set_hours(session, tenant_id, spans, days, today=_today(request, shop))
            except InvalidInput as refusal:
                for day in week:
                    day.error = refusal.fields.get(f"day-{day.weekday}", "")
                for row in special:
                    row.error = refusal.fields.get(f"special-{row.on}", "")
            else:
                return await saved(request, session, context, tenant_id, "hours")
        return await _hour_page(request, session, shop, week=week, special=special, status=422)


async def _hour_page(
    request: AnyRequest, session: AsyncSession, shop: Tenant, *, status: int = 200, **typed: Any
) -> Template:
    """``typed`` holds ``week`` and ``special`` as on the form."""
    return await show(
        request, session, shop, "tenants/hours.html", tab="hours", status=status,
        holidays=await _next_holidays(request, session, shop), own=await _own_hours(request, session, shop),
        **typed,
    )  # fmt: skip


async def _own_hours(request: AnyRequest, session: AsyncSession, shop: Tenant) -> list[ChangeView]:
    """What the shop entered by itself: it beats the set-up on its days."""
    words, now = words_of(request), context_of(request).now
    found = await own_hours_of_shop(session, shop.tenant_id, today=_today(request, shop))
    return [change_view(one, shop, words, now) for one in found]


async def _next_holidays(
    request: AnyRequest, session: AsyncSession, shop: Tenant
) -> list[tuple[date, str, str]]:
    """The coming national holidays: date, its Japanese name, and the times of this shop ("" is closed)."""
    today = _today(request, shop)
    calendar = await calendar_of(session, shop)
    coming = jpholiday.between(today, today + timedelta(days=366))[:HOLIDAYS_SHOWN]
    return [
        (
            day,
            name,
            ", ".join(
                f"{clock_of_minutes(span.opens)}–{clock_of_minutes(span.closes)}"
                for span in spans_on(calendar, day)
            ),
        )
        for day, name in coming
    ]


def _today(request: AnyRequest, shop: Tenant) -> date:
    return context_of(request).now.astimezone(ZoneInfo(shop.zone)).date()
