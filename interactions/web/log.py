"""``/interactions``: the list of all calls and mails, by filters, for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks.queries import agents_of_shops
from interactions.log import LogFilter, LogPage, log_page
from interactions.queries import reasons_of
from interactions.web.forms import LogForm
from interactions.web.log_view import RowView, beside, page_as_json, read_place, row_view, spans
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow_staff
from nanori.web.page import render, words_of
from nanori.words import Words
from tenants.models import Tenant
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]


class LogPages(Controller):
    @get("/interactions", opt=allow_staff())
    async def show_log(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template | Response[dict[str, Any]]:
        """The list; to HTMX only its rows, to programs its JSON twin."""
        words = words_of(request)
        form = await _form(request, session, words)
        asked = {name: str(value) for name, value in request.query_params.items()}
        if not form.validate():
            return _refused(request, context, form, asked)
        wanted = form.wanted(context.zone)
        page = await log_page(
            session,
            wanted,
            older_than=read_place(asked.get("older")),
            newer_than=None if "older" in asked else read_place(asked.get("newer")),
        )
        await _audit(session, context, form, wanted, page)
        rows = _rows(page, form.shops, context, words)
        if _wants_json(request):
            return Response(page_as_json(page, rows, asked))
        shown = _Shown(form, rows, beside(asked, newer=page.newer), beside(asked, older=page.older))
        return _draw(request, context, shown, asked)


@dataclass(frozen=True, slots=True)
class _Shown:
    form: LogForm
    rows: list[RowView]
    newer: str = ""
    older: str = ""


async def _form(request: AnyRequest, session: AsyncSession, words: Words) -> LogForm:
    shops = await shops_bound(session)
    ids = [shop.tenant_id for shop in shops]
    return LogForm(
        request.query_params,
        words=words,
        shops=shops,
        reasons=await reasons_of(session, ids),
        agents=await agents_of_shops(session, ids),
    )


def _rows(page: LogPage, shops: Sequence[Tenant], context: Context, words: Words) -> list[RowView]:
    by_id = {shop.tenant_id: shop for shop in shops}
    return [
        row_view(row, by_id[row.interaction.tenant_id], words=words, zone=context.zone) for row in page.rows
    ]


def _refused(
    request: AnyRequest, context: Context, form: LogForm, asked: dict[str, str]
) -> Template | Response[dict[str, Any]]:
    if _wants_json(request):
        raise InvalidInput({field.name: str(field.errors[0]) for field in form if field.errors})
    return _draw(request, context, _Shown(form, []), asked, status=422)


def _draw(
    request: AnyRequest, context: Context, shown: _Shown, asked: dict[str, str], *, status: int = 200
) -> Template:
    """Whole page or only the rows; a browser going back in its history needs the whole."""
    fragment = "hx-request" in request.headers and "hx-history-restore-request" not in request.headers
    template = render(
        request,
        "interactions/_log_rows.html" if fragment else "interactions/log.html",
        status=status,
        form=shown.form,
        rows=shown.rows,
        newer=shown.newer,
        older=shown.older,
        spans=spans(asked, context, words_of(request)),
    )
    template.headers["Vary"] = "HX-Request, Accept"
    return template


async def _audit(
    session: AsyncSession, context: Context, form: LogForm, wanted: LogFilter, page: LogPage
) -> None:
    await audit.record(
        session,
        context,
        "interactions.listed",
        shop_id=next(iter(wanted.shops)) if len(wanted.shops) == 1 else None,
        detail={"asked": form.asked, "rows": len(page.rows)},
    )


def _wants_json(request: AnyRequest) -> bool:
    return "application/json" in request.headers.get("accept", "")
