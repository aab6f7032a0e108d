"""How often shoppers who asked to be called back were reached (formula: ``docs/algorithms/kpi.md``)."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from interactions.values import Outcome, PartyKind
from reports.facts import PhoneFact
from reports.figures import Figure, count, ratio


class Kept(StrEnum):
    """What became of a promise to call back."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    NOT_NEEDED = "not_needed"  # the shopper got through before our call


def callback_figures(facts: Sequence[PhoneFact]) -> tuple[Figure, ...]:
    """Nothing for a month in which nobody asked."""
    ends = [kept for _, kept in promises(facts)]
    if not ends:
        return ()
    needed = [kept for kept in ends if kept is not Kept.NOT_NEEDED]
    return (
        count("callbacks_asked", len(ends)),
        ratio("callback_rate", needed.count(Kept.REACHED), len(needed)),
    )


def promises(facts: Sequence[PhoneFact]) -> list[tuple[PhoneFact, Kept]]:
    """Each promise to call back, and what became of it."""
    return [(fact, _kept(fact, facts)) for fact in facts if _is_promise(fact)]


def _is_promise(fact: PhoneFact) -> bool:
    return fact.inbound and fact.party is PartyKind.HUMAN and fact.outcome is Outcome.CALLBACK


def _kept(promise: PhoneFact, facts: Iterable[PhoneFact]) -> Kept:
    """By the shopper's first conversation after the promise, whoever began it."""
    talked = [one for one in facts if _is_with_the_same(promise, one) and one.answered_at]
    first = min(talked, key=lambda one: (one.arrived_at, one.number), default=None)
    if first is None:
        return Kept.NOT_REACHED
    return Kept.NOT_NEEDED if first.inbound else Kept.REACHED


def _is_with_the_same(promise: PhoneFact, one: PhoneFact) -> bool:
    later = (one.arrived_at, one.number) > (promise.arrived_at, promise.number)
    return later and one.shopper is not None and one.shopper == promise.shopper
