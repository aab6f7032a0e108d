"""The first rows of a file as a mapping reads them, and the rows that were not kept as a file again. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from interactions.orders.columns import MEANINGS, Mapped
from interactions.orders.rows import Ground, read_rows, typed
from interactions.orders.table import TEXT_MARK, Table
from interactions.orders.values import Column, FileKind, Problem

ROWS_TRIED = 200
ROWS_SHOWN = 8
PROBLEMS_SHOWN = 20
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a calculation at the beginning of a cell."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row: its cells by meaning, and what is wrong with it."""

    number: int
    cells: Mapping[Column, str]
    problem: Problem | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """``tried`` rows were looked at; of those the first ones and the wrong ones are shown."""

    columns: Sequence[Column]
    rows: Sequence[PreviewRow]
    tried: int
    wrong: int


def preview(table: Table, kind: FileKind, mapped: Mapped, ground: Ground) -> Preview:
    """What would come of the file; nothing is stored."""
    first = replace(table, lines=table.lines[:ROWS_TRIED])
    wrong = {one.row: one for one in read_rows(first, kind, mapped, ground).problems}
    columns = [meaning.column for meaning in MEANINGS[kind] if mapped.get(meaning.column)]
    shown = {line.number for line in first.lines[:ROWS_SHOWN]} | set(sorted(wrong)[:PROBLEMS_SHOWN])
    rows = [
        PreviewRow(
            line.number, {one: typed(line, table, mapped, one) for one in columns}, wrong.get(line.number)
        )
        for line in first.lines
        if line.number in shown
    ]
    return Preview(columns=columns, rows=rows, tried=len(first.lines), wrong=len(wrong))


def rest_as_csv(table: Table, problems: Mapping[int, str], heads: tuple[str, str]) -> bytes:
    """The rows named in ``problems`` as they stood there, with their number and what is wrong in front.

    UTF-8 with the mark that spreadsheets look for. It can be corrected and read in again as it is.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_safe([*heads, *table.headings]))
    for line in table.lines:
        if line.number in problems:
            writer.writerow(_safe([str(line.number), problems[line.number], *line.cells]))
    return out.getvalue().encode("utf-8-sig")


def _safe(cells: Iterable[str]) -> list[str]:
    return [TEXT_MARK + cell if cell.startswith(FORMULA) else cell for cell in cells]
