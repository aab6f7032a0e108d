"""How a ringing call is greeted: read in one statement, and kept until the shop's front door has changed."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.at_the_door import DeskMet, SeasonalDoor, joined, menu_of, seasonal_door
from desks.at_the_door import columns as seasonal_columns
from desks.models import Desk
from desks.seasons import Phase
from desks.values import DeskKind, DeskState
from nanori.directory import Claimed
from telephony.speech import Speaker
from tenants import at_the_door
from tenants.errors import ShopNotFound
from tenants.hours import Calendar, is_open
from tenants.models import Tenant
from tenants.phrases import Phrase, phrase_for
from tenants.values import Situation

MOST_KEPT = 10_000
"""Lines of one process; numbers that nobody rings any more go with the others when it is reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopMet:
    """As much of a shop as its caller meets at once."""

    tenant_id: UUID
    speaker: Speaker
    recording_notice: str
    closed_message: str  # said when nobody answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """How a call that rings now is greeted, and where it goes."""

    shop: ShopMet
    desk: DeskMet | None  # the one that the number leads to
    is_open: bool
    greeting: str
    told_first: str = ""  # the season has not begun, or is over
    is_only_told: bool = False  # and that is all


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorway:
    """One line of a shop, whoever calls it; good from ``since`` until just before ``until``."""

    shop: ShopMet
    desk: DeskMet | None  # the standing one
    season: SeasonalDoor | None  # the one that the line is promised to
    calendar: Calendar  # of the days around
    phrases: tuple[Phrase, ...]
    since: datetime
    until: datetime

    def welcome(self, now: datetime) -> Welcome:
        phrase = phrase_for(self.phrases, Situation.NORMAL, now, self.calendar.zone)
        standing = Welcome(
            shop=self.shop,
            desk=self.desk,
            is_open=is_open(self.calendar, now),
            greeting=phrase.text if phrase else self.shop.speaker.brand_name,
        )
        if self.season is None or not self.season.is_its_own(now):
            return standing
        return _seasonal(standing, self.season, self.calendar, now)


def _seasonal(standing: Welcome, there: SeasonalDoor, calendar: Calendar, now: datetime) -> Welcome:
    """A season's number: to its desk while it is open, else an announcement, or on to the standing desk."""
    phase = there.phase_at(now)
    if phase is Phase.OPEN:
        opened = is_open(there.calendar or calendar, now)
        greeting = there.greeting or standing.greeting
        return replace(standing, desk=there.desk, is_open=opened, greeting=greeting)
    if phase is Phase.PAUSED:
        return replace(standing, desk=there.desk, is_open=False)
    told = there.told_at(now)
    if there.forwards and standing.desk is not None:
        return replace(standing, told_first=told)
    return replace(standing, desk=there.desk, is_open=False, told_first=told, is_only_told=True)


class Doors:
    """Doorways that one process has read, each with the version of the shop's front door that it had before.

    Exact, not merely fresh: the version comes with the statement that claims the call.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[UUID, str], tuple[int, Doorway]] = {}

    async def doorway(self, session: AsyncSession, claimed: Claimed, line: str, *, now: datetime) -> Doorway:
        """The line's doorway at ``now``.

        Raises:
            ShopNotFound: not among the shops bound.
        """
        key = claimed.shop_id, line
        kept = self._kept.get(key)
        if kept is not None and kept[0] == claimed.version and kept[1].since <= now < kept[1].until:
            return kept[1]
        doorway = await read_doorway(session, claimed.shop_id, line, now=now)
        if claimed.version is not None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[key] = claimed.version, doorway
        return doorway


async def read_doorway(session: AsyncSession, tenant_id: UUID, line: str, *, now: datetime) -> Doorway:
    """The same out of the database.

    Raises:
        ShopNotFound: not among the shops bound.
    """
    params: dict[str, Any] = {"shop": tenant_id, "line": line, "now": now} | at_the_door.around(now)
    row = (await session.execute(_asked(), params)).one_or_none()
    if row is None:
        raise ShopNotFound
    speaker = Speaker(row.locale, row.brand_name, row.brand_reading)
    zone = ZoneInfo(row.zone)
    midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
    return Doorway(
        shop=ShopMet(
            tenant_id=tenant_id, speaker=speaker, recording_notice=row.recording_notice,
            closed_message=row.closed_message or speaker.closed(),
        ),
        desk=DeskMet(row.desk_id, row.menu_prompt, row.has_keys) if row.desk_id else None,
        season=seasonal_door(row, zone),
        calendar=at_the_door.hours_now(row, row.zone),
        phrases=tuple(at_the_door.wordings(row)),
        since=now,
        until=min(midnight, row.promised_until or midnight),
    )  # fmt: skip


@cache
def _asked() -> Select[Any]:
    """Built once: putting it together costs as much as running it."""
    oldest = (
        select(Desk.id)
        .where(
            Desk.tenant_id == Tenant.tenant_id, Desk.state == DeskState.OPEN,
            Desk.kind == DeskKind.STANDING,
        )
        .order_by(Desk.created_at, Desk.id)
        .limit(1)
        .correlate(Tenant)
        .scalar_subquery()
    )  # fmt: skip
    shop = Tenant
    asked = (
        select(
            shop.brand_name, shop.brand_reading, shop.locale, shop.zone, shop.recording_notice,
            shop.closed_message, Desk.id.label("desk_id"), Desk.menu_prompt, menu_of(Desk).label("has_keys"),
            *at_the_door.columns(), *seasonal_columns(),
        )
        .outerjoin(Desk, and_(Desk.tenant_id == shop.tenant_id, Desk.id == oldest))
        .where(shop.tenant_id == bindparam("shop"))
    )  # fmt: skip
    return joined(asked)
