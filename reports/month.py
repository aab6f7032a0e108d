"""One shop's month: all figures and the rows behind the charts and tables, and their JSON form."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from reports.business_time import BusinessTime
from reports.closing.values import MonthState, Standing
from reports.facts import EscalationFact, MailFact, Period, PhoneFact, Terms
from reports.figures import Comparison, Figure, ratio
from reports.kpi import (
    Interval,
    answer_waits,
    apart_figures,
    by_interval,
    by_slot,
    phone_figures,
    worst_interval,
)
from reports.mail_kpi import mail_month
from reports.repeats import contacts_of, repeat_figures
from reports.resolutions import Settled, resolution_figures
from reports.surveys import survey_figures
from reports.tally import Tally, is_out_of_hours, rolled_up, summed
from reports.whole import contacts_by_mail

FORMAT = 1
"""Version of the JSON form; raised when a key changes its meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFacts:
    """What the log says about one period.

    ``mails`` also holds mails received earlier that were open or due in the period, or replied to in it;
    calls outside the period are left out by arrival. ``earlier``: those of ``repeats.LOOKS_BACK`` before
    it, which only tell whether a contact repeats another. ``settled``: matters, also those whose days of rest
    end outside it.
    """

    period: Period
    terms: Terms
    calls: Sequence[PhoneFact] = ()
    mails: Sequence[MailFact] = ()
    settled: Sequence[Settled] = ()
    escalations: Sequence[EscalationFact] = ()
    earlier: Sequence[PhoneFact] = ()


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Answered calls and mails of one reason; None is a contact that has none."""

    reason: str | None
    calls: int
    mails: int
    escalated: int

    @property
    def contacts(self) -> int:
        return self.calls + self.mails


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFigures:
    """Everything the paper says. ``weekday_hours`` and ``out_of_hours``: (weekday, hour), Monday is 0."""

    period: Period
    terms: Terms
    figures: tuple[Figure, ...]
    total: Tally
    days: dict[date, Tally]
    mails_by_day: dict[date, int]
    hours: dict[int, Tally]
    weekday_hours: dict[tuple[int, int], Tally]
    out_of_hours: dict[tuple[int, int], int]
    waits_ms: tuple[int, ...]
    worst: Interval | None
    reasons: tuple[ReasonRow, ...]
    escalations: tuple[EscalationFact, ...]
    backlog_ages: tuple[int, ...]
    standing: Standing | None = None  # None: counted from the log of a month that was never closed

    @property
    def out_of_hours_by_hour(self) -> list[int]:
        """Calls outside opening hours in each of the 24 hours, all weekdays together."""
        return [
            sum(calls for (_, at), calls in self.out_of_hours.items() if at == hour) for hour in range(24)
        ]

    def figure(self, key: str) -> Figure:
        return next(figure for figure in self.figures if figure.key == key)

    def as_json(self) -> dict[str, object]:
        """Integers, strings and lists only; the order is fixed, so equal months give equal bytes."""
        return {
            "format": FORMAT,
            "period": {
                "first": self.period.first.isoformat(),
                "end": self.period.end.isoformat(),
                "zone": self.period.zone.key,
            },
            "standing": self.standing.as_json() if self.standing else {"state": MonthState.OPEN.value},
            "terms": dict(sorted(asdict(self.terms).items())),
            "figures": [figure.as_json() for figure in self.figures],
            "worst_interval": self.worst.as_json() if self.worst else None,
            "days": [
                {"day": day.isoformat(), "mails": self.mails_by_day[day], **self.days[day].as_json()}
                for day in self.period.days
            ],
            "hours": [{"hour": hour, **self.hours[hour].as_json()} for hour in sorted(self.hours)],
            "weekday_hours": [
                {"weekday": day, "hour": hour, "offered": calls.offered, "answered": calls.answered}
                for (day, hour), calls in sorted(self.weekday_hours.items())
            ],
            "out_of_hours": [
                {"weekday": day, "hour": hour, "calls": calls}
                for (day, hour), calls in sorted(self.out_of_hours.items())
            ],
            "reasons": [asdict(row) for row in self.reasons],
            "escalations": [_escalation_json(row) for row in self.escalations],
            "backlog_ages": list(self.backlog_ages),
        }


def month_figures(facts: MonthFacts, business_time: BusinessTime) -> MonthFigures:
    period, terms = facts.period, facts.terms
    calls = [fact for fact in facts.calls if period.contains(fact.arrived_at)]
    mails = contacts_by_mail(facts.mails, period)
    mail = mail_month(facts.mails, terms, period, business_time)
    slots = by_slot(calls, terms, period)
    intervals = by_interval(slots, terms)
    total = summed(slots.values())
    phone = phone_figures(calls, terms, total, intervals)
    return MonthFigures(
        period=period,
        terms=terms,
        figures=(
            *phone,
            *apart_figures(calls),
            *mail.figures,
            *resolution_figures(facts.settled, period),
            *_contact_figures(calls, mails),
            *survey_figures(facts.mails, period),
            *repeat_figures(contacts_of([*facts.earlier, *calls], facts.mails), period),
        ),
        total=total,
        days=_by_day(slots, period),
        mails_by_day=_mails_by_day(mails, period),
        hours=rolled_up(slots, by=lambda at: at.hour),
        weekday_hours=rolled_up(slots, by=lambda at: (at.weekday(), at.hour)),
        out_of_hours=Counter(_weekday_hour(f, period) for f in calls if is_out_of_hours(f)),
        waits_ms=tuple(sorted(answer_waits(calls, terms))),
        worst=worst_interval(intervals),
        reasons=_reasons(calls, mails),
        escalations=tuple(
            sorted((e for e in facts.escalations if period.contains(e.started_at)), key=_by_start)
        ),
        backlog_ages=mail.backlog_ages,
    )


def compare(now: MonthFigures, before: MonthFigures | None, key: str) -> Comparison:
    return Comparison(now.figure(key), before.figure(key) if before else None)


def _contact_figures(calls: Sequence[PhoneFact], mails: Sequence[MailFact]) -> tuple[Figure, ...]:
    """Calls answered and mails received are contacts; one that is still open is not yet completed."""
    answered = [fact for fact in calls if fact.is_answered]
    contacts = len(answered) + len(mails)
    escalated = sum(f.escalated for f in answered) + sum(f.escalated for f in mails)
    still_open = sum(f.outcome is None and not f.escalated for f in mails)
    return (
        ratio("self_completed", contacts - escalated - still_open, contacts),
        ratio("escalation_rate", escalated, contacts),
    )


def _by_day(slots: Mapping[datetime, Tally], period: Period) -> dict[date, Tally]:
    """Every day of the month has a row, the quiet ones too."""
    found = rolled_up(slots, by=lambda at: at.date())
    return {day: found.get(day) or summed(()) for day in period.days}


def _mails_by_day(mails: Sequence[MailFact], period: Period) -> dict[date, int]:
    received = Counter(period.local(fact.received_at).date() for fact in mails)
    return {day: received[day] for day in period.days}


def _weekday_hour(fact: PhoneFact, period: Period) -> tuple[int, int]:
    local = period.local(fact.arrived_at)
    return local.weekday(), local.hour


def _reasons(calls: Sequence[PhoneFact], mails: Sequence[MailFact]) -> tuple[ReasonRow, ...]:
    answered = [fact for fact in calls if fact.is_answered]
    by_phone = Counter(fact.reason for fact in answered)
    by_mail = Counter(fact.reason for fact in mails)
    passed_on = Counter(f.reason for f in answered if f.escalated)
    passed_on.update(f.reason for f in mails if f.escalated)
    rows = [
        ReasonRow(reason, by_phone[reason], by_mail[reason], passed_on[reason])
        for reason in by_phone.keys() | by_mail.keys()
    ]
    return tuple(sorted(rows, key=lambda row: (row.reason is None, -row.contacts, row.reason or "")))


def _by_start(escalation: EscalationFact) -> tuple[object, ...]:
    return escalation.started_at, escalation.number


def _escalation_json(row: EscalationFact) -> dict[str, object]:
    return {
        "number": row.number,
        "reason": row.reason,
        "started_at": row.started_at.isoformat(),
        "acknowledged_at": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
    }
