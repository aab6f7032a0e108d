"""Integer sums over a set of calls: every quotient of the report is made from one of these."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from operator import attrgetter
from typing import TypeVar

from interactions.values import Outcome, PartyKind
from reports.facts import PhoneFact, Terms
from reports.figures import Figure, mean_ms, ratio
from reports.service_level import AnswerCounts, service_level
from tenants.values import ServiceLevelLetter

Key = TypeVar("Key", bound=Hashable)
Fine = TypeVar("Fine", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over calls. ``offered`` = ``answered`` + ``abandoned`` + ``lost_otherwise`` (+ ``out_of_hours``
    where the contract counts those as offered). Times are milliseconds.
    """

    offered: int
    answered: int
    abandoned: int
    lost_otherwise: int
    abandoned_short: int
    answered_within: int
    abandoned_within: int
    answer_wait_ms: int
    abandon_wait_ms: int
    talk_ms: int
    hold_ms: int
    held: int
    acw_ms: int
    transferred: int
    escalated: int
    out_of_hours: int
    voicemail_out_of_hours: int

    @property
    def lost(self) -> int:
        """Offered and never connected to an agent."""
        return self.offered - self.answered

    def answer_counts(self, terms: Terms) -> AnswerCounts:
        return AnswerCounts(
            answered=self.answered,
            abandoned=self.abandoned,
            answered_within=self.answered_within,
            abandoned_within=self.abandoned_within,
            abandoned_short=self.abandoned_short,
            lost_out_of_hours=self.out_of_hours if terms.out_of_hours_count_as_offered else 0,
        )

    def answer_rate(self) -> Figure:
        return ratio("answer_rate", self.answered, self.offered)

    def service_level(self, terms: Terms, letter: ServiceLevelLetter | None = None) -> Figure:
        return service_level(self.answer_counts(terms), letter or terms.service_level)

    def speed_of_answer(self) -> Figure:
        return mean_ms("speed_of_answer", self.answer_wait_ms, self.answered)

    def handling_time(self) -> Figure:
        return mean_ms("handling_time", self.talk_ms + self.hold_ms + self.acw_ms, self.answered)

    def as_json(self) -> dict[str, int]:
        return asdict(self)


_SUMS = tuple(one.name for one in fields(Tally))
_sums = attrgetter(*_SUMS)


def tally(facts: Iterable[PhoneFact], terms: Terms) -> Tally:
    facts = tuple(facts)
    offered = [f for f in facts if f.is_offered]
    answered = [f for f in offered if f.is_answered]
    abandoned = [f for f in offered if f.is_abandoned]
    outside = [f for f in facts if not f.is_offered and is_out_of_hours(f)]
    waits = _waits(answered, terms)
    left = _waits(abandoned, terms)
    in_time = terms.answer_within_s * 1000
    return Tally(
        offered=len(offered) + (len(outside) if terms.out_of_hours_count_as_offered else 0),
        answered=len(answered),
        abandoned=len(abandoned),
        lost_otherwise=len(offered) - len(answered) - len(abandoned),
        abandoned_short=sum(wait <= terms.short_abandon_s * 1000 for wait in left),
        answered_within=sum(wait <= in_time for wait in waits),
        abandoned_within=sum(wait <= in_time for wait in left),
        answer_wait_ms=sum(waits),
        abandon_wait_ms=sum(left),
        talk_ms=sum(f.talk_ms for f in answered),
        hold_ms=sum(f.hold_ms for f in answered),
        held=sum(f.hold_ms > 0 for f in answered),
        acw_ms=sum(f.acw_ms for f in answered),
        transferred=sum(f.transferred for f in answered),
        escalated=sum(f.escalated for f in answered),
        out_of_hours=len(outside),
        voicemail_out_of_hours=sum(is_left_message(f) for f in outside),
    )


def tallies(facts: Iterable[PhoneFact], terms: Terms, *, by: Callable[[PhoneFact], Key]) -> dict[Key, Tally]:
    """One tally for each bucket that holds a call; their sum is the tally of all."""
    buckets: dict[Key, list[PhoneFact]] = {}
    for fact in facts:
        buckets.setdefault(by(fact), []).append(fact)
    return {key: tally(bucket, terms) for key, bucket in buckets.items()}


def rolled_up(tallied: Mapping[Fine, Tally], *, by: Callable[[Fine], Key]) -> dict[Key, Tally]:
    """The tallies of coarser buckets, each the sum of its finer ones."""
    coarse: dict[Key, list[Tally]] = {}
    for fine, one in tallied.items():
        coarse.setdefault(by(fine), []).append(one)
    return {key: summed(ones) for key, ones in coarse.items()}


def summed(tallied: Iterable[Tally]) -> Tally:
    """The tally of all their calls together; of none, nought."""
    columns = zip([0] * len(_SUMS), *map(_sums, tallied), strict=True)
    return Tally(**{name: sum(column) for name, column in zip(_SUMS, columns, strict=True)})


def is_out_of_hours(fact: PhoneFact) -> bool:
    return apart(fact) == "out_of_hours"


def is_left_message(fact: PhoneFact) -> bool:
    """Whether a caller who met a closed desk left a recorded message."""
    return fact.left_message or fact.outcome is Outcome.VOICEMAIL


def apart(fact: PhoneFact) -> str | None:  # noqa: PLR0911 -- one line for each class, in order of precedence
    """The class under which a call that was not offered is listed; None for an offered one.

    Each inbound call is either offered or in exactly one class, so the classes and the offered calls add up.
    """
    if fact.is_offered:
        return None
    if not fact.inbound:
        return "outbound"
    if fact.party is not PartyKind.HUMAN:
        return fact.party.value
    if fact.outcome is None:
        return "in_progress"
    if fact.outcome in LISTED_BY_OUTCOME:
        return fact.outcome.value
    if fact.outcome is Outcome.OUT_OF_HOURS or not fact.within_hours:
        return "out_of_hours"
    if fact.outcome is Outcome.ABANDONED:
        return "left_in_guidance"
    if fact.outcome is Outcome.ANSWERED:
        return "connected_directly"
    return f"{fact.outcome.value}_before_queue"


LISTED_BY_OUTCOME = frozenset({Outcome.TEST, Outcome.BLOCKED, Outcome.IVR_SELF_SERVED})

APART = (
    "out_of_hours",
    "left_in_guidance",
    "ivr_self_served",
    "overflow_before_queue",
    "voicemail_before_queue",
    "system_fault_before_queue",
    "connected_directly",
    "blocked",
    "bot",
    "test",
    "in_progress",
    "outbound",
)
"""Every class that ``apart`` can name, in the order of the report."""


def _waits(facts: Sequence[PhoneFact], terms: Terms) -> list[int]:
    return [wait for fact in facts if (wait := fact.waited_ms(terms.wait_starts)) is not None]
