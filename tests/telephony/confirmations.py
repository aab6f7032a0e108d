"""Shops, agents, what every screen ever showed and every token ever given: to be played in any order."""

import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desks import offers, presence
from desks.models import Desk, Offer, Seat, Waiting
from desks.roster import put_on_desk
from desks.values import OfferState, Presence, WaitingState
from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind
from nanori.actors import Actor, ActorKind, Role
from nanori.context import Context
from nanori.db import bind_all_shops
from nanori.errors import Error
from nanori_app.pages.desk_parts import Mode
from nanori_app.pages.desk_view import desk_view
from telephony.commands import agents, transfers
from telephony.commands.agents import Acceptance, Shown
from telephony.commands.routes import route_calls
from telephony.labels import CALLER, conference_name, leg_label
from telephony.models import Call, CarrierOrder, Leg
from telephony.urls import Urls
from telephony.values import OrderKind
from tenants.models import AnswerPhrase, Tenant
from tests.support.carrier import CarrierClient, a_call_sid
from tests.support.clock import START, TestClock
from tests.telephony.conftest import a_desk, a_ready_shop, an_agent

URLS = Urls("http://nanori.example")
READINGS = ("みなとこーひー", "はなかげふらわー", "こむぎせいぱん")
Act = tuple[str, int, int]


@dataclass(kw_only=True)
class Screen:
    """What one tab of one agent showed when it was last drawn."""

    agent: UUID
    tab: str
    offer: UUID | None = None
    shown: Shown | None = None


@dataclass(kw_only=True)
class Accepted:
    acceptance: Acceptance
    agent: UUID
    shown: Shown
    call_sid: str


