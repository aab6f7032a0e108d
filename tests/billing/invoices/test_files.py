"""The XML of the Peppol network, and the files of figures."""

import csv
import io
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.charges import TaxRate
from billing.invoices.document import Kind
from billing.invoices.peppol import CAC, CBC, invoice_xml, net_amounts
from billing.invoices.sheets import Cell, Encoding, file_name, written
from tests.billing.invoices.documents import REFERENCE, a_document, a_full_document, a_line

NAMES = {"a": CAC, "b": CBC}
LINES = st.lists(
    st.tuples(st.sampled_from(TaxRate), st.integers(-100_000, 100_000)), min_size=1, max_size=12
)  # fmt: skip


def read(document: object) -> ET.Element:
    return ET.fromstring(invoice_xml(document))  # type: ignore[arg-type]  # a document


def said(root: ET.Element, path: str) -> list[str | None]:
    return [found.text for found in root.findall(path, NAMES)]


def test_the_xml_says_what_the_law_and_the_network_ask_for() -> None:
    root = read(a_full_document())

    assert said(root, "b:CustomizationID") == ["urn:peppol:pint:billing-1@jp-1"]
    assert said(root, "b:InvoiceTypeCode") == ["380"]
    supplier = "a:AccountingSupplierParty/a:Party"
    assert said(root, f"{supplier}/a:PartyLegalEntity/b:RegistrationName") == ["株式会社なのりセンター"]
    assert said(root, f"{supplier}/a:PartyTaxScheme/b:CompanyID") == ["T8000000000001"]
    assert said(root, "b:IssueDate") == ["2026-11-02"]
    assert said(root, "a:InvoicePeriod/b:StartDate") == ["2026-10-01"]
    assert said(root, "a:InvoicePeriod/b:EndDate") == ["2026-10-31"]
    assert said(root, "a:InvoiceLine/a:Item/b:Name")[1] == "電話応対（41件目から）"
    part = "a:TaxTotal/a:TaxSubtotal"
    assert said(root, f"{part}/a:TaxCategory/b:ID") == ["S", "AA", "O"]
    assert said(root, f"{part}/a:TaxCategory/b:Percent") == ["10", "8"]
    assert said(root, f"{part}/b:TaxableAmount") == ["80945", "1080", "-500"]
    assert said(root, f"{part}/b:TaxAmount") == ["8094", "86", "0"]
    customer = "a:AccountingCustomerParty/a:Party"
    assert said(root, f"{customer}/a:PartyLegalEntity/b:RegistrationName") == ["株式会社ミナト珈琲"]
    assert said(root, "a:LegalMonetaryTotal/b:PayableAmount") == ["89705"]
    assert invoice_xml(a_full_document()) == invoice_xml(a_full_document())


def test_later_documents_name_the_earlier_one_and_returns_are_negative() -> None:
    back = read(a_document([a_line(-5_000)], kind=Kind.RETURN, refers_to=REFERENCE, due_on=None))

    earlier = "a:BillingReference/a:InvoiceDocumentReference"
    assert said(back, f"{earlier}/b:ID") == ["2026-000041"]
    assert said(back, f"{earlier}/b:IssueDate") == ["2026-11-01"]
    assert said(back, "a:InvoiceLine/b:InvoicedQuantity") == ["-1"]
    assert said(back, "a:InvoiceLine/a:Price/b:PriceAmount") == ["5000"]
    assert said(back, "a:LegalMonetaryTotal/b:TaxInclusiveAmount") == ["-5500"]
    assert back.find("a:PaymentMeans", NAMES) is None


@given(LINES, st.booleans())
def test_the_sums_of_the_xml_agree_with_each_other(lines: list[tuple[TaxRate, int]], with_tax: bool) -> None:
    document = a_document([a_line(yen, rate=rate) for rate, yen in lines], with_tax=with_tax)
    root = read(document)

    nets = [int(one or 0) for one in said(root, "a:InvoiceLine/b:LineExtensionAmount")]
    [net] = said(root, "a:LegalMonetaryTotal/b:TaxExclusiveAmount")
    [gross] = said(root, "a:LegalMonetaryTotal/b:PayableAmount")
    [tax] = said(root, "a:TaxTotal/b:TaxAmount")
    assert sum(nets) == int(net or 0)
    assert int(net or 0) + int(tax or 0) == int(gross or 0) == document.summary.gross
    for one in document.summary.rates:
        assert sum(yen for line, yen in net_amounts(document) if line.rate is one.rate) == one.net
    for group in root.findall("a:InvoiceLine", NAMES):
        [quantity] = said(group, "b:InvoicedQuantity")
        [price] = said(group, "a:Price/b:PriceAmount")
        [amount] = said(group, "b:LineExtensionAmount")
        assert Decimal(quantity or 0) * Decimal(price or 0) == int(amount or 0)
        assert Decimal(price or 0) >= 0


def test_a_file_is_named_by_day_amount_and_counterparty() -> None:
    assert file_name(a_document(), "pdf") == "20261102_11000_株式会社ミナト珈琲_2026-000042.pdf"


@pytest.mark.parametrize("text", ["=1+1", "+81", "-2", "@x", " =1", "\t=1", "|calc", "%0"])
def test_no_cell_is_a_formula(text: str) -> None:
    [row] = csv.reader(io.StringIO(written([[text, -500]]).decode("utf-8-sig")))

    assert row == [f"'{text}", "-500"]


def test_a_file_says_how_it_is_encoded() -> None:
    rows: list[list[Cell]] = [["髙橋🍵", 1]]

    assert written(rows).startswith(b"\xef\xbb\xbf")
    assert written(rows, Encoding.SHIFT_JIS).decode("cp932") == "髙橋〓,1\r\n"
