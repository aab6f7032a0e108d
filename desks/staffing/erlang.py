"""Waiting lines with many agents: Erlang C, and Erlang A where callers give up. Times in seconds.

Calls come at random (Poisson), take an exponential time, and wait in one line; in Erlang A each caller's
patience is exponential too. ``docs/algorithms/staffing.md`` derives what is not found in every textbook.
"""

import math
from bisect import bisect_left
from dataclasses import dataclass

MOST_AGENTS = 10_000
NOBODY_CALLS = 1e-12
"""Erlang; what is less would only run out of digits."""
_BELOW_THE_PEAK = 40.0
"""Places in the line that are exp(-40) as likely as the likeliest one add nothing to a sum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """So many calls in an interval, each of them so long with its after-call work."""

    calls: float
    interval: float
    handling: float
    patience: float | None = None  # in the mean; None: nobody ever gives up

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.calls / self.interval

    @property
    def traffic(self) -> float:
        """Agents whom the calls would keep busy if nobody waited (erlang)."""
        return self.rate * self.handling


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What callers and agents may expect of so many agents. Shares are of all calls, 0 to 1."""

    agents: int
    wait_probability: float
    service_level: float  # answered within the target
    average_speed_of_answer: float  # of the calls that are answered; infinite: the line only grows
    occupancy: float
    abandoned: float


def outlook(load: Load, agents: int, *, within: float) -> Outlook:
    """What ``agents`` (1 or more) achieve; a call is in time when it is answered within so many seconds."""
    if load.traffic < NOBODY_CALLS:
        return Outlook(
            agents=agents, wait_probability=0.0, service_level=1.0, average_speed_of_answer=0.0,
            occupancy=0.0, abandoned=0.0,
        )  # fmt: skip
    if load.patience is None:
        return _patient(load, agents, within)
    return _impatient(load, load.patience, agents, within)


def seats_needed(load: Load, *, within: float, target: float) -> int | None:
    """The fewest agents who answer the share ``target`` (0 to 1) of all calls within so many seconds.

    None when it takes more than ``MOST_AGENTS``.
    """
    if load.patience is None and load.traffic >= NOBODY_CALLS:
        return _patient_seats(load, within, target)

    def level(agents: int) -> float:
        return outlook(load, agents, within=within).service_level

    enough = math.ceil(load.traffic) + 1
    while level(enough) < target:
        enough *= 2
        if enough > MOST_AGENTS:
            return None
    return 1 + bisect_left(range(1, enough + 1), target, key=level)


def rostered(seats: int, shrinkage: float) -> int:
    """Agents to plan for so many seats when the share ``shrinkage`` (0 to under 1) is away on paid time."""
    return math.ceil(round(seats / (1.0 - shrinkage), 9))


def _inverse_loss(load: Load, agents: int) -> float:
    """One over the share that would be lost if nobody could wait (Erlang B); infinite when none would be."""
    inverse, traffic = 1.0, load.traffic
    for there in range(1, agents + 1):
        inverse = 1.0 + there / traffic * inverse
    return inverse


def _patient(load: Load, agents: int, within: float) -> Outlook:
    """Erlang C."""
    free = agents - load.traffic
    if free <= 0:
        return Outlook(
            agents=agents, wait_probability=1.0, service_level=0.0, average_speed_of_answer=math.inf,
            occupancy=1.0, abandoned=0.0,
        )  # fmt: skip
    waits = _waits(load, agents, _inverse_loss(load, agents))
    return Outlook(
        agents=agents,
        wait_probability=waits,
        service_level=_in_time(load, agents, waits, within),
        average_speed_of_answer=waits * load.handling / free,
        occupancy=load.traffic / agents,
        abandoned=0.0,
    )


def _waits(load: Load, agents: int, inverse_loss: float) -> float:
    """Erlang C from Erlang B."""
    occupancy = load.traffic / agents
    return 1.0 / (inverse_loss * (1.0 - occupancy) + occupancy)


def _in_time(load: Load, agents: int, waits: float, within: float) -> float:
    """The share of calls answered within so many seconds, of so many that wait."""
    return 1.0 - waits * math.exp(-(agents - load.traffic) * within / load.handling)


def _patient_seats(load: Load, within: float, target: float) -> int | None:
    """The first in the row of Erlang B that is enough: one walk along it, where a search would walk often."""
    if target <= 0.0:
        return 1
    inverse, traffic = 1.0, load.traffic
    for agents in range(1, MOST_AGENTS + 1):
        inverse = 1.0 + agents / traffic * inverse
        if agents > traffic and _in_time(load, agents, _waits(load, agents, inverse), within) >= target:
            return agents
    return None


def _impatient(load: Load, patience: float, agents: int, within: float) -> Outlook:
    """Erlang A: summed over the place in the line at which a caller arrives."""
    answers = agents * patience / load.handling  # by the agents, in one patience
    places = _places(load.rate * patience, answers)
    just_busy = -_log_sum([_log(_inverse_loss(load, agents) - 1.0), *places])  # log of its chance
    waits = served = in_time = seconds = waited = 0.0
    late = _Late(answers + 1.0, within / patience)
    for ahead, place in enumerate(places):
        chance = math.exp(just_busy + place)
        stays = chance * answers / (answers + ahead + 1)
        waited += patience / (answers + ahead + 1)
        waits += chance
        served += stays
        in_time += stays * late.answered_with(ahead)
        seconds += stays * waited
    answered = 1.0 - waits + served
    return Outlook(
        agents=agents,
        wait_probability=waits,
        service_level=1.0 - waits + in_time,
        average_speed_of_answer=seconds / answered,
        occupancy=load.traffic * answered / agents,
        abandoned=max(0.0, waits - served),
    )


def _places(calls: float, answers: float) -> list[float]:
    """Logs of how likely 0, 1, 2 … callers wait, against nobody waiting; calls and answers per patience."""
    logs = [0.0]
    peak = 0.0
    while logs[-1] > peak - _BELOW_THE_PEAK or answers + len(logs) < calls:
        logs.append(logs[-1] + math.log(calls / (answers + len(logs))))
        peak = max(peak, logs[-1])
    return logs


class _Late:
    """How likely somebody who stays is answered in time, by the callers ahead: asked for 0, 1, 2 … in turn.

    The wait is a sum of exponential times with rates ``answers``, ``answers`` + 1 … (per patience); that it
    is longer than ``within`` is a sum of negative binomial chances.
    """

    def __init__(self, answers: float, within: float) -> None:
        self._answers = answers
        self._within = within
        self._log_gone = _log(-math.expm1(-within))
        self._late = 0.0

    def answered_with(self, ahead: int) -> float:
        if self._within == 0.0:
            return 0.0
        ways = math.lgamma(self._answers + ahead) - math.lgamma(self._answers) - math.lgamma(ahead + 1)
        self._late += math.exp(ways + ahead * self._log_gone - self._answers * self._within)
        return max(0.0, 1.0 - self._late)


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _log_sum(logs: list[float]) -> float:
    """The log of the sum of what these are logs of."""
    top = max(logs)
    if math.isinf(top):
        return top
    return top + math.log(sum(math.exp(one - top) for one in logs))
