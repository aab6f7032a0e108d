import io
import json
import re
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import cast

import pytest
import segno
from pypdf import DocumentInformation, PageObject, PdfReader
from pypdf.generic import DictionaryObject, StreamObject

from nanori.pdf import Asset, PdfPress
from nanori.words import register_catalogues, words_for
from reports.beside import Beside, Clock, NewArticle, NewQuestion, PoolShare, SeasonSpan, Used
from reports.facts import Terms
from reports.making import CATALOGUES
from reports.month import MonthFigures, month_figures
from reports.paper.aside import Aside
from reports.paper.codes import CODES, key_of
from reports.paper.definitions import DEFINITIONS
from reports.paper.enclosed import figures_json
from reports.paper.sentences import Story
from reports.paper.sheet import Letterhead, Paper, paper_pdf, paper_press, sheet
from reports.paper.squares import CHAPTERS, address, codes
from reports.paper.tables import AGAIN_KEYS, CONTACT_KEYS, MAIL_KEYS, PHONE_KEYS, figure_rows
from reports.paper.wording import Wording
from tenants.values import ServiceLevelLetter
from tests.reports.months import OCTOBER, REASONS_EN, REASONS_JA, Month, empty_month, open_hours
from tests.reports.test_sources import with_everything

register_catalogues(CATALOGUES)

