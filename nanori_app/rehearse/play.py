"""Plays a piece from the first call to the last after-call work, day by day of the virtual month."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Offer, Seat, Waiting
from desks.values import OfferState, Presence, WaitingKind
from nanori.db import across_shops
from nanori_app.rehearse.agents import Agent, Ringing
from nanori_app.rehearse.callers import call
from nanori_app.rehearse.floor import Floor
from nanori_app.rehearse.letters import treat, treated_at, write
from nanori_app.rehearse.outgoing import call_out
from nanori_app.rehearse.piece import Piece, Treatment
from nanori_app.rehearse.samples import Sampler
from nanori_app.rehearse.telephones import own_number
from telephony.commands.callbacks import LIVE
from telephony.models import Call, Callback

BEFORE_WORK, AFTER_WORK = timedelta(minutes=2), timedelta(minutes=20)
CALM = 120.0
LONGEST_DRAIN_SECONDS = 3 * 3600


class Play:
    """One performance."""

    def __init__(self, floor: Floor, piece: Piece, agents: Sequence[UUID], supervisor: UUID) -> None:
        self.floor = floor
        self.piece = piece
        self.agents = [Agent(floor, account_id) for account_id in agents]
        self._asked: dict[tuple[UUID, WaitingKind], int] = {}
        for number in piece.by_phone:
            agent = self.agents[number % len(self.agents)]
            agent.own_phone = own_number(number)
            floor.seen.own_phones[agent.own_phone] = agent.account_id
        self._by_id = {agent.account_id: agent for agent in self.agents}
        self.supervisor = Agent(floor, supervisor)
        floor.people.update(self._by_id)
        floor.supervisor = self.supervisor

    async def run(self, until: datetime) -> None:
        """Play everything; time stands at ``until`` afterwards, or as much later as it took to end."""
        self.floor.stage.before_timers.append(self._beat)
        self.floor.stage.after_work.append(self._look)
        self.floor.stage.samples.append(Sampler(self.floor).look)
        for part in self.piece.calls:
            self.floor.act_at(part.at, call(self.floor, part))
        for mail in self.piece.mails:
            self.floor.act_at(mail.at, write(self.floor, mail))
            if mail.treatment is not Treatment.LEAVE:
                agent = self.agents[mail.number % len(self.agents)]
                self.floor.act_at(treated_at(self.floor, mail), treat(self.floor, mail, agent))
        for out in self.piece.outgoing:
            self.floor.act_at(out.at, call_out(self.agents[out.agent % len(self.agents)], out))
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
            self.floor.later(first + timedelta(seconds=self.piece.staff_late), agent.come_in)
            self.floor.act_at(last, agent.go_home())
        self.floor.later(last, self._close_the_day)

    async def _drain(self) -> None:
        """Let whatever still runs come to its end."""
        simulator = self.floor.simulator
        for _ in range(int(LONGEST_DRAIN_SECONDS / CALM)):
            promises = await self._take_promises_back()
            await simulator.advance(CALM)
            if not simulator.live_legs and not promises:
                return

    async def _close_the_day(self) -> None:
        await self._take_promises_back()

    async def _take_promises_back(self) -> int:
        """Nobody is called tomorrow for what was asked today: the supervisor takes back what is left."""
        async with across_shops(self.floor.stage.house.staff) as session:
            found = await session.execute(
                select(Callback.tenant_id, Callback.id)
                .where(Callback.state.in_(LIVE))
                .order_by(Callback.created_at, Callback.phone)
            )
            left = [(row.tenant_id, row.id) for row in found]
        for tenant_id, callback_id in left:
            self.floor.seen.called_off.add(callback_id)
            await self.supervisor.do(f"/callbacks/{tenant_id}/{callback_id}/cancellation")
        return len(left)

    async def _beat(self) -> None:
        for agent in self.agents:
            await agent.beat()

    async def _look(self, session: AsyncSession) -> None:
        """What is new on the agents' screens: calls that ring, and who was taken out of routing."""
        offers = await session.execute(
            select(
                Offer.id, Offer.agent_id, Waiting.kind, Call.id.label("call_id"), Call.call_sid,
                Call.from_number, Callback.attempts,
            )
            .join(Waiting, (Waiting.tenant_id == Offer.tenant_id) & (Waiting.id == Offer.waiting_id))
            .join(
                Call,
                (Call.tenant_id == Waiting.tenant_id) & (Call.interaction_id == Waiting.interaction_id),
            )
            .outerjoin(Callback, (Callback.tenant_id == Call.tenant_id) & (Callback.call_id == Call.id))
            .where(Offer.state == OfferState.OFFERED)
            .order_by(Offer.offered_at, Call.started_at, Call.from_number, Call.call_sid)
        )  # fmt: skip
        out = set(await session.scalars(select(Seat.agent_id).where(Seat.state == Presence.NOT_READY)))
        for row in offers:
            self._ring(self._by_id[row.agent_id], row)
        for agent in self.agents:
            if agent.account_id in out and agent.is_here and not agent.is_acting:
                self.floor.act(agent.be_ready_again())

    def _ring(self, agent: Agent, row: Any) -> None:
        if row.id in agent.known:
            return
        agent.known.add(row.id)
        asked = (row.call_id, row.kind)
        turn = self._asked.get(asked, 0)
        self._asked[asked] = turn + 1
        ringing = Ringing(
            offer_id=row.id,
            kind=row.kind,
            call_id=str(row.call_id),
            caller=row.call_sid or "",
            phone=row.from_number or "",
            turn=row.attempts if row.kind is WaitingKind.CALLBACK else turn,
        )
        self.floor.act(agent.answer(ringing))
