"""One shop's month for whoever prints it: what was frozen where it is closed, else what the log says."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from reports.business_time import OpenSpans
from reports.closing.queries import standing_of
from reports.closing.values import Standing
from reports.facts import Period
from reports.month import MonthFacts, MonthFigures, month_figures
from reports.queries import Logo, facts_of_month, logo_of, month_of_shop, says_anything
from reports.values import months_back
from tenants import queries as shops
from tenants.models import Tenant

Counted = tuple[MonthFacts, OpenSpans]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthRead:
    """``live`` and ``live_before``: what the log says of a month that is not frozen, and of nothing else."""

    shop: Tenant
    month: date
    logo: Logo | None
    standing: Standing | None
    frozen: MonthFigures | None
    frozen_before: MonthFigures | None
    live: Counted | None = None
    live_before: Counted | None = None

    @property
    def period(self) -> Period:
        return Period.month(self.month.year, self.month.month, ZoneInfo(self.shop.zone))

    @property
    def frozen_at(self) -> datetime | None:
        """When what is printed was frozen; None for what the log says now."""
        return self.standing.closed_at if self.standing and self.frozen else None

    def figures(self) -> tuple[MonthFigures, MonthFigures | None]:
        """The month and the one before it. Counts what is not frozen: call it from a thread."""
        now, before = self.frozen, self.frozen_before
        if now is None and self.live is not None:
            now = month_figures(*self.live)
        if before is None and self.live_before is not None:
            before = month_figures(*self.live_before)
        if now is None:
            raise LookupError("a month that is not frozen was not read from the log")
        return replace(now, standing=self.standing), before


async def read_month(session: AsyncSession, tenant_id: UUID, month: date) -> MonthRead:
    """Read what a month's figures come from.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    month_before = months_back(month, 2)[1]
    standing, frozen = await standing_of(session, tenant_id, month)
    _, frozen_before = await standing_of(session, tenant_id, month_before)
    shop = await shops.shop(session, tenant_id)
    read = MonthRead(
        shop=shop, month=month, logo=await logo_of(session, shop), standing=standing,
        frozen=frozen, frozen_before=frozen_before,
    )  # fmt: skip
    if frozen is not None and frozen_before is not None:
        return read
    if frozen is not None:
        return replace(read, live_before=_known(await facts_of_month(session, shop, month_before)))
    if frozen_before is not None:
        return replace(read, live=await facts_of_month(session, shop, month))
    found = await month_of_shop(session, tenant_id, month)
    before = (found.before, found.business_time) if found.before else None
    return replace(read, live=(found.facts, found.business_time), live_before=before)


def _known(counted: Counted) -> Counted | None:
    """None for a month of which the log says nothing."""
    return counted if says_anything(counted[0]) else None
