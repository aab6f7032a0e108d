"""One shop's month for whoever prints it: what was frozen where it is closed, else what the log says."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from reports.closing.queries import standing_of
from reports.closing.values import Standing
from reports.facts import Period
from reports.month import MonthFigures, month_figures
from reports.queries import Logo, ShopMonth, logo_of, month_of_shop
from reports.values import months_back
from tenants import queries as shops
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRead:
    """``found`` is None when both months are closed: then nothing is left to count."""

    shop: Tenant
    month: date
    logo: Logo | None
    standing: Standing | None
    frozen: MonthFigures | None
    frozen_before: MonthFigures | None
    found: ShopMonth | None

    @property
    def period(self) -> Period:
        return Period.month(self.month.year, self.month.month, ZoneInfo(self.shop.zone))

    @property
    def frozen_at(self) -> datetime | None:
        """When what is printed was frozen; None for what the log says now."""
        return self.standing.closed_at if self.standing and self.frozen else None

    def figures(self) -> tuple[MonthFigures, MonthFigures | None]:
        """The month and the one before it. Counts what is not frozen: call it from a thread."""
        now, before, found = self.frozen, self.frozen_before, self.found
        if found is not None:
            now = now or month_figures(found.facts, found.business_time)
        if before is None and found is not None and found.before is not None:
            before = month_figures(found.before, found.business_time)
        if now is None:
            raise LookupError("a month that is not frozen was not read from the log")
        return replace(now, standing=self.standing), before


async def read_month(session: AsyncSession, tenant_id: UUID, month: date) -> MonthRead:
    """Read what a month's figures come from.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    standing, frozen = await standing_of(session, tenant_id, month)
    _, frozen_before = await standing_of(session, tenant_id, months_back(month, 2)[1])
    if frozen is not None and frozen_before is not None:
        shop = await shops.shop(session, tenant_id)
        return MonthRead(
            shop=shop, month=month, logo=await logo_of(session, shop), standing=standing,
            frozen=frozen, frozen_before=frozen_before, found=None,
        )  # fmt: skip
    found = await month_of_shop(session, tenant_id, month)
    return MonthRead(
        shop=found.shop, month=month, logo=found.logo, standing=standing,
        frozen=frozen, frozen_before=frozen_before, found=found,
    )  # fmt: skip
