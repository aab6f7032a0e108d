"""The rows of a file made into orders and parcels; each is read, or told what is wrong with it. Pure."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from interactions.orders import cells
from interactions.orders.columns import Mapped
from interactions.orders.table import Line, Table
from interactions.orders.values import (
    Column,
    FileKind,
    Item,
    OrderFacts,
    OrderState,
    ParcelFacts,
    ParcelState,
    Problem,
    Told,
)
from interactions.orders.words_of_shops import order_state, parcel_company, parcel_state
from nanori.text import one_line
from nanori.words import N_

T = TypeVar("T")
LONGEST_TEXT = 300
A_DAY = timedelta(days=1)

NO_NUMBER = N_("The order number is missing.")
NO_PARCEL = N_("The parcel number is missing.")
NO_DAY = N_("The day of the order is missing.")
OTHER_SHOP = N_("This row is of another shop.")
OTHER_ROW = N_("Another row of this order cannot be read.")
UNKNOWN_ORDER = N_("This shop has no order with this number. Read the file of its orders first.")
NOT_YET = N_("This day has not come yet.")
UPSIDE_DOWN = N_("It was delivered before it was shipped.")

PROBLEMS = {
    Column.NUMBER: N_("This is not an order number."),
    Column.PARCEL: N_("This is not a parcel number."),
    Column.ORDERED_AT: N_("This is no date. Example: 2026/12/24"),
    Column.SHIPPED_ON: N_("This is no date. Example: 2026/12/24"),
    Column.DELIVERED_ON: N_("This is no date. Example: 2026/12/24"),
    Column.TOTAL: N_("This is not an amount in yen. Example: 3,980"),
    Column.QUANTITY: N_("This is not a quantity. Example: 2"),
    Column.POSTAL_CODE: N_("A postal code has seven figures. Example: 150-0001"),
    Column.PHONE: N_("This is not a phone number. Example: 03-1234-5678"),
    Column.MAIL: N_("This is not a mail address. Example: support@shop.example"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What reading depends on besides the file: whose it is, where, and when."""

    shop_names: frozenset[str]  # plain, see `plain_name`
    zone: ZoneInfo
    now: datetime


