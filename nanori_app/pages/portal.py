"""``/portal``: where a shop's own people begin: what waits for them, the month so far, reports, wishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

from interactions.questions.queries import open_questions
from interactions.questions.view import QuestionView, question_view
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import tidied
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_, Words
from nanori_app.pages.portal_voice import Said, voices
from reports.closing.frozen import thaw
from reports.figures import Figure
from reports.models import MonthReport
from reports.paper.tables import HEADLINE_KEYS, VOICE_KEYS
from reports.queries import reports_of
from reports.so_far.commands import ask_so_far
from reports.so_far.models import MonthSoFar
from reports.values import month_text
from reports.web.record_view import FigureLine, figure_line
from reports.web.view import ReportView, report_view
from scripts_talk.knowledge.queries import submitted_articles
from scripts_talk.queries import submitted_scripts
from tenants.frame import logo_url
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound
from tenants.wishes.commands import Wish, ask_for, wishes
from tenants.wishes.models import WishKind
from tenants.wishes.view import KINDS, WishView, wish_view

AnyRequest = Request[Any, Any, State]
HOME = "/portal"
SHOWN_REPORTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that only the shop can decide."""

    href: str
    icon: str
    what: str
    title: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopHome:
    """What the portal says about one shop."""

    shop: Tenant
    logo_url: str
    month: str
    month_said: str
    counted: str  # when; "" for not yet
    figures: Sequence[FigureLine]
    voices: Sequence[Said] | None  # the last answers of shoppers; None for a shop that has none asked
    voice_figures: Sequence[FigureLine]
    waiting: Sequence[Waiting]
    covers: Sequence[ReportView]
    wishes: Sequence[WishView]


class PortalPages(Controller):
    path = HOME
    opt = allow(Role.MERCHANT)

    @get("/")
    async def show_home(self, request: AnyRequest, session: NamedDependency[AsyncSession]) -> Template:
        """What waits for the shop first; then the running month, reports and wishes."""
        return await _page(request, session)

    @post("/{tenant_id:uuid}/wishes")
    async def wish(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Ask the desk for a change. Only the desk and the person responsible for it read it."""
        shop, form = await shop_by_id(session, tenant_id), await request.form()
        typed = {name: str(form.get(name, "")) for name in ("kind", "text", "holds_from")}
        wanted = Wish(
            kind=_kind(typed["kind"]), text=tidied(typed["text"]), holds_from=_day(typed["holds_from"])
        )
        today = context.now.astimezone(ZoneInfo(shop.zone)).date()
        try:
            asked = await ask_for(session, tenant_id, wanted, today=today, now=context.now)
        except InvalidInput as refusal:
            return await _page(request, session, about=tenant_id, wrong=refusal.fields, typed=typed)
        await audit.record(session, context, "wish.asked", shop_id=tenant_id, subject_id=asked.id)
        return go(request, HOME, notice=N_("Thank you. The desk and the person responsible for it have it."))


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    *,
    about: UUID | None = None,
    wrong: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Template:
    shops = await shops_bound(session)
    now = context_of(request).now
    reports = await reports_of(session, [shop.tenant_id for shop in shops])
    waits = await _waiting(request, session, shops)
    so_far = {shop.tenant_id: await ask_so_far(session, shop.tenant_id, now=now) for shop in shops}
    wished = await _wishes(request, session, shops)
    said = await voices(session, shops, words_of(request))
    homes = [
        _home(request, shop, so_far[shop.tenant_id], reports, waits.get(shop.tenant_id, []),
              wished.get(shop.tenant_id, []), said.get(shop.tenant_id))
        for shop in shops
    ]  # fmt: skip
    fragment = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    page = render(
        request, "nanori_app/portal/_homes.html" if fragment else "nanori_app/portal/home.html",
        status=422 if wrong else 200, homes=homes, kinds=KINDS, about=about, wrong=wrong or {},
        typed=typed or {}, today=now.date().isoformat(),
    )  # fmt: skip
    page.headers["Vary"] = "HX-Request"
    return page


async def _waiting(
    request: AnyRequest, session: AsyncSession, shops: Sequence[Tenant]
) -> dict[UUID, list[Waiting]]:
    """Questions, scripts and articles that wait for a word, in four statements."""
    words, now = words_of(request), context_of(request).now
    by_id = {shop.tenant_id: shop for shop in shops}
    found: dict[UUID, list[Waiting]] = {}
    for held in await open_questions(session, now=now):
        view = question_view(held, by_id, words, now)
        if view.with_shop:
            found.setdefault(held.question.tenant_id, []).append(_question(view, words))
    for script in await submitted_scripts(session):
        shop = by_id[script.tenant_id]
        found.setdefault(script.tenant_id, []).append(
            Waiting(
                href=f"/scripts/{script.tenant_id}/{script.version_id}",
                icon="file-text",
                what=words.gettext(N_("Script to approve")),
                title=script.name,
                since=words.moment(script.submitted_at, shop.zone),
            )
        )
    for version in await submitted_articles(session):
        shop = by_id[version.tenant_id]
        found.setdefault(version.tenant_id, []).append(
            Waiting(
                href=f"/knowledge/{version.tenant_id}/{version.article_id}",
                icon="book-open",
                what=words.gettext(N_("Answer to approve")),
                title=version.title,
                since=words.moment(version.created_at, shop.zone),
            )
        )
    return found


def _question(view: QuestionView, words: Words) -> Waiting:
    return Waiting(
        href="/shop-questions",
        icon="circle-question-mark",
        what=words.gettext(N_("Question from the desk")),
        title=f"{view.subject} · {view.amount}" if view.amount else view.subject,
        since=view.since,
    )


async def _wishes(
    request: AnyRequest, session: AsyncSession, shops: Sequence[Tenant]
) -> dict[UUID, list[WishView]]:
    by_id, found = {shop.tenant_id: shop for shop in shops}, dict[UUID, list[WishView]]()
    both = [*await wishes(session, are_open=True), *await wishes(session, are_open=False)]
    for one in both:
        found.setdefault(one.tenant_id, []).append(wish_view(one, by_id, words_of(request)))
    return found


def _home(
    request: AnyRequest,
    shop: Tenant,
    so_far: MonthSoFar | None,
    reports: Sequence[MonthReport],
    waiting: Sequence[Waiting],
    wished: Sequence[WishView],
    said: Sequence[Said] | None,
) -> ShopHome:
    words, now = words_of(request), context_of(request).now
    month = now.astimezone(ZoneInfo(shop.zone)).date().replace(day=1)
    known = so_far if so_far is not None and so_far.month == month else None
    figures = _figures(known)
    own = [one for one in reports if one.tenant_id == shop.tenant_id and one.pdf_file_id is not None]
    return ShopHome(
        shop=shop,
        logo_url=logo_url(shop),
        month=month_text(month),
        month_said=words.month(month),
        counted=words.ago(known.counted_at, now) if known and known.counted_at else "",
        figures=[figure_line(key, figures.get(key), words) for key in HEADLINE_KEYS],
        voices=said,
        voice_figures=[figure_line(key, figures[key], words) for key in VOICE_KEYS if key in figures],
        waiting=waiting,
        covers=[report_view(shop, one.month, one, words=words, now=now) for one in own[:SHOWN_REPORTS]],
        wishes=wished,
    )


def _figures(known: MonthSoFar | None) -> dict[str, Figure]:
    if known is None or known.figures is None:
        return {}
    return {one.key: one for one in thaw(known.figures).figures}


def _kind(typed: str) -> WishKind:
    return WishKind(typed) if typed in set(WishKind) else WishKind.OTHER


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
