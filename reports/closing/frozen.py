"""A month's figures as plain JSON and back, whole: what the report prints needs no log any more. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from reports.facts import EscalationFact, MailFact, Period, PhoneFact, Terms
from reports.figures import Figure
from reports.kpi import Interval
from reports.month import MonthFigures, ReasonRow
from reports.tally import Tally

Document = dict[str, Any]
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_SUMS = tuple(one.name for one in fields(Tally))
_NOT_KEPT = frozenset({"shopper", "matter", "within_hours", "is_offered", "is_answered", "is_abandoned"})
"""Who called is nobody's business once the figures are made; the rest is what the figures say."""


def canonical(value: object) -> bytes:
    """The one way to write a value down: equal values give equal bytes."""
    return _ENCODER.encode(value).encode()


def freeze(month: MonthFigures) -> Document:
    """Everything the month says, as JSON holds it; :func:`thaw` gives it back."""
    return {
        "first": month.period.first.isoformat(),
        "end": month.period.end.isoformat(),
        "zone": month.period.zone.key,
        "terms": asdict(month.terms),
        "figures": [asdict(figure) for figure in month.figures],
        "sums": list(_SUMS),
        "total": _sums(month.total),
        "days": [[day.isoformat(), month.mails_by_day[day], _sums(month.days[day])] for day in month.days],
        "hours": [[hour, _sums(month.hours[hour])] for hour in sorted(month.hours)],
        "weekday_hours": [[*at, _sums(calls)] for at, calls in sorted(month.weekday_hours.items())],
        "out_of_hours": [[*at, calls] for at, calls in sorted(month.out_of_hours.items())],
        "waits_ms": list(month.waits_ms),
        "worst": _worst(month.worst),
        "reasons": [asdict(row) for row in month.reasons],
        "escalations": [record_of(one) for one in month.escalations],
        "backlog_ages": list(month.backlog_ages),
    }


def thaw(document: Document) -> MonthFigures:
    """The month as it was frozen."""
    zone = ZoneInfo(document["zone"])
    tallied = _Tallies(document["sums"])
    days = {date.fromisoformat(day): (mails, tallied(sums)) for day, mails, sums in document["days"]}
    return MonthFigures(
        period=Period(date.fromisoformat(document["first"]), date.fromisoformat(document["end"]), zone),
        terms=msgspec.convert(document["terms"], Terms),
        figures=tuple(msgspec.convert(one, Figure) for one in document["figures"]),
        total=tallied(document["total"]),
        days={day: calls for day, (_, calls) in days.items()},
        mails_by_day={day: mails for day, (mails, _) in days.items()},
        hours={hour: tallied(sums) for hour, sums in document["hours"]},
        weekday_hours={(day, hour): tallied(sums) for day, hour, sums in document["weekday_hours"]},
        out_of_hours={(day, hour): calls for day, hour, calls in document["out_of_hours"]},
        waits_ms=tuple(document["waits_ms"]),
        worst=_interval(document["worst"], tallied, zone),
        reasons=tuple(msgspec.convert(one, ReasonRow) for one in document["reasons"]),
        escalations=tuple(msgspec.convert(one, EscalationFact) for one in document["escalations"]),
        backlog_ages=tuple(document["backlog_ages"]),
    )


def record_of(fact: PhoneFact | MailFact | EscalationFact) -> Document:
    """One record as it was: what differs from nothing at all, times in UTC, nobody's name or number."""
    kept: Document = {}
    kind: Any = type(fact)
    for name, default in _defaults(kind):
        value = getattr(fact, name)
        if value is not None and value != default:
            kept[name] = _plain(value)
    return kept


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, datetime) else value


@cache
def _defaults(kind: Any) -> tuple[tuple[str, object], ...]:
    return tuple((one.name, one.default) for one in fields(kind) if one.name not in _NOT_KEPT)


def moment_of(record: Mapping[str, Any], name: str) -> datetime | None:
    """A time of a frozen record."""
    return datetime.fromisoformat(record[name]) if name in record else None


def _sums(calls: Tally) -> list[int]:
    return [getattr(calls, name) for name in _SUMS]


class _Tallies:
    """Reads sums in the order in which they were written; one that is new since then was nought."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def __call__(self, sums: Sequence[int]) -> Tally:
        known = dict(zip(self._names, sums, strict=True))
        return Tally(**{name: known.get(name, 0) for name in _SUMS})


def _worst(interval: Interval | None) -> list[Any] | None:
    if interval is None:
        return None
    minutes = (interval.ends_at - interval.starts_at) // timedelta(minutes=1)
    return [interval.starts_at.isoformat(), minutes, _sums(interval.calls)]


def _interval(frozen: list[Any] | None, tallied: _Tallies, zone: ZoneInfo) -> Interval | None:
    if frozen is None:
        return None
    starts_at = datetime.fromisoformat(frozen[0]).astimezone(zone)
    return Interval(starts_at, starts_at + timedelta(minutes=frozen[1]), tallied(frozen[2]))
