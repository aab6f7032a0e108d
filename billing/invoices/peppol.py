"""JP PINT: the invoice as UBL 2.1 XML for the Peppol network. Yen without decimals, tax by category.

Lines carry amounts without tax only, as the format wants it. Where prices contain the tax, the net of each
rate is shared among its lines so that they add up to the yen.
"""

from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree as ET

from billing.charges import TaxRate
from billing.invoices.document import Document, Issuer, Kind, Line, Payer
from billing.invoices.tax import PERCENT, spread

CUSTOMIZATION = "urn:peppol:pint:billing-1@jp-1"
PROFILE = "urn:peppol:bis:billing"
QUALIFIED_INVOICE = "380"
REGISTRATION_SCHEME = "0221"  # ISO 6523: registration numbers of issuers of qualified invoices
CREDIT_TRANSFER = "30"
ONE_OF_IT = "C62"

CATEGORY = {
    TaxRate.STANDARD: "S",
    TaxRate.REDUCED: "AA",
    TaxRate.EXEMPT: "E",
    TaxRate.OUTSIDE: "O",
}
_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
INVOICE, CAC, CBC = (
    f"{_UBL}Invoice-2",
    f"{_UBL}CommonAggregateComponents-2",
    f"{_UBL}CommonBasicComponents-2",
)
_YEN = {"currencyID": "JPY"}


def invoice_xml(document: Document) -> bytes:
    """The issued document; equal documents give equal bytes.

    Raises:
        ValueError: a draft, which has neither number nor day.
    """
    if document.number is None or document.issued_on is None:
        raise ValueError("a draft has no number")
    for prefix, name in (("", INVOICE), ("cac", CAC), ("cbc", CBC)):
        ET.register_namespace(prefix, name)
    root = ET.Element(f"{{{INVOICE}}}Invoice")
    _head(root, document)
    _supplier(root, document.issuer)
    _customer(root, document.payer)
    _payment(root, document)
    _taxes(root, document)
    _totals(root, document)
    for position, (line, net) in enumerate(net_amounts(document), start=1):
        _line(root, position, line, net)
    ET.indent(root)
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def net_amounts(document: Document) -> list[tuple[Line, int]]:
    """Each line with its yen without tax; they add up to the net of their rate."""
    if not document.with_tax:
        return [(line, line.amount) for line in document.lines]
    shares = {
        one.rate: iter(
            spread(one.net, [line.amount for line in document.lines if line.rate is one.rate])
        )
        for one in document.summary.rates
    }  # fmt: skip
    return [(line, next(shares[line.rate])) for line in document.lines]


def _head(root: ET.Element, document: Document) -> None:
    first, last = document.period
    _say(root, "CustomizationID", CUSTOMIZATION)
    _say(root, "ProfileID", PROFILE)
    _say(root, "ID", document.number or "")
    _say(root, "IssueDate", f"{document.issued_on:%Y-%m-%d}")
    if document.due_on is not None:
        _say(root, "DueDate", f"{document.due_on:%Y-%m-%d}")
    _say(root, "InvoiceTypeCode", QUALIFIED_INVOICE)
    if document.reason:
        _say(root, "Note", document.reason)
    _say(root, "DocumentCurrencyCode", "JPY")
    period = _group(root, "InvoicePeriod")
    _say(period, "StartDate", first.isoformat())
    _say(period, "EndDate", last.isoformat())
    if document.refers_to is not None:
        earlier = _group(_group(root, "BillingReference"), "InvoiceDocumentReference")
        _say(earlier, "ID", document.refers_to.number)
        _say(earlier, "IssueDate", document.refers_to.issued_on.isoformat())


def _supplier(root: ET.Element, issuer: Issuer) -> None:
    party = _group(_group(root, "AccountingSupplierParty"), "Party")
    _say(party, "EndpointID", issuer.registration, schemeID=REGISTRATION_SCHEME)
    _address(party, issuer.postal_code, issuer.address)
    _tax_number(party, issuer.registration)
    _say(_group(party, "PartyLegalEntity"), "RegistrationName", issuer.name)
    if issuer.phone:
        _say(_group(party, "Contact"), "Telephone", issuer.phone)


