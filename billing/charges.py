"""What one line of a bill says before tax: the ledger makes charges, an invoice sums them up by tax rate."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TaxRate(StrEnum):
    """Under which rate of consumption tax a charge falls."""

    STANDARD = "standard"  # 10 %
    REDUCED = "reduced"  # 8 %
    EXEMPT = "exempt"  # 非課税
    OUTSIDE = "outside"  # 不課税: damages, deposits


class ChargeKind(StrEnum):
    """What is charged for; its words stand in the room's catalogue."""

    BASE = "base"
    SET_UP = "set_up"
    USAGE = "usage"
    COMMITMENT = "commitment"  # what is missing to the least amount agreed
    OPTION = "option"
    CREDIT = "credit"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One service of one period, ``[first, end)`` in the shop's days.

    ``amount`` is in whole yen, without or with tax as the agreement says for the whole bill; less than nought
    for a credit. ``unit_price`` is in yen and may have parts of one. A charge carries no tax: tax is computed
    once for each rate on the sum of an invoice.
    """

    kind: ChargeKind
    label: str  # as printed
    desk: str | None
    first: date
    end: date
    quantity: Decimal
    unit: str  # as printed
    unit_price: Decimal
    amount: int
    rate: TaxRate = TaxRate.STANDARD
    ledger_ids: tuple[str, ...] = ()
    """The rows of the usage ledger that it was made of; empty for what is agreed by the month."""
