"""The drawn invoice: what the law asks for stands on it, and equal documents are equal bytes."""

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from billing.charges import ChargeKind
from billing.invoices.document import Document, Kind
from billing.invoices.paper.sheet import FONTS, paper_html, paper_pdf, span
from nanori.pdf import PdfPress
from nanori.words import Words, register_catalogues, words_for
from nanori_app.rooms import PACKAGES
from tests.billing.invoices.documents import (
    ISSUER,
    PAYER,
    REFERENCE,
    a_document,
    a_full_document,
    a_line,
    a_long_document,
)

register_catalogues([*PACKAGES, "billing"])
JA, EN = words_for("ja"), words_for("en")


@pytest.fixture(scope="module")
def papers() -> Mapping[str, bytes]:
    """Three invoices from one engine; the first one twice."""
    with PdfPress(fonts=FONTS) as press:
        return {
            "full": paper_pdf(a_full_document(), JA, press),
            "again": paper_pdf(a_full_document(), JA, press),
            "long": paper_pdf(a_long_document(), JA, press),
        }


def text_of(pdf: bytes, page: int | None = None) -> str:
    pages = PdfReader(io.BytesIO(pdf)).pages
    chosen = pages if page is None else [pages[page]]
    return re.sub(r"\s", "", "".join(one.extract_text() for one in chosen))


def test_the_six_things_that_the_law_asks_for(papers: Mapping[str, bytes]) -> None:
    printed = text_of(papers["full"])

    for said in (
        "請求書", ISSUER.name, "T8000000000001",  # 1 who issues, and the registration number
        "2026年11月2日", "2026/10/01–10/31",  # 2 when
        "電話応対（41件目から）", "試飲用の珈琲豆※", "※は軽減税率",  # 3 what; what is at the reduced rate
        "10%対象", "¥80,945", "8%対象（軽減税率）", "¥1,080",  # 4 the sum of each rate
        "¥8,094", "¥86",  # 5 the tax of each rate
        "株式会社ミナト珈琲", "経理部御中",  # 6 for whom
    ):  # fmt: skip
        assert re.sub(r"\s", "", said) in printed, said
    summary = a_full_document().summary
    assert f"¥{summary.gross:,}" in printed


@pytest.mark.parametrize(
    ("first", "last", "japanese", "english"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), "2026/10/01–10/31", "1–31 Oct 2026"),
        (date(2026, 10, 1), date(2026, 11, 30), "2026/10/01–11/30", "1 Oct – 30 Nov 2026"),
        (date(2026, 12, 21), date(2027, 1, 20), "2026/12/21–2027/01/20", "21 Dec 2026 – 20 Jan 2027"),
        (date(2026, 9, 9), date(2026, 9, 9), "2026/09/09", "9 Sept 2026"),
    ],
)
def test_days_are_written_as_the_language_of_the_paper_does(
    first: date, last: date, japanese: str, english: str
) -> None:
    assert (span(JA, first, last), span(EN, first, last)) == (japanese, english)


def test_equal_documents_are_equal_bytes_tagged_and_with_their_fonts(papers: Mapping[str, bytes]) -> None:
    assert papers["full"] == papers["again"]
    reader = PdfReader(io.BytesIO(papers["full"]))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "ja"
    assert reader.metadata is not None
    assert reader.metadata.title == "請求書 2026-000042 株式会社ミナト珈琲"
    assert {str(reader.metadata[key])[:10] for key in ("/CreationDate", "/ModDate")} == {"D:20261102"}
    page: Any
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            [descendant] = font.get_object()["/DescendantFonts"]
            embedded = descendant.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(embedded)


def test_a_long_invoice_repeats_its_head_and_carries_its_sum(papers: Mapping[str, bytes]) -> None:
    document = a_long_document()
    pages = [text_of(papers["long"], number) for number in range(3)]

    sums = [sum(line.amount for line in document.lines[:count]) for count in range(1, 61)]
    for page, following in pairwise(pages):
        [over] = re.findall(r"次頁へ繰越¥([\d,]+)", page)
        assert int(over.replace(",", "")) in sums
        assert f"前頁より繰越¥{over}" in following
        assert "2026-000042" in following
        assert "単価" in following
    assert "繰越" not in pages[2].partition("前頁より繰越")[2]
    assert f"¥{sums[-1]:,}" in pages[2]


def test_a_return_and_a_correction_name_the_earlier_document() -> None:
    line = a_line(-12_000, kind=ChargeKind.CREDIT, label="8月分の請求誤り")
    back = a_document([line], kind=Kind.RETURN, refers_to=REFERENCE, reason="8月分の請求誤り", due_on=None)
    html = paper_html(back, JA)

    assert "適格返還請求書" in html
    assert "2026-000041" in html
    assert "▲¥13,200" in html
    assert ISSUER.bank_account.splitlines()[0] not in html
    corrected = replace(back, kind=Kind.CORRECTED)
    assert "Corrected invoice" in paper_html(corrected, EN)


@pytest.mark.parametrize(("words", "sign"), [(JA, "▲"), (EN, "−")])
def test_a_credit_is_signed_as_the_language_signs_it_in_price_and_amount(words: Words, sign: str) -> None:
    html = paper_html(a_full_document(), words)

    assert f"<td>{sign}3,000</td>" in html
    assert f"{sign}¥3,000</td>" in html
    assert "-3,000" not in html
    assert ("▲" in html) is (words is JA)


def test_a_paper_in_english_names_the_issuer_in_english_and_as_it_is_registered() -> None:
    english = replace(
        ISSUER,
        name_en="Nanori Centre Ltd.",
        address_en="1-2-3 Kakuu, Tokyo",
        bank_account_en="Akane Bank\n0000000",
    )
    paper = paper_html(a_document(issuer=english), EN)
    japanese = paper_html(a_document(issuer=english), JA)

    for said in ("Nanori Centre Ltd.", ISSUER.name, "1-2-3 Kakuu, Tokyo", "Akane Bank<br>0000000<"):
        assert said in paper, said
    assert ISSUER.address not in paper
    assert "Nanori Centre" not in japanese
    assert ISSUER.address in paper_html(a_document(), EN), "what has no English is said as it is"


def test_what_people_wrote_is_text_and_nothing_else() -> None:
    wild = a_document([a_line(label="<b>x</b>")], payer=replace(PAYER, name="<script>"))

    assert "<script>" not in paper_html(wild, JA)
    assert "&lt;b&gt;x" in paper_html(wild, JA)


@pytest.mark.parametrize("words", [JA, EN])
def test_a_draft_says_so_and_has_no_number(words: Words) -> None:
    html = paper_html(draft(), words)

    assert ("下書き" if words is JA else "Draft") in html
    assert "None" not in html


def draft() -> Document:
    return a_document(number=None, issued_on=None, due_on=None)
