"""Credits that a shop is owed because its closed month missed the service level agreed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from billing.charges import Charge, ChargeKind
from billing.plans.bill import Agreed, recurring
from billing.plans.pricing import after
from billing.plans.promise import Owed, Promise, owed, read
from billing.plans.queries import Held
from billing.plans.wording import Printed
from reports.closing.frozen import thaw
from reports.closing.queries import closes_of
from reports.figures import Figure

LEVEL = "service_level"


@dataclass(frozen=True, slots=True)
class Missed:
    """One agreement's month: its promise, what it costs and what the closed figure says."""

    promise: Promise
    agreed: Agreed
    level: Figure


async def promised_credits(
    session: AsyncSession, tenant_id: UUID, month: date, agreements: Sequence[Held], say: Printed
) -> list[Charge]:
    """What each agreement with a promise gives back; nothing while the month was never closed."""
    promised = [(one.agreed(), read(one.row.promise)) for one in agreements if one.row.promise]
    if not promised:
        return []
    _, closed = (await closes_of(session, [tenant_id], month)).get(tenant_id, (None, None))
    if closed is None:
        return []
    level = next(one for one in thaw(closed.figures).figures if one.key == LEVEL)
    missed = [Missed(promise, agreed, level) for agreed, promise in promised if promise]
    return [credit for one in missed for credit in credits_of(one, month, say)]


def credits_of(missed: Missed, month: date, say: Printed) -> list[Charge]:
    """The credit of one agreement, as the bill says it, or none. Pure."""
    fixed = [one for one in recurring(missed.agreed, month, say) if one.kind is ChargeKind.BASE]
    base = sum(one.amount for one in fixed)
    level = missed.level
    found = owed(missed.promise, within=level.numerator, calls=level.denominator or 0, base_yen=base)
    return [_charge(found, missed, base, month, say)] if found and found.yen else []


def _charge(found: Owed, missed: Missed, base: int, month: date, say: Printed) -> Charge:
    return Charge(
        kind=ChargeKind.CREDIT, label=say.promise(found, missed.level, base), desk=missed.agreed.desk,
        first=month, end=after(month), quantity=Decimal(1), unit=say.once, unit_price=Decimal(-found.yen),
        amount=-found.yen,
    )  # fmt: skip
