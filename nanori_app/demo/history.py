"""Two months of calls as they might have been: shared agents, callers who wait, some who hang up."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from interactions.values import Channel, EventKind, Outcome, PartyKind
from nanori.actors import ActorKind
from nanori_app.demo.arrivals import calls_on
from nanori_app.demo.cast import AGENTS, SKILLS_OF
from nanori_app.demo.past import Attempt, Past, seconds
from nanori_app.demo.people import Crowd
from nanori_app.demo.shifts import Turn, at_phones
from nanori_app.demo.shops import SET_UPS, ZONE, is_open_at

WITHHELD: Final = 0.04
LEAVES_IN_GREETING: Final = 0.012
SOON_GONE: Final = 0.035
LEAVES_MESSAGE: Final = 0.45
MISSES_RING: Final = 0.035
NAME_NOT_CONFIRMED: Final = 0.03
HOLDS: Final = 0.24
ESCALATES: Final = 0.035
CONTACT_REACHED: Final = 0.72
HANDED_OVER: Final = 0.35
AGENT_ENDS: Final = 0.2
RING_SECONDS: Final = 15.0
LONGEST_WAIT: Final = 600.0


@dataclass(slots=True)
class Floor:
    """Who may be asked, and from when on each agent is free again."""

    free_at: dict[int, datetime] = field(default_factory=dict)
    turns: dict[int, list[Turn]] = field(default_factory=dict)

    def open_day(self, day: date) -> None:
        """Add the turns that begin on a day; those of two days before are over."""
        for agent in range(1, len(AGENTS) + 1):
            kept = self.turns.get(agent, [])[-4:]
            self.turns[agent] = [*kept, *at_phones(agent, day)]

    def next_for(self, shop: str, at: datetime, but: frozenset[int]) -> tuple[datetime, int] | None:
        """The agent of that shop who is free first from ``at`` on, and when; whoever idles longest first."""
        found = []
        for agent, place in SKILLS_OF[shop].items():
            free = max(at, self.free_at.get(agent, at))
            start = next((max(free, begins) for begins, ends in self.turns[agent] if free < ends), None)
            if start is not None and agent not in but:
                found.append((start, place, self.free_at.get(agent, start), agent))
        if not found:
            return None
        start, _, _, agent = min(found)
        return start, agent


class CallHistory:
    """Plays every call between two days; the same seed and days give the same calls."""

    def __init__(self, seed: int, crowds: Mapping[str, Crowd]) -> None:
        self._seed = seed
        self._crowds = crowds
        self._floor = Floor()

    def between(self, first: date, end: date) -> Iterator[Past]:
        """Calls of the days from ``first`` on, before ``end``, in the order of arrival."""
        day = first
        self._floor.open_day(first - timedelta(days=1))
        while day < end:
            self._floor.open_day(day)
            arrivals = [(at, slug) for slug in SET_UPS for at in calls_on(slug, day, self._seed)]
            for at, slug in sorted(arrivals):
                chance = random.Random(f"{self._seed} {slug} {at}")  # noqa: S311 - repeatable on purpose
                yield _Caller(self._floor, self._crowds[slug], chance).call(slug, at, is_open_at(slug, at))
            yield from _line_tests(day)
            day += timedelta(days=1)


def _line_tests(day: date) -> Iterator[Past]:
    """On the first of a month the operator calls each line once; tests are in no figure."""
    if day.day != 1:
        return
    for place, slug in enumerate(SET_UPS):
        at = datetime(day.year, day.month, 1, 8, 30, place, tzinfo=ZONE).astimezone(ZoneInfo("UTC"))
        past = Past(shop=slug, channel=Channel.PHONE, at=at, party=PartyKind.TEST, outcome=Outcome.TEST)
        past.add(EventKind.ARRIVED, at, ActorKind.TEST)
        past.add(EventKind.ENDED, at + seconds(11), ActorKind.TEST, by="caller")
        yield past


class _Caller:
    """One call, from the first ring on."""

    def __init__(self, floor: Floor, crowd: Crowd, chance: random.Random) -> None:
        self._floor = floor
        self._crowd = crowd
        self._chance = chance

    def call(self, slug: str, at: datetime, is_open_then: bool) -> Past:
        chance = self._chance
        past = Past(shop=slug, channel=Channel.PHONE, at=at)
        past.person = None if chance.random() < WITHHELD else self._crowd.somebody(chance)
        past.add(EventKind.ARRIVED, at, ActorKind.SHOPPER)
        if not is_open_then:
            self._hear_closed(past)
        elif chance.random() < LEAVES_IN_GREETING:
            self._end(past, at + seconds(chance.uniform(1.5, 6)), Outcome.ABANDONED)
        else:
            self._wait(past)
        return past

    def _hear_closed(self, past: Past) -> None:
        chance = self._chance
        told = past.at + seconds(chance.uniform(0.2, 0.5))
        past.add(EventKind.GUIDANCE_ENDED, told, ActorKind.CARRIER, why="out_of_hours")
        heard = told + seconds(chance.uniform(3, 20))
        if chance.random() < LEAVES_MESSAGE:
            spoken = chance.randint(8, 55)
            heard = told + seconds(19 + spoken + chance.random())
            past.add(EventKind.VOICEMAIL_LEFT, heard, ActorKind.SHOPPER, seconds=spoken)
        self._end(past, heard, Outcome.OUT_OF_HOURS)

    def _wait(self, past: Past) -> None:
        """In the queue: some agent is asked, then another; patience ends sooner or later."""
        chance = self._chance
        queued = past.at + seconds(chance.uniform(8, 13))
        past.add(EventKind.GUIDANCE_ENDED, queued, ActorKind.CARRIER)
        past.add(EventKind.QUEUED, queued, ActorKind.CARRIER, turn=1)
        gives_up = queued + seconds(_patience(chance))
        refused: frozenset[int] = frozenset()
        asked_from = queued
        while True:
            found = self._floor.next_for(past.shop, asked_from, refused)
            if found is None or found[0] + seconds(0.2) >= gives_up:
                self._abandon(past, gives_up)
                return
            offered, agent = found[0] + seconds(0.2), found[1]
            past.add(EventKind.OFFERED, offered, ActorKind.SYSTEM, agent)
            rings = RING_SECONDS if chance.random() < MISSES_RING else chance.uniform(1.8, 7.5)
            if offered + seconds(rings + 1.4) >= gives_up:
                past.add(EventKind.OFFER_MISSED, gives_up, ActorKind.AGENT, agent, why="withdrawn")
                self._abandon(past, gives_up)
                return
            if rings < RING_SECONDS:
                _Talk(past, agent, self._chance, self._crowd, self._floor).hold_it(
                    accepted=offered + seconds(rings), answered=offered + seconds(rings + 1.4)
                )
                return
            asked_from = offered + seconds(rings)
            past.add(EventKind.OFFER_MISSED, asked_from, ActorKind.AGENT, agent, why="expired")
            self._floor.free_at[agent] = asked_from + seconds(chance.uniform(60, 240))
            refused |= {agent}

    def _abandon(self, past: Past, at: datetime) -> None:
        past.add(EventKind.ABANDONED, at, ActorKind.SHOPPER)
        self._end(past, at, Outcome.ABANDONED)

    @staticmethod
    def _end(past: Past, at: datetime, outcome: Outcome) -> None:
        past.add(EventKind.ENDED, at, ActorKind.SHOPPER, by="shopper")
        past.outcome = outcome


def _patience(chance: random.Random) -> float:
    """Seconds; a few callers notice at once that they have dialled the wrong shop."""
    if chance.random() < SOON_GONE:
        return chance.uniform(1.2, 9)
    return min(LONGEST_WAIT - 5, chance.lognormvariate(4.6, 0.9) + 3)


class _Talk:
    """From the moment in which agent and caller hear each other until the after-call work is done."""

    def __init__(self, past: Past, agent: int, chance: random.Random, crowd: Crowd, floor: Floor) -> None:
        self._past = past
        self._agent = agent
        self._chance = chance
        self._crowd = crowd
        self._floor = floor

    def hold_it(self, *, accepted: datetime, answered: datetime) -> None:
        chance, past, agent = self._chance, self._past, self._agent
        confirmed = None if chance.random() < NAME_NOT_CONFIRMED else accepted
        past.add(EventKind.ANSWERED, answered, ActorKind.AGENT, agent, confirmed_at=confirmed)
        past.reason = self._crowd.reason(chance)
        past.notes = self._crowd.note(past.reason, past.at, chance)
        past.outcome = Outcome.ANSWERED
        at = answered + seconds(chance.lognormvariate(4.75, 0.55))
        if chance.random() < HOLDS:
            at = self._hold(at)
        is_kept = True
        if chance.random() < ESCALATES * (3 if past.reason == "defect" else 1):
            at, is_kept = self._escalate(at)
        at += seconds(chance.lognormvariate(3.6, 0.6))
        self._close(at, is_kept=is_kept)

    def _hold(self, at: datetime) -> datetime:
        until = at + seconds(self._chance.lognormvariate(3.7, 0.6))
        self._past.add(EventKind.HELD, at, ActorKind.AGENT, self._agent)
        self._past.add(EventKind.RESUMED, until, ActorKind.AGENT, self._agent)
        return until

    def _escalate(self, at: datetime) -> tuple[datetime, bool]:
        """Call the shop's contacts. Returns when it goes on, and whether the agent keeps the caller."""
        chance, past, agent = self._chance, self._past, self._agent
        past.add(EventKind.ESCALATED, at, ActorKind.AGENT, agent)
        past.add(EventKind.HELD, at, ActorKind.AGENT, agent)
        for step in range(len(SET_UPS[past.shop].contacts)):
            past.add(EventKind.CONSULTED, at, ActorKind.SYSTEM, step=step)
            until = at + seconds(chance.uniform(9, 21))
            if chance.random() < CONTACT_REACHED:
                past.attempts.append(Attempt(at, until))
                past.add(EventKind.ESCALATION_ACKNOWLEDGED, until, ActorKind.CONTACT, step=step)
                past.add(EventKind.CONNECTED_CONTACT, until + seconds(1.2), ActorKind.CONTACT)
                return self._with_contact(until + seconds(chance.uniform(25, 90)))
            past.attempts.append(Attempt(at, until, chance.choice(("no-answer", "busy", "timeout"))))
            at = until
        past.add(EventKind.RESUMED, at, ActorKind.SYSTEM)
        return at, True

    def _with_contact(self, at: datetime) -> tuple[datetime, bool]:
        past, agent = self._past, self._agent
        past.add(EventKind.RESUMED, at, ActorKind.AGENT, agent)
        if self._chance.random() >= HANDED_OVER:
            return at, True
        left = at + seconds(self._chance.uniform(6, 25))
        past.add(EventKind.TRANSFERRED, left, ActorKind.AGENT, agent, to="contact")
        return left, False

    def _close(self, at: datetime, *, is_kept: bool) -> None:
        """The call ends; the agent's after-call work begins there, or where somebody took over."""
        chance, past, agent = self._chance, self._past, self._agent
        let_go = at if is_kept else past.last_at
        if is_kept and chance.random() < AGENT_ENDS:
            past.add(EventKind.ENDED, at, ActorKind.SYSTEM, by="agent")
        else:
            at += timedelta(0) if is_kept else seconds(chance.uniform(60, 240))
            past.add(EventKind.ENDED, at, ActorKind.SHOPPER, by="shopper")
        done = max(let_go + seconds(min(290, chance.lognormvariate(4.0, 0.5))), at + seconds(1))
        past.add(EventKind.WRAPPED_UP, done, ActorKind.AGENT, agent)
        self._floor.free_at[agent] = done + seconds(0.5)


def agents_in_two_calls(pasts: Sequence[Past]) -> list[tuple[int, datetime]]:
    """Agents who would have been in two calls at once, and when; empty in a sane history."""
    spans: dict[int, list[Turn]] = {}
    for past in pasts:
        answered, done = past.of(EventKind.ANSWERED), past.of(EventKind.WRAPPED_UP)
        if answered and done and answered.agent is not None:
            spans.setdefault(answered.agent, []).append((answered.at, done.at))
    return [
        (agent, later[0])
        for agent, found in spans.items()
        for earlier, later in zip(sorted(found), sorted(found)[1:], strict=False)
        if later[0] < earlier[1]
    ]
