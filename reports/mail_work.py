"""1時間あたり処理件数: answers in writing over the time that agents had a mail in hand. Pure."""

from collections.abc import Hashable, Sequence

from reports.facts import MailFact, Period, Worked
from reports.figures import Figure, Unit


def work_figures(facts: Sequence[MailFact], period: Period) -> tuple[Figure, ...]:
    """Nothing for a month of which no work is known: answers are counted with their work only."""
    found = work(facts, period)
    if not found:
        return ()
    answers = sum(one.is_answer for _, one in found)
    return (mails_per_hour(answers, sum(one.ms for _, one in found)),)


def mails_per_hour(answers: int, ms: int) -> Figure:
    return Figure(key="mails_per_hour", unit=Unit.PER_HOUR, numerator=answers, denominator=ms)


def work(facts: Sequence[MailFact], period: Period) -> set[tuple[Hashable, Worked]]:
    """Work that ended in the period, each once, though its answer may be one to several mails."""
    return {(fact.matter or fact.number, one) for fact in facts for one in work_in(fact, period)}


def work_in(fact: MailFact, period: Period) -> list[Worked]:
    return [one for one in fact.worked if period.contains(one.at)]
