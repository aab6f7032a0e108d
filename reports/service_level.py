"""The service level in its six letters. ICMI's example is the golden test."""

from collections.abc import Callable
from dataclasses import dataclass

from reports.figures import Figure, ratio
from tenants.values import ServiceLevelLetter


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCounts:
    """Counts of one period. ``within`` is the agreed answer time, ``short`` the short-abandon threshold.

    ``lost_out_of_hours`` is nought unless the contract puts calls outside opening hours into the base.
    """

    answered: int
    abandoned: int
    answered_within: int
    abandoned_within: int
    abandoned_short: int
    lost_out_of_hours: int = 0

    @property
    def all(self) -> int:
        return self.answered + self.abandoned + self.lost_out_of_hours


_FORMULAS: dict[ServiceLevelLetter, Callable[[AnswerCounts], tuple[int, int]]] = {
    ServiceLevelLetter.A: lambda n: (n.answered_within, n.all),
    ServiceLevelLetter.B: lambda n: (n.answered_within, n.all - n.abandoned_short),
    ServiceLevelLetter.C: lambda n: (n.answered_within + n.abandoned_short, n.all),
    ServiceLevelLetter.D: lambda n: (n.answered_within, n.all - n.abandoned_within),
    ServiceLevelLetter.E: lambda n: (n.answered_within + n.abandoned_within, n.all),
    ServiceLevelLetter.F: lambda n: (n.answered_within, n.answered),
}


def service_level(counts: AnswerCounts, letter: ServiceLevelLetter, *, key: str = "service_level") -> Figure:
    within, base = _FORMULAS[letter](counts)
    return ratio(key, within, base, letter.value)
