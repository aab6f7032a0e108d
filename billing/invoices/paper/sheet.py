"""An invoice as HTML and as PDF bytes. Equal documents give equal bytes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from billing.charges import TaxRate
from billing.invoices.document import Document, Kind, Line
from billing.invoices.tax import RateTotal
from nanori.charts import clip
from nanori.pdf import PdfPress
from nanori.words import DASH, MINUS, N_, Words

FONTS = ("BIZ UDGothic", "BIZ UDPGothic")
_HEADER_WIDTH = 300

TITLES = {
    Kind.INVOICE: N_("Invoice"),
    Kind.CORRECTED: N_("Corrected invoice"),
    Kind.RETURN: N_("Return invoice"),
}
RATE_NAMES = {
    TaxRate.STANDARD: N_("Taxed at 10%"),
    TaxRate.REDUCED: N_("Taxed at 8% (reduced rate)"),
    TaxRate.EXEMPT: N_("Exempt from tax"),
    TaxRate.OUTSIDE: N_("Outside of consumption tax"),
}
_MARKS = {TaxRate.REDUCED: "※", TaxRate.EXEMPT: N_("exempt"), TaxRate.OUTSIDE: N_("no tax")}


@dataclass(frozen=True, slots=True)
class Row:
    """One printed line. ``so_far`` is the sum up to and with it: what a page break carries over."""

    label: str
    desk: str
    mark: str
    days: str
    quantity: str
    unit_price: str
    amount: str
    so_far: str


@dataclass(frozen=True, slots=True)
class ShopRows:
    """The lines of one shop and what they come to."""

    name: str
    rows: tuple[Row, ...]
    total: str


def paper_pdf(document: Document, words: Words, press: PdfPress) -> bytes:
    """The finished invoice; for workers and commands only.

    Raises:
        nanori.pdf.PdfFailed: or a subclass, see ``PdfPress.print``.
    """
    return press.print(paper_html(document, words))


def paper_html(document: Document, words: Words) -> str:
    return _environment().get_template("invoice.html").render(_view(document, words), _=words.gettext)


def yen(words: Words, amount: int) -> str:
    """¥1,234; less than nought as the language's books write it, ▲¥1,234 or −¥1,234."""
    return _sign(words, amount) + words.money(abs(amount))


def price(words: Words, unit_price: Decimal) -> str:
    """1,234.5 with as many figures after the point as it has, signed as sums are."""
    return _sign(words, unit_price) + figure(words, abs(unit_price))


def _sign(words: Words, amount: int | Decimal) -> str:
    return ("▲" if words.locale == "ja" else MINUS) if amount < 0 else ""


def _view(document: Document, words: Words) -> dict[str, object]:
    first, last = document.period
    summary = document.summary
    issuer = document.issuer.printed(words.locale)
    return {
        "lang": words.locale,
        "css": _stylesheet(),
        "document": document,
        "issuer": issuer,
        "title": words.gettext(TITLES[document.kind]),
        "is_return": document.kind is Kind.RETURN,
        "short_payer": clip(document.payer.name, _HEADER_WIDTH),
        "number": document.number or words.gettext("Draft"),
        "issued_on": words.date(document.issued_on) if document.issued_on else DASH,
        "issued_on_iso": document.issued_on.isoformat() if document.issued_on else "",
        "due_on": words.date(document.due_on) if document.due_on else "",
        "period": span(words, first, last),
        "refers_on": words.date(document.refers_to.issued_on) if document.refers_to else "",
        "total": yen(words, summary.gross),
        "net": yen(words, summary.net),
        "tax": yen(words, summary.tax),
        "taxes": [_rate(one, words) for one in summary.rates],
        "shops": tuple(_shops(document, words)),
        "marks": _marks(document, words),
        "bank_lines": issuer.bank_account.splitlines(),
    }


def _rate(one: RateTotal, words: Words) -> tuple[str, ...]:
    amounts = (yen(words, amount) for amount in (one.net, one.tax, one.gross))
    return (words.gettext(RATE_NAMES[one.rate]), *amounts)


def _shops(document: Document, words: Words) -> Iterator[ShopRows]:
    so_far = 0
    for name, lines in document.by_shop().items():
        rows = []
        for line in lines:
            so_far += line.amount
            rows.append(_row(line, words, so_far))
        yield ShopRows(name, tuple(rows), yen(words, sum(line.amount for line in lines)))


def _row(line: Line, words: Words, so_far: int) -> Row:
    return Row(
        label=line.label,
        desk=line.desk,
        mark=words.gettext(_MARKS[line.rate]) if line.rate in _MARKS else "",
        days=span(words, line.first, line.last),
        quantity=f"{figure(words, line.quantity)} {line.unit}".strip(),
        unit_price=price(words, line.unit_price),
        amount=yen(words, line.amount),
        so_far=yen(words, so_far),
    )


def _marks(document: Document, words: Words) -> list[str]:
    return [words.gettext("※ is taxed at the reduced rate of 8%.")] if document.has_reduced_rate else []


def span(words: Words, first: date, last: date) -> str:
    """2026/10/01–10/31 or 1–31 Oct 2026: narrow enough for a column."""
    if words.locale == "en":
        return _english_span(words, first, last)
    one, other = f"{first:%Y/%m/%d}", f"{last:%Y/%m/%d}"
    if one == other:
        return one
    return f"{one}–{other[5:]}" if one[:4] == other[:4] else f"{one}–{other}"


def _english_span(words: Words, first: date, last: date) -> str:
    end = f"{words.short_day(last)} {last.year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    begin = words.short_day(first) + ("" if first.year == last.year else f" {first.year}")
    return f"{begin} – {end}"


def figure(words: Words, value: Decimal) -> str:
    """As many figures after the point as it has."""
    digits = -int(value.normalize().as_tuple().exponent)
    return words.number(value, max(0, digits))


@lru_cache
def _stylesheet() -> str:
    return (files("billing.invoices.paper") / "templates" / "invoice.css").read_text("utf-8")


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("billing.invoices.paper", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
