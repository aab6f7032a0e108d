"""Who is asked: fairly, one caller each, by any number of processes at once."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import offers, presence, roster, routing
from desks.engagements import finish_engagement
from desks.errors import AnotherTab, OfferGone, OfferNotFound, OnTheCall, WrongShopShown
from desks.models import Engagement, Offer, PresenceInterval, Seat, Waiting
from desks.profiles import Profile, set_profile
from desks.snapshot import agents_on_duty, standing_now
from desks.values import LIVE_OFFERS, Channel, OfferState, Presence, WaitingState
from interactions import commands as log
from interactions.values import Channel as LogChannel
from nanori.db import across_shops
from nanori.installation import Installation
from tests.support.clock import START
from tests.support.people import a_shop, certify
from tests.telephony.conftest import a_desk, an_agent

TAB = "tab-1"
CALLERS, AGENTS, PROCESSES = 20, 6, 4


class Floor:
    """One shop with a desk, ready agents and waiting callers."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def set_up(self, agents: int) -> "Floor":
        self.shop = await a_shop(self.session)
        self.desk = await a_desk(self.session, self.shop)
        self.agents = []
        for number in range(agents):
            agent = await an_agent(self.session, self.shop, self.desk)
            await presence.take_seat(self.session, agent.id, tab=TAB, now=START)
            await presence.choose_presence(
                self.session, agent.id, Presence.READY, reason=None, now=START + timedelta(seconds=number)
            )
            self.agents.append(agent.id)
        return self

    async def caller(self, seconds: int = 0, priority: int = 0) -> Waiting:
        at = START + timedelta(seconds=seconds)
        opening = log.Opening(channel=LogChannel.PHONE, desk_id=self.desk.id)
        interaction = await log.open_interaction(self.session, self.shop.tenant_id, opening, now=at)
        return await routing.enqueue(
            self.session, self.shop.tenant_id, desk_id=self.desk.id, interaction_id=interaction.id, turn=1,
            enqueued_at=at, priority=priority, now=at,
        )  # fmt: skip

    async def route(self, *callers: Waiting, seconds: int = 60) -> list[routing.Made]:
        ids = [caller.interaction_id for caller in callers]
        return await routing.route(self.session, ids, now=START + timedelta(seconds=seconds))

    async def seat(self, agent: UUID) -> Seat:
        return await self.session.get_one(Seat, agent, populate_existing=True)


async def test_who_has_been_idle_longest_is_asked_about_who_has_waited_longest(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=2)
    late, early = await floor.caller(seconds=9), await floor.caller(seconds=3)

    made = await floor.route(late, early)

    assert [(one.interaction_id, one.agent_id) for one in made] == [
        (early.interaction_id, floor.agents[0]), (late.interaction_id, floor.agents[1]),
    ]  # fmt: skip


