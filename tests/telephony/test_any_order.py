"""Callbacks come late, twice and in any order: whatever happens, one outcome and nobody left hanging."""

import random
import xml.etree.ElementTree as ET
from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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
from telephony.commands import agents, transfers
from telephony.commands.agents import Shown
from telephony.commands.routes import route_calls
from telephony.labels import CALLER, leg_label
from telephony.models import Call
from telephony.urls import Urls
from telephony.values import CallState, LegRole
from tenants.models import Tenant
from tests.support.carrier import CarrierClient, a_call_sid
from tests.support.clock import TestClock
from tests.telephony.conftest import a_desk, a_ready_shop, an_agent


class Playing:
    """One call up to the point at which the agent has dialled in."""

    def __init__(self, carrier: CarrierClient, session: AsyncSession, clock: TestClock) -> None:
        self.carrier, self.session, self.clock = carrier, session, clock
        self.caller_sid, self.conference_sid = a_call_sid(uuid4().int), f"CF{uuid4().hex}"
        self.second_leg: UUID | None = None  # the colleague's

    async def until_agent_dials_in(self) -> None:
        session, now = self.session, self.clock.now()
        number = f"+8150{uuid4().int % 10**8:08}"
        shop = await a_ready_shop(session, number)
        desk = await a_desk(session, shop)
        self.agent = (await an_agent(session, shop, desk)).id
        await presence.take_seat(session, self.agent, tab="tab", now=now)
        await presence.choose_presence(session, self.agent, Presence.READY, reason=None, now=now)
        await session.commit()
        answer = await self.carrier.ring(self.caller_sid, number)
        enqueue = ET.fromstring(answer.text).find("Enqueue")
        assert enqueue is not None
        self.dequeued = str(enqueue.get("action"))
        await self.carrier.post(
            str(enqueue.get("waitUrl")), CallSid=self.caller_sid, QueueSid="QU" + "1" * 32
        )
        await bind_all_shops(session)
        self.shop_id, self.desk = shop.tenant_id, desk
        self.call_id = (await session.scalars(select(Call.id).where(Call.call_sid == self.caller_sid))).one()
        self.leg_id = await self.takes(self.agent)

    async def takes(self, agent_id: UUID) -> UUID:
        """An agent is asked, accepts and dials in; the leg."""
        session, now = self.session, self.clock.now()
        await bind_all_shops(session)
        (made,) = await route_calls(session, now=now)
        assert made.agent_id == agent_id
        accepted = await agents.accept_offer(
            session, made.offer_id, Urls(""), agent=Actor(kind=ActorKind.AGENT, account_id=agent_id),
            shown=Shown(tab="tab", call_id=self.call_id, shop_id=self.shop_id, phrase_id=None), now=now,
        )  # fmt: skip
        await session.commit()
        await self.carrier.post(
            "/tw/app", CallSid=a_call_sid(uuid4().int), From=f"client:agent_{agent_id.hex}",
            leg=accepted.token,
        )  # fmt: skip
        return accepted.leg_id

    async def hands_over(self) -> None:
        """A colleague is asked, joins and has the call from then on."""
        session, now = self.session, self.clock.now()
        await bind_all_shops(session)
        shop = await session.get_one(Tenant, self.shop_id)
        self.colleague = (await an_agent(session, shop, self.desk)).id
        await presence.take_seat(session, self.colleague, tab="tab", now=now)
        await presence.choose_presence(session, self.colleague, Presence.READY, reason=None, now=now)
        agent = Actor(kind=ActorKind.AGENT, account_id=self.agent)
        await transfers.consult(session, self.call_id, self.desk.id, Urls(""), agent=agent, now=now)
        await session.commit()
        self.second_leg = await self.takes(self.colleague)
        await self.tell("colleague joins")
        await bind_all_shops(session)
        await transfers.hand_over(session, self.call_id, agent=agent, now=now)
        await session.commit()

    async def conference(self, number: int, event: str, label: str, reason: str) -> None:
        await self.carrier.post(
            f"/tw/cb/conf/{self.call_id}", CallSid=self.caller_sid, ConferenceSid=self.conference_sid,
            StatusCallbackEvent=event, ParticipantLabel=label, SequenceNumber=str(number),
            ReasonParticipantLeft=reason,
        )  # fmt: skip

    async def tell(self, what: str) -> None:
        """One report of the carrier, by its short name."""
        if what == "redirected":
            await self.carrier.post(self.dequeued, CallSid=self.caller_sid, QueueResult="redirected")
        elif what == "completed":
            await self.carrier.post(
                "/tw/cb/call", CallSid=self.caller_sid, CallStatus="completed", SequenceNumber="0"
            )
        else:
            await self.conference(*self.told(what))

    def told(self, what: str) -> tuple[int, str, str, str]:
        """A conference's report: its number, the event, whom it is about, and why they left."""
        labels = {
            "agent": leg_label(LegRole.AGENT, self.leg_id), "caller": CALLER, "conference": "",
            "colleague": leg_label(LegRole.CONSULT, self.second_leg or self.leg_id),
        }  # fmt: skip
        who, _, rest = what.partition(" ")
        events = {"joins": "participant-join", "ends": "conference-end"}
        reason = "moderator_ended_conference" if rest == "is let go" else "participant_hung_up"
        return NUMBERS[what], events.get(rest, "participant-leave"), labels[who], reason


