"""Who is asked about whom: the decision itself. Pure; no database, no clock.

Callers of raised priority come first. Then desks within their fair share, the caller who has waited longest
first, those in a burst after the others; then desks beyond their share, the one that has least for its weight
first (:mod:`desks.sharing`). Within a desk callers go by priority and time of waiting, agents by level,
preference and idleness. Last, a caller goes to an equal agent who spoke for the same shop before, where that
changes nothing for anybody who waits (:class:`_SameShop`).
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import chain
from uuid import UUID

from desks.sharing import Demand, Standing, all_standings


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who waits."""

    waiting_id: UUID
    desk: UUID
    enqueued_at: datetime
    priority: int = 0
    for_agent: UUID | None = None
    just_asked: frozenset[UUID] = frozenset()  # agents who have been asked about this caller a moment ago


@dataclass(frozen=True, slots=True)
class Place:
    """An agent's place on a roster."""

    level: int = 1
    preferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Somebody on duty, free to be asked or not."""

    agent_id: UUID
    is_ready: bool
    since: datetime  # ready, or not, since then
    places: Mapping[UUID, Place]  # by desk
    writes_mail: bool = False
    last_shop: UUID | None = None  # of the last call since coming to work


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRule:
    """What a desk wants; ``in_hand`` counts agents with one of its calls, ``waiting`` all of its callers."""

    desk: UUID
    in_hand: int = 0
    waiting: int = 0
    weight: int = 1
    reserved: int = 0
    overflow_after: timedelta = timedelta()
    overflow_is_open: bool = False
    interrupts_mail: bool = False
    shop: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    caller: Caller
    agent: Agent


Free = deque[Agent]
BEYOND = 2
SAME_SHOP_WITHIN = timedelta(seconds=60)
"""Who would change the shop makes way for an agent who would not and has been idle at most so much less."""


def standings_of(desks: Sequence[DeskRule], agents: Sequence[Agent]) -> dict[UUID, Standing]:
    """Where each desk stands now."""
    demands = {
        one.desk: Demand(
            desk=one.desk,
            in_hand=one.in_hand,
            waiting=one.waiting,
            weight=one.weight,
            reserved=one.reserved,
        )
        for one in desks
    }
    different = {id(one.places): one.places for one in agents}
    rosters = {key: frozenset(places.keys() & demands.keys()) for key, places in different.items()}
    return all_standings(demands, [rosters[id(one.places)] for one in agents])


def match(
    callers: Sequence[Caller], agents: Sequence[Agent], desks: Sequence[DeskRule], *, now: datetime
) -> list[Pair]:
    """Pairs in the order in which they were decided; nobody is in two of them."""
    decision = _Round(agents, desks, now)
    return _SameShop(decision).settle(decision.decide(callers))


class _Round:
    """One decision; what is taken counts at once."""

    def __init__(self, agents: Sequence[Agent], desks: Sequence[DeskRule], now: datetime) -> None:
        self.now = now
        self.rules = {one.desk: one for one in desks}
        self.in_hand = {one.desk: one.in_hand for one in desks}
        self.standings = standings_of(desks, agents)
        self.taken: set[UUID] = set()
        self.idle = [one for one in agents if one.is_ready]
        self.free = self._free_by_desk()
        self.levels = self._levels_by_desk(agents)
        self.pairs: list[Pair] = []

    def decide(self, callers: Sequence[Caller]) -> list[Pair]:
        ordered = sorted(callers, key=lambda one: (-one.priority, one.enqueued_at, one.waiting_id))
        queues: dict[UUID, deque[Caller]] = defaultdict(deque)
        for caller in ordered:
            if caller.priority > 0:
                self._ask(caller, spares=False)
            elif caller.desk in self.rules:
                queues[caller.desk].append(caller)
        heap = [(self._rank(desk, queue[0]), desk) for desk, queue in queues.items()]
        heapify(heap)
        while heap:
            _, desk = heappop(heap)
            queue = queues[desk]
            self._ask(queue.popleft(), spares=True)
            if queue and self._has_free(desk):
                heappush(heap, (self._rank(desk, queue[0]), desk))
        return self.pairs

    def _rank(self, desk: UUID, head: Caller) -> tuple[int, float, datetime, UUID]:
        """Smaller goes first: with fewer than its own, within the share, beyond the share."""
        has, standing = self.in_hand[desk], self.standings[desk]
        if has >= standing.share:
            return BEYOND, has / self.rules[desk].weight, head.enqueued_at, head.waiting_id
        return int(has >= standing.own), 0.0, head.enqueued_at, head.waiting_id

    def _ask(self, caller: Caller, *, spares: bool) -> None:
        agent = self._best(caller, spares=spares)
        if agent is not None:
            self.taken.add(agent.agent_id)
            self.in_hand[caller.desk] += 1
            self.pairs.append(Pair(caller, agent))

    def _best(self, caller: Caller, *, spares: bool) -> Agent | None:
        rule = self.rules.get(caller.desk)
        if rule is None or not self._has_free(caller.desk):
            return None
        level = self._open_level(rule, caller)
        for agent in self.free[caller.desk]:
            place = agent.places[caller.desk]
            if place.level > level:
                return None
            if self.may_be_asked(agent, caller, rule) and not (spares and self._is_kept(agent, rule)):
                return agent
        return None

    def may_be_asked(self, agent: Agent, caller: Caller, rule: DeskRule) -> bool:
        return (
            agent.agent_id not in self.taken
            and agent.agent_id not in caller.just_asked
            and caller.for_agent in {None, agent.agent_id}
            and (rule.interrupts_mail or not agent.writes_mail)
        )

    def _is_kept(self, agent: Agent, rule: DeskRule) -> bool:
        """This agent stays free for other desks, which might have none otherwise."""
        kept = self._to_keep(rule)
        if kept == 0 or not self.helps_others(agent, rule.desk):
            return False
        left = sum(one.agent_id not in self.taken and self.helps_others(one, rule.desk) for one in self.idle)
        return left - 1 < kept

    def _to_keep(self, rule: DeskRule) -> int:
        standing = self.standings[rule.desk]
        if not self._has_its_own(rule.desk):
            return standing.kept_free
        return standing.reserved_elsewhere if self.in_hand[rule.desk] >= rule.reserved else 0

    def _has_its_own(self, desk: UUID) -> bool:
        """The next agent is one of the desk's own."""
        return self.in_hand[desk] + 1 <= self.standings[desk].own

    def helps_others(self, agent: Agent, desk: UUID) -> bool:
        return any(
            other != desk and other in self.rules and self._has_its_own(other) for other in agent.places
        )

    def _open_level(self, rule: DeskRule, caller: Caller) -> int:
        """The last level that is asked by now: one more after each ``overflow_after``."""
        levels = self.levels[rule.desk]
        if rule.overflow_is_open or not rule.overflow_after:
            return levels[-1]
        waited = max(timedelta(), self.now - caller.enqueued_at)
        return levels[min(waited // rule.overflow_after, len(levels) - 1)]

    def _has_free(self, desk: UUID) -> bool:
        free = self.free.get(desk)
        while free and free[0].agent_id in self.taken:
            free.popleft()
        return bool(free)

    def _free_by_desk(self) -> dict[UUID, Free]:
        """Of each desk those who are free: by level, preferred ones first, then the longest idle."""
        found: dict[UUID, dict[tuple[int, bool], list[Agent]]] = defaultdict(lambda: defaultdict(list))
        for agent in sorted(self.idle, key=lambda one: (one.since, one.agent_id)):
            for desk, place in agent.places.items():
                found[desk][place.level, not place.preferred].append(agent)
        return {
            desk: deque(chain.from_iterable(there[rank] for rank in sorted(there)))
            for desk, there in found.items()
        }

    def _levels_by_desk(self, agents: Sequence[Agent]) -> dict[UUID, list[int]]:
        """The levels on which somebody is on duty: an empty one is not waited for."""
        found: dict[UUID, set[int]] = defaultdict(set)
        for agent in agents:
            for desk, place in agent.places.items():
                found[desk].add(place.level)
        return {desk: sorted(levels) for desk, levels in found.items()}


class _SameShop:
    """Who would change the shop makes way for an equal who would not. Which callers are served is decided.

    Nobody waits for it: the callers are the same, and each desk for which somebody would have stayed free
    still has somebody, on no later level.
    """

    def __init__(self, decision: _Round) -> None:
        self.decision = decision
        self.homes: dict[UUID, list[Agent]] = defaultdict(list)  # by the shop of their last call
        for agent in sorted(decision.idle, key=lambda one: (one.since, one.agent_id)):
            if agent.last_shop is not None:
                self.homes[agent.last_shop].append(agent)

    def settle(self, pairs: Sequence[Pair]) -> list[Pair]:
        return [Pair(pair.caller, self._agent(pair)) for pair in pairs]

    def _agent(self, pair: Pair) -> Agent:
        """The one of this shop who has been idle longest; without one whoever was chosen."""
        chosen, taken = pair.agent, self.decision.taken
        shop = self.decision.rules[pair.caller.desk].shop
        if shop is None or chosen.last_shop in {None, shop}:
            return chosen
        for other in self.homes[shop]:
            if other.since - chosen.since > SAME_SHOP_WITHIN:
                return chosen
            if self._is_equal(chosen, other, pair.caller) and self._leaves_enough(chosen, other):
                taken.remove(chosen.agent_id)
                taken.add(other.agent_id)
                return other
        return chosen

    def _is_equal(self, chosen: Agent, other: Agent, caller: Caller) -> bool:
        """Either may be asked about this caller, and the desks that keep agents free lose none."""
        desk = caller.desk
        return (
            other.places.get(desk) == chosen.places[desk]
            and other.writes_mail == chosen.writes_mail
            and self.decision.may_be_asked(other, caller, self.decision.rules[desk])
            and self.decision.helps_others(other, desk) <= self.decision.helps_others(chosen, desk)
        )

    def _leaves_enough(self, chosen: Agent, other: Agent) -> bool:
        """No desk loses its last free agent of a level."""
        return other.places is chosen.places or all(
            desk not in self.decision.rules or self._stands_in(chosen, other, desk) for desk in other.places
        )

    def _stands_in(self, chosen: Agent, other: Agent, desk: UUID) -> bool:
        level = other.places[desk].level
        free = (one for one in self.decision.free[desk] if one.agent_id not in self.decision.taken)
        return any(
            one is not other
            and desk in one.places
            and one.places[desk].level <= level
            and one.writes_mail <= other.writes_mail
            for one in chain([chosen], free)
        )
