"""``/reports/<shop>/<month>``: every figure with its code, and the calls and mails behind it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput, NotFound
from nanori.sheets import Cell, csv_of
from nanori.web.access import allow
from nanori.web.downloads import download
from nanori.web.page import go, render, words_of
from reports.closing.queries import RecordLine
from reports.log import interaction_ids
from reports.paper.codes import CODES, key_of
from reports.paper.definitions import APART_NAMES, DEFINITIONS
from reports.policy import READERS, may_make
from reports.resolutions import RESOLUTION_KEYS
from reports.so_far.queries import figures_of, records_behind
from reports.values import parse_month
from reports.web.record_view import figure_line, record_view
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
MOST_IN_A_FILE = 20_000
HEADER = (
    "number", "channel", "arrived_at", "outcome", "reason", "answered_at", "talk_s", "hold_s", "after_call_s",
    "counted", "in_base", "second_question_of", "same_matter_as",
    "with_us_s", "with_shop_s", "with_shopper_s",
)  # fmt: skip


class RecordPages(Controller):
    path = "/reports/{tenant_id:uuid}/{month:str}"
    opt = allow(*READERS)

    @get("/")
    async def show_figures(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        session: NamedDependency[AsyncSession],
        code: FromQuery[str] = "",
    ) -> Template | Redirect:
        """All figures of the month; a code that is typed leads to its records."""
        shop, first, words = await shop_by_id(session, tenant_id), _month_of(month), words_of(request)
        key = key_of(code)
        if key:
            return go(request, f"/reports/{tenant_id}/{month}/figures/{key}")
        found = await figures_of(session, tenant_id, first)
        figures = {one.key: one for one in found.figures} if found else {}
        lines = [
            figure_line(key, figures.get(key), words) for key in DEFINITIONS if key in figures or not figures
        ]
        return render(
            request, "reports/figures.html", status=422 if code else 200, shop=shop, month=month,
            month_said=words.month(first), lines=lines, code=code, has_values=bool(figures),
        )  # fmt: skip

    @get("/figures/{key:str}")
    async def show_records(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        key: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        after: FromQuery[int] = 0,
    ) -> Template:
        """A page of the calls and mails behind one figure."""
        asked = await _Asked.of(session, context, tenant_id, month, key)
        words = words_of(request)
        page = await asked.page(after)
        lines = page.lines if page else ()
        found = await figures_of(session, tenant_id, asked.month)
        figure = next((one for one in found.figures if one.key == key), None) if found else None
        ids = await asked.ids(lines)
        detail = {"month": month, "figure": key, "rows": len(lines)}
        await audit.record(session, context, "figure.traced", shop_id=tenant_id, detail=detail)
        place = f"/reports/{tenant_id}/{month}"
        has_base = figure.denominator is not None if figure else any(one.below for one in lines)
        return render(
            request, "reports/figure_records.html", shop=asked.shop, place=place, month=month,
            line=figure_line(key, figure, words), may_make=may_make(context),
            month_said=words.month(asked.month), has_base=has_base,
            known=page is not None, is_first=not after, is_of_matters=key in RESOLUTION_KEYS,
            rows=[record_view(one, ids, asked.shop, words) for one in lines],
            later=f"{place}/figures/{key}?after={page.after}" if page and page.after else "",
        )  # fmt: skip

    @get("/figures/{key:str}/records.csv")
    async def as_csv(
        self,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        key: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Response[bytes]:
        asked = await _Asked.of(session, context, tenant_id, month, key)
        rows = [[*record_values(one, asked.shop.zone).values()] for one in await asked.all_lines()]
        return await asked.hand_out(csv_of([HEADER, *rows]), "csv")

    @get("/figures/{key:str}/records.json")
    async def as_json(
        self,
        tenant_id: FromPath[UUID],
        month: FromPath[str],
        key: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Response[bytes]:
        asked = await _Asked.of(session, context, tenant_id, month, key)
        records = [record_values(one, asked.shop.zone) for one in await asked.all_lines()]
        whole = {"figure": key, "code": CODES.get(key, ""), "month": month, "records": records}
        body = json.dumps(whole, ensure_ascii=False, indent=1).encode()
        return await asked.hand_out(body, "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One request for the records of a figure."""

    session: AsyncSession
    context: Context
    shop: Tenant
    month: date
    month_text: str
    key: str

    @classmethod
    async def of(
        cls, session: AsyncSession, context: Context, tenant_id: UUID, month: str, key: str
    ) -> "_Asked":
        """Raises:
        NotFound: no such shop, month or figure for whoever asks.
        """
        if key not in CODES and not (key in APART_NAMES and may_make(context)):
            raise NotFound
        shop = await shop_by_id(session, tenant_id)
        return cls(
            session=session, context=context, shop=shop, month=_month_of(month), month_text=month, key=key
        )

    async def page(self, after: int, limit: int = 100) -> Any:
        return await records_behind(
            self.session, self.shop.tenant_id, self.month, self.key,
            after=after, from_log=may_make(self.context), limit=limit,
        )  # fmt: skip

    async def ids(self, lines: Sequence[RecordLine]) -> Mapping[int, UUID]:
        """The contacts of the log by their numbers, for who may open them there."""
        if not may_make(self.context):
            return {}
        return await interaction_ids(self.session, self.shop.tenant_id, [one.number for one in lines])

    async def all_lines(self) -> Sequence[RecordLine]:
        page = await self.page(0, MOST_IN_A_FILE)
        return page.lines if page else ()

    async def hand_out(self, body: bytes, ending: str) -> Response[bytes]:
        detail = {"month": self.month_text, "figure": self.key, "as": ending}
        await audit.record(
            self.session, self.context, "records.downloaded", shop_id=self.shop.tenant_id, detail=detail
        )
        code = CODES.get(self.key, self.key)
        return download(body, f"{self.shop.slug}-{self.month_text}-{code}.{ending}")


def record_values(one: RecordLine, zone: str) -> dict[str, Cell]:
    """For programs: times by the shop's clock with their offset, lengths in seconds."""
    clock = ZoneInfo(zone)
    ours, shop, shopper = (None, None, None) if one.took is None else (ms / 1000 for ms in one.took)
    return {
        "number": one.number,
        "channel": "mail" if one.is_mail else "phone",
        "arrived_at": one.at.astimezone(clock).isoformat(),
        "outcome": one.outcome,
        "reason": one.reason,
        "answered_at": one.answered_at.astimezone(clock).isoformat() if one.answered_at else "",
        "talk_s": one.talk_ms / 1000,
        "hold_s": one.hold_ms / 1000,
        "after_call_s": one.acw_ms / 1000,
        "counted": one.above,
        "in_base": one.below,
        "second_question_of": one.part_of,
        "same_matter_as": one.joined_with,
        "with_us_s": ours,
        "with_shop_s": shop,
        "with_shopper_s": shopper,
    }


def _month_of(text: str) -> date:
    try:
        return parse_month(text)
    except InvalidInput as wrong:
        raise NotFound from wrong
