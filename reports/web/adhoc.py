"""``/figures``: the report's figures of any days, one desk or one reason, on screen and as files."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.queries import desks_of
from interactions.models import Reason
from interactions.queries import reasons_of
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput, NotFound
from nanori.web.access import allow
from nanori.web.downloads import download
from nanori.web.page import render, words_of
from nanori.words import Words
from reports.adhoc import XLSX, Asked, as_csv, as_xlsx, facts_asked, sheets
from reports.errors import DayMalformed
from reports.month import MonthFigures, month_figures
from reports.policy import MAKERS
from reports.web.month_view import figure_groups
from reports.web.saved_view import SPANS, saved_views
from tenants.models import Tenant
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
EVERY = ""
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the form holds; ``shop`` is None where there is no shop at all."""

    shop: Tenant | None
    shops: Sequence[Tenant]
    desks: Sequence[Desk]
    reasons: Sequence[Reason]
    values: dict[str, str]

    def asked(self) -> Asked:
        """What to count.

        Raises:
            InvalidInput: a day is none, or the days are in the wrong order.
        """
        first, last = _day(self.values["first"], "first"), _day(self.values["last"], "last")
        desk = _one_of([one.id for one in self.desks], self.values["desk"])
        reason = _one_of([one.id for one in self.reasons], self.values["reason"])
        return Asked(first=first, last=last, desk_id=desk, reason_id=reason)

    @property
    def query(self) -> str:
        return urlencode(self.values)


class FigurePages(Controller):
    path = "/figures"

    @get("/", opt=allow(*MAKERS))
    async def show(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """The form, and the figures of what it asks for; its address is the view to come back to."""
        choice = await choice_of(session, context, request.query_params)
        return await figures_page(request, session, context, choice)

    @get("/table.csv", opt=allow(*MAKERS))
    async def table(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Response[bytes]:
        """The same figures with days and reasons, for programs that know no workbook."""
        return await _file(request, session, context, "csv")

    @get("/workbook.xlsx", opt=allow(*MAKERS))
    async def workbook(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Response[bytes]:
        """The same figures as a workbook of three sheets."""
        return await _file(request, session, context, "xlsx")


async def _file(request: AnyRequest, session: AsyncSession, context: Context, ending: str) -> Response[bytes]:
    choice = await choice_of(session, context, request.query_params)
    month = await _counted(session, context, choice)
    if month is None or choice.shop is None:
        raise NotFound
    tables = sheets(month, words_of(request))
    content = await asyncio.to_thread(as_csv if ending == "csv" else as_xlsx, tables)
    name = f"{choice.shop.slug}-{choice.values['first']}-{choice.values['last']}.{ending}"
    return download(content, name, media_type=XLSX if ending == "xlsx" else "")


async def figures_page(
    request: AnyRequest, session: AsyncSession, context: Context, choice: Choice,
    *, wrong: Mapping[str, str] | None = None, name: str = "",
) -> Template:  # fmt: skip
    """The page; after a view that could not be saved with what was typed and what is wrong with it."""
    words, refused, month = words_of(request), dict(wrong or {}), None
    try:
        month = await _counted(session, context, choice)
    except InvalidInput as refusal:
        refused |= refusal.fields
    return render(
        request,
        "reports/adhoc.html",
        status=422 if refused else 200,
        choice=choice,
        shops=[(one.slug, one.brand_name) for one in choice.shops],
        desks=[(EVERY, words.gettext("Every desk")), *((str(one.id), one.name) for one in choice.desks)],
        reasons=[
            (EVERY, words.gettext("All reasons")),
            *(_reason_choice(one, words) for one in choice.reasons),
        ],
        groups=figure_groups(month, [], words) if month else [],
        saved=await saved_views(session, choice.shops, words, now=context.now),
        spans=[(span.value, words.gettext(said)) for span, said in SPANS.items()],
        wrong=refused,
        name=name,
    )


async def choice_of(session: AsyncSession, context: Context, asked: Mapping[str, str]) -> Choice:
    """What is asked for; at first the last seven days of the first shop. Another shop's desk counts as none.

    Raises:
        NotFound: the shop is not among those bound.
    """
    shops = await shops_bound(session)
    named = asked.get("shop") or (shops[0].slug if shops else "")
    shop = next((one for one in shops if one.slug == named), None)
    if shop is None and shops:
        raise NotFound
    desks = [one for one in await desks_of(session) if shop and one.tenant_id == shop.tenant_id]
    reasons = await reasons_of(session, [shop.tenant_id]) if shop else []
    today = context.now.astimezone(context.zone).date()
    values = {
        "shop": named,
        "first": asked.get("first") or (today - WEEK).isoformat(),
        "last": asked.get("last") or (today - timedelta(days=1)).isoformat(),
        "desk": asked.get("desk", EVERY),
        "reason": asked.get("reason", EVERY),
    }
    return Choice(shop=shop, shops=shops, desks=desks, reasons=reasons, values=values)


async def _counted(session: AsyncSession, context: Context, choice: Choice) -> MonthFigures | None:
    if choice.shop is None:
        return None
    asked = choice.asked()
    facts, business_time = await facts_asked(session, choice.shop, asked)
    await audit.record(
        session, context, "figures.read", shop_id=choice.shop.tenant_id,
        detail={key: value for key, value in choice.values.items() if value},
    )  # fmt: skip
    return await asyncio.to_thread(month_figures, facts, business_time)


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise DayMalformed(name) from wrong


def _one_of(ids: Sequence[UUID], text: str) -> UUID | None:
    return next((one for one in ids if str(one) == text), None)


def _reason_choice(reason: Reason, words: Words) -> tuple[str, str]:
    first, second = reason.label_ja, reason.label_en
    if words.locale == "en":
        first, second = second, first
    return str(reason.id), first or second or reason.code
