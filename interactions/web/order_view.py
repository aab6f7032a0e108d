"""Readings of orders as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.orders.columns import MEANINGS, Mapped, Meaning
from interactions.orders.models import OrderProblem, OrderReading, ShopifyConnection, ShopOrder
from interactions.orders.preview import Preview
from interactions.orders.rows import typed
from interactions.orders.table import Table
from interactions.orders.values import FileKind, OrderState, ReadingState, Source
from interactions.orders.wording import ENCODINGS, FILE_KINDS, ORDER_STATES, READING_STATES, state_in
from nanori.words import N_, Words
from tenants.models import Tenant

GOING = frozenset({ReadingState.QUEUED, ReadingState.RUNNING})
WHOLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingView:
    """One reading. ``permille`` is how far it is; None where the source does not say how much there is."""

    href: str
    id: UUID
    name: str
    kind: str
    desk: str  # the seasonal desk that it was uploaded for
    at: str
    state: str
    badge: str
    is_mapping: bool
    is_going: bool
    is_done: bool
    is_file: bool
    failure: str
    encoding: str
    rows: str
    permille: int | None
    counts: Sequence[tuple[str, str]]
    refused: int
    refused_said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """One meaning and the columns of the file that are chosen for it, "" for none."""

    meaning: Meaning
    label: str
    chosen: Sequence[str]
    example: str
    error: str

    @property
    def name(self) -> str:
        return f"column-{self.meaning.column.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemLine:
    row: str
    about: str
    typed: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One row of the preview; the cell that is wrong is marked."""

    number: str
    cells: Sequence[tuple[str, str, bool]]  # heading, text, wrong
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    number: str
    at: str
    name: str
    total: str
    state: str
    badge: str
    items: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopifyView:
    """The connection with the shop's own system. ``domain`` is empty while there is none."""

    base: str
    domain: str
    read_to: str
    next_at: str
    failure: str  # of the last reading
    may_change: bool
    typed: str
    wrong: Mapping[str, Sequence[str]]


def reading_view(reading: OrderReading, shop: Tenant, words: Words, desk: str = "") -> ReadingView:
    state, badge = READING_STATES[reading.state]
    total = reading.rows_total
    kind = FILE_KINDS[reading.kind] if reading.source is Source.FILE else N_("Orders and shipments")
    return ReadingView(
        href=f"/orders/{reading.tenant_id}/readings/{reading.id}",
        id=reading.id,
        name=reading.file_name or "Shopify",
        kind=words.gettext(kind),
        desk=desk,
        at=words.moment(reading.asked_at, ZoneInfo(shop.zone)),
        state=words.gettext(state),
        badge=badge,
        is_mapping=reading.state is ReadingState.MAPPING,
        is_going=reading.state in GOING,
        is_done=reading.state is ReadingState.DONE,
        is_file=reading.source is Source.FILE,
        failure=words.gettext(reading.failure) if reading.failure else "",
        encoding=ENCODINGS[reading.encoding] if reading.encoding else "",
        rows=words.number(reading.rows_read) if total is None
        else f"{words.number(reading.rows_read)} / {words.number(total)}",
        permille=None if total is None else reading.rows_read * WHOLE // max(1, total),
        counts=_counts(reading, words),
        refused=reading.refused,
        refused_said=words.ngettext("{n} row was not kept", "{n} rows were not kept", reading.refused),
    )  # fmt: skip


def _counts(reading: OrderReading, words: Words) -> list[tuple[str, str]]:
    figures = (
        (N_("New"), reading.added),
        (N_("Told differently than before"), reading.changed),
        (N_("Known already, unchanged"), reading.same),
        (N_("Rows not kept"), reading.refused),
    )
    return [(words.gettext(said), words.number(figure)) for said, figure in figures]


def column_choices(
    reading: OrderReading, table: Table, mapped: Mapped, wrong: Mapping[str, str], words: Words
) -> list[ColumnChoice]:
    """What the file may hold, what is chosen for it, and the first row's value of that."""
    line = table.lines[0]
    return [
        ColumnChoice(
            meaning=meaning,
            label=words.gettext(meaning.label),
            chosen=[*mapped.get(meaning.column, ()), *[""] * meaning.parts][: meaning.parts],
            example=typed(line, table, mapped, meaning.column),
            error=words.gettext(wrong.get(meaning.column.value, "")) if wrong else "",
        )
        for meaning in MEANINGS[reading.kind]
    ]


def preview_lines(shown: Preview, kind: FileKind, words: Words) -> list[PreviewLine]:
    labels = {meaning.column: words.gettext(meaning.label) for meaning in MEANINGS[kind]}
    return [
        PreviewLine(
            number=words.number(row.number),
            cells=[
                (labels[column], text, bool(row.problem and row.problem.column is column))
                for column, text in row.cells.items()
            ],
            said=words.gettext(row.problem.said) if row.problem else "",
        )
        for row in shown.rows
    ]


def problem_lines(problems: Sequence[OrderProblem], kind: FileKind, words: Words) -> list[ProblemLine]:
    meanings = [meaning for one in MEANINGS if one is not kind for meaning in MEANINGS[one]]
    labels = {meaning.column: words.gettext(meaning.label) for meaning in (*meanings, *MEANINGS[kind])}
    return [
        ProblemLine(
            row=words.number(one.row_number),
            about=labels[one.about] if one.about else "",
            typed=one.typed,
            said=words.gettext(one.said),
        )
        for one in problems
    ]


def order_row(order: ShopOrder, shop: Tenant, words: Words) -> OrderRow:
    is_other = order.state is OrderState.OTHER
    state, badge = state_in(words, ORDER_STATES[order.state], order.state_said, is_other=is_other)
    return OrderRow(
        number=order.number,
        at=words.date(order.ordered_at, ZoneInfo(shop.zone)),
        name=order.name,
        total=words.money(order.total, order.currency) if order.total is not None else "",
        state=state,
        badge=badge,
        items=items_said(order, words),
    )


def shopify_view(
    known: ShopifyConnection | None,
    last: OrderReading | None,
    shop: Tenant,
    words: Words,
    *,
    may_change: bool,
    typed: str,
    wrong: Mapping[str, str],
) -> ShopifyView:
    zone = ZoneInfo(shop.zone)
    return ShopifyView(
        base=f"/orders/{shop.tenant_id}/shopify",
        domain=known.domain if known else "",
        read_to=words.moment(known.read_to, zone) if known and known.read_to else "",
        next_at=words.moment(known.due_at, zone) if known else "",
        failure=words.gettext(last.failure) if last and last.failure else "",
        may_change=may_change,
        typed=typed,
        wrong={name: [said] for name, said in wrong.items()},
    )


def items_said(order: ShopOrder, words: Words) -> str:
    """The products in one line."""
    return words.listed(
        f"{item['name']} × {item['quantity']}" if item["quantity"] != 1 else str(item["name"])
        for item in order.items
    )


def address_of(order: ShopOrder) -> str:
    """Where the order goes, in one line; empty when that is not known."""
    postal_code = f"〒{order.postal_code}" if order.postal_code else ""
    return f"{postal_code} {order.address}".strip()