@dataclass(kw_only=True)
class Play:
    """Shops, agents, and everything that was ever on a screen or on the way."""

    session: AsyncSession
    carrier: CarrierClient
    clock: TestClock
    shops: list[Tenant] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)
    agents: list[UUID] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    rung: dict[UUID, Tenant] = field(default_factory=dict)  # by call: which shop was dialled
    screens: list[Screen] = field(default_factory=list)
    accepted: list[Accepted] = field(default_factory=list)
    orders: list[Any] = field(default_factory=list)
    dead: list[tuple[Screen, UUID, Shown]] = field(default_factory=list)  # what rang once, as it was shown
    refusals: Counter[str] = field(default_factory=Counter)  # by what was wrong about a confirmation
    reports: int = 0

    async def do(self, act: Act) -> None:
        """One thing happens; which of several is meant, the numbers say."""
        what, first, second = act
        self.clock.advance(timedelta(seconds=1))
        await bind_all_shops(self.session)
        if what in {"rings", "routes", "waits"}:
            await self.outside(what, first % len(self.shops))
        elif what in {"opens another tab", "is ready", "looks", "accepts", "refuses"}:
            await self.at_a_desk(what, first)
        elif what in {"dials in", "agent joins", "agent leaves"}:
            if self.accepted:
                await self.phone(what, self.accepted[first % len(self.accepted)], twice=second % 4 == 0)
        elif self.rung:
            await self.about_a_call(what, first, second)
        await self.session.commit()

    async def outside(self, what: str, shop: int) -> None:
        if what == "rings":
            await self.rings(shop)
        elif what == "routes":
            await route_calls(self.session, now=self.clock.now())
        else:
            self.clock.advance(timedelta(seconds=20))
            for one in await offers.due_offers(self.session, now=self.clock.now()):
                await offers.expire(self.session, one, now=self.clock.now())

    async def at_a_desk(self, what: str, number: int) -> None:
        screen, agent = self.screens[number % len(self.screens)], self.agents[number % len(self.agents)]
        match what:
            case "looks":
                await self.looks(screen)
            case "accepts":
                await self.accepts(screen)
            case "refuses" if screen.offer is not None:
                await self.refused(screen, screen.offer)
            case "opens another tab":
                await self.opens_tab(agent)
            case "is ready":
                await self.is_ready(agent)

    async def about_a_call(self, what: str, first: int, second: int) -> None:
        call_id = list(self.rung)[first % len(self.rung)]
        match what:
            case "connects":
                await self.connects(first)
            case "caller joins" | "caller leaves":
                await self.report(call_id, what.split()[1], CALLER)
            case _:
                await self.asks(what, call_id, self.agents[second % 2])

    async def refused(self, screen: Screen, offer: UUID) -> None:
        try:
            async with self.session.begin_nested():
                await agents.refuse_offer(
                    self.session, offer, agent=actor(screen.agent), now=self.clock.now()
                )
        except Error:
            return

    async def rings(self, number: int) -> None:
        sid = a_call_sid(uuid4().int)
        answer = await self.carrier.ring(sid, self.numbers[number], caller=f"+8190{len(self.rung):08}")
        wait = ET.fromstring(answer.text).find("Enqueue")
        assert wait is not None, answer.text
        await self.carrier.post(str(wait.get("waitUrl")), CallSid=sid, QueueSid="QU" + "1" * 32)
        call = (await self.session.scalars(select(Call).where(Call.call_sid == sid))).one()
        self.rung[call.id] = self.shops[number]

    async def looks(self, screen: Screen) -> None:
        """The tab draws itself anew. What it showed until now and rings no more, it may still send."""
        if screen.offer is not None and screen.shown is not None:
            self.dead.append((screen, screen.offer, screen.shown))
        view = await desk_view(self.session, self.context(screen.agent), tab=screen.tab)
        screen.offer, screen.shown = None, None
        if view.mode is Mode.RINGING and view.call and view.shop:
            screen.offer = view.call.offer_id
            screen.shown = Shown(
                tab=screen.tab, call_id=view.call.call_id, shop_id=view.shop.tenant_id,
                phrase_id=view.phrase_id,
            )  # fmt: skip

    async def opens_tab(self, agent: UUID) -> None:
        screen = Screen(agent=agent, tab=f"tab {len(self.screens)}")
        self.screens.append(screen)
        await presence.take_seat(self.session, agent, tab=screen.tab, now=self.clock.now())

    async def tries_what_is_wrong(self, screen: Screen) -> None:
        """The confirmation that is right now, but for one part: each part from something that was shown."""
        right, offer = screen.shown, screen.offer
        if right is None or offer is None or not await self.rings_at(screen, offer):
            return
        calls = [call for call in self.rung if call != right.call_id]
        same_shop = [call for call in calls if self.rung[call].tenant_id == right.shop_id]
        tabs = [one.tab for one in self.screens if one.tab != right.tab]
        foreign = await self.session.scalar(
            select(AnswerPhrase.id).where(AnswerPhrase.tenant_id != right.shop_id).limit(1)
        )
        wrong = [("the call", replace(right, call_id=call)) for call in (calls[-1:] + same_shop[-1:])]
        wrong += [("the tab", replace(right, tab=tab)) for tab in tabs[-1:]]
        wrong += [("the words", replace(right, phrase_id=foreign))]
        wrong += [
            ("the shop", replace(right, shop_id=shop.tenant_id))
            for shop in self.shops
            if shop.tenant_id != right.shop_id
        ]
        await self.is_refused("the time", screen, offer, right, later=timedelta(seconds=15))
        for what, shown in wrong:
            await self.is_refused(what, screen, offer, shown)
        for other, old, shown in self.dead[-2:]:
            if not await self.rings_now(shown.shop_id, old):
                await self.is_refused("the offer", other, old, replace(shown, tab=await self.tab_of(other)))

    async def is_refused(
        self, what: str, screen: Screen, offer: UUID, shown: Shown, later: timedelta = timedelta()
    ) -> None:
        """Nobody is let in by this confirmation; nothing of the attempt stays."""
        point = await self.session.begin_nested()
        try:
            await agents.accept_offer(
                self.session, offer, URLS, agent=actor(screen.agent), shown=shown,
                now=self.clock.now() + later,
            )  # fmt: skip
        except Error:
            self.refusals[what] += 1
            return
        finally:
            await point.rollback()
        raise AssertionError(f"accepted although {what} is not what rings")

    async def rings_at(self, screen: Screen, offer: UUID) -> bool:
        """Is this what rings at the agent's desk now, and is this the tab that may answer?"""
        shop_id = None if screen.shown is None else screen.shown.shop_id
        return await self.rings_now(shop_id, offer) and await self.tab_of(screen) == screen.tab

    async def rings_now(self, shop_id: UUID | None, offer: UUID) -> bool:
        found = await self.session.get(Offer, (shop_id, offer), populate_existing=True)
        is_open = found is not None and found.state is OfferState.OFFERED
        return is_open and found is not None and found.expires_at > self.clock.now()

    async def tab_of(self, screen: Screen) -> str:
        seat = await self.session.get_one(Seat, screen.agent, populate_existing=True)
        return seat.tab or ""

    async def accepts(self, screen: Screen) -> None:
        """With what the tab shows, however old that is; and whatever rings at this desk now."""
        if screen.shown is None or screen.offer is None:
            return
        await self.tries_what_is_wrong(screen)
        current = await desk_view(self.session, self.context(screen.agent), tab=screen.tab)
        ringing = current.call.offer_id if current.call else None
        for offer in {screen.offer, ringing or screen.offer}:
            try:
                async with self.session.begin_nested():
                    acceptance = await agents.accept_offer(
                        self.session, offer, URLS, agent=actor(screen.agent), shown=screen.shown,
                        now=self.clock.now(),
                    )  # fmt: skip
            except Error:
                continue
            assert acceptance.call_id == screen.shown.call_id, "accepted a call that the screen did not show"
            self.accepted.append(
                Accepted(
                    acceptance=acceptance, agent=screen.agent, shown=screen.shown,
                    call_sid=a_call_sid(uuid4().int),
                )
            )  # fmt: skip

    async def phone(self, what: str, one: Accepted, *, twice: bool) -> None:
        leg = await self.session.get_one(
            Leg, (self.rung[one.shown.call_id].tenant_id, one.acceptance.leg_id), populate_existing=True
        )
        for _ in range(1 + twice):
            if what == "dials in":
                await self.dials_in(one)
            elif leg.call_sid is not None:
                label = leg_label(leg.role, leg.id)
                await self.report(one.shown.call_id, what.split()[1], label)

    async def dials_in(self, one: Accepted) -> None:
        answer = await self.carrier.post(
            "/tw/app", CallSid=one.call_sid, From=f"client:agent_{one.agent.hex}", leg=one.acceptance.token
        )
        document = ET.fromstring(answer.text)
        conference = document.find("Dial/Conference")
        if conference is None:
            return
        shop = self.rung[one.shown.call_id]
        assert one.shown.shop_id == shop.tenant_id, "let in by a screen that showed another shop"
        assert conference.text == conference_name(one.shown.call_id)
        first, dial = document[0], document[1]
        assert (first.tag, dial.tag) == ("Say", "Dial"), "the name is whispered first"
        assert [reading for reading in READINGS if reading in str(first.text)] == [shop.brand_reading]

    async def report(self, call_id: UUID, what: str, label: str) -> None:
        self.reports += 1
        await self.carrier.post(
            f"/tw/cb/conf/{call_id}", CallSid=a_call_sid(1), ConferenceSid=f"CF{call_id.hex}",
            StatusCallbackEvent=f"participant-{'join' if what == 'joins' else 'leave'}",
            ParticipantLabel=label, SequenceNumber=str(self.reports),
            ReasonParticipantLeft="participant_hung_up",
        )  # fmt: skip

    async def connects(self, number: int) -> None:
        """The carrier does what it was asked to, at once, later or again."""
        orders = (
            await self.session.scalars(select(CarrierOrder).where(CarrierOrder.kind == OrderKind.CONNECT))
        ).all()
        mine = [one for one in orders if one.call_id in self.rung]
        if not mine:
            return
        chosen = mine[number % len(mine)]
        answer = await self.carrier.post(chosen.arguments["url"], CallSid=chosen.arguments["call_sid"])
        led_to = ET.fromstring(answer.text).find("Dial/Conference")
        assert led_to is None or led_to.text == conference_name(chosen.call_id)

    async def is_ready(self, agent: UUID) -> None:
        try:
            async with self.session.begin_nested():
                await presence.choose_presence(
                    self.session, agent, Presence.READY, reason=None, now=self.clock.now()
                )
        except Error:
            return

    async def asks(self, what: str, call_id: UUID, agent: UUID) -> None:
        desk = self.desks[self.shops.index(self.rung[call_id])]
        now = self.clock.now()
        try:
            async with self.session.begin_nested():
                if what == "consults":
                    await transfers.consult(
                        self.session,
                        call_id,
                        desk.id,
                        Urls("http://nanori.example"),
                        agent=actor(agent),
                        now=now,
                    )
                else:
                    await transfers.hand_over(self.session, call_id, agent=actor(agent), now=now)
        except Error:
            return

    def context(self, agent: UUID) -> Context:
        return Context(
            actor=actor(agent), name="試験 太郎", roles=frozenset({Role.AGENT}),
            shops=frozenset(shop.tenant_id for shop in self.shops), locale="ja",
            zone=ZoneInfo("Asia/Tokyo"), now=self.clock.now(), request_id=uuid4(),
        )  # fmt: skip

    async def check_log(self) -> int:
        """Each connection in the log has its confirmation. Returns how many there were."""
        await bind_all_shops(self.session)
        rows = await self.session.execute(
            select(InteractionEvent, Call)
            .join(Interaction, Interaction.id == InteractionEvent.interaction_id)
            .join(Call, Call.interaction_id == Interaction.id)
            .where(
                Call.id.in_(list(self.rung)),
                InteractionEvent.kind.in_([EventKind.ANSWERED, EventKind.CONSULT_JOINED]),
            )
        )
        found = rows.all()
        for event, call in found:
            confirmed = [
                one.shown
                for one in self.accepted
                if str(one.agent) == event.data["agent_id"] and one.shown.call_id == call.id
            ]
            assert confirmed, "connected without a confirmation of this call"
            assert event.data["confirmed_at"]
            assert UUID(event.data["phrase_id"]) in {one.phrase_id for one in confirmed}
            phrase = await self.session.get(AnswerPhrase, (call.tenant_id, UUID(event.data["phrase_id"])))
            assert phrase is not None, "the words of another shop"
        return len(found)


