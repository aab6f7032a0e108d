"""A shop's usage, its lines and its invoices for programs: yen whole, quantities as numbers."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

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
