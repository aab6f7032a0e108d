"""Figures of any days as files: what a cell says is text, whoever opens it."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta

import pytest

from nanori.words import words_for
from reports.adhoc import Asked, Sheet, as_csv, as_xlsx, sheets
from reports.errors import PeriodWrong
from reports.facts import Period
from reports.month import MonthFacts, month_figures
from tests.reports.months import TOKYO, Month, open_hours

INJECTED = ['=HYPERLINK("http://x")', "+1", "-2+3", "@SUM(A1)", "\tx", "＝１", "0"]
TABLES = [Sheet("Figures", ["Name", "Value"], [(cell, -5) for cell in INJECTED])]


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_no_cell_of_the_table_is_run() -> None:
    cells = [row[0] for row in read(as_csv(TABLES))[2:]]
    assert cells == [f"'{cell}" for cell in INJECTED[:-1]] + ["0"]
    assert {row[1] for row in read(as_csv(TABLES))[2:]} == {"-5"}


def test_the_workbook_holds_text_and_numbers_only() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(TABLES))) as book:
        page = book.read("xl/worksheets/sheet1.xml").decode()
        words = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in page
    assert "hyperlink" not in page.lower()
    assert "=HYPERLINK" in words
    assert re.findall(r"<v>(-5)</v>", page) == ["-5"] * len(INJECTED)


def test_both_files_say_what_the_report_says() -> None:
    facts = Month(calls_a_day=6).facts()
    week = Period(date(2026, 10, 5), date(2026, 10, 12), TOKYO)
    found = month_figures(
        MonthFacts(period=week, terms=facts.terms, calls=facts.calls, mails=facts.mails), open_hours(week)
    )
    figures, days, reasons = sheets(found, words_for("en"))
    assert ("Calls offered", str(found.figure("offered").value), found.figure("offered").value) == tuple(
        figures.rows[1][:3]
    )
    assert len(days.rows) == 7
    assert sum(int(row[1]) for row in days.rows) == found.figure("offered").value
    assert sum(int(row[1]) for row in reasons.rows) == found.figure("answered").value


@pytest.mark.parametrize("days", [-1, 366])
def test_days_in_the_wrong_order_or_too_many_are_refused(days: int) -> None:
    first = date(2026, 10, 1)
    with pytest.raises(PeriodWrong):
        Asked(first=first, last=first + timedelta(days=days))
    assert Asked(first=first, last=first + timedelta(days=365)).last > first