def _customer(root: ET.Element, payer: Payer) -> None:
    party = _group(_group(root, "AccountingCustomerParty"), "Party")
    if payer.registration:
        _say(party, "EndpointID", payer.registration, schemeID=REGISTRATION_SCHEME)
    _address(party, payer.postal_code, payer.address)
    if payer.registration:
        _tax_number(party, payer.registration)
    _say(_group(party, "PartyLegalEntity"), "RegistrationName", payer.name)
    if payer.department:
        _say(_group(party, "Contact"), "Name", payer.department)


def _address(party: ET.Element, postal_code: str, address: str) -> None:
    place = _group(party, "PostalAddress")
    _say(place, "StreetName", address)
    if postal_code:
        _say(place, "PostalZone", postal_code)
    _say(_group(place, "Country"), "IdentificationCode", "JP")


def _tax_number(party: ET.Element, registration: str) -> None:
    scheme = _group(party, "PartyTaxScheme")
    _say(scheme, "CompanyID", registration)
    _say(_group(scheme, "TaxScheme"), "ID", "VAT")


def _payment(root: ET.Element, document: Document) -> None:
    if document.kind is Kind.RETURN or not document.issuer.bank_account:
        return
    means = _group(root, "PaymentMeans")
    _say(means, "PaymentMeansCode", CREDIT_TRANSFER)
    _say(_group(means, "PayeeFinancialAccount"), "ID", " ".join(document.issuer.bank_account.splitlines()))


def _taxes(root: ET.Element, document: Document) -> None:
    summary = document.summary
    total = _group(root, "TaxTotal")
    _yen(total, "TaxAmount", summary.tax)
    for one in summary.rates:
        part = _group(total, "TaxSubtotal")
        _yen(part, "TaxableAmount", one.net)
        _yen(part, "TaxAmount", one.tax)
        _category(part, "TaxCategory", one.rate)


def _totals(root: ET.Element, document: Document) -> None:
    summary = document.summary
    total = _group(root, "LegalMonetaryTotal")
    _yen(total, "LineExtensionAmount", summary.net)
    _yen(total, "TaxExclusiveAmount", summary.net)
    _yen(total, "TaxInclusiveAmount", summary.gross)
    _yen(total, "PayableAmount", summary.gross)


def _line(root: ET.Element, position: int, line: Line, net: int) -> None:
    quantity, price = _priced(line, net)
    group = _group(root, "InvoiceLine")
    _say(group, "ID", str(position))
    if line.desk:
        _say(group, "Note", line.desk)
    _say(group, "InvoicedQuantity", f"{quantity.normalize():f}", unitCode=ONE_OF_IT)
    _yen(group, "LineExtensionAmount", net)
    period = _group(group, "InvoicePeriod")
    _say(period, "StartDate", line.first.isoformat())
    _say(period, "EndDate", line.last.isoformat())
    item = _group(group, "Item")
    _say(item, "Description", line.shop)
    _say(item, "Name", line.label)
    _category(item, "ClassifiedTaxCategory", line.rate)
    _say(_group(group, "Price"), "PriceAmount", f"{price.normalize():f}", **_YEN)


def _priced(line: Line, net: int) -> tuple[Decimal, Decimal]:
    """Quantity and price whose product is the line: its own where they are, or one of the whole.

    A price is never less than nought; what is given back has a quantity below it.
    """
    product = (line.quantity * line.unit_price).quantize(Decimal(1), ROUND_HALF_UP)
    if product == net and line.unit_price >= 0:
        return line.quantity, line.unit_price
    return Decimal(-1 if net < 0 else 1), Decimal(abs(net))


def _category(parent: ET.Element, name: str, rate: TaxRate) -> None:
    category = _group(parent, name)
    _say(category, "ID", CATEGORY[rate])
    if rate is not TaxRate.OUTSIDE:
        _say(category, "Percent", str(PERCENT[rate]))
    _say(_group(category, "TaxScheme"), "ID", "VAT")


def _group(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, f"{{{CAC}}}{name}")


def _say(parent: ET.Element, name: str, said: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{CBC}}}{name}", attributes).text = said


def _yen(parent: ET.Element, name: str, amount: int) -> None:
    _say(parent, name, str(amount), **_YEN)
