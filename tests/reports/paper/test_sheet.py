import io
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import cast

import pytest
from pypdf import PageObject, PdfReader
from pypdf.generic import DictionaryObject

from nanori.pdf import Asset, PdfPress
from nanori.words import register_catalogues, words_for
from reports.month import MonthFigures
from reports.paper.sentences import Story
from reports.paper.sheet import Letterhead, Paper, figures_json, paper_pdf, paper_press, sheet
from reports.paper.tables import CONTACT_KEYS, MAIL_KEYS, PHONE_KEYS, figure_rows
from reports.paper.wording import Wording
from tests.reports.months import OCTOBER, REASONS_EN, REASONS_JA, Month, empty_month

register_catalogues(["reports"])

MINATO = Letterhead(
    brand="ミナト珈琲", reading="みなとこーひー", legal_name="株式会社ミナト珈琲", colour="#7a3e1d",
    operator="ナノリ・コンタクト株式会社",
    logo=Asset("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
)  # fmt: skip


@pytest.fixture(scope="module")
def press() -> Iterator[PdfPress]:
    with paper_press() as press:
        yield press


def paper(locale: str = "ja", month: MonthFigures | None = None, letterhead: Letterhead = MINATO) -> Paper:
    return Paper(
        letterhead=letterhead,
        month=month or Month(reasons=REASONS_EN if locale == "en" else REASONS_JA).figures(),
        before=Month(period=OCTOBER.before(), seed=2).figures(),
        words=words_for(locale),
        made_on=date(2026, 11, 1),
    )


def text_of(pdf: bytes) -> str:
    """All letters of the document without white space, which extraction places as it likes."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_what_the_pdf_says_is_what_the_json_says(press: PdfPress, locale: str) -> None:
    given = paper(locale)
    text = text_of(paper_pdf(given, press))
    listed = {f["key"]: f["text"] for f in json.loads(figures_json(given))["figures"]}
    story = Story(given.month, given.before, Wording(given.words))
    rows = figure_rows(story, (*PHONE_KEYS, *CONTACT_KEYS, *MAIL_KEYS))
    assert len(rows) == 32
    for row in rows:
        label = row.name + (given.words.gettext("formula {letter}", letter=row.letter) if row.letter else "")
        printed = re.sub(r"\s", "", f"{label}{listed[row.key]}{row.before}{row.change}{row.origin}")
        assert printed in text, row.key
    for sentence in story.summary():
        assert re.sub(r"\s", "", sentence) in text


def test_the_same_month_gives_the_same_bytes_from_another_engine(press: PdfPress) -> None:
    first = paper_pdf(paper(), press)
    with paper_press() as another:
        assert paper_pdf(paper(), another) == first
    assert figures_json(paper()) == figures_json(paper())


def test_the_report_is_light_tagged_and_carries_nothing_that_runs(press: PdfPress) -> None:
    pdf = paper_pdf(paper(), press)
    reader = PdfReader(io.BytesIO(pdf))
    assert len(pdf) <= 200_000
    assert len(reader.pages) == 10
    assert reader.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]  # pypdf does not know the kinds
    assert str(reader.root_object["/Lang"]) == "ja"
    assert not reader.attachments
    for name in (b"/EmbeddedFile", b"/JavaScript", b"/Launch", b"/OpenAction"):
        assert name not in pdf
    fonts = {font for page in reader.pages for font in _fonts(page)}
    assert all("BIZ-UD" in font for font in fonts), "another face slipped in"


def test_every_page_but_the_cover_names_shop_month_and_page(press: PdfPress) -> None:
    pages = PdfReader(io.BytesIO(paper_pdf(paper(), press))).pages
    for number, page in enumerate(pages[1:], start=2):
        text = re.sub(r"\s", "", page.extract_text())
        assert "ミナト珈琲" in text
        assert "2026年10月応対月次報告書" in text
        assert f"{number}/{len(pages)}" in text


def test_an_empty_month_and_a_very_long_name_make_as_many_pages(press: PdfPress) -> None:
    long = Letterhead(
        brand="ほしぞらの里ハンドメイド家具とこどもの木のおもちゃ専門店" * 3, reading="ほしぞらのさと" * 12,
        legal_name="株式会社ほしぞらの里" * 8, colour="#f4d35e", operator="ナノリ・コンタクト株式会社",
    )  # fmt: skip
    pdf = paper_pdf(paper(month=empty_month(), letterhead=long), press)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 10
    assert "営業時間内の着信はありませんでした" in text_of(pdf)


def test_hostile_names_are_printed_and_not_obeyed(press: PdfPress) -> None:
    hostile = "</style><link rel=attachment href=file:///etc/passwd><img src=file:///etc/passwd>"
    letterhead = Letterhead(
        brand=hostile, reading=hostile, legal_name=hostile, colour="#7a3e1d", operator="ナノリ"
    )
    made = sheet(paper(letterhead=letterhead))
    assert "<img src=file" not in made.html
    pdf = paper_pdf(paper(month=empty_month(), letterhead=letterhead), press)
    assert "<imgsrc=file:///etc/passwd>" in text_of(pdf)
    assert b"root:" not in pdf


def test_a_colour_that_is_none_is_refused_before_it_reaches_the_style_sheet() -> None:
    with pytest.raises(ValueError, match="not a colour"):
        Letterhead(brand="x", reading="x", legal_name="x", colour="red;}", operator="x")


def _fonts(page: PageObject) -> Iterator[str]:
    resources = cast("DictionaryObject", page["/Resources"])
    for font in cast("DictionaryObject", resources["/Font"]).values():
        yield str(font.get_object()["/BaseFont"])
