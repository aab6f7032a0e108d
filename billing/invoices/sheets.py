"""Files of figures: what stands behind one invoice, and a period for the books."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from billing.invoices.document import Document
from billing.invoices.paper.sheet import RATE_NAMES
from billing.invoices.tax import TaxSummary
from nanori.words import N_, Words

_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r|%]")
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\s]+')
_LONGEST_NAME = 60
Cell = str | int
HEAD = (
    N_("Date of issue"), N_("Number"), N_("Kind"), N_("Counterparty"), N_("Month"), N_("Rate"),
    N_("Without tax"), N_("Consumption tax"), N_("With tax"), N_("To be paid by"), N_("Refers to"),
)  # fmt: skip


class Encoding(StrEnum):
    """What the reader's program expects."""

    UTF_8 = "utf-8"
    SHIFT_JIS = "shift-jis"


def written(rows: Iterable[Sequence[Cell]], encoding: Encoding = Encoding.UTF_8) -> bytes:
    """CSV for spreadsheets: no cell is ever run as a formula; UTF-8 says by its mark what it is.

    Letters that Shift_JIS lacks come out as ``〓``, as Japanese printers have always done it.
    """
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows([_cell(one) for one in row] for row in rows)
    if encoding is Encoding.UTF_8:
        return stream.getvalue().encode("utf-8-sig")
    return "".join(_known(letter) for letter in stream.getvalue()).encode("cp932")


def file_name(document: Document, ending: str) -> str:
    """Day, amount and counterparty, by which an archive has to be searched; then the number."""
    payer = _NOT_IN_NAMES.sub("_", document.payer.name).strip("._")[:_LONGEST_NAME]
    return f"{document.issued_on:%Y%m%d}_{document.summary.gross}_{payer}_{document.number}.{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """One document in the books, or one taken out of them again on the day of its correction."""

    day: date
    number: str
    kind: str  # msgid
    counterparty: str
    month: date
    due_on: date | None
    refers_to: str
    summary: TaxSummary


def book_rows(bookings: Iterable[Booking], words: Words) -> list[list[Cell]]:
    """One row for each document and rate, under a head."""
    rows: list[list[Cell]] = [[words.gettext(one) for one in HEAD]]
    for one in bookings:
        rows += [
            [
                one.day.isoformat(), one.number, words.gettext(one.kind), one.counterparty,
                f"{one.month:%Y-%m}", words.gettext(RATE_NAMES[rate.rate]), rate.net, rate.tax, rate.gross,
                one.due_on.isoformat() if one.due_on else "", one.refers_to,
            ]
            for rate in one.summary.rates
        ]  # fmt: skip
    return rows


def _cell(value: Cell) -> Cell:
    if isinstance(value, int):
        return value
    return f"'{value}" if _FORMULA.match(value) else value


def _known(letter: str) -> str:
    try:
        letter.encode("cp932")
    except UnicodeEncodeError:
        return "〓"
    return letter
