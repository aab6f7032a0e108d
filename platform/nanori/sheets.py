"""Tables as CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
TEXT_MARK = "'"
Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Listed:
    """One table for programs; ``name`` is what JSON calls its rows. Each row has a cell for each head."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def as_csv(self) -> bytes:
        return csv_of([self.heads, *self.rows])

    def as_records(self) -> list[dict[str, Cell]]:
        return [dict(zip(self.heads, row, strict=True)) for row in self.rows]


def csv_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Quoted cells in UTF-8 with the mark that spreadsheets know; no cell is ever run as a formula."""
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    """What a spreadsheet would run is marked as text; numbers stay numbers."""
    return TEXT_MARK + cell if isinstance(cell, str) and cell.startswith(FORMULA) else cell
