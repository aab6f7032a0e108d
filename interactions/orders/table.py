"""A file of the shop's, read as a table: its encoding found, its headings made unique. Pure."""

import csv
import io
from dataclasses import dataclass

from interactions.orders.errors import UnreadableTable
from interactions.orders.values import Encoding
from nanori.text import one_line
from nanori.words import N_

MOST_ROWS = 50_000
MOST_COLUMNS = 300
LONGEST_CELL = 10_000
BOM = b"\xef\xbb\xbf"
EXCEL_BOOK = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
DELIMITERS = (",", "\t", ";")
MOST_NARROW = 0.6
TEXT_MARK = "'"
"""What makes a spreadsheet take a cell as text. Our own files of rows not kept carry it, so it is dropped."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row under the headings; ``number`` as a spreadsheet counts, the headings being 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    encoding: Encoding
    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_table(content: bytes) -> Table:
    """Take a file apart.

    Raises:
        UnreadableTable: not a text of rows, or one that nobody could mean.
    """
    if content.startswith(EXCEL_BOOK):
        raise UnreadableTable(N_("This is an Excel workbook. Please save it as CSV and choose that file."))
    encoding, text = decoded(content)
    rows = _rows(text)
    if len(rows) < 2:  # noqa: PLR2004 -- the headings and one more
        raise UnreadableTable(N_("The file has no rows below its headings."))
    if len(rows) > MOST_ROWS + 1:
        raise UnreadableTable(N_("The file has more than 50,000 rows. Please cut it in parts."))
    headings = unique_headings(rows[0][1])
    if len(headings) > MOST_COLUMNS:
        raise UnreadableTable(N_("The file has more than 300 columns."))
    return Table(encoding, headings, tuple(Line(number, cells) for number, cells in rows[1:]))


def decoded(content: bytes) -> tuple[Encoding, str]:
    """The text, by the first of the encodings of Japanese shops in which every byte means something.

    Raises:
        UnreadableTable: none of them.
    """
    tried = Encoding.UTF_8_BOM if content.startswith(BOM) else Encoding.UTF_8
    for encoding in (tried, Encoding.SHIFT_JIS):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not _is_garbled(encoding, text):
            return encoding, text
    raise UnreadableTable(
        N_("The file is neither UTF-8 nor Shift_JIS. Please save it as “CSV UTF-8” and choose it again.")
    )


def _is_garbled(encoding: Encoding, text: str) -> bool:
    """EUC-JP that is read as Shift_JIS is mostly half-width kana, which no cart writes so many of."""
    letters = [letter for letter in text if not letter.isascii()]
    narrow = sum("\uff61" <= letter <= "\uff9f" for letter in letters)
    return encoding is Encoding.SHIFT_JIS and narrow > len(letters) * MOST_NARROW


def unique_headings(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Headings tidied; one that stands there again gets a number, one without words its place."""
    seen: set[str] = set()
    found = []
    for place, cell in enumerate(cells, start=1):
        plain = one_line(cell) or f"#{place}"
        heading, again = plain, 1
        while heading in seen:
            again += 1
            heading = f"{plain} ({again})"
        seen.add(heading)
        found.append(heading)
    return tuple(found)


def _rows(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Rows that say anything, with their numbers."""
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [
            (number, tuple(_cell(cell) for cell in row))
            for number, row in enumerate(reader, start=1)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as problem:
        raise UnreadableTable(
            N_("The file is not a CSV: a quotation mark is never closed, or a cell is too long.")
        ) from problem


def _cell(cell: str) -> str:
    return cell.strip().removeprefix(TEXT_MARK)[:LONGEST_CELL]
