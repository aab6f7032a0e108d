"""Readings of a shop's orders for programs: what was read, what came of it, and the rows not kept."""

from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from interactions.orders.columns import MEANINGS, Mapped
from interactions.orders.models import OrderProblem, OrderReading
from interactions.orders.preview import Preview, PreviewRow
from interactions.orders.rows import typed
from interactions.orders.table import Table
from nanori.sheets import Listed
from nanori.words import Words

HEADS = (
    "id", "source", "kind", "file", "state", "asked_at", "ended_at", "rows_total", "rows_read", "added",
    "changed", "same", "refused", "failure",
)  # fmt: skip


def readings_listed(found: Iterable[OrderReading], zone: str, words: Words) -> Listed:
    """A row for each, the newest first; times by the shop's clock with their offset.

    What went wrong is said in the reader's words; what has a code keeps it.
    """
    clock = ZoneInfo(zone)
    rows = [
        (
            str(one.id), one.source.value, one.kind.value, one.file_name, one.state.value,
            one.asked_at.astimezone(clock).isoformat(),
            one.ended_at.astimezone(clock).isoformat() if one.ended_at else None, one.rows_total,
            one.rows_read, one.added, one.changed, one.same, one.refused,
            words.gettext(one.failure) if one.failure else "",
        )
        for one in found
    ]  # fmt: skip
    return Listed("readings", HEADS, rows)


def reading_listed(
    reading: OrderReading, problems: Iterable[OrderProblem], table: Table | None, zone: str, words: Words
) -> dict[str, Any]:
    """One reading as its page says it: its row of the list, the file's headings and the rows not kept.

    ``row`` counts as a spreadsheet does, the headings being 1; ``cells`` are the row as it stood there, in
    the order of ``headings``. Both are None without ``table``: a shop's own system has none, and files end.
    """
    (own,) = readings_listed([reading], zone, words).as_records()
    rows = {line.number: line.cells for line in table.lines} if table else {}
    return own | {
        "encoding": reading.encoding.value if reading.encoding else None,
        "headings": table.headings if table else None,
        "not_kept": [
            {"row": one.row_number, "column": one.about.value if one.about else None, "typed": one.typed,
             "said": words.gettext(one.said), "cells": rows.get(one.row_number)}
            for one in problems
        ],
    }  # fmt: skip


def columns_listed(
    reading: OrderReading, table: Table, mapped: Mapped, shown: Preview, words: Words
) -> dict[str, Any]:
    """While the columns are chosen: what each can hold, and what would come of the first rows.

    ``headings`` are those joined for a column, none where the file has it not; ``first`` is what the first
    row has there. Of the rows that were tried ``preview`` has the first and the wrong ones.
    """
    columns = [
        {"column": one.column.value, "is_required": one.required,
         "headings": mapped.get(one.column, ()), "first": typed(table.lines[0], table, mapped, one.column)}
        for one in MEANINGS[reading.kind]
    ]  # fmt: skip
    rows = [_row(one, words) for one in shown.rows]
    return {"columns": columns, "preview": {"tried": shown.tried, "wrong": shown.wrong, "rows": rows}}


def _row(one: PreviewRow, words: Words) -> dict[str, Any]:
    wrong = one.problem
    return {
        "row": one.number, "cells": {column.value: text for column, text in one.cells.items()},
        "wrong": wrong.column.value if wrong and wrong.column else None,
        "said": words.gettext(wrong.said) if wrong else "",
    }  # fmt: skip
