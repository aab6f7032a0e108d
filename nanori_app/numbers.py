"""Numbers between the carrier, which rents them to us, and the shops, which are called under them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import directory
from nanori.db import unit_of_work
from nanori.directory import DirectoryEntry, Kind
from nanori.installation import Installation
from nanori.settings import Settings
from nanori_app.errors import Stopped
from telephony.carrier_errors import CarrierRefused
from telephony.ports import NUMBERS, OwnNumber, Ways
from tenants import commands as shops
from tenants import promises
from tenants.errors import LineIsPromised
from tenants.models import PhoneNumber

PATIENCE = "ct=1500&rt=4500&rc=2&rp=ct,rt,5xx&e={edge}"
"""How the carrier treats our answers: connect in 1.5 s, first byte in 4.5 s, two more tries. In the fragment,
which is neither sent nor signed (telephony.md 2)."""


class NumberUnknown(Stopped):
    message = "{number} is not a number of our account. See: nanori numbers list"


class StillAShops(Stopped):
    message = "{number} still rings for a shop ({shop}). Take it away first: nanori numbers release {number}"


class StillASeasons(Stopped):
    message = "{number} is promised to a seasonal desk. Take it out of that desk's plan first."


class StillInQuarantine(Stopped):
    message = (
        "Until {until} {number} is in quarantine: people may still call the former shop. --now releases it."
    )


class State(StrEnum):
    """What there is to say about a number."""

    READY = "ready"
    NOT_SET_UP = "not set up"  # at the carrier its webhooks lead elsewhere
    SPARE = "spare"  # ours, and of no shop
    QUARANTINE = "quarantine"  # ours or not; until a date of no other shop
    NOT_OURS = "not ours"  # a shop has it, the carrier's account does not
    SIMULATED = "simulated"  # a shop has it, and the simulated carrier lets it ring


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One number with what both sides know of it."""

    number: str
    state: State
    shop: str = ""  # short name
    free_at: datetime | None = None
    sid: str = ""


def ways_of(settings: Settings) -> Ways:
    """Where the carrier must turn to about each of our numbers."""
    patience = PATIENCE.format(edge=settings.twilio_edge or "tokyo")
    fallback = settings.twilio_fallback_url or f"{settings.public_url}/tw/fallback"
    return Ways(
        voice_url=f"{settings.public_url}/tw/in#{patience}",
        fallback_url=fallback,
        status_url=f"{settings.public_url}/tw/cb/call#{patience}",
    )


async def listed(house: Installation) -> list[Line]:
    """Every number that is ours or of a shop."""
    owned = {one.number: one for one in await house.port(NUMBERS).owned()}
    async with house.staff() as session:
        promised = {one.key: one for one in await directory.entries(session, Kind.NUMBER)}
        slugs = {one.shop_id: one.key for one in await directory.entries(session, Kind.SHOP)}
    return [
        _line(number, owned.get(number), promised.get(number), slugs, house.settings)
        for number in sorted(owned.keys() | promised.keys())
    ]


async def buy(
    house: Installation, number: str, *, shop_id: UUID, bundle_sid: str, address_sid: str, now: datetime
) -> OwnNumber:
    """Promise the number to the shop, then buy it set up; a refusal takes the promise back.

    Raises:
        InvalidInput: another shop has it, or had it lately.
        CarrierError: nothing was bought, unless it is CarrierUnknown.
    """
    async with unit_of_work(house.staff, [shop_id]) as session:
        row = await shops.add_number(session, shop_id, number, now=now)
    try:
        return await house.port(NUMBERS).buy(
            number, ways=ways_of(house.settings), bundle_sid=bundle_sid, address_sid=address_sid
        )
    except CarrierRefused:
        async with unit_of_work(house.staff, [shop_id]) as session:
            await shops.remove_number(session, shop_id, row.id)
        raise


async def configure(house: Installation, numbers: list[str]) -> list[str]:
    """Set up these numbers, or all; returns those that were not so before.

    Raises:
        NumberUnknown: not of our account.
    """
    port, ways = house.port(NUMBERS), ways_of(house.settings)
    owned = {one.number: one for one in await port.owned()}
    for number in numbers:
        if number not in owned:
            raise NumberUnknown(number=number)
    wrong = [owned[number] for number in numbers or sorted(owned) if owned[number].ways != ways]
    for one in wrong:
        await port.configure(one.sid, ways=ways)
    return [one.number for one in wrong]


async def take_from_shop(house: Installation, number: str, *, now: datetime) -> Line:
    """The shop gives the number up: until its quarantine is over it rings for no other.

    Raises:
        NumberUnknown: no shop has it.
        StillASeasons: a seasonal desk counts on it.
    """
    free_at = now + timedelta(days=house.settings.number_quarantine_days)
    async with house.staff() as session:
        found = await directory.look_up(session, Kind.NUMBER, number)
    if found is None:
        raise NumberUnknown(number=number)
    async with unit_of_work(house.staff, [found.shop_id]) as session:
        row = await _row(session, found.shop_id, number)
        try:
            if row is not None:
                await shops.remove_number(session, found.shop_id, row.id, free_at=free_at)
        except LineIsPromised as promised:
            raise StillASeasons(number=number) from promised
    return Line(number=number, state=State.QUARANTINE, free_at=free_at)


async def pool(house: Installation, numbers: list[str], *, take_out: bool, now: datetime) -> list[str]:
    """Put numbers into the pool of seasonal desks, or take them out; returns those that are spare now."""
    async with house.staff.begin() as session:
        if take_out:
            for number in numbers:
                await promises.take_out_of_pool(session, number)
        else:
            await promises.add_to_pool(session, numbers, now=now)
        return await promises.spare_numbers(session, now=now)


async def give_back(house: Installation, number: str, *, even_in_quarantine: bool, now: datetime) -> None:
    """Return the number to the carrier, for good.

    Raises:
        NumberUnknown: not of our account.
        StillAShops, StillInQuarantine: callers would land at a stranger's.
    """
    line = next((one for one in await listed(house) if one.number == number), None)
    if line is None or not line.sid:
        raise NumberUnknown(number=number)
    if line.shop and line.free_at is None:
        raise StillAShops(number=number, shop=line.shop)
    if line.free_at is not None and line.free_at > now and not even_in_quarantine:
        raise StillInQuarantine(number=number, until=f"{line.free_at:%Y-%m-%d}")
    await house.port(NUMBERS).release(line.sid)


async def _row(session: AsyncSession, shop_id: UUID, number: str) -> PhoneNumber | None:
    found: PhoneNumber | None = await session.scalar(
        select(PhoneNumber).where(PhoneNumber.tenant_id == shop_id, PhoneNumber.number == number)
    )
    return found


def _line(
    number: str,
    own: OwnNumber | None,
    promise: DirectoryEntry | None,
    slugs: dict[UUID, str],
    settings: Settings,
) -> Line:
    return Line(
        number=number,
        state=_state(own, promise, settings),
        shop=slugs.get(promise.shop_id, "") if promise else "",
        free_at=promise.free_at if promise else None,
        sid=own.sid if own else "",
    )


def _state(own: OwnNumber | None, promise: DirectoryEntry | None, settings: Settings) -> State:
    if promise is not None and promise.free_at is not None:
        return State.QUARANTINE
    if own is None:
        return State.SIMULATED if settings.simulated else State.NOT_OURS
    if promise is None:
        return State.SPARE
    return State.READY if own.ways == ways_of(settings) else State.NOT_SET_UP
