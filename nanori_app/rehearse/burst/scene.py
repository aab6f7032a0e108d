"""Plays a scene in virtual time on a floor: in memory, or on the application's tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heapify, heappop, heappush
from typing import Protocol

from nanori_app.rehearse.burst.load import BURSTING, SECOND, BurstCall, Load

SAMPLE = 5 * SECOND


class Floor(Protocol):
    """Where callers wait and agents are asked. Agents have numbers from 0 on."""

    async def arrive(self, call: BurstCall, now: int) -> None: ...

    async def decide(self, now: int) -> list[tuple[int, int]]:
        """Offers that are made now: numbers of calls and agents."""
        ...

    async def answer(self, call: BurstCall, agent: int, now: int) -> None: ...

    async def give_up(self, call: BurstCall, agent: int | None, now: int) -> None:
        """The caller hangs up; ``agent`` was being asked."""
        ...

    async def finish(self, call: BurstCall, agent: int, now: int) -> None: ...


class Happens(IntEnum):
    """Kinds of events; at the same moment in this order."""

    FINISH = 0
    GIVE_UP = 1
    ANSWER = 2
    ARRIVE = 3
    SAMPLE = 4


@dataclass(slots=True)
class Played:
    """What happened in a scene."""

    answered: dict[int, int] = field(default_factory=dict)  # call to moment
    offers: list[tuple[int, int]] = field(default_factory=list)  # call and agent, in order
    waiting: list[int] = field(default_factory=list)  # callers of the burst who wait, each SAMPLE


async def play(load: Load, calls: Sequence[BurstCall], floor: Floor) -> Played:
    """From the first call to the end of the scene."""
    return await _Scene(load, calls, floor).run()


class _Scene:
    def __init__(self, load: Load, calls: Sequence[BurstCall], floor: Floor) -> None:
        self.load, self.floor, self.calls = load, floor, calls
        self.played = Played()
        self.waiting: set[int] = set()
        self.asked: dict[int, int] = {}  # call to the agent who is being asked
        self.coming = [(one.at, Happens.ARRIVE, one.number, -1) for one in calls]
        last = int(load.lasts * SECOND)
        self.coming += [(at, Happens.SAMPLE, -1, -1) for at in range(0, last, SAMPLE)]
        heapify(self.coming)

    async def run(self) -> Played:
        last = int(self.load.lasts * SECOND)
        while self.coming:
            now, kind, number, agent = heappop(self.coming)
            if now > last:
                break
            if kind is Happens.SAMPLE:
                left = sum(self.calls[one].shop == BURSTING for one in self.waiting)
                self.played.waiting.append(left)
            elif await self._happens(kind, number, agent, now):
                await self._offer(now)
        return self.played

    async def _happens(self, kind: Happens, number: int, agent: int, now: int) -> bool:
        """False when nothing has changed."""
        call = self.calls[number]
        if kind is Happens.ARRIVE:
            self.waiting.add(number)
            heappush(self.coming, (now + call.patience, Happens.GIVE_UP, number, -1))
            await self.floor.arrive(call, now)
        elif kind is Happens.FINISH:
            await self.floor.finish(call, agent, now)
        elif number not in self.waiting or (kind is Happens.ANSWER and self.asked.get(number) != agent):
            return False
        elif kind is Happens.GIVE_UP:
            self.waiting.discard(number)
            await self.floor.give_up(call, self.asked.pop(number, None), now)
        else:
            self.waiting.discard(number)
            del self.asked[number]
            self.played.answered[number] = now
            await self.floor.answer(call, agent, now)
            heappush(self.coming, (now - call.answers_in + call.handling, Happens.FINISH, number, agent))
            return False
        return True

    async def _offer(self, now: int) -> None:
        for number, agent in await self.floor.decide(now):
            self.asked[number] = agent
            self.played.offers.append((number, agent))
            heappush(self.coming, (now + self.calls[number].answers_in, Happens.ANSWER, number, agent))
