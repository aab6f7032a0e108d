"""One request for what a shop's people are handed out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.errors import InvalidInput, NotFound
from nanori.files import FileStore
from nanori.words import Words, words_for
from reports.values import parse_month
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``month`` is its first day: that asked for, else the running one by the shop's clock."""

    session: AsyncSession
    shop: Tenant
    now: datetime
    month: date
    words: Words  # of whoever asks
    files: FileStore

    @classmethod
    def of(
        cls, session: AsyncSession, shop: Tenant, context: Context, files: FileStore, month: str = ""
    ) -> "Asked":
        """Raises:
        NotFound: the month is none.
        """
        now = context.now
        try:
            first = parse_month(month) if month else now.astimezone(ZoneInfo(shop.zone)).date().replace(day=1)
        except InvalidInput as wrong:
            raise NotFound from wrong
        words = words_for(context.locale)
        return cls(session=session, shop=shop, now=now, month=first, words=words, files=files)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.clock).date()

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.shop.zone)

    def document(self, told: dict[str, Any]) -> dict[str, Any]:
        """``told``, after whose it is and the day by the shop's clock."""
        about = {"shop": self.shop.slug, "zone": self.shop.zone, "on": self.today.isoformat()}
        return about | told
