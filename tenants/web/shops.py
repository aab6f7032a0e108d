"""The list of shops, a new shop, and a shop at a glance."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.plugins.htmx import HTMXTemplate
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import hex_colour, phone_for_people
from nanori.web.access import allow
from nanori.web.colour import brand_colours
from nanori.web.page import go, page_of, render
from nanori.words import N_, words_for
from tenants import commands, queries
from tenants.calendars import calendar_of
from tenants.frame import checks_of, logo_url, show
from tenants.hours import is_open, opens_next, spans_on
from tenants.models import Tenant
from tenants.phrases import phrase_for
from tenants.policy import READERS, WRITERS, may_set_up
from tenants.readiness import missing
from tenants.values import Situation
from tenants.web.forms import NewShopForm

AnyRequest = Request[Any, Any, State]
A_FREE_COLOUR = "#4a5568"


class ShopPages(Controller):
    path = "/shops"

    @get("/", opt=allow(*READERS))
    async def list_shops(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shops = await queries.shops(session)
        checks = await checks_of(request, session, [shop.tenant_id for shop in shops])
        numbers = await queries.first_numbers(session)
        rows = [
            {
                "shop": shop,
                "logo_url": logo_url(shop),
                "number": phone_for_people(numbers.get(shop.tenant_id, "")),
                "missing": missing(checks[shop.tenant_id]),
            }
            for shop in shops
        ]
        return render(request, "tenants/shop_list.html", rows=rows, may_change=may_set_up(context))

    @get("/new", opt=allow(*WRITERS))
    async def new_shop(self, request: AnyRequest, context: NamedDependency[Context]) -> Template:
        form = NewShopForm(words=words_for(context.locale), colour=A_FREE_COLOUR, locale="ja")
        return render(request, "tenants/shop_new.html", form=form, verdict=None)

    @post("/", opt=allow(*WRITERS))
    async def create_shop(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        form = NewShopForm(await request.form(), words=words_for(context.locale))
        if form.validate():
            try:
                shop = await commands.create_shop(session, form.slug.value, form.profile(), now=context.now)
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                await commands.adopt_first_phrases(session, shop, now=context.now)
                await audit.record(session, context, "shop.created", shop_id=shop.tenant_id)
                return go(
                    request,
                    f"/shops/{shop.tenant_id}",
                    notice=N_("The shop is created. The list beside shows what is still missing."),
                )
        return render(request, "tenants/shop_new.html", status=422, form=form, verdict=None)

    @get("/colour-check", opt=allow(*WRITERS))
    async def check_colour(self, request: AnyRequest, session: NamedDependency[AsyncSession]) -> Template:
        """A fragment beside the colour: what stands on it, and whose colour is too close."""
        try:
            colour = hex_colour(request.query_params.get("colour", ""))
        except ValueError:
            verdict = None
        else:
            verdict = await verdict_on(session, colour, request.query_params.get("except", ""))
        context = {"page": page_of(request), "verdict": verdict}
        return HTMXTemplate(template_name="tenants/_colour_verdict.html", context=context)

    @get("/{tenant_id:uuid}", opt=allow(*READERS))
    async def show_shop(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        glance = await _at_a_glance(session, shop, context)
        return await show(request, session, shop, "tenants/shop.html", tab="", **glance)


async def verdict_on(session: AsyncSession, colour: str, except_for: str) -> dict[str, Any]:
    """What to say about a colour: readable text on it, and shops that look alike."""
    colours = [
        (shop.tenant_id, shop.brand_name, shop.colour)
        for shop in await queries.shops(session)
        if str(shop.tenant_id) != except_for
    ]
    return {
        "colour": colour,
        "on_brand": brand_colours(colour).on_brand,
        "similar": queries.similar_brands(colour, None, colours),
    }


async def _at_a_glance(session: AsyncSession, shop: Tenant, context: Context) -> dict[str, Any]:
    """The facts of a shop, formatted."""
    words, zone = words_for(context.locale), ZoneInfo(shop.zone)
    calendar = await calendar_of(session, shop)
    phrases = await queries.phrases_of(session, shop.tenant_id)
    today = context.now.astimezone(zone).date()
    opens = opens_next(calendar, context.now)
    return {
        "phrase": phrase_for(phrases, Situation.NORMAL, context.now, zone),
        "phrase_count": len(phrases),
        "open_now": is_open(calendar, context.now),
        "opens_next": words.moment(opens, zone) if opens else "",
        "spans_today": spans_on(calendar, today),
        "numbers": [
            (phone_for_people(row.number), row.label)
            for row in await queries.numbers_of(session, shop.tenant_id)
        ],
        "addresses": await queries.addresses_of(session, shop.tenant_id),
        "contacts": [
            (row.name, phone_for_people(row.phone))
            for row in await queries.contacts_of(session, shop.tenant_id)
        ],
        "terms": await queries.terms_on(session, shop.tenant_id, today),
    }