async def test_a_returning_caller_goes_first(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    early, returning = await floor.caller(), await floor.caller(seconds=30, priority=100)

    made = await floor.route(early, returning)

    assert [one.interaction_id for one in made] == [returning.interaction_id]


async def test_a_refused_caller_waits_for_the_next_agent_and_not_for_the_same(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    caller = await floor.caller()
    (made,) = await floor.route(caller)
    await offers.refuse(session, made.offer_id, agent_id=made.agent_id, now=START + timedelta(seconds=61))

    assert (await floor.seat(made.agent_id)).state is Presence.READY
    assert await floor.route(caller, seconds=62) == []
    assert len(await floor.route(caller, seconds=120)) == 1


async def test_accepting_needs_the_right_agent_tab_shop_and_time(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    (made,) = await floor.route(await floor.caller())
    shop, now = floor.shop.tenant_id, START + timedelta(seconds=61)

    with pytest.raises(OfferNotFound):
        await offers.accept(session, made.offer_id, agent_id=uuid7(), tab=TAB, shop_id=shop, now=now)
    with pytest.raises(AnotherTab):
        await offers.accept(session, made.offer_id, agent_id=made.agent_id, tab="old", shop_id=shop, now=now)
    with pytest.raises(WrongShopShown):
        await offers.accept(session, made.offer_id, agent_id=made.agent_id, tab=TAB, shop_id=uuid7(), now=now)
    with pytest.raises(OfferGone):
        await offers.accept(
            session, made.offer_id, agent_id=made.agent_id, tab=TAB, shop_id=shop, now=made.expires_at
        )
    offer, _ = await offers.accept(
        session, made.offer_id, agent_id=made.agent_id, tab=TAB, shop_id=shop, now=now
    )
    assert offer.state is OfferState.ACCEPTED
    with pytest.raises(OfferGone):
        await offers.accept(session, made.offer_id, agent_id=made.agent_id, tab=TAB, shop_id=shop, now=now)


async def test_an_agent_who_accepts_and_never_joins_has_a_phone_problem(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    caller = await floor.caller()
    (made,) = await floor.route(caller)
    now = START + timedelta(seconds=61)
    await offers.accept(
        session, made.offer_id, agent_id=made.agent_id, tab=TAB, shop_id=floor.shop.tenant_id, now=now
    )
    later = now + offers.JOIN_WITHIN
    (due,) = await offers.due_offers(session, now=later)
    ended = await offers.expire(session, due, now=later)

    seat = await floor.seat(made.agent_id)
    assert ended is not None
    assert ended.state is OfferState.CONNECT_FAILED
    assert (seat.state, seat.reason) == (Presence.NOT_READY, "phone_problem")
    assert (await session.get_one(Waiting, (caller.tenant_id, caller.id))).state is WaitingState.WAITING


async def test_the_database_itself_refuses_a_second_live_call(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    callers = [await floor.caller(), await floor.caller()]
    for caller in callers[:1]:
        session.add(_engagement(caller, floor.agents[0]))
    await session.flush()

    session.add(_engagement(callers[1], floor.agents[0]))
    with pytest.raises(IntegrityError, match="uq_engagement_live_call"):
        await session.flush()


async def test_presence_is_one_open_interval_and_nothing_is_lost_at_midnight(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    midnight = START + timedelta(hours=20)
    await presence.choose_presence(session, floor.agents[0], Presence.BREAK, reason=None, now=midnight)

    rows = await session.scalars(select(PresenceInterval).where(PresenceInterval.agent_id == floor.agents[0]))
    intervals = sorted(rows.all(), key=lambda row: row.started_at)
    assert [(row.state, row.ended_at) for row in intervals] == [
        (Presence.READY, midnight), (Presence.BREAK, None),
    ]  # fmt: skip


async def test_processes_that_route_at_once_ask_nobody_twice(clone: Installation) -> None:
    async with clone.staff.begin() as session:
        floor = await Floor(session).set_up(agents=AGENTS)
        callers = [await floor.caller(seconds=number) for number in range(CALLERS)]
    ids = [caller.interaction_id for caller in callers]

    async def process() -> None:
        async with across_shops(clone.staff) as session:
            await routing.route(session, ids, now=START + timedelta(seconds=60))

    await asyncio.gather(*(process() for _ in range(PROCESSES)))

    async with across_shops(clone.staff) as session:
        found = (await session.scalars(select(Offer).where(Offer.state.in_(LIVE_OFFERS)))).all()
    assert max(Counter(one.agent_id for one in found).values()) == 1
    assert max(Counter(one.waiting_id for one in found).values()) == 1
    assert len(found) == AGENTS


def _engagement(caller: Waiting, agent: UUID) -> Engagement:
    return Engagement(
        tenant_id=caller.tenant_id, id=uuid7(), agent_id=agent, interaction_id=caller.interaction_id,
        channel=Channel.PHONE, started_at=START,
    )  # fmt: skip


async def test_who_is_in_training_is_not_asked(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=2)
    await roster.put_on_desk(
        session, floor.shop.tenant_id, desk_id=floor.desk.id, agent_id=floor.agents[0], level=1,
        certified=False,
    )  # fmt: skip

    (made,) = await floor.route(await floor.caller(), await floor.caller())

    assert made.agent_id == floor.agents[1]


async def test_a_desk_that_asks_for_a_certificate_asks_only_those_who_hold_one(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=2)
    shop, caller = floor.shop.tenant_id, await floor.caller()
    await roster.ask_for_certificate(session, shop, desk_id=floor.desk.id, asks=True)
    assert await floor.route(caller) == []

    expired, certified = floor.agents
    await certify(session, shop, expired, until=START + timedelta(seconds=60))
    await certify(session, shop, certified, until=START + timedelta(seconds=61))

    assert [one.agent_id for one in await floor.route(caller, await floor.caller())] == [certified]


async def test_overflow_asks_the_second_level_when_its_time_has_come(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=2)
    shop, desk = floor.shop.tenant_id, floor.desk.id
    await roster.put_on_desk(session, shop, desk_id=desk, agent_id=floor.agents[1], level=2)
    await roster.set_sharing(session, shop, desk_id=desk, sharing=roster.Sharing(overflow_after_seconds=30))
    first, second = await floor.caller(seconds=0), await floor.caller(seconds=40)

    assert [one.agent_id for one in await floor.route(first, second, seconds=41)] == [floor.agents[0]]
    assert await floor.route(first, second, seconds=69) == []
    await roster.open_overflow(session, shop, desk_id=desk, until=START + timedelta(minutes=5))
    assert [one.agent_id for one in await floor.route(first, second, seconds=69)] == [floor.agents[1]]


async def test_a_caller_may_wait_for_one_agent_by_name(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=2)
    caller = await floor.caller()
    caller.for_agent_id = floor.agents[1]
    await session.flush()

    assert [one.agent_id for one in await floor.route(caller)] == [floor.agents[1]]


async def test_the_seat_knows_the_last_shop_until_the_agent_goes_home(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    (agent,) = floor.agents
    (made,) = await floor.route(await floor.caller())
    accepted = START + timedelta(seconds=61)
    await offers.accept(
        session, made.offer_id, agent_id=agent, tab=TAB, shop_id=floor.shop.tenant_id, now=accepted
    )
    (there,) = await agents_on_duty(session, now=accepted)
    assert there.last_shop == floor.shop.tenant_id

    await finish_engagement(
        session, floor.shop.tenant_id, made.interaction_id, agent_id=agent, then=Presence.READY, now=accepted
    )
    await presence.leave(session, agent, now=accepted)
    assert (await floor.seat(agent)).last_shop_id is None


async def test_a_burst_at_one_desk_leaves_agents_free_for_the_other(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=9)
    other = await a_shop(session)
    quiet = await a_desk(session, other)
    for agent in floor.agents:
        await roster.put_on_desk(session, other.tenant_id, desk_id=quiet.id, agent_id=agent, level=1)
    await roster.set_sharing(session, other.tenant_id, desk_id=quiet.id, sharing=roster.Sharing(weight=9))
    burst = [await floor.caller(seconds=second % 10) for second in range(40)]
    there, floor.shop, floor.desk = (floor.shop, floor.desk), other, quiet
    calls = [await floor.caller(seconds=30) for _ in range(2)]

    made = await floor.route(*burst, *calls)
    standing = (await standing_now(session, now=START + timedelta(seconds=61)))[there[1].id][1]

    assert {one.interaction_id for one in calls} <= {one.interaction_id for one in made}
    assert standing.bursting
    assert standing.kept_free == 3  # one and a half times the root of two, rounded up
    assert len(made) == 9 - 3


async def test_who_writes_a_mail_is_rung_only_by_desks_that_interrupt_mails(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    shop, desk, agent = floor.shop.tenant_id, floor.desk.id, floor.agents[0]
    await presence.begin_writing(session, agent, now=START)
    caller = await floor.caller()

    assert await floor.route(caller) == []
    await roster.set_sharing(session, shop, desk_id=desk, sharing=roster.Sharing(interrupts_mail=True))
    (made,) = await floor.route(caller)
    with pytest.raises(OnTheCall):
        await presence.begin_writing(session, agent, now=START + timedelta(seconds=61))
    await offers.refuse(session, made.offer_id, agent_id=agent, now=START + timedelta(seconds=62))


async def test_an_agent_whom_no_call_interrupts_is_left_alone_by_every_desk(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=1)
    shop, desk, agent = floor.shop.tenant_id, floor.desk.id, floor.agents[0]
    await roster.set_sharing(session, shop, desk_id=desk, sharing=roster.Sharing(interrupts_mail=True))
    await set_profile(session, agent, Profile(calls_interrupt=False))
    await presence.begin_writing(session, agent, now=START)
    caller = await floor.caller()

    assert await floor.route(caller) == []
    await presence.end_writing(session, agent)
    assert len(await floor.route(caller)) == 1


async def test_a_mail_that_is_done_or_forgotten_keeps_no_call_away(session: AsyncSession) -> None:
    floor = await Floor(session).set_up(agents=2)
    for agent in floor.agents:
        await presence.begin_writing(session, agent, now=START)
    await presence.end_writing(session, floor.agents[0])
    first, second = await floor.caller(), await floor.caller(seconds=1)

    assert [one.agent_id for one in await floor.route(first, second)] == [floor.agents[0]]
    forgotten = presence.WRITES_FOR.total_seconds()
    assert [one.agent_id for one in await floor.route(second, seconds=int(forgotten))] == [floor.agents[1]]
