"""Plays a piece from the first call to the last after-call work, day by day of the virtual month."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Offer, Seat, Waiting
from desks.values import OfferState, Presence
from nanori_app.rehearse.agents import Agent, Ringing
from nanori_app.rehearse.callers import call
from nanori_app.rehearse.floor import Floor
from nanori_app.rehearse.letters import treat, treated_at, write
from nanori_app.rehearse.piece import Piece, Treatment
from telephony.models import Call

BEFORE_WORK, AFTER_WORK = timedelta(minutes=2), timedelta(minutes=20)
CALM = 120.0
LONGEST_DRAIN_SECONDS = 3 * 3600


class Play:
    """One performance."""

    def __init__(self, floor: Floor, piece: Piece, agents: Sequence[UUID]) -> None:
        self.floor = floor
        self.piece = piece
        self.agents = [Agent(floor, account_id) for account_id in agents]
        self._asked: dict[str, int] = {}
        self._by_id = {agent.account_id: agent for agent in self.agents}

    async def run(self, until: datetime) -> None:
        """Play everything; time stands at ``until`` afterwards, or as much later as it took to end."""
        self.floor.stage.before_timers.append(self._beat)
        self.floor.stage.after_work.append(self._look)
        for part in self.piece.calls:
            self.floor.act_at(part.at, call(self.floor, part))
        for mail in self.piece.mails:
            self.floor.act_at(mail.at, write(self.floor, mail))
            if mail.treatment is not Treatment.LEAVE:
                agent = self.agents[mail.number % len(self.agents)]
                self.floor.act_at(treated_at(self.floor, mail), treat(self.floor, mail, agent))
        for first, last in self._working_days():
            self._plan_day(first, last)
        await self.floor.simulator.run_until(until)
        await self._drain()

    def _working_days(self) -> list[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.floor.shops[0].setup.zone)
        days = groupby((part.at for part in self.piece.calls), key=lambda at: at.astimezone(zone).date())
        spans = [(moments[0], moments[-1]) for moments in (list(group) for _, group in days)]
        return [(first - BEFORE_WORK, last + AFTER_WORK) for first, last in spans]

    def _plan_day(self, first: datetime, last: datetime) -> None:
        for agent in self.agents:
            self.floor.later(first, agent.come_in)
            self.floor.act_at(last, agent.go_home())

    async def _drain(self) -> None:
        """Let whatever still runs come to its end."""
        simulator = self.floor.simulator
        for _ in range(int(LONGEST_DRAIN_SECONDS / CALM)):
            await simulator.advance(CALM)
            if not simulator.live_legs:
                return

    async def _beat(self) -> None:
        for agent in self.agents:
            await agent.beat()

    async def _look(self, session: AsyncSession) -> None:
        """What is new on the agents' screens: calls that ring, and who was taken out of routing."""
        offers = await session.execute(
            select(Offer.id, Offer.agent_id, Call.call_sid)
            .join(Waiting, (Waiting.tenant_id == Offer.tenant_id) & (Waiting.id == Offer.waiting_id))
            .join(
                Call,
                (Call.tenant_id == Waiting.tenant_id) & (Call.interaction_id == Waiting.interaction_id),
            )
            .where(Offer.state == OfferState.OFFERED)
            .order_by(Offer.offered_at, Call.started_at, Call.call_sid)
        )
        out = set(await session.scalars(select(Seat.agent_id).where(Seat.state == Presence.NOT_READY)))
        for offer_id, agent_id, caller in offers:
            if caller is not None:
                self._ring(self._by_id[agent_id], offer_id, caller)
        for agent in self.agents:
            if agent.account_id in out and agent.is_here and not agent.is_acting:
                self.floor.act(agent.be_ready_again())

    def _ring(self, agent: Agent, offer_id: UUID, caller: str) -> None:
        if offer_id in agent.known:
            return
        agent.known.add(offer_id)
        turn = self._asked.get(caller, 0)
        self._asked[caller] = turn + 1
        self.floor.act(agent.answer(Ringing(offer_id=offer_id, caller=caller, turn=turn)))
