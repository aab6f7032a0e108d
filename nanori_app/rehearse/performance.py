"""One performance from the empty database to the curtain: what was played, by whom, before which house."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mailroom.ports import POSTMAN
from nanori.installation import Installation
from nanori.settings import Settings
from nanori_app.rehearse.composing import compose
from nanori_app.rehearse.floor import Floor, Post
from nanori_app.rehearse.house import installation
from nanori_app.rehearse.occasions import with_occasions
from nanori_app.rehearse.piece import Piece
from nanori_app.rehearse.play import Play
from nanori_app.rehearse.sabotage import Sabotage
from nanori_app.rehearse.second_desk import open_second_desks, seat_supervisor
from nanori_app.rehearse.setting import seat_agents, set_up_shops
from nanori_app.rehearse.shops import ShopSetup
from nanori_app.rehearse.stage import stage
from reports.facts import Period
from telephony.adapters.simulator.faults import Faults
from tenants.hours import Calendar

MONTH = date(2026, 10, 1)
BEFORE = timedelta(days=2)
"""The house is set up so long before the month begins."""
AFTER_THE_LAST = timedelta(minutes=25)

FAULTS = {
    "none": Faults(),
    "some": Faults(duplicate_documents=0.05, duplicate_callbacks=0.15, reorder_seconds=2.0, rest_busy=0.05),
    "all": Faults(
        duplicate_documents=0.15,
        duplicate_callbacks=0.3,
        lose_callbacks=0.05,
        reorder_seconds=4.0,
        delay_seconds=1.0,
        rest_busy=0.15,
        rest_timeout=0.05,
        recording_absent=0.2,
        late_callbacks=0.05,
        early_callbacks=0.3,
        slow_documents=0.05,
        cut_off=0.01,
        calls_lag=1.0,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """What is asked for."""

    calls: int
    mails: int
    agents: int
    seed: int
    faults: str
    shops: Sequence[ShopSetup]
    dense: bool = False  # all calls within half an hour, for many seeds in little time
    month: date = MONTH
    sabotage: Sabotage | None = None


@dataclass(slots=True, kw_only=True)
class Performance:
    """A piece that has been played; the house still stands."""

    programme: Programme
    piece: Piece
    floor: Floor

    @property
    def settings(self) -> Settings:
        return self.floor.stage.house.settings


@asynccontextmanager
async def performance(settings: Settings, programme: Programme) -> AsyncGenerator[Performance]:
    """Play on an empty, migrated database."""
    async with installation(settings, opening(programme)) as house, play_in(house, programme) as played:
        yield played


def opening(programme: Programme) -> datetime:
    """When the house is set up."""
    return datetime.combine(programme.month, time(), tzinfo=UTC) - BEFORE


@asynccontextmanager
async def play_in(house: Installation, programme: Programme) -> AsyncGenerator[Performance]:
    """Play in a house that knows of nothing yet."""
    start = opening(programme)
    shops = await set_up_shops(house, programme.shops, now=start)
    agents = await seat_agents(house, programme.agents, shops)
    shops = await open_second_desks(house, shops, agents)
    supervisor = await seat_supervisor(house)
    piece = _piece(programme, [shop.calendar for shop in shops])
    sabotage = programme.sabotage
    post = Post(copies=sabotage.copies if sabotage else 1)
    numbers = [number for shop in shops for number in shop.setup.numbers]
    async with stage(
        house,
        seed=programme.seed,
        start=start,
        numbers=numbers,
        faults=replace(FAULTS[programme.faults]),
        plugged={POSTMAN: post},
        tamper=sabotage.tamper if sabotage else None,
    ) as set_stage:
        floor = Floor(set_stage, shops, post)
        if sabotage is not None and sabotage.acting is not None:
            floor.act_at(piece.calls[0].at, sabotage.acting(floor))
        await Play(floor, piece, agents, supervisor).run(
            _curtain(programme, piece, shops[0].calendar.zone.key)
        )
        yield Performance(programme=programme, piece=piece, floor=floor)


def _piece(programme: Programme, calendars: Sequence[Calendar]) -> Piece:
    piece = compose(
        programme.seed,
        calendars,
        programme.month,
        calls=programme.calls,
        mails=programme.mails,
        dense=programme.dense,
    )
    return with_occasions(piece, calendars, programme.month) if programme.sabotage else piece


def _curtain(programme: Programme, piece: Piece, zone: str) -> datetime:
    """The last hour of the month: what is answered then is still of this month. A dense piece ends early."""
    if programme.dense and piece.calls:
        return piece.calls[-1].at + AFTER_THE_LAST
    period = Period.month(programme.month.year, programme.month.month, ZoneInfo(zone))
    return period.ends_at - timedelta(hours=1)
