"""A test call to one number of a seasonal desk: before, in and after its season, and nothing of it is kept.

The simulated carrier calls the real application over the shop's own set-up, at the moments in question,
within a transaction that is thrown away. No telephone rings, no agent is asked, no figure counts the call.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import httpx
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from desks import life
from desks.models import Desk
from desks.season_models import Season
from desks.season_queries import calendar_of_desk, season_of
from desks.values import DeskState
from nanori.actors import SYSTEM
from nanori.db import across_shops, bind_all_shops
from nanori.installation import Installation
from nanori_app.rehearse.carrier import SimulatorClock, carrier_settings
from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.simulator import Simulator
from telephony.adapters.simulator.webhooks import HttpPost
from telephony.models import Call
from telephony.speech import speaker_of
from telephony.values import CallState
from tenants import queries
from tenants.hours import opens_next
from tenants.models import Tenant
from tenants.phrases import phrase_for
from tenants.values import Situation

Borrow = Callable[[Installation], AbstractContextManager[Litestar]]
"""Gives an application over an installation for a while."""
CALLER = "+819000000000"
"""Nobody's: a call from it is known to no shop."""
LISTENS = 20.0
"""Seconds on the line: greeting and notice are over by then, and the caller waits."""
A_MINUTE = timedelta(minutes=1)
SAYS = "say: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a caller of the number hears first; "" for silence, or for a moment that is over."""

    good: bool
    expected: str  # as it is read out
    before: str
    during: str
    after: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


async def try_number(
    house: Installation, borrow: Borrow, tenant_id: UUID, desk_id: UUID, number: str
) -> Heard:
    """Call the number a minute before the season, when its desk first opens, and a minute after.

    It is good when the caller in the season hears the desk's greeting and waits at that desk.
    """
    async with across_shops(house.staff) as session:
        shop = await queries.shop(session, tenant_id)
        desk, season = await _desk(session, tenant_id, desk_id)
        calendar = await calendar_of_desk(session, shop, desk)
        opens = opens_next(calendar, max(season.opens_at, house.clock.now()))
        expected = await _greeting(session, shop, season, opens or season.opens_at)
    if opens is None or opens >= season.closes_at:
        return Heard(good=False, expected=expected, before="", during="", after="")
    place = (house, borrow, tenant_id, desk_id, number)
    before, _ = await _call(*place, at=season.opens_at - A_MINUTE)
    during, is_there = await _call(*place, at=opens)
    after, _ = await _call(*place, at=season.closes_at + A_MINUTE)
    good = is_there and during == expected
    return Heard(good=good, expected=expected, before=before, during=during, after=after)


@asynccontextmanager
async def thrown_away(house: Installation) -> AsyncGenerator[Installation]:
    """The same house within one transaction: each commit is a savepoint, all is rolled back.

    Short, one for each call: until then whoever else calls the shop waits for the counter of its log.
    """
    async with house.staff() as session:
        connection = await session.connection()
        sessions = async_sessionmaker(
            connection,
            class_=AsyncSession,
            expire_on_commit=False,
            join_transaction_mode="create_savepoint",
            info=house.staff.kw.get("info"),
        )
        try:
            yield replace(house, staff=sessions, merchant=sessions, worker=sessions)
        finally:
            await session.rollback()


async def _call(
    house: Installation, borrow: Borrow, tenant_id: UUID, desk_id: UUID, number: str, *, at: datetime
) -> tuple[str, bool]:
    """What is heard first, and whether the caller waits at the desk then."""
    clock = SimulatorClock(at)
    async with thrown_away(replace(house, clock=clock)) as stage:
        await _bring_to(stage, tenant_id, desk_id, at)
        with borrow(stage) as app:
            simulator = _carrier(house, app, number, at=at)
            clock.simulator = simulator
            sid = simulator.place_call(CALLER, number)
            await simulator.advance(LISTENS)
        async with across_shops(stage.staff) as session:
            call = await session.scalar(select(Call).where(Call.call_sid == sid))
    waits = call is not None and call.desk_id == desk_id and call.state is CallState.QUEUED
    is_well = not simulator.problems and not simulator.contract_violations
    heard = [text for change in simulator.timeline.of(sid, "hears") for text in change.detail["hears"]]
    said = next((text.removeprefix(SAYS) for text in heard if text.startswith(SAYS)), "")
    return said, waits and is_well


def _carrier(house: Installation, app: Litestar, number: str, *, at: datetime) -> Simulator:
    settings = house.settings
    return Simulator(
        seed=int(at.timestamp()),  # its ids are made of it: each call is another one
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        post=HttpPost(httpx.ASGITransport(cast(Any, app))),
        start=at,
        settings=carrier_settings(settings.public_url, [number], {}),
        faults=Faults(),
    )


async def _bring_to(stage: Installation, tenant_id: UUID, desk_id: UUID, at: datetime) -> None:
    """Let the desk be as it will be then, had its gate been passed."""
    async with stage.staff.begin() as session:
        await bind_all_shops(session)
        desk, season = await _desk(session, tenant_id, desk_id)
        if desk.state is DeskState.CHECKING:
            await life.move(session, desk, DeskState.SCHEDULED, actor=SYSTEM, now=at)
        await life.move_due(session, desk, season, now=at)


async def _desk(session: AsyncSession, tenant_id: UUID, desk_id: UUID) -> tuple[Desk, Season]:
    desk = await session.get_one(Desk, (tenant_id, desk_id))
    return desk, await season_of(session, tenant_id, desk_id)


async def _greeting(session: AsyncSession, shop: Tenant, season: Season, at: datetime) -> str:
    """What is to be read out, found without the code that is being tried."""
    phrases = await queries.phrases_of(session, shop.tenant_id)
    phrase = phrase_for(phrases, Situation.NORMAL, at, ZoneInfo(shop.zone))
    return speaker_of(shop).aloud(season.greeting or (phrase.text if phrase else shop.brand_name))
