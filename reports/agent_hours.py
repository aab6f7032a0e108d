"""How the hours of the shared agents were spent, all shops together (``docs/algorithms/kpi.md``). Pure.

Paid: the time signed in without the lunch break. None of this can be said of one shop, whose callers share
the agents with all others, and none is for judging a person.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from desks.values import BreakReason, Presence
from reports.figures import HOUR_MS, Figure, Unit, ratio
from reports.mail_work import mails_per_hour

WITH_CALLERS = frozenset({Presence.BUSY, Presence.WRAPUP})
READY = frozenset({Presence.READY, Presence.RINGING})
OTHER_WORK = frozenset({BreakReason.TRAINING.value, BreakReason.MEETING.value, BreakReason.PAPERWORK.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """All agents' time in one state, in milliseconds; ``reason`` is that of a break."""

    state: Presence
    reason: str | None
    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHours:
    """Milliseconds of all agents together.

    ``handling``: talk, hold and after-call work. ``idle``: ready, or being rung. ``other_work``: training,
    meetings, paperwork. ``away``: pauses, and taken out by the server. ``lunch`` is not paid.
    ``calls``: handled. ``mails``: answers by people; ``timed``: those of them whose
    work is known, and ``writing`` that work, of mails that needed no answer too.
    """

    handling: int = 0
    idle: int = 0
    other_work: int = 0
    away: int = 0
    lunch: int = 0
    calls: int = 0
    mails: int = 0
    timed: int = 0
    writing: int = 0

    @property
    def available(self) -> int:
        return self.handling + self.idle

    @property
    def paid(self) -> int:
        return self.available + self.other_work + self.away

    @property
    def signed_in(self) -> int:
        return self.paid + self.lunch

    def figures(self) -> tuple[Figure, ...]:
        return (
            ratio("occupancy", self.handling, self.available),
            ratio("utilisation", self.available, self.paid, "U1"),
            ratio("utilisation", self.handling, self.paid, "U2"),
            ratio("utilisation", self.handling, self.paid - self.other_work, "U3"),
            ratio("shrinkage", self.paid - self.available, self.paid),
            Figure(
                key="calls_per_hour",
                unit=Unit.MEAN,
                numerator=self.calls * HOUR_MS,
                denominator=self.signed_in,
            ),
            mails_per_hour(self.timed, self.writing),
        )


@dataclass(frozen=True, slots=True)
class Paid:
    """Paid time in a stretch by one price: yen for an hour, None where nobody has said it."""

    ms: int
    yen: int | None


def cost_per_contact(paid: Iterable[Paid], contacts: int) -> Figure | None:
    """Yen for a call handled or a mail answered. None: of some paid time nobody has said what it costs."""
    priced = [(one.ms, one.yen) for one in paid if one.ms]
    if any(yen is None for _, yen in priced):
        return None
    cost = sum(ms * yen for ms, yen in priced if yen is not None)
    divided = contacts * HOUR_MS if priced else 0
    return Figure(key="cost_per_contact", unit=Unit.YEN, numerator=cost, denominator=divided)


@dataclass(frozen=True, slots=True)
class Written:
    """What was done in writing: answers by people, those of known work, and the milliseconds of work."""

    mails: int = 0
    timed: int = 0
    ms: int = 0


def agent_hours(spent: Iterable[Spent], *, calls: int, written: Written = Written()) -> AgentHours:
    """Time by what it was spent on; who is signed out is not there."""
    sums = dict.fromkeys(("handling", "idle", "other_work", "away", "lunch"), 0)
    for one in spent:
        if one.state is not Presence.OFFLINE:
            sums[_spent_on(one)] += one.ms
    return AgentHours(**sums, calls=calls, mails=written.mails, timed=written.timed, writing=written.ms)


def _spent_on(one: Spent) -> str:
    if one.state in WITH_CALLERS:
        return "handling"
    if one.state in READY:
        return "idle"
    if one.reason in OTHER_WORK:
        return "other_work"
    return "lunch" if one.reason == BreakReason.LUNCH.value else "away"
