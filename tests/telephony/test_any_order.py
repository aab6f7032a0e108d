"""Callbacks come late, twice and in any order: whatever happens, one outcome and nobody left hanging."""

import os
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from math import factorial
from typing import cast

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from desks.models import Engagement, Offer, Seat
from desks.values import LIVE_OFFERS, Presence
from interactions.derive import Times, apply
from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind, Outcome
from nanori.db import bind_all_shops
from nanori.settings import Settings
from telephony.models import Call
from telephony.values import CallState
from tests.support.carrier import CarrierClient
from tests.support.clock import TestClock
from tests.telephony.all_orders import Walk
from tests.telephony.playing import Playing

REPORTS = (
    "agent joins", "redirected", "caller joins", "caller leaves", "agent leaves", "conference ends",
    "completed",
)  # fmt: skip
EVERYTHING = bool(os.environ.get("NANORI_ALL_ORDERS"))
"""Also the reports of which nothing follows: up to 40,320 orders a call instead of 720, and minutes."""
PLAIN = ("redirected", "caller joins", "caller leaves", "agent is let go", "completed")


@pytest.fixture
async def shop_floor(
    app: Litestar, session: AsyncSession, shared_settings: Settings, clock: TestClock
) -> AsyncGenerator[Playing]:
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        yield Playing(CarrierClient(client, shared_settings), session, clock)


@pytest.fixture
async def playing(shop_floor: Playing) -> Playing:
    await shop_floor.until_agent_dials_in()
    return shop_floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A kind of call: how it comes to the point from which all orders are told, and what is told then.

    ``more``: reports of which nothing follows.
    """

    prepare: Callable[[Playing], Awaitable[None]]
    reports: tuple[str, ...]
    more: tuple[str, ...] = ("conference ends",)


async def answered(playing: Playing) -> None:
    """The agent's joining comes first: without it the carrier is never asked to connect anybody."""
    await playing.until_agent_dials_in(records=True)
    await playing.tell("agent joins")


async def handed_over(playing: Playing) -> None:
    await playing.until_talking()
    await playing.hands_over()


async def abandoned(playing: Playing) -> None:
    """The caller gives up while an agent is on the way."""
    await playing.until_agent_dials_in()


async def abandoned_too_late(playing: Playing) -> None:
    """The caller gives up while being taken to the agent."""
    await playing.until_agent_dials_in()
    await playing.tell("agent joins")


async def with_a_contact(playing: Playing) -> None:
    """A contact of the shop has pressed 1, called by the agent who talks to the caller."""
    await playing.until_talking()
    await playing.calls_the_shop()
    await playing.tell("contact joins")


async def alone_with_a_contact(playing: Playing) -> None:
    """Nobody was there: a contact has pressed 1 for a caller in the queue."""
    await playing.opens()
    await playing.rings()
    await playing.calls_the_shop_alone()
    await playing.tell("contact joins")


async def after_closing(playing: Playing) -> None:
    await playing.opens()
    playing.clock.advance(timedelta(hours=10))
    await playing.rings()


async def to_a_shopper(playing: Playing) -> None:
    await playing.opens()
    await playing.calls_a_shopper()
    await playing.tell("agent joins")


SHAPES = (
    Shape(
        prepare=answered, reports=(*PLAIN, "recording completed"),
        more=("conference ends", "recording in-progress"),
    ),
    Shape(prepare=handed_over, reports=(*PLAIN[2:4], "agent leaves", "colleague is let go", "completed")),
    Shape(prepare=abandoned, reports=("dequeued", "completed"), more=()),
    Shape(prepare=abandoned_too_late, reports=("dequeued", "completed"), more=()),
    Shape(
        prepare=with_a_contact,
        reports=("contact is let go", "contact completed", *PLAIN[2:]),
    ),
    Shape(
        prepare=alone_with_a_contact,
        reports=(*PLAIN[:3], "contact is let go", "contact completed", "completed"),
    ),
    Shape(prepare=after_closing, reports=("message spoken", "message completed", "completed"), more=()),
    Shape(
        prepare=to_a_shopper, reports=("in-progress", *PLAIN[1:]),
        more=("initiated", "ringing", "conference ends"),
    ),
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.prepare.__name__)
async def test_every_order_of_a_calls_reports_ends_in_the_same_rows(
    shop_floor: Playing, shape: Shape
) -> None:
    """With each report told again after every later one: no row differs, whatever came first."""
    await shape.prepare(shop_floor)
    await shop_floor.session.commit()
    reports = shape.reports + (shape.more if EVERYTHING else ())
    walk = Walk(
        connection=cast("AsyncConnection", shop_floor.session.bind), tell=shop_floor.tell, reports=reports
    )
    assert await walk.all_orders() == factorial(len(reports))
    assert len(walk.ends) == 1, walk.difference()


async def test_the_usual_order_is_an_answered_call(playing: Playing) -> None:
    for what in REPORTS:
        playing.clock.advance(timedelta(seconds=10))
        await playing.tell(what)

    await check_invariants(playing)
    interaction = await the_interaction(playing)
    assert (interaction.outcome, interaction.talk_ms) == (Outcome.ANSWERED, 10_000)


@pytest.mark.parametrize("seed", range(4))
async def test_any_order_with_any_repeats_ends_in_one_outcome(playing: Playing, seed: int) -> None:
    dice = random.Random(seed)
    told = [what for what in REPORTS for _ in range(dice.randint(1, 3))]
    dice.shuffle(told)
    for what in told:
        playing.clock.advance(timedelta(seconds=1))
        await playing.tell(what)

    await check_invariants(playing)


async def check_invariants(playing: Playing) -> None:
    session = playing.session
    interaction = await the_interaction(playing)
    call = (await session.scalars(select(Call).execution_options(populate_existing=True))).one()
    events = (await session.scalars(select(InteractionEvent).order_by(InteractionEvent.seq))).all()
    assert call.state is CallState.CLOSED
    assert interaction.outcome in {Outcome.ANSWERED, Outcome.ABANDONED}
    assert [event.kind for event in events].count(EventKind.ENDED) == 1
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    replayed = Times(arrived_at=interaction.arrived_at)
    for event in events:
        apply(replayed, event.kind, event.at, event.data)
    assert (replayed.talk_ms, replayed.answered_at) == (interaction.talk_ms, interaction.answered_at)
    live = await session.scalar(select(func.count()).select_from(Offer).where(Offer.state.in_(LIVE_OFFERS)))
    seat = await session.get_one(Seat, playing.agent, populate_existing=True)
    busy = await session.scalar(
        select(func.count())
        .select_from(Engagement)
        .where(Engagement.wrapup_since.is_(None), Engagement.ended_at.is_(None))
    )
    assert (live, busy) == (0, 0)
    assert seat.state in {Presence.READY, Presence.WRAPUP, Presence.NOT_READY}


async def the_interaction(playing: Playing) -> Interaction:
    await bind_all_shops(playing.session)
    found = await playing.session.scalars(select(Interaction).execution_options(populate_existing=True))
    return found.one()
