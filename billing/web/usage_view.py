"""A month's usage as pages show it: read from what was summed up when it was counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Request

from billing.ledger.compare import Quote
from billing.ledger.meters import reached
from billing.ledger.models import LedgerMonth
from billing.ledger.reading import Compared
from billing.plans.values import Meter
from billing.plans.wording import METERS, unit_said
from nanori.words import DASH, MINUS, N_, Words
from reports.values import month_text
from tenants.models import Tenant

FULL_PER_MILLE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterView:
    """One meter. ``width`` and ``mark`` are per mille of the bar: what is used, where the included end."""

    name: str
    desk: str
    plan: str
    used: str
    included: str
    percent: int | None
    width: int
    mark: int
    level: int  # 0, 80, 100 or 120
    expected: str  # "" when the month is over
    says: str  # all of it, for who does not see the bar


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeView:
    label: str
    desk: str
    period: str
    quantity: str
    unit: str
    price: str
    amount: str


@dataclass(frozen=True, slots=True)
class PriceView:
    """A month on one plan, for the shop."""

    plan: str
    yen: str
    difference: str
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthView:
    """A shop's month as it was counted last."""

    meters: Sequence[MeterView]
    charges: Sequence[ChargeView]
    total: str
    tax: str
    compared: Sequence[tuple[str, Sequence[PriceView]]]  # by desk, what the shop may see of other plans
    counted: str  # "" when it never was
    is_sealed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    name: str
    plan_id: str
    yen: str
    difference: str
    billed: str
    width: int
    is_own: bool


def month_view(own: LedgerMonth | None, shop: Tenant, words: Words) -> MonthView:
    summary: Mapping[str, Any] = own.summary if own else {}
    tax = N_("with tax") if summary.get("with_tax") else N_("before tax")
    return MonthView(
        meters=[_meter(one, words) for one in summary.get("meters", ())],
        charges=[_charge(one, words) for one in summary.get("charges", ())],
        total=words.money(summary["total"]) if summary else DASH,
        tax=words.gettext(tax) if summary else "",
        compared=[(one["desk"] or "", _prices(one["quotes"], words)) for one in summary.get("compared", ())],
        counted=words.moment(own.counted_at, shop.zone) if own and own.counted_at else "",
        is_sealed=own is not None and own.sealed_at is not None,
    )


def _prices(quoted: Sequence[Mapping[str, Any]], words: Words) -> list[PriceView]:
    own = next((one["yen_with_tax"] for one in quoted if one["is_own"]), None)
    return [
        PriceView(
            one["plan"], words.money(one["yen_with_tax"]), _difference(one["yen_with_tax"], own, words),
            one["is_own"],
        )
        for one in quoted
    ]  # fmt: skip


def quote_views(found: Sequence[Quote], own_plan: object, words: Words) -> list[QuoteView]:
    """Each plan with its bar against the dearest, and what it differs from the shop's own."""
    most = max((one.yen for one in found), default=0) or 1
    own = next((one.yen for one in found if one.plan_id == own_plan), None)
    return [
        QuoteView(
            name=one.plan.name, plan_id=str(one.plan_id), yen=words.money(one.yen),
            difference=_difference(one.yen, own, words), billed=words.number(one.billed),
            width=max(one.yen, 0) * FULL_PER_MILLE // most, is_own=one.plan_id == own_plan,
        )
        for one in found
    ]  # fmt: skip


def month_as_json(
    own: LedgerMonth | None, month: date, compared: Sequence[Compared] | None = None
) -> dict[str, Any]:
    """For programs: the sums as they were counted, yen as whole numbers, quantities as text."""
    found: dict[str, Any] = {
        "month": month_text(month),
        "counted_at": own.counted_at.isoformat() if own and own.counted_at else None,
        "is_sealed": own is not None and own.sealed_at is not None,
        **(own.summary if own else {}),
    }
    if compared is not None:
        found["compared"] = [one.as_json() for one in compared]
    return found


def wants_json(request: Request[Any, Any, Any]) -> bool:
    return "application/json" in request.headers.get("accept", "")


def number(value: Decimal, words: Words) -> str:
    """Without decimals where there are none."""
    whole = value == value.to_integral_value()
    return words.number(value, 0 if whole else len(str(value.normalize()).partition(".")[2]))


def _meter(one: Mapping[str, Any], words: Words) -> MeterView:
    used, included, percent = Decimal(one["used"]), int(one["included"]), one["percent"]
    meter, most = Meter(one["meter"]), max(used, Decimal(included), Decimal(1))
    ahead = one["expected"]
    said = words.gettext(
        N_("{used} of {included} {unit} used"), used=number(used, words), included=words.number(included),
        unit=unit_said(meter, included, words),
    )  # fmt: skip
    return MeterView(
        name=words.gettext(METERS[meter]), desk=one["desk"] or "", plan=one["plan"],
        used=f"{number(used, words)} {unit_said(meter, used, words)}",
        included=words.number(included) if included else "",
        percent=percent, width=int(used * FULL_PER_MILLE / most), mark=int(included * FULL_PER_MILLE / most),
        level=reached(percent), says=said,
        expected=f"{words.number(Decimal(ahead))} {unit_said(meter, Decimal(ahead), words)}" if ahead else "",
    )  # fmt: skip


def _charge(one: Mapping[str, Any], words: Words) -> ChargeView:
    price = Decimal(one["unit_price"])
    first, end = date.fromisoformat(one["first"]), date.fromisoformat(one["end"])
    last = date.fromordinal(end.toordinal() - 1)
    return ChargeView(
        label=one["label"], desk=one["desk"] or "", period=f"{words.day(first)} – {words.day(last)}",
        quantity=number(Decimal(one["quantity"]), words), unit=one["unit"],
        price=f"{MINUS if price < 0 else ''}¥{number(abs(price), words)}",
        amount=words.money(one["amount"]),
    )  # fmt: skip


def _difference(yen: int, own: int | None, words: Words) -> str:
    if own is None or yen == own:
        return DASH
    return f"{'+' if yen > own else ''}{words.money(yen - own)}"