@dataclass(slots=True)
class Rows:
    """What a file says: the good facts in the order of the file, and what is wrong with the other rows."""

    told: list[Told] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def plain_name(name: str) -> str:
    """A name for comparing: width, case and spaces make no difference."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def read_rows(table: Table, kind: FileKind, mapped: Mapped, ground: Ground) -> Rows:
    """Every row of the table, as the mapping says. Each row number is in exactly one fact or problem."""
    places = {heading: place for place, heading in enumerate(table.headings)}
    columns = {
        column: tuple(places[part] for part in parts if part in places) for column, parts in mapped.items()
    }
    rows = [_Row(line, columns, ground) for line in table.lines]
    return _orders(rows) if kind is FileKind.ORDERS else _parcels(rows)


def typed(line: Line, table: Table, mapped: Mapped, column: Column) -> str:
    """What stands in a row for one column, as it was typed."""
    places = [table.headings.index(part) for part in mapped.get(column, ()) if part in table.headings]
    return one_line(" ".join(line.cells[place] for place in places if place < len(line.cells)))[:LONGEST_TEXT]


class _Refused(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, said: str, column: Column | None = None, typed: str = "") -> None:
        super().__init__(said)
        self.said, self.column, self.typed = said, column, typed


class _Row:
    """One row, its cells by meaning."""

    def __init__(self, line: Line, columns: dict[Column, tuple[int, ...]], ground: Ground) -> None:
        self.number, self.ground = line.number, ground
        self._line, self._columns = line, columns

    def text(self, column: Column, joint: str = " ") -> str:
        cells_there = self._line.cells
        found = [cells_there[place] for place in self._columns.get(column, ()) if place < len(cells_there)]
        return one_line(joint.join(cell for cell in found if cell))[:LONGEST_TEXT]

    def read(self, column: Column, reader: Callable[[str], T], joint: str = " ") -> T | None:
        """The cell in its shape; None when it is empty."""
        text = self.text(column, joint)
        if not text:
            return None
        try:
            return reader(text)
        except ValueError as problem:
            raise _Refused(PROBLEMS[column], column, text) from problem

    def order_number(self) -> str:
        self._is_of_this_shop()
        number = self.read(Column.NUMBER, cells.order_number)
        if number is None:
            raise _Refused(NO_NUMBER, Column.NUMBER)
        return number

    def past(self, column: Column, at: datetime | None) -> datetime | None:
        """The moment, unless it is after today."""
        if at is not None and at > self.ground.now + A_DAY:
            raise _Refused(NOT_YET, column, self.text(column))
        return at

    def problem(self, refused: _Refused) -> Problem:
        return Problem(row=self.number, said=refused.said, column=refused.column, typed=refused.typed)

    def _is_of_this_shop(self) -> None:
        shop = self.text(Column.SHOP)
        if shop and plain_name(shop) not in self.ground.shop_names:
            raise _Refused(OTHER_SHOP, Column.SHOP, shop)


@dataclass(slots=True)
class _Group:
    """The rows of one order."""

    order: OrderFacts | None = None
    rows: list[int] = field(default_factory=list)
    is_bad: bool = False


def _orders(rows: Sequence[_Row]) -> Rows:
    """Rows of one order are joined: the first tells the order, each one an item. One bad row, no order."""
    found, groups = Rows(), dict[str, _Group]()
    for row in rows:
        number = ""
        try:
            number = row.order_number()
            group = groups.setdefault(number, _Group())
            group.order = _order(row, number, group.order)
            group.rows.append(row.number)
        except _Refused as refused:
            found.problems.append(row.problem(refused))
            if number:
                groups[number].is_bad = True
    for group in groups.values():
        if group.is_bad:
            found.problems += [Problem(row=number, said=OTHER_ROW) for number in group.rows]
        elif group.order is not None:
            found.told.append(Told(group.order, tuple(group.rows)))
    found.problems.sort(key=lambda problem: problem.row)
    return found


def _order(row: _Row, number: str, begun: OrderFacts | None) -> OrderFacts:
    """The order by its first row; a later row adds its item. Every cell is looked at in every row."""
    zone = row.ground.zone
    at = row.past(Column.ORDERED_AT, row.read(Column.ORDERED_AT, lambda text: cells.moment(text, zone)))
    quantity = row.read(Column.QUANTITY, cells.quantity)
    name = row.text(Column.ITEM)
    items = (Item(name, 1 if quantity is None else quantity),) if name else ()
    said = row.text(Column.STATE)
    order = OrderFacts(
        number=number,
        ordered_at=at,
        state=order_state(said) if said else OrderState.OTHER,
        state_said=said,
        name=row.text(Column.NAME),
        phone=row.read(Column.PHONE, cells.phone, "-") or "",
        mail=row.read(Column.MAIL, cells.mail) or "",
        postal_code=row.read(Column.POSTAL_CODE, cells.postal_code, "-") or "",
        address=row.text(Column.ADDRESS, ""),
        total=row.read(Column.TOTAL, cells.amount),
        items=items,
    )
    if begun is not None:
        return replace(begun, items=begun.items + items)
    if at is None:
        raise _Refused(NO_DAY, Column.ORDERED_AT)
    return order


def _parcels(rows: Sequence[_Row]) -> Rows:
    """One parcel a row; of two rows about one parcel the later one counts."""
    found, last = Rows(), dict[tuple[str, str], Told]()
    for row in rows:
        try:
            parcel = _parcel(row)
        except _Refused as refused:
            found.problems.append(row.problem(refused))
            continue
        before = last.pop((parcel.order_number, parcel.number), None)
        earlier = before.rows if before else ()
        last[parcel.order_number, parcel.number] = Told(parcel, (*earlier, row.number))
    found.told = list(last.values())
    return found


def _parcel(row: _Row) -> ParcelFacts:
    order = row.order_number()
    number = row.read(Column.PARCEL, cells.parcel_number)
    if number is None:
        raise _Refused(NO_PARCEL, Column.PARCEL)
    shipped, delivered = (row.read(column, cells.day) for column in (Column.SHIPPED_ON, Column.DELIVERED_ON))
    if shipped and delivered and delivered < shipped:
        raise _Refused(UPSIDE_DOWN, Column.DELIVERED_ON, row.text(Column.DELIVERED_ON))
    company, said = row.text(Column.COMPANY), row.text(Column.STATE)
    state = parcel_state(said) if said else ParcelState.OTHER
    if not said:
        state = _by_days(shipped is not None, delivered is not None)
    return ParcelFacts(
        order_number=order, number=number, company=parcel_company(company), company_said=company, state=state,
        state_said=said, shipped_on=shipped, delivered_on=delivered,
    )  # fmt: skip


def _by_days(is_shipped: bool, is_delivered: bool) -> ParcelState:
    if is_delivered:
        return ParcelState.DELIVERED
    return ParcelState.ON_ITS_WAY if is_shipped else ParcelState.PREPARING


def in_batches(rows: Rows, size: int) -> Iterator[tuple[list[Told], list[Problem]]]:
    """Facts in portions, problems with the first: whatever goes wrong later, they are told."""
    problems = rows.problems
    for start in range(0, max(1, len(rows.told)), size):
        yield rows.told[start : start + size], problems
        problems = []
