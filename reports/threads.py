"""Matters in writing: how many answers they take, and whether they stay settled. Pure."""

from collections.abc import Hashable, Sequence
from datetime import datetime, timedelta

from reports.facts import MailFact, Period
from reports.figures import Figure, Unit, ratio

REOPENED_WITHIN = timedelta(days=7)


def thread_figures(facts: Sequence[MailFact], period: Period) -> tuple[Figure, ...]:
    """``facts``: every mail answered, settled or taken up again in the period or the week before it."""
    written = answers(facts, period)
    reopened, solved = reopenings(facts, period)
    return (
        Figure(
            key="touches_per_case",
            unit=Unit.MEAN,
            numerator=len(written),
            denominator=len({matter for matter, _ in written}),
        ),
        ratio("reopen_rate", len(reopened), len(solved)),
    )


def answers(facts: Sequence[MailFact], period: Period) -> set[tuple[Hashable, datetime]]:
    """Answers by people in the period, each once, though it may answer several mails of its matter."""
    return {(_matter(fact), at) for fact in facts for at in fact.replies if period.contains(at)}


def answered_in(fact: MailFact, period: Period) -> bool:
    """Whether an answer of the period belongs to this mail."""
    return any(period.contains(at) for at in fact.replies)


def reopenings(facts: Sequence[MailFact], period: Period) -> tuple[list[MailFact], list[MailFact]]:
    """Mails with which a matter was settled and taken up again within seven days, and all with which one was.

    Those whose seven days ended in the period: it is known of each what became of it.
    """
    start, end = period.starts_at - REOPENED_WITHIN, period.ends_at - REOPENED_WITHIN
    taken_up: dict[Hashable, list[datetime]] = {}
    for fact in facts:
        taken_up.setdefault(_matter(fact), []).extend(fact.reopened)
    again, settled = [], []
    for fact in facts:
        times = [at for at in fact.solved if start <= at < end]
        if times:
            settled.append(fact)
        if any(at < later <= at + REOPENED_WITHIN for at in times for later in taken_up[_matter(fact)]):
            again.append(fact)
    return again, settled


def _matter(fact: MailFact) -> Hashable:
    return fact.matter or fact.number