def actor(agent: UUID) -> Actor:
    return Actor(kind=ActorKind.AGENT, account_id=agent)


async def set_up(session: AsyncSession, carrier: CarrierClient, clock: TestClock) -> Play:
    """Three shops, two agents for all of them, ready at their first tab, and a caller in each queue."""
    await everybody_goes_home(session)
    clock.set(START)
    play = Play(session=session, carrier=carrier, clock=clock)
    for reading in READINGS:
        number = f"+8150{uuid4().int % 10**8:08}"
        shop = await a_ready_shop(session, number)
        shop.brand_reading = reading
        play.shops.append(shop)
        play.desks.append(await a_desk(session, shop))
        play.numbers.append(number)
    for _ in range(2):
        account = await an_agent(session, play.shops[0], play.desks[0])
        for shop, desk in zip(play.shops[1:], play.desks[1:], strict=True):
            await put_on_desk(session, shop.tenant_id, desk_id=desk.id, agent_id=account.id, level=1)
        play.agents.append(account.id)
    for agent in play.agents:
        await play.opens_tab(agent)
        await play.is_ready(agent)
    await session.commit()
    return play


async def everybody_goes_home(session: AsyncSession) -> None:
    """What the play before has left behind is nobody's business any more."""
    await bind_all_shops(session)
    await session.execute(update(Waiting).values(state=WaitingState.LEFT))
    await session.execute(update(Seat).values(state=Presence.OFFLINE))
