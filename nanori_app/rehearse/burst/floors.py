"""Floors in memory: the application's own decision without its tables, and first come, first served."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from desks.matching import Agent, Caller, DeskRule, Place, match
from nanori_app.rehearse.burst.load import BurstCall, Load

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def moment(now: int) -> datetime:
    return START + timedelta(milliseconds=now)


class MatchedFloor:
    """:func:`desks.matching.match` decides, as in :mod:`desks.routing`.

    ``fair=False`` puts all callers into one queue: first come, first served over all shops.
    ``same_shop=False`` forgets for whom agents spoke last. ``rosters``: each agent's shops, without it all.
    """

    def __init__(
        self,
        load: Load,
        *,
        fair: bool = True,
        same_shop: bool = True,
        rosters: Sequence[Sequence[int]] | None = None,
    ) -> None:
        self._fair, self._same_shop = fair, same_shop
        self._desks = [UUID(int=number + 1) for number in range(load.others + 1 if fair else 1)]
        everywhere = range(len(self._desks))
        self._places = _places(rosters or [everywhere] * load.agents, self._desks)
        self._queues: dict[UUID, dict[int, Caller]] = defaultdict(dict)
        self._in_hand: dict[UUID, int] = defaultdict(int)
        self._since = [moment(number - load.agents) for number in range(load.agents)]
        self._ready = dict.fromkeys(range(load.agents))
        self._last_shop: dict[int, UUID] = {}

    def _desk(self, call: BurstCall) -> UUID:
        return self._desks[call.shop if self._fair else 0]

    async def arrive(self, call: BurstCall, now: int) -> None:
        desk = self._desk(call)
        number = UUID(int=call.number + 1)
        self._queues[desk][call.number] = Caller(waiting_id=number, desk=desk, enqueued_at=moment(now))

    async def decide(self, now: int) -> list[tuple[int, int]]:
        if not self._ready or not any(self._queues.values()):
            return []
        agents = [self._agent(number) for number in range(len(self._since))]
        first = [list(queue.values())[: len(self._ready)] for queue in self._queues.values()]
        callers = [caller for line in first for caller in line]
        pairs = match(callers, agents, self._rules(), now=moment(now))
        made = [(pair.caller.waiting_id.int - 1, pair.agent.agent_id.int - 1) for pair in pairs]
        for pair, (number, agent) in zip(pairs, made, strict=True):
            del self._queues[pair.caller.desk][number]
            self._in_hand[pair.caller.desk] += 1
            del self._ready[agent]
        return made

    def _agent(self, number: int) -> Agent:
        return Agent(
            agent_id=UUID(int=number + 1),
            is_ready=number in self._ready,
            since=self._since[number],
            places=self._places[number],
            last_shop=self._last_shop.get(number),
        )

    def _rules(self) -> list[DeskRule]:
        return [
            DeskRule(
                desk=desk,
                in_hand=self._in_hand[desk],
                waiting=len(self._queues[desk]),
                shop=desk if self._same_shop else None,
            )
            for desk in self._desks
        ]

    async def answer(self, call: BurstCall, agent: int, now: int) -> None:  # noqa: ARG002 - as a floor
        """The agent was counted when asked."""
        self._last_shop[agent] = self._desk(call)

    async def give_up(self, call: BurstCall, agent: int | None, now: int) -> None:
        if agent is None:
            del self._queues[self._desk(call)][call.number]
        else:
            await self.finish(call, agent, now)

    async def finish(self, call: BurstCall, agent: int, now: int) -> None:
        self._in_hand[self._desk(call)] -= 1
        self._ready[agent] = None
        self._since[agent] = moment(now)


def _places(rosters: Sequence[Sequence[int]], desks: Sequence[UUID]) -> list[Mapping[UUID, Place]]:
    """One mapping for all who answer for the same shops."""
    known = {tuple(one): {desks[shop]: Place() for shop in one} for one in rosters}
    return [known[tuple(one)] for one in rosters]
