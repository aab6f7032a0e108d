"""Repeated rows of the shop set-up as typed and as meant: wordings, opening times, dates, people."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from nanori.text import (
    clock_of_minutes,
    mail_address,
    minutes_of_day,
    one_line,
    phone_e164,
    phone_for_people,
    tidied,
)
from nanori.web.forms import Posted, values_by_row
from nanori.words import N_
from tenants.commands import SpecialDate
from tenants.contacts import ContactPerson
from tenants.hours import Span
from tenants.models import Contact, SpecialDay
from tenants.values import HOLIDAY

NOT_A_TIME = N_("Please write times like 09:00.")


@dataclass(slots=True)
class Times:
    """Two times as typed."""

    opens: str = ""
    closes: str = ""


@dataclass(slots=True)
class DayRow:
    """The spans of one weekday on the form; 7 is national holidays."""

    weekday: int
    times: list[Times] = field(default_factory=list)
    error: str = ""


def week_rows(week: Mapping[int, tuple[Span, ...]]) -> list[DayRow]:
    return [
        DayRow(
            day,
            [
                Times(clock_of_minutes(span.opens), clock_of_minutes(span.closes))
                for span in sorted(week.get(day, ()))
            ],
        )
        for day in range(HOLIDAY + 1)
    ]


def posted_week(posted: Posted) -> tuple[list[DayRow], dict[int, tuple[Span, ...]]]:
    """The week as typed, with what cannot be read marked, and its spans."""
    rows, week = [], {}
    for day in range(HOLIDAY + 1):
        typed = values_by_row(posted, (f"opens-{day}", f"closes-{day}"))
        row = DayRow(day, [Times(one[f"opens-{day}"], one[f"closes-{day}"]) for one in typed])
        try:
            week[day] = tuple(_span(times) for times in row.times)
        except ValueError:
            row.error = NOT_A_TIME
        rows.append(row)
    return rows, week


def posted_days(posted: Posted) -> tuple[list[Times], tuple[Span, ...], str]:
    """The hours of single days as typed and as meant, and what is wrong as a msgid; no times mean closed."""
    times = [Times(one["opens"], one["closes"]) for one in values_by_row(posted, ("opens", "closes"))]
    try:
        return times, tuple(_span(one) for one in times), ""
    except ValueError:
        return times, (), NOT_A_TIME


@dataclass(slots=True)
class SpecialRow:
    """One date on the form."""

    on: str = ""
    times: Times = field(default_factory=Times)
    label: str = ""
    error: str = ""


def special_rows(days: Iterable[SpecialDay]) -> list[SpecialRow]:
    return [
        SpecialRow(
            day.on.isoformat(),
            Times(
                "" if day.opens is None else clock_of_minutes(day.opens),
                "" if day.closes is None else clock_of_minutes(day.closes),
            ),
            day.label,
        )
        for day in days
    ]


def posted_special_days(posted: Posted) -> tuple[list[SpecialRow], list[SpecialDate]]:
    """Single dates as typed and as meant; a date without times is closed, one with two rows has two spans."""
    rows = [
        SpecialRow(
            one["special-on"], Times(one["special-opens"], one["special-closes"]), one["special-label"]
        )
        for one in values_by_row(posted, ("special-on", "special-opens", "special-closes", "special-label"))
    ]
    days: dict[date, SpecialDate] = {}
    for row in rows:
        try:
            on = date.fromisoformat(row.on)
            spans = (_span(row.times),) if row.times.opens or row.times.closes else ()
        except ValueError:
            row.error = N_("Please give a date, and both times or none.")
            continue
        before = days.get(on)
        if before and not (before.spans and spans):
            row.error = N_("This date is in the list twice.")
        days[on] = SpecialDate(
            on=on, spans=(*(before.spans if before else ()), *spans), label=one_line(row.label)
        )
    return rows, list(days.values())


def _span(times: Times) -> Span:
    return Span(minutes_of_day(times.opens), minutes_of_day(times.closes))


@dataclass(slots=True)
class ContactRow:
    """One person on the form."""

    name: str = ""
    reading: str = ""
    phone: str = ""
    ring_seconds: str = "20"
    mail: str = ""
    id: str = ""
    error: str = ""
    is_undiallable: bool = False  # what was typed as a number is none
    is_refused: bool = False  # by the carrier
    is_right: bool = False  # and all the same right, somebody says


LONGEST_RINGING = range(5, 121)


def contact_rows(contacts: Iterable[Contact]) -> list[ContactRow]:
    return [
        ContactRow(
            c.name, c.reading, phone_for_people(c.phone), str(c.ring_seconds), c.mail, str(c.id),
            is_refused=c.refused_at is not None,
        )
        for c in contacts
    ]  # fmt: skip


def posted_contacts(posted: Posted) -> tuple[list[ContactRow], list[ContactPerson]]:
    """People as typed and as meant, in the order of calling; rows without name and number are dropped."""
    names = ("contact-name", "contact-reading", "contact-phone", "contact-ring", "contact-mail", "contact-id")
    rows, people = [], []
    right = {str(phone) for phone in posted.getall("contact-right", [])}
    for one in values_by_row(posted, names):
        name, reading, phone, ring, mail, key = (tidied(one[key]) for key in names)
        if not name and not phone:
            continue
        row = ContactRow(one_line(name), one_line(reading), phone, ring, mail, key, is_right=phone in right)
        rows.append(row)
        try:
            phone_e164(row.phone)
        except ValueError:
            row.is_undiallable, row.error = True, N_("This telephone number cannot be dialled.")
            continue
        try:
            person = _person(row)
        except ValueError:
            row.error = N_(
                "Please give a name, a phone number, 5 to 120 seconds of ringing,"
                " and a whole mail address or none."
            )
        else:
            people.append(person)
    return rows, people


def _person(row: ContactRow) -> ContactPerson:
    seconds = int(one_line(row.ring_seconds or "20"))
    if not row.name or seconds not in LONGEST_RINGING:
        raise ValueError("incomplete")
    return ContactPerson(
        name=row.name,
        reading=row.reading,
        phone=phone_e164(row.phone),
        mail=mail_address(row.mail) if row.mail else "",
        id=UUID(row.id) if row.id else None,
        ring_seconds=seconds,
        is_right=row.is_right,
    )
