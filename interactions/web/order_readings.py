"""One reading: what the columns mean, how far it is, what was not kept."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.orders import queries, readings
from interactions.orders.columns import MEANINGS, Mapped
from interactions.orders.connections import ask_shopify
from interactions.orders.models import OrderReading
from interactions.orders.policy import FEEDERS, SEARCHERS
from interactions.orders.preview import preview, rest_as_csv
from interactions.orders.readings import check_mapping, stored_mapping, table_of
from interactions.orders.values import Column, ReadingState, Source
from interactions.orders.worker import ground_of
from interactions.web.order_view import column_choices, preview_lines, problem_lines, reading_view
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput, NotFound
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.forms import Posted
from nanori.web.page import context_of, go, installation_of, render, words_of
from nanori.words import N_
from tenants import queries as shops
from tenants.frame import logo_url

AnyRequest = Request[Any, Any, State]


class OrderReadingPages(Controller):
    path = "/orders/{tenant_id:uuid}/readings/{reading_id:uuid}"

    @get("/", opt=allow(*FEEDERS))
    async def show(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        reading_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        """The columns while they can be chosen, then how far the worker is, then what came of it."""
        reading = await queries.reading_by_id(session, tenant_id, reading_id)
        if reading.state is ReadingState.MAPPING:
            return await _mapping(request, session, reading, stored_mapping(reading.mapping))
        return await _progress(request, session, reading)

    @post("/", opt=allow(*FEEDERS))
    async def map_columns(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        reading_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """With ``then=start`` the worker reads the file, otherwise the first rows are shown anew."""
        reading = await queries.reading_by_id(session, tenant_id, reading_id)
        posted = await request.form()
        mapped = _mapped(reading, posted)
        if posted.get("then") != "start":
            return await _mapping(request, session, reading, mapped, is_tried=True)
        try:
            await readings.start_reading(session, tenant_id, reading_id, mapped, now=context.now)
        except InvalidInput as refusal:
            return await _mapping(request, session, reading, mapped, wrong=refusal.fields)
        await audit.record(session, context, "orders.file_read", shop_id=tenant_id, subject_id=reading_id)
        return go(request, f"/orders/{tenant_id}/readings/{reading_id}")

    @post("/again", opt=allow(*FEEDERS))
    async def go_on(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        reading_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """What stopped goes on behind what is kept; a shop's own system is asked anew for what is missing."""
        reading = await queries.reading_by_id(session, tenant_id, reading_id)
        if reading.source is Source.SHOPIFY:
            if not context.may(*SEARCHERS):
                raise NotFound
            reading = await ask_shopify(session, tenant_id, by=context.account_id, now=context.now)
            return go(request, f"/orders/{tenant_id}/readings/{reading.id}")
        reading = await readings.locked_reading(session, tenant_id, reading_id)
        if reading.state is ReadingState.FAILED:
            readings.queue_reading(reading)
        return go(request, f"/orders/{tenant_id}/readings/{reading_id}")

    @get("/rest", opt=allow(*FEEDERS))
    async def rest(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        reading_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        """The rows that were not kept, as a file to be corrected."""
        reading = await queries.reading_by_id(session, tenant_id, reading_id)
        words = words_of(request)
        problems = await queries.problems_of(session, reading, limit=None)
        said = {one.row_number: words.gettext(one.said) for one in problems}
        table = await table_of(session, installation.files, reading)
        heads = (words.gettext(N_("Row")), words.gettext(N_("What is wrong")))
        await audit.record(session, context, "orders.rest_read", shop_id=tenant_id, subject_id=reading_id)
        name = quote(f"{reading.file_name.rpartition('.')[0] or reading.file_name}-rest.csv", safe="")
        return Response(
            rest_as_csv(table, said, heads),
            media_type="text/csv",
            headers={
                "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
                "Cache-Control": "private, no-store",
            },
        )


def _mapped(reading: OrderReading, posted: Posted) -> dict[Column, tuple[str, ...]]:
    """The columns as chosen on the page, those left empty left out."""
    chosen = {
        meaning.column: [str(one) for one in posted.getall(f"column-{meaning.column.value}", [])]
        for meaning in MEANINGS[reading.kind]
    }
    return {column: tuple(one for one in parts if one) for column, parts in chosen.items() if any(parts)}


async def _mapping(
    request: AnyRequest,
    session: AsyncSession,
    reading: OrderReading,
    mapped: Mapped,
    *,
    wrong: dict[str, str] | None = None,
    is_tried: bool = False,
) -> Template:
    words, shop = words_of(request), await shops.shop(session, reading.tenant_id)
    table = await table_of(session, installation_of(request).files, reading)
    shown = preview(table, reading.kind, mapped, ground_of(shop, context_of(request).now))
    if is_tried:
        wrong = _problems(reading, mapped)
    return render(
        request,
        "interactions/orders/mapping.html",
        status=422 if wrong and not is_tried else 200,
        shop=shop,
        logo_url=logo_url(shop),
        reading=reading_view(reading, shop, words),
        headings=table.headings,
        choices=column_choices(reading, table, mapped, wrong or {}, words),
        tried=words.number(shown.tried),
        rows_said=words.ngettext("{n} row", "{n} rows", len(table.lines)),
        wrong_rows=shown.wrong,
        lines=preview_lines(shown, reading.kind, words),
    )


def _problems(reading: OrderReading, mapped: Mapped) -> dict[str, str]:
    try:
        check_mapping(reading.kind, mapped)
    except InvalidInput as refusal:
        return refusal.fields
    return {}


async def _progress(request: AnyRequest, session: AsyncSession, reading: OrderReading) -> Template:
    """The whole page, or the part that moves."""
    words, shop = words_of(request), await shops.shop(session, reading.tenant_id)
    problems = await queries.problems_of(session, reading) if reading.refused else []
    part = "interactions/orders/_progress.html"
    template = render(
        request,
        part if "hx-request" in request.headers else "interactions/orders/reading.html",
        shop=shop,
        logo_url=logo_url(shop),
        reading=reading_view(reading, shop, words),
        problems=problem_lines(problems, reading.kind, words),
        has_file=reading.file_id is not None,
    )
    template.headers["Vary"] = "HX-Request"
    return template