NUMBERS = {
    "agent joins": 1, "caller joins": 3, "caller leaves": 5, "agent leaves": 6, "agent is let go": 6,
    "conference ends": 7, "colleague joins": 8, "colleague is let go": 9,
}  # fmt: skip
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


ONCE_CONNECTED = (
    "agent joins", "redirected", "caller joins", "caller leaves", "agent is let go", "conference ends",
    "completed",
)  # fmt: skip
ONCE_HANDED_OVER = (*ONCE_CONNECTED, "agent leaves", "colleague joins", "colleague is let go")
IN_PROCESS = settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def each_twice(reports: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    """Every order of the reports, each delivered twice."""
    return st.permutations([*reports, *reports])


@IN_PROCESS
@given(told=each_twice(ONCE_CONNECTED))
async def test_every_order_of_a_calls_reports_ends_in_the_same_state(
    app: Litestar, session: AsyncSession, shared_settings: Settings, clock: TestClock, told: list[str]
) -> None:
    """The agent's joining comes first: without it the carrier is never asked to connect anybody."""
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        playing = Playing(CarrierClient(client, shared_settings), session, clock)
        await playing.until_agent_dials_in()
        for what in ("agent joins", *told):
            clock.advance(timedelta(seconds=1))
            await playing.tell(what)
        assert await end_of(playing) == (Outcome.ANSWERED, 1, {playing.agent: Presence.WRAPUP})
        await go_home(playing, playing.agent)


@IN_PROCESS
@given(told=each_twice(ONCE_HANDED_OVER))
async def test_every_order_of_reports_after_a_handover_ends_in_the_same_state(
    app: Litestar, session: AsyncSession, shared_settings: Settings, clock: TestClock, told: list[str]
) -> None:
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        playing = Playing(CarrierClient(client, shared_settings), session, clock)
        await playing.until_agent_dials_in()
        for what in ("agent joins", "caller joins"):
            await playing.tell(what)
        await playing.hands_over()
        for what in told:
            clock.advance(timedelta(seconds=1))
            await playing.tell(what)
        both = dict.fromkeys((playing.agent, playing.colleague), Presence.WRAPUP)
        assert await end_of(playing) == (Outcome.ANSWERED, 1, both)
        await go_home(playing, playing.agent, playing.colleague)


async def end_of(playing: Playing) -> tuple[Outcome | None, int, dict[UUID, Presence]]:
    """How it came out, how often it ended, and what its agents do now."""
    session = playing.session
    await bind_all_shops(session)
    call = await session.get_one(Call, (playing.shop_id, playing.call_id), populate_existing=True)
    assert call.state is CallState.CLOSED
    interaction = await session.get_one(
        Interaction, (playing.shop_id, call.interaction_id), populate_existing=True
    )
    ends = await session.scalar(
        select(func.count()).where(
            InteractionEvent.interaction_id == interaction.id, InteractionEvent.kind == EventKind.ENDED
        )
    )
    engaged = await session.scalars(
        select(Engagement.agent_id).where(Engagement.interaction_id == interaction.id)
    )
    seats = [await session.get_one(Seat, agent, populate_existing=True) for agent in engaged.all()]
    return interaction.outcome, ends or 0, {seat.agent_id: seat.state for seat in seats}


async def go_home(playing: Playing, *people: UUID) -> None:
    """Out of the next play's way."""
    for agent in people:
        seat = await presence.locked_seat(playing.session, agent, now=playing.clock.now())
        await presence.enter(playing.session, seat, Presence.OFFLINE, now=playing.clock.now())
    await playing.session.commit()


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
