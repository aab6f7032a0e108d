"""What greets a caller, as columns of one statement about the shop: the hours around now, and the wording."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, bindparam, func, or_, select

from tenants.calendars import A_DAY, calendar_from, changes
from tenants.changes.models import ChangedSpan, ShopChange
from tenants.hours import Calendar
from tenants.models import AnswerPhrase, OpeningSpan, SpecialDay, Tenant
from tenants.phrases import Phrase
from tenants.values import DayPart, Situation


def columns() -> Sequence[ColumnElement[Any]]:
    """To be selected beside ``Tenant`` with the parameters of :func:`around`."""
    week = select(_all(OpeningSpan.weekday, OpeningSpan.opens, OpeningSpan.closes)).where(
        OpeningSpan.tenant_id == Tenant.tenant_id
    )
    special = select(_all(SpecialDay.on, SpecialDay.opens, SpecialDay.closes)).where(
        SpecialDay.tenant_id == Tenant.tenant_id,
        SpecialDay.on.between(bindparam("yesterday"), bindparam("tomorrow")),
    )
    wording = select(_all(AnswerPhrase.day_part, AnswerPhrase.version, AnswerPhrase.text)).where(
        AnswerPhrase.tenant_id == Tenant.tenant_id,
        AnswerPhrase.desk_id.is_(None),
        AnswerPhrase.retired_at.is_(None),
        AnswerPhrase.situation == Situation.NORMAL,
    )
    one, span = ShopChange, ChangedSpan
    changed = changes(
        _all(one.kind, one.holds_from, one.holds_until, span.weekday, span.opens, span.closes)
    ).where(
        one.tenant_id == Tenant.tenant_id,
        one.holds_from <= bindparam("tomorrow"),
        or_(one.holds_until.is_(None), one.holds_until >= bindparam("yesterday")),
    )
    return (
        _beside(week, "week"), _beside(special, "special"), _beside(changed, "changed"),
        _beside(wording, "wording"),
    )  # fmt: skip


def around(at: datetime) -> dict[str, date]:
    """The dates that it can be anywhere at ``at``."""
    today = at.astimezone(UTC).date()
    return {"yesterday": today - A_DAY, "tomorrow": today + A_DAY}


def hours_now(row: Any, zone: str) -> Calendar:
    """The calendar of a row with these columns; good for the day that was asked about only."""
    return calendar_from(ZoneInfo(zone), row.week or (), row.special or (), row.changed or ())


def wordings(row: Any) -> list[Phrase]:
    """The ordinary phrases in force."""
    return [
        Phrase(Situation.NORMAL, DayPart(part), version, text) for part, version, text in row.wording or ()
    ]


def _all(*columns: Any) -> ColumnElement[Any]:
    return func.jsonb_agg(func.jsonb_build_array(*columns))


def _beside(asked: Select[Any], name: str) -> ColumnElement[Any]:
    return asked.correlate(Tenant).scalar_subquery().label(name)
