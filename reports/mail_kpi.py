"""Mail facts to figures: what came, how soon a person replied, what was due, what is still open."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from interactions.values import Outcome
from reports.business_time import BusinessTime
from reports.facts import MailFact, Period, Terms
from reports.figures import Figure, count, mean_ms, percentile_ms, ratio
from reports.mail_work import work_figures
from reports.threads import thread_figures
from reports.whole import received

BACKLOG_AGES = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""Upper bounds of the age bands; the last band is open."""


@dataclass(frozen=True, slots=True)
class MailMonth:
    """``backlog_ages`` counts open mails by age: up to 1 day, 3 days, 7 days, older."""

    figures: tuple[Figure, ...]
    backlog_ages: tuple[int, ...]


def mail_month(
    facts: Sequence[MailFact], terms: Terms, period: Period, business_time: BusinessTime
) -> MailMonth:
    """Figures of one month. ``facts`` must also hold earlier mails that were open or due in the period."""
    came = received(facts, period)
    return MailMonth(
        figures=(
            count("mail_received", len(came)),
            count("mail_replied", sum(replied_in(f, period) for f in facts)),
            count("mail_no_action", sum(f.outcome is Outcome.NO_ACTION for f in came)),
            *_reply_times(facts, period, business_time),
            _in_time("mail_within_target", due_in(facts, terms, period, business_time)),
            _in_time("mail_same_day", due_that_day(facts, period, business_time)),
            count("mail_backlog", sum(f.is_open_at(period.ends_at) for f in facts)),
            *thread_figures(facts, period),
            *work_figures(facts, period),
        ),
        backlog_ages=_ages(facts, period.ends_at),
    )


def replied_in(fact: MailFact, period: Period) -> bool:
    """Whether a person first replied to it in the period."""
    return fact.first_reply_at is not None and period.contains(fact.first_reply_at)


def _reply_times(
    facts: Sequence[MailFact], period: Period, business_time: BusinessTime
) -> tuple[Figure, ...]:
    """Over the replies of the period, whenever their mail came in: first mails of a matter, then all."""
    took = [
        (fact.opens_matter, business_time.elapsed_ms(fact.received_at, fact.first_reply_at))
        for fact in facts
        if fact.first_reply_at is not None and replied_in(fact, period)
    ]
    first, every = [ms for opens, ms in took if opens], [ms for _, ms in took]
    return (
        mean_ms("mail_first_response", sum(first), len(first)),
        percentile_ms("mail_first_response_median", first, 50),
        mean_ms("mail_turnaround", sum(every), len(every)),
    )


def _in_time(key: str, due: Sequence[tuple[MailFact, datetime]]) -> Figure:
    """Replied in time over *due in the period*: counting what was replied instead would hide the backlog."""
    return ratio(key, sum(is_in_time(fact, at) for fact, at in due), len(due))


def is_in_time(fact: MailFact, due_at: datetime) -> bool:
    return fact.first_reply_at is not None and fact.first_reply_at <= due_at


def due_in(
    facts: Sequence[MailFact], terms: Terms, period: Period, business_time: BusinessTime
) -> list[tuple[MailFact, datetime]]:
    """Mails that fell due in the period, by the agreed time, and when."""
    return _due(facts, period, lambda at: business_time.due(at, terms.mail_target_minutes * 60_000))


def due_that_day(
    facts: Sequence[MailFact], period: Period, business_time: BusinessTime
) -> list[tuple[MailFact, datetime]]:
    """Mails of the open days of the period, and the last instant before the close of their day."""
    return _due(facts, period, business_time.end_of_day)


def _due(
    facts: Sequence[MailFact], period: Period, due: Callable[[datetime], datetime | None]
) -> list[tuple[MailFact, datetime]]:
    """A mail that needs no reply is never due.

    A part is due with its mail, and where that was over when it was split off, at once: it is late then.
    """
    due_at = [(fact, due(fact.received_at)) for fact in facts if fact.outcome is not Outcome.NO_ACTION]
    known = [(fact, max(at, fact.split_at or at)) for fact, at in due_at if at is not None]
    return [(fact, at) for fact, at in known if period.contains(at)]


def _ages(facts: Sequence[MailFact], moment: datetime) -> tuple[int, ...]:
    ages = [moment - fact.received_at for fact in facts if fact.is_open_at(moment)]
    bounds = (timedelta(0), *BACKLOG_AGES)
    bands = [sum(low < age <= high for age in ages) for low, high in pairwise(bounds)]
    return (*bands, sum(age > BACKLOG_AGES[-1] for age in ages))
