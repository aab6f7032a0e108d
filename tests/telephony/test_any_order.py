"""Callbacks come late, twice and in any order: whatever happens, one outcome and nobody left hanging."""

import random
import xml.etree.ElementTree as ET
from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import UUID

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import presence
from desks.models import Engagement, Offer, Seat
from desks.values import LIVE_OFFERS, Presence
from interactions.derive import Times, apply
from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind, Outcome
from nanori.actors import Actor, ActorKind
from nanori.db import bind_all_shops
from nanori.settings import Settings
from telephony.commands import agents
from telephony.commands.agents import Shown
from telephony.commands.routes import route_calls
from telephony.labels import CALLER, leg_label
from telephony.models import Call
from telephony.values import CallState, LegRole
from tests.support.carrier import CarrierClient, a_call_sid
from tests.support.clock import TestClock
from tests.telephony.conftest import NUMBER, a_desk, a_ready_shop, an_agent

CALLER_SID, AGENT_SID, CONFERENCE = a_call_sid(1), a_call_sid(2), "CF" + "3" * 32


class Playing:
    """One call up to the point at which the agent has dialled in."""

    def __init__(self, carrier: CarrierClient, session: AsyncSession, clock: TestClock) -> None:
        self.carrier, self.session, self.clock = carrier, session, clock

    async def until_agent_dials_in(self) -> None:
        session, now = self.session, self.clock.now()
        shop = await a_ready_shop(session, NUMBER)
        desk = await a_desk(session, shop)
        self.agent = (await an_agent(session, shop, desk)).id
        await presence.take_seat(session, self.agent, tab="tab", now=now)
        await presence.choose_presence(session, self.agent, Presence.READY, reason=None, now=now)
        await session.commit()
        answer = await self.carrier.ring(CALLER_SID, NUMBER)
        enqueue = ET.fromstring(answer.text).find("Enqueue")
        assert enqueue is not None
        self.dequeued = str(enqueue.get("action"))
        await self.carrier.post(str(enqueue.get("waitUrl")), CallSid=CALLER_SID, QueueSid="QU" + "1" * 32)
        await bind_all_shops(session)
        (made,) = await route_calls(session, now=now)
        call_id = (await session.scalars(select(Call.id))).one()
        accepted = await agents.accept_offer(
            session, made.offer_id, agent=Actor(kind=ActorKind.AGENT, account_id=self.agent),
            shown=Shown(tab="tab", call_id=call_id, shop_id=shop.tenant_id, phrase_id=None), now=now,
        )  # fmt: skip
        await session.commit()
        self.call_id, self.leg_id = accepted.call_id, accepted.leg_id
        await self.carrier.post(
            "/tw/app", CallSid=AGENT_SID, From=f"client:agent_{self.agent.hex}", leg=accepted.token
        )

    async def conference(self, number: int, event: str, label: str) -> None:
        await self.carrier.post(
            f"/tw/cb/conf/{self.call_id}", CallSid=CALLER_SID, ConferenceSid=CONFERENCE,
            StatusCallbackEvent=event, ParticipantLabel=label, SequenceNumber=str(number),
            ReasonParticipantLeft="participant_hung_up",
        )  # fmt: skip

    async def tell(self, what: str) -> None:
        """One report of the carrier, by its short name."""
        agent = leg_label(LegRole.AGENT, UUID(str(self.leg_id)))
        match what:
            case "agent joins":
                await self.conference(1, "participant-join", agent)
            case "caller joins":
                await self.conference(3, "participant-join", CALLER)
            case "caller leaves":
                await self.conference(5, "participant-leave", CALLER)
            case "agent leaves":
                await self.conference(6, "participant-leave", agent)
            case "conference ends":
                await self.conference(7, "conference-end", "")
            case "redirected":
                await self.carrier.post(self.dequeued, CallSid=CALLER_SID, QueueResult="redirected")
            case "completed":
                await self.carrier.post(
                    "/tw/cb/call", CallSid=CALLER_SID, CallStatus="completed", SequenceNumber="0"
                )


REPORTS = (
    "agent joins", "redirected", "caller joins", "caller leaves", "agent leaves", "conference ends",
    "completed",
)  # fmt: skip


@pytest.fixture
async def playing(
    app: Litestar, session: AsyncSession, shared_settings: Settings, clock: TestClock
) -> AsyncGenerator[Playing]:
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        play = Playing(CarrierClient(client, shared_settings), session, clock)
        await play.until_agent_dials_in()
        yield play


async def test_the_usual_order_is_an_answered_call(playing: Playing) -> None:
    for what in REPORTS:
        playing.clock.advance(timedelta(seconds=10))
        await playing.tell(what)

    await check_invariants(playing)
    interaction = await the_interaction(playing)
    assert (interaction.outcome, interaction.talk_ms) == (Outcome.ANSWERED, 10_000)


@pytest.mark.parametrize("seed", range(8))
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
