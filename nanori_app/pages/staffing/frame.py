"""What the staffing pages share: their tabs, the choice of a desk, days and weeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries
from desks.errors import DeskNotFound
from desks.models import Desk
from desks.shifts.week import Scope
from desks.values import DeskState
from nanori.context import Context
from nanori.words import N_, Words
from tenants.models import Tenant
from tenants.queries import shops as shops_bound

TAKE_CALLS = frozenset({DeskState.OPEN, DeskState.PAUSED, DeskState.SCHEDULED})
LIVING = frozenset(DeskState) - {DeskState.CLOSED}


@dataclass(frozen=True, slots=True)
class Stands:
    """Every desk that is not closed for good, with its shop, in the order of the shops."""

    shops: dict[UUID, Tenant]
    desks: Sequence[Desk]

    @property
    def at_work(self) -> list[Desk]:
        """Those that take calls, or will on their dates."""
        return [one for one in self.desks if one.state in TAKE_CALLS]

    def desk(self, desk_id: UUID | None) -> Desk | None:
        """The desk asked for; None for all of them together.

        Raises:
            DeskNotFound: not among the shops bound.
        """
        if desk_id is None:
            return None
        found = next((one for one in self.desks if one.id == desk_id), None)
        if found is None:
            raise DeskNotFound
        return found

    def name(self, desk: Desk) -> str:
        return f"{self.shops[desk.tenant_id].brand_name} – {desk.name}"

    def zone(self, desk: Desk | None, context: Context) -> ZoneInfo:
        """By whose clock the page is: the shop's, or of all together the reader's."""
        return ZoneInfo(self.shops[desk.tenant_id].zone) if desk else context.zone

    def choices(self, words: Words) -> list[tuple[str, str]]:
        together = ("", words.gettext(N_("All desks together")))
        return [together, *((str(one.id), self.name(one)) for one in self.desks)]


async def stands_of(session: AsyncSession) -> Stands:
    shops = {one.tenant_id: one for one in await shops_bound(session)}
    order = {tenant_id: place for place, tenant_id in enumerate(shops)}
    desks = [one for one in await queries.desks_of(session) if one.state in LIVING]
    return Stands(shops, sorted(desks, key=lambda one: (order.get(one.tenant_id, 0), one.created_at)))


def scope_of(desk: Desk | None) -> Scope:
    return Scope(desk.tenant_id, desk.id) if desk else Scope()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
