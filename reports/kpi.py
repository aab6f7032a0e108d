"""Phone facts of one period to figures (formulas: ``docs/algorithms/kpi.md``)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import gcd

from reports.callbacks import callback_figures
from reports.checked import checked_figures
from reports.facts import Period, PhoneFact, Terms
from reports.figures import Figure, count, mean_ms, percentile_ms, ratio
from reports.followups import follow_up_figures
from reports.service_level import service_level
from reports.tally import APART, Tally, apart, rolled_up, tallies

WEAK_PERCENT = 80


def phone_figures(
    facts: Sequence[PhoneFact], terms: Terms, total: Tally, intervals: Sequence["Interval"]
) -> tuple[Figure, ...]:
    """All phone figures in the order of the report; ``total`` and ``intervals`` are of the same calls."""
    return (
        *_volume(facts, total),
        *_reached(total, terms),
        weak_intervals(intervals),
        *_speed(facts, total, terms),
        *_handling(total),
        *follow_up_figures(facts),
        *callback_figures(facts),
        *checked_figures(facts),
        *_conduct(facts, total),
    )


def apart_figures(facts: Sequence[PhoneFact]) -> tuple[Figure, ...]:
    """Calls that are in no denominator, each class by itself."""
    classes = Counter(apart(fact) for fact in facts)
    return tuple(count(f"apart_{name}", classes[name]) for name in APART)


@dataclass(frozen=True, slots=True)
class Interval:
    """A half-open stretch of one day, ``[starts_at, ends_at)`` in the shop's own time."""

    starts_at: datetime
    ends_at: datetime
    calls: Tally

    def as_json(self) -> dict[str, object]:
        return {
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "offered": self.calls.offered,
            "answered": self.calls.answered,
        }


def by_interval(slots: Mapping[datetime, Tally], terms: Terms) -> tuple[Interval, ...]:
    """Intervals in which a call was offered, by arrival, in order of time."""
    width = timedelta(minutes=terms.interval_minutes)

    found = rolled_up(slots, by=lambda at: start_of_interval(at, terms.interval_minutes))
    return tuple(Interval(at, at + width, found[at]) for at in sorted(found) if found[at].offered)


def by_slot(facts: Sequence[PhoneFact], terms: Terms, period: Period) -> dict[datetime, Tally]:
    """One tally for each stretch so short that intervals and hours are made of whole ones, by arrival."""
    minutes = gcd(terms.interval_minutes, 60)
    return tallies(facts, terms, by=lambda fact: start_of_interval(period.local(fact.arrived_at), minutes))


def start_of_interval(local: datetime, width: int) -> datetime:
    """The beginning of the stretch of ``width`` minutes in which a local time lies."""
    minutes = (local.hour * 60 + local.minute) // width * width
    return local.replace(hour=minutes // 60, minute=minutes % 60, second=0, microsecond=0)


def worst_interval(intervals: Sequence[Interval]) -> Interval | None:
    """The interval that lost most callers; then the lower answer rate, then the earlier. None: nobody lost.

    By count and not by rate: one lost call out of one would otherwise outrank nine out of ten.
    """
    losing = [i for i in intervals if i.calls.lost]
    return min(losing, key=lambda i: (-i.calls.lost, i.calls.offered, i.starts_at), default=None)


def weak_intervals(intervals: Sequence[Interval]) -> Figure:
    """Share of callers who met an interval that answered fewer than 80 % (COPC-style view of peaks)."""
    met = sum(one.calls.offered for one in intervals if weak(one))
    return ratio("callers_in_weak_intervals", met, sum(one.calls.offered for one in intervals))


def weak(interval: Interval) -> bool:
    """Whether it answered fewer than 80 %."""
    return interval.calls.answered * 100 < WEAK_PERCENT * interval.calls.offered


def _volume(facts: Sequence[PhoneFact], total: Tally) -> tuple[Figure, ...]:
    return (
        count("calls_inbound", sum(fact.inbound for fact in facts)),
        count("offered", total.offered),
        count("answered", total.answered),
        count("abandoned", total.abandoned),
        count("abandoned_short", total.abandoned_short),
        count("lost_otherwise", total.lost_otherwise),
        count("out_of_hours", total.out_of_hours),
        count("out_of_hours_voicemail", total.voicemail_out_of_hours),
    )


def _reached(total: Tally, terms: Terms) -> tuple[Figure, ...]:
    short = total.abandoned_short
    reached = [
        total.answer_rate(),
        ratio("abandon_rate", total.abandoned, total.offered),
        ratio("abandon_rate_without_short", total.abandoned - short, total.offered - short),
        total.service_level(terms),
    ]
    if second := terms.second_service_level:
        reached.append(service_level(total.answer_counts(terms), second, key="service_level_second"))
    return tuple(reached)


def _speed(facts: Sequence[PhoneFact], total: Tally, terms: Terms) -> tuple[Figure, ...]:
    waits = answer_waits(facts, terms)
    return (
        total.speed_of_answer(),
        percentile_ms("wait_median", waits, 50),
        percentile_ms("wait_p90", waits, 90),
        percentile_ms("wait_longest", waits, 100),
        mean_ms("time_to_abandon", total.abandon_wait_ms, total.abandoned),
    )


def answer_waits(facts: Sequence[PhoneFact], terms: Terms) -> list[int]:
    """Milliseconds that each answered caller waited."""
    waits = (fact.waited_ms(terms.wait_starts) for fact in facts if fact.is_answered)
    return [wait for wait in waits if wait is not None]


def _handling(total: Tally) -> tuple[Figure, ...]:
    return (
        mean_ms("talk_time", total.talk_ms, total.answered),
        mean_ms("hold_time", total.hold_ms, total.answered),
        mean_ms("hold_time_when_held", total.hold_ms, total.held),
        mean_ms("after_call_work", total.acw_ms, total.answered),
        total.handling_time(),
    )


def _conduct(facts: Sequence[PhoneFact], total: Tally) -> tuple[Figure, ...]:
    asked = [fact for fact in facts if fact.is_offered]
    answered = [fact for fact in asked if fact.is_answered]
    return (
        ratio("transfer_rate", total.transferred, total.answered),
        ratio("agent_no_answer", sum(f.offers_missed for f in asked), sum(f.offers_made for f in asked)),
        ratio("greeting_accuracy", sum(f.name_confirmed for f in answered), total.answered),
    )
