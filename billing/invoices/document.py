"""One invoice as a value: what the paper, the XML and the files of figures are all made from."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from billing.charges import Charge, ChargeKind, TaxRate
from billing.invoices.tax import Rounding, TaxSummary, summed_up


class Kind(StrEnum):
    INVOICE = "invoice"  # 適格請求書
    CORRECTED = "corrected"  # 修正した適格請求書: stands in the place of the one that it refers to
    RETURN = "return"  # 適格返還請求書


class State(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who bills, as printed. What is said in English stands on papers in English, where it is not empty."""

    name: str
    registration: str
    postal_code: str
    address: str
    phone: str
    bank_account: str  # lines as printed
    rounding: Rounding
    name_en: str = ""
    address_en: str = ""
    bank_account_en: str = ""

    def printed(self, locale: str) -> "Issuer":
        """The issuer as a paper of that language names it."""
        if locale != "en":
            return self
        return replace(
            self, name=self.name_en or self.name, address=self.address_en or self.address,
            bank_account=self.bank_account_en or self.bank_account,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The legal entity that is billed, as printed. ``registration`` is empty when it is not known."""

    name: str
    department: str
    postal_code: str
    address: str
    registration: str
    locale: str  # of the paper


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service of one shop over ``[first, end)``. It carries no tax: see ``TaxSummary``."""

    shop_id: UUID
    shop: str  # brand, as printed
    desk: str
    kind: ChargeKind
    label: str
    first: date
    end: date
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: int
    rate: TaxRate
    ledger_ids: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """The last day of the service: people count it in."""
        return self.end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reference:
    """The document that this one corrects, or whose supply was reduced."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An invoice; a draft has no number and no days yet. Amounts of a return are less than nought."""

    kind: Kind
    month: date  # its first day
    number: str | None
    issued_on: date | None
    due_on: date | None
    issuer: Issuer
    payer: Payer
    lines: tuple[Line, ...]
    with_tax: bool  # whether the lines' amounts contain the tax
    refers_to: Reference | None = None
    reason: str = ""

    @property
    def summary(self) -> TaxSummary:
        """Taxed once for each rate, as the issuer rounds."""
        return summed_up(
            ((line.rate, line.amount) for line in self.lines),
            rounding=self.issuer.rounding,
            with_tax=self.with_tax,
        )

    @property
    def period(self) -> tuple[date, date]:
        """First and last day of the services; a credit says in its own line what it is for."""
        services = [line for line in self.lines if line.kind is not ChargeKind.CREDIT] or self.lines
        return min(line.first for line in services), max(line.last for line in services)

    @property
    def has_reduced_rate(self) -> bool:
        return any(line.rate is TaxRate.REDUCED for line in self.lines)

    def by_shop(self) -> Mapping[str, tuple[Line, ...]]:
        """Lines of each brand, in the order of the document."""
        shops: dict[UUID, list[Line]] = {}
        for line in self.lines:
            shops.setdefault(line.shop_id, []).append(line)
        return {lines[0].shop: tuple(lines) for lines in shops.values()}

    def as_json(self) -> dict[str, Any]:
        """For programs: yen as integers, other figures as decimal text."""
        summary = self.summary
        return {
            "kind": self.kind.value,
            "number": self.number,
            "month": f"{self.month:%Y-%m}",
            "issued_on": self.issued_on,
            "due_on": self.due_on,
            "refers_to": asdict(self.refers_to) if self.refers_to else None,
            "reason": self.reason,
            "issuer": asdict(self.issuer),
            "payer": asdict(self.payer),
            "prices_with_tax": self.with_tax,
            "lines": [asdict(line) | {"ledger_ids": len(line.ledger_ids)} for line in self.lines],
            "taxes": [asdict(one) | {"percent": one.percent, "gross": one.gross} for one in summary.rates],
            "net": summary.net,
            "tax": summary.tax,
            "total": summary.gross,
        }


def lines_of(shop_id: UUID, brand: str, charges: Sequence[Charge]) -> tuple[Line, ...]:
    """A shop's charges as lines of an invoice, in their order."""
    return tuple(
        Line(
            shop_id=shop_id, shop=brand, desk=charge.desk or "", kind=charge.kind, label=charge.label,
            first=charge.first, end=charge.end, quantity=charge.quantity, unit=charge.unit,
            unit_price=charge.unit_price, amount=charge.amount, rate=charge.rate,
            ledger_ids=charge.ledger_ids,
        )
        for charge in charges
    )  # fmt: skip
