"""Tables as CSV for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
TEXT_MARK = "'"
Cell = str | int | float | None


def csv_of(rows: Iterable[Sequence[Cell]]) -> bytes:
    """Quoted cells in UTF-8 with the mark that spreadsheets know; no cell is ever run as a formula."""
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    """What a spreadsheet would run is marked as text; numbers stay numbers."""
    return TEXT_MARK + cell if isinstance(cell, str) and cell.startswith(FORMULA) else cell