MINATO = Letterhead(
    brand="ミナト珈琲", reading="みなとこーひー", legal_name="株式会社ミナト珈琲", colour="#7a3e1d",
    operator="ナノリ・コンタクト株式会社",
    logo=Asset("image/svg+xml", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
)  # fmt: skip


PORTAL = "https://desk.nanori.example/reports/01a206e1-2d6c-7234-890a-d1381df22fd3/2026-10"
BESIDE = Beside(
    clocks=[
        Clock(number=9, with_shop=timedelta(minutes=95), with_desk=timedelta(minutes=12), is_settled=True),
        Clock(number=40, with_shop=timedelta(minutes=5), with_desk=timedelta(0), is_settled=False),
    ],
    questions=[NewQuestion(asked="のし紙だけ外せますか", times=7, answer="のし紙について")],
    articles=[NewArticle(title="のし紙について", on=date(2026, 10, 14), is_first=True, is_public=True)],
    used=[Used("のし紙について", 12)],
    seasons=[
        SeasonSpan(
            desk="お歳暮", opens_on=date(2026, 10, 20), closes_on=date(2026, 12, 25), calls=120, mails=44
        )
    ],
    pool=PoolShare(shops=12, alone=31, saved=Fraction(1237, 100), most_at_once=6),
)


@pytest.fixture(scope="module")
def press() -> Iterator[PdfPress]:
    with paper_press() as press:
        yield press


@pytest.fixture(scope="module")
def october(press: PdfPress) -> bytes:
    """The Japanese report, drawn once."""
    return paper_pdf(paper(), press)


def paper(locale: str = "ja", month: MonthFigures | None = None, letterhead: Letterhead = MINATO) -> Paper:
    return Paper(
        letterhead=letterhead,
        month=month or Month(reasons=REASONS_EN if locale == "en" else REASONS_JA).figures(),
        before=Month(period=OCTOBER.before(), seed=2).figures(),
        words=words_for(locale),
        made_on=date(2026, 11, 1),
        beside=BESIDE,
        portal=PORTAL,
    )


def text_of(pdf: bytes) -> str:
    """All letters of the document without white space, which extraction places as it likes."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_what_the_pdf_says_is_what_the_json_says(press: PdfPress, october: bytes, locale: str) -> None:
    given = paper(locale)
    pdf = october if locale == "ja" else paper_pdf(given, press)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 11, "a chapter of one page runs onto a second"
    text = text_of(pdf)
    listed = {f["key"]: f["text"] for f in json.loads(figures_json(given))["figures"]}
    story = Story(given.month, given.before, Wording(given.words))
    rows = figure_rows(story, (*PHONE_KEYS, *CONTACT_KEYS, *AGAIN_KEYS, *MAIL_KEYS))
    assert len(rows) == 44
    for row in rows:
        label = row.name + (given.words.gettext("formula {letter}", letter=row.letter) if row.letter else "")
        printed = re.sub(r"\s", "", f"{label}{listed[row.key]}{row.before}{row.change}{row.origin}")
        assert printed in text, row.key
    aside = Aside(story, given.beside)
    told = (
        *story.summary(),
        *aside.voice(),
        aside.clocks(),
        aside.learnt(),
        aside.pool(),
        aside.right_name(),
    )
    for sentence in told:
        assert sentence
        assert re.sub(r"\s", "", sentence) in text


def test_the_pdf_is_pdf_a_3_dated_with_the_month_and_leads_to_its_records(october: bytes) -> None:
    reader = PdfReader(io.BytesIO(october))
    xmp = cast("StreamObject", reader.root_object["/Metadata"]).get_data().decode()
    assert re.search(r'pdfaid:part(="|>)3', xmp)
    assert re.search(r'pdfaid:conformance(="|>)A', xmp)
    dates = reader.metadata or DocumentInformation()
    assert [str(dates[name]) for name in ("/CreationDate", "/ModDate")] == ["D:20261101"] * 2
    assert reader.root_object["/OutputIntents"]
    links = {link for page in reader.pages for link in _links(page)}
    printed = {key for key in CODES if key in {figure.key for figure in paper().month.figures}}
    assert {link for link in links if "/figures/" in link} >= {
        f"{PORTAL}/figures/{key}"
        for key in printed - {"calls_inbound", "out_of_hours", "out_of_hours_voicemail"}
    }
    assert [entry.title for entry in reader.outline if not isinstance(entry, list)] == ["ミナト珈琲"]
    sections = next(entry for entry in reader.outline if isinstance(entry, list))
    assert len([entry for entry in sections if not isinstance(entry, list)]) >= 12


def test_every_figure_has_one_code_and_every_code_one_figure() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert set(DEFINITIONS) == set(CODES)
    assert (key_of(" t12"), key_of("T 12"), key_of("offered"), key_of("T99")) == (
        "service_level", "service_level", "offered", None,
    )  # fmt: skip


def test_the_same_month_gives_the_same_bytes_from_another_engine(october: bytes) -> None:
    with paper_press() as another:
        assert paper_pdf(paper(), another) == october
    assert figures_json(paper()) == figures_json(paper())


@pytest.mark.parametrize("locale", ["ja", "en"])
def test_a_month_with_every_figure_needs_no_page_more(press: PdfPress, locale: str) -> None:
    terms = Terms(second_service_level=ServiceLevelLetter.D)
    reasons = REASONS_EN if locale == "en" else REASONS_JA
    facts = with_everything(Month(reasons=reasons, terms=terms).facts())
    pdf = paper_pdf(paper(locale, month_figures(facts, open_hours(OCTOBER))), press)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 11


def test_the_report_is_light_tagged_and_carries_nothing_that_runs(october: bytes) -> None:
    pdf, reader = october, PdfReader(io.BytesIO(october))
    enclosed = reader.attachments
    assert set(enclosed) == {"figures.csv", "figures.json"}
    assert enclosed["figures.json"] == [figures_json(paper())]
    assert len(pdf) <= 187_000 + sum(len(zlib.compress(one)) for files in enclosed.values() for one in files)
    assert len(reader.pages) == 11
    assert reader.root_object["/MarkInfo"]["/Marked"]  # type: ignore[index]  # pypdf does not know the kinds
    assert str(reader.root_object["/Lang"]) == "ja"
    for name in (b"/JavaScript", b"/Launch", b"/OpenAction"):
        assert name not in pdf
    fonts = {font for page in reader.pages for font in _fonts(page)}
    assert all("BIZ-UD" in font for font in fonts), "another face slipped in"


def test_the_tags_lead_to_every_piece_of_text_and_back(october: bytes) -> None:
    reader = PdfReader(io.BytesIO(october))
    tree = reader.root_object["/StructTreeRoot"]["/ParentTree"]["/Nums"]  # type: ignore[index]
    by_page = dict(zip(tree[::2], tree[1::2], strict=True))
    names = set()
    for page in reader.pages:
        pieces = by_page[page["/StructParents"]]
        content = page.get_contents()
        assert content is not None
        marked = {int(one) for one in re.findall(rb"/MCID (\d+)", content.get_data())}
        assert marked == set(range(len(pieces)))
        for number, piece in enumerate(pieces):
            element = piece.get_object()
            assert number in element["/K"]
            assert element["/Pg"].get_object() == page
            names.add(element["/S"])
    assert {"/TD", "/TH", "/P", "/H2", "/Link", "/Figure"} <= names


def test_the_squares_on_the_paper_are_those_of_their_addresses(october: bytes) -> None:
    drawn: dict[tuple[bool, ...], tuple[int, int]] = {}
    for page in PdfReader(io.BytesIO(october)).pages:
        for image in page.images:
            grey = image.image.convert("L")  # type: ignore[union-attr]  # Pillow is here
            drawn[tuple(dot < 128 for dot in grey.tobytes())] = grey.size
    for chapter in CHAPTERS:
        text = address(PORTAL, chapter)
        code = segno.make_qr(text, error="l", boost_error=False, mask=codes(PORTAL)[chapter].mask)
        dots = tuple(bool(dot) for row in code.matrix for dot in row)
        assert drawn.pop(dots) == code.symbol_size(scale=1, border=0)
    assert not drawn, "a square that no chapter has"


def test_every_page_but_the_cover_names_shop_month_and_page(october: bytes) -> None:
    pages = PdfReader(io.BytesIO(october)).pages
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
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 11
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


def _links(page: PageObject) -> Iterator[str]:
    for one in cast("list[DictionaryObject]", page.get("/Annots", [])):
        action = cast("DictionaryObject", one.get_object()).get("/A")
        if action is not None and "/URI" in action.get_object():
            yield str(cast("DictionaryObject", action.get_object())["/URI"])
