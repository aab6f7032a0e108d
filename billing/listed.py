"""A shop's usage, its lines and its invoices for programs: yen whole, quantities as numbers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.invoices.document import Document, Kind, Line
from billing.invoices.models import Invoice
from billing.ledger.models import LedgerMonth, UsageLine
from nanori.sheets import Cell, Listed
from reports.values import month_text

USAGE_HEADS = (
    "part", "desk", "plan", "meter", "label", "first", "last", "quantity", "unit", "unit_price",
    "amount_yen", "included", "percent", "expected", "is_own",
)  # fmt: skip
LINE_HEADS = (
    "number", "at", "channel", "meter", "rule", "is_billed", "quantity", "weight_percent", "talk_s",
    "is_taken_back", "revision", "month_of_contact",
)  # fmt: skip
INVOICE_HEADS = (
    "number", "kind", "month", "issued_on", "due_on", "counterparty", "net_yen", "tax_yen", "total_yen",
    "is_replaced",
)  # fmt: skip


def usage_listed(own: LedgerMonth | None) -> Listed:
    """Each meter, each charge, and the month on the other plans that the shop is shown."""
    summary: Mapping[str, Any] = own.summary if own else {}
    told = [{"part": "meter", **one, "quantity": one["used"]} for one in summary.get("meters", ())]
    told += [_charge(one) for one in summary.get("charges", ())]
    told += [
        {**quote, "part": "on this plan", "desk": one["desk"], "amount_yen": quote["yen_with_tax"]}
        for one in summary.get("compared", ())
        for quote in one["quotes"]
    ]
    numbers = {"quantity", "unit_price", "expected"}
    rows = [
        [_number(one.get(head)) if head in numbers else one.get(head) for head in USAGE_HEADS] for one in told
    ]
    return Listed("usage", USAGE_HEADS, rows)


def lines_listed(lines: Iterable[UsageLine], zone: str) -> Listed:
    """A row for each line, the newest first; times by the shop's clock with their offset."""
    clock = ZoneInfo(zone)
    rows = [
        (
            one.number, one.at.astimezone(clock).isoformat(), one.channel.value, one.meter.value,
            one.rule.value, one.is_billed, _number(one.quantity), one.weight, one.talk_s, one.is_counter,
            one.revision, month_text(one.month),
        )
        for one in lines
    ]  # fmt: skip
    return Listed("lines", LINE_HEADS, rows)


def invoices_listed(invoices: Iterable[Invoice], replaced: Collection[UUID]) -> Listed:
    """A row for each issued one, the newest number first."""
    rows = [
        (
            one.number, one.kind.value, month_text(one.month), _day(one.issued_on), _day(one.due_on),
            one.counterparty, one.net, one.tax, one.total, one.id in replaced,
        )
        for one in invoices
    ]  # fmt: skip
    return Listed("invoices", INVOICE_HEADS, rows)


def invoice_listed(invoice: Invoice, document: Document, later: Sequence[Invoice]) -> dict[str, Any]:
    """One issued invoice as its page says it; ``later`` are the issued ones that correct or return it.

    Days are written YYYY-MM-DD, a line's ``last`` is counted in. Sums are whole yen, those of a return less
    than nought. Lines have no tax of their own: ``with_tax`` says whether their amounts contain it.
    """
    earlier = document.refers_to
    return {
        "number": invoice.number, "kind": invoice.kind.value, "month": month_text(invoice.month),
        "counterparty": invoice.counterparty, "issued_on": _day(invoice.issued_on),
        "due_on": _day(invoice.due_on), "total_yen": invoice.total, "with_tax": document.with_tax,
        "is_replaced": any(one.kind is Kind.CORRECTED for one in later),
        "refers_to": {"number": earlier.number, "grounds": document.reason} if earlier else None,
        "referred_to_by": [
            {"number": one.number, "kind": one.kind.value, "total_yen": one.total} for one in later
        ],
        "taxes": [
            {"rate": one.rate.value, "percent": one.percent, "net_yen": one.net, "tax_yen": one.tax,
             "total_yen": one.gross}
            for one in document.summary.rates
        ],
        "lines": [_line(one) for one in document.lines],
    }  # fmt: skip


def _line(one: Line) -> dict[str, Any]:
    return {
        "shop": one.shop, "desk": one.desk, "label": one.label, "first": _day(one.first),
        "last": _day(one.last), "quantity": _number(one.quantity), "unit": one.unit,
        "unit_price": _number(one.unit_price), "rate": one.rate.value, "amount_yen": one.amount,
    }  # fmt: skip


def _charge(one: Mapping[str, Any]) -> dict[str, Any]:
    last = date.fromordinal(date.fromisoformat(one["end"]).toordinal() - 1)
    return {**one, "part": "charge", "last": last.isoformat(), "amount_yen": one["amount"]}


def _number(value: Decimal | str | None) -> int | float | None:
    """Whole where it is whole."""
    if value is None:
        return None
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _day(day: date | None) -> Cell:
    return day.isoformat() if day else None
