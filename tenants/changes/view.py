"""A change as templates print it, the same for both sides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from nanori.text import clock_of_minutes, phone_for_people
from nanori.words import N_, Words
from tenants.changes.models import ChangeKind, ChangeState
from tenants.changes.people import people_of
from tenants.changes.queries import Change
from tenants.changes.rules import midnight
from tenants.hours import Span
from tenants.models import Tenant
from tenants.values import HOLIDAY

KINDS = {
    ChangeKind.WEEK: N_("Hours of the week"),
    ChangeKind.DAYS: N_("Single days"),
    ChangeKind.CONTACTS: N_("Contacts for escalations"),
}
COMING, IN_FORCE = (N_("Comes into force"), "info"), (N_("In force"), "good")
STATES = {
    ChangeState.HELD: (N_("Held back by the desk"), "bad"),
    ChangeState.WITHDRAWN: (N_("Withdrawn"), ""),
    ChangeState.DONE: IN_FORCE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    id: UUID
    tenant_id: UUID
    shop: str
    kind: ChangeKind
    kind_said: str
    when: str
    lines: Sequence[str]
    asked: str
    state: str
    state_kind: str
    is_coming: bool
    reason: str
    set_up: str  # where the desk sees what holds


def change_view(one: Change, shop: Tenant, words: Words, now: datetime) -> ChangeView:
    row = one.row
    is_coming = row.state is ChangeState.STANDS and midnight(row.holds_from, ZoneInfo(shop.zone)) > now
    said, kind = STATES.get(row.state, COMING if is_coming else IN_FORCE)
    page = "contacts" if row.kind is ChangeKind.CONTACTS else "hours"
    return ChangeView(
        id=row.id,
        tenant_id=row.tenant_id,
        shop=shop.brand_name,
        kind=row.kind,
        kind_said=words.gettext(KINDS[row.kind]),
        when=days_said(row.holds_from, row.holds_until, words),
        lines=_lines(one, words),
        asked=words.moment(row.asked_at, shop.zone),
        state=words.gettext(said),
        state_kind=kind,
        is_coming=is_coming,
        reason=row.reason,
        set_up=f"/shops/{row.tenant_id}/{page}",
    )


def days_said(first: date, last: date | None, words: Words) -> str:
    """From a day on; for a run its first and last day, or its only one."""
    if last is None:
        return words.gettext(N_("From {day} on"), day=words.date(first))
    if first == last:
        return words.date(first)
    return words.gettext(N_("{first} to {last}"), first=words.date(first), last=words.date(last))


def week_lines(week: Mapping[int, Iterable[Span]], words: Words) -> list[str]:
    """Neighbouring days of the same hours together; national holidays by themselves."""
    said = {day: spans_said(week.get(day, ()), words) for day in range(HOLIDAY + 1)}
    lines = []
    for hours, days in groupby(range(HOLIDAY), said.__getitem__):
        first, *rest = days
        name = words.weekday(first)
        lines.append(f"{name}–{words.weekday(rest[-1])} {hours}" if rest else f"{name} {hours}")
    return [*lines, f"{words.gettext(N_('National holidays'))} {said[HOLIDAY]}"]


def spans_said(spans: Iterable[Span], words: Words) -> str:
    """09:00–12:00, 13:00–18:00, or that it is closed."""
    times = [f"{clock_of_minutes(one.opens)}–{clock_of_minutes(one.closes)}" for one in sorted(spans)]
    return ", ".join(times) or words.gettext(N_("closed"))


def _lines(one: Change, words: Words) -> list[str]:
    if one.row.kind is ChangeKind.CONTACTS:
        people = enumerate(people_of(one.row), start=1)
        return [f"{place}. {person.name} {phone_for_people(person.phone)}" for place, person in people]
    spans = [(span.weekday, Span(span.opens, span.closes)) for span in one.spans]
    if one.row.kind is ChangeKind.DAYS:
        hours = spans_said([span for _, span in spans], words)
        return [f"{hours} ({one.row.label})" if one.row.label else hours]
    week: dict[int, list[Span]] = {}
    for weekday, span in spans:
        week.setdefault(weekday or 0, []).append(span)
    return week_lines(week, words)
