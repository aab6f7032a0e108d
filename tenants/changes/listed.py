"""A shop's hours and people with its changes, for programs: as one document and as rows of a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from nanori.sheets import Cell
from nanori.text import clock_of_minutes, phone_for_people
from tenants.changes.models import ChangeKind, ChangeState
from tenants.changes.people import people_of
from tenants.changes.queries import Change
from tenants.changes.rules import midnight
from tenants.contacts import ContactPerson
from tenants.hours import Calendar, Span, week_on
from tenants.models import Contact, SpecialDay, Tenant

Document = dict[str, Any]
DAYS = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "national_holidays"
)  # fmt: skip
"""By weekday, as ``tenants.values.HOLIDAY`` counts on."""
IN_FORCE = "in_force"
_OF_CHANGE = ("state", "holds_from", "holds_until", "asked_at", "reason")
_OF_PERSON = ("name", "reading", "phone", "ring_seconds", "mail")
HOUR_HEADS = ("part", *_OF_CHANGE, "label", "day", "opens", "closes")
PEOPLE_HEADS = (*_OF_CHANGE, "place", *_OF_PERSON)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """At which shop, when, and what it changes."""

    shop: Tenant
    changes: Sequence[Change]
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.shop.zone)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    def document(self, kinds: Iterable[ChangeKind], **more: Any) -> Document:
        """What holds, then changes of these kinds; days by the shop's calendar, times with their offset."""
        wanted = [one for one in self.changes if one.row.kind in set(kinds)]
        told = {"shop": self.shop.slug, "zone": self.shop.zone, "on": self.today.isoformat()}
        return told | more | {"changes": [self._change(one) for one in wanted]}

    def _change(self, one: Change) -> Document:
        row = one.row
        told: Document = {
            "id": str(row.id),
            "kind": row.kind.value,
            "state": self._state(one),
            "holds_from": row.holds_from.isoformat(),
            "holds_until": row.holds_until.isoformat() if row.holds_until else None,
            "asked_at": row.asked_at.astimezone(self.zone).isoformat(),
            "reason": row.reason,
        }
        spans = [(span.weekday, Span(span.opens, span.closes)) for span in one.spans]
        if row.kind is ChangeKind.CONTACTS:
            return told | {"people": [_person(person) for person in people_of(row)]}
        if row.kind is ChangeKind.DAYS:
            return told | {"label": row.label, "open": _open(span for _, span in spans)}
        week = {day: [span for at, span in spans if at == day] for day in range(len(DAYS))}
        return told | {"week": _week(week)}

    def _state(self, one: Change) -> str:
        if one.row.state is ChangeState.STANDS:
            return "coming" if midnight(one.row.holds_from, self.zone) > self.now else IN_FORCE
        return IN_FORCE if one.row.state is ChangeState.DONE else one.row.state.value


def hours_listed(looked: Looked, calendar: Calendar, days: Iterable[SpecialDay]) -> Document:
    """The hours of every week, each single day from today on with why it differs, and the changes of both."""
    labels = {day.on: day.label for day in days}
    for one in looked.changes:
        row = one.row
        if row.kind is ChangeKind.DAYS and row.state is ChangeState.STANDS and row.holds_until:
            run = range(row.holds_from.toordinal(), row.holds_until.toordinal() + 1)
            labels |= {date.fromordinal(day): row.label for day in run}
    single = [
        {"on": on.isoformat(), "label": labels.get(on, ""), "open": _open(spans)}
        for on, spans in sorted(calendar.special.items())
        if on >= looked.today
    ]
    kinds = (ChangeKind.WEEK, ChangeKind.DAYS)
    return looked.document(kinds, week=_week(week_on(calendar, looked.today)), days=single)


def contacts_listed(looked: Looked, contacts: Iterable[Contact]) -> Document:
    """Whom an escalation reaches today, in the order of calling, and who it will be."""
    return looked.document((ChangeKind.CONTACTS,), people=[_person(one) for one in contacts])


def hour_rows(told: Document) -> list[list[Cell]]:
    """A row for each span; one without times for what is closed. What is not of a change has no state."""
    rows = _rows_of_week(["week", "", "", "", "", "", ""], told["week"])
    for day in told["days"]:
        rows += _rows(["day", "", day["on"], day["on"], "", "", day["label"], ""], day["open"])
    for one in told["changes"]:
        begins = [f"change of {one['kind']}", *_of_change(one), one.get("label", "")]
        rows += _rows_of_week(begins, one["week"]) if "week" in one else _rows([*begins, ""], one["open"])
    return rows


def people_rows(told: Document) -> list[list[Cell]]:
    """A row for each person, the number as people write it; a decided change has forgotten its people."""
    rows = _rows_of_people([IN_FORCE, "", "", "", ""], told["people"])
    for one in told["changes"]:
        rows += _rows_of_people(_of_change(one), one["people"])
    return rows


def _rows_of_week(begins: list[Cell], week: Mapping[str, Any]) -> list[list[Cell]]:
    return [row for day, spans in week.items() for row in _rows([*begins, day], spans)]


def _rows(begins: list[Cell], spans: Sequence[Mapping[str, str]]) -> list[list[Cell]]:
    return [[*begins, one["opens"], one["closes"]] for one in spans] or [[*begins, "", ""]]


def _rows_of_people(begins: list[Cell], people: Sequence[Document]) -> list[list[Cell]]:
    rows = [
        [*begins, place, *(one | {"phone": phone_for_people(one["phone"])}).values()]
        for place, one in enumerate(people, start=1)
    ]
    return rows or [[*begins, "", *("" for _ in _OF_PERSON)]]


def _of_change(one: Document) -> list[Cell]:
    return [one[name] for name in _OF_CHANGE]


def _week(week: Mapping[int, Iterable[Span]]) -> Document:
    return {name: _open(week.get(day, ())) for day, name in enumerate(DAYS)}


def _open(spans: Iterable[Span]) -> list[Document]:
    return [
        {"opens": clock_of_minutes(one.opens), "closes": clock_of_minutes(one.closes)}
        for one in sorted(spans)
    ]


def _person(one: Contact | ContactPerson) -> Document:
    return {name: getattr(one, name) for name in _OF_PERSON}
