"""Who is asked next, by which means and when: pure decisions on a policy (docs/algorithms/escalation.md)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import jpholiday

from tenants.escalation.values import Days, Medium
from tenants.hours import MINUTES_A_DAY

LOOK_AHEAD_DAYS = 14
"""A step whose hours do not come within two weeks is not waited for."""

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the shop."""

    id: UUID
    name: str
    phone: str = ""  # E.164; "" when the carrier cannot call it
    mail: str = ""
    ring_seconds: int = 20


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody is on call in ``[starts, ends)``."""

    person: Person
    rank: int
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step; without hours it applies all day, ``closes`` before ``opens`` is on the next morning."""

    medium: Medium
    people: tuple[Person, ...] = ()
    on_call: bool = False
    days: Days = Days.ALL
    opens: int | None = None
    closes: int | None = None
    wait_minutes: int = 10
    times: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A policy with all that its decisions need."""

    zone: str
    steps: tuple[Step, ...]
    duty: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Tried:
    """A step was tried at this moment."""

    step: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """Try this step now: the ``time``-th time, counted from 1; the portal reaches no person."""

    step: int
    time: int
    medium: Medium
    people: tuple[Person, ...]
    wait: timedelta


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before this moment."""

    until: datetime


class Exhausted:
    """Everything was tried, or nothing that is left will ever apply."""


Decision = Reach | Wait | Exhausted


def decide(plan: Plan, history: Sequence[Tried], now: datetime) -> Decision:
    """What to do now. ``history`` holds every try so far, the last one last.

    The first step in order that has tries left and applies now is next, once the wait of the last try is
    over. When no step applies now, the first moment at which one does is waited for.
    """
    if history:
        last = history[-1]
        due = last.at + timedelta(minutes=plan.steps[last.step].wait_minutes)
        if now < due:
            return Wait(due)
    spent = Counter(tried.step for tried in history)
    left = [n for n, step in enumerate(plan.steps) if spent[n] < step.times]
    for n in left:
        step = plan.steps[n]
        if applies(plan, step, now):
            people = reached(plan, step, now)
            return Reach(n, spent[n] + 1, step.medium, people, timedelta(minutes=step.wait_minutes))
    coming = [at for n in left if (at := applies_next(plan, plan.steps[n], now)) is not None]
    return Wait(min(coming)) if coming else Exhausted()


def phones_now(plan: Plan, now: datetime) -> list[Person]:
    """Whom to call while a caller is on the line: nobody waits there, and only a telephone takes a caller."""
    return [
        person
        for step in plan.steps
        if step.medium is Medium.PHONE and applies(plan, step, now)
        for _ in range(step.times)
        for person in reached(plan, step, now)
    ]


def applies(plan: Plan, step: Step, now: datetime) -> bool:
    """The step's hours are on, and there is somebody whom it reaches."""
    if not _hours_are_on(step, now.astimezone(ZoneInfo(plan.zone))):
        return False
    return step.medium is Medium.PORTAL or bool(reached(plan, step, now))


def reached(plan: Plan, step: Step, now: datetime) -> tuple[Person, ...]:
    """Whoever is on call now, by rank, then those whom the step names; each once, by what they have."""
    people = (*(on_call(plan.duty, now) if step.on_call else ()), *step.people)
    has = _HAS.get(step.medium)
    return tuple(dict.fromkeys(one for one in people if has is not None and has(one)))


def _phone(person: Person) -> str:
    return person.phone


def _mail(person: Person) -> str:
    return person.mail


_HAS = {Medium.PHONE: _phone, Medium.SMS: _phone, Medium.MAIL: _mail}
"""What a person must have to be reached so."""


def on_call(duty: Sequence[Duty], now: datetime) -> list[Person]:
    """Who is on call at this moment, rank 1 first."""
    on = [one for one in duty if one.starts <= now < one.ends]
    return [one.person for one in sorted(on, key=lambda one: one.rank)]


def applies_next(plan: Plan, step: Step, after: datetime) -> datetime | None:
    """The first moment after ``after`` at which the step applies; None within two weeks."""
    last = after + timedelta(days=LOOK_AHEAD_DAYS)
    changes = {*_starts(plan, step, after), *(one.starts for one in plan.duty)}
    for at in sorted(changes):
        if after < at <= last and applies(plan, step, at):
            return at
    return None


def rehearse(plan: Plan, start: datetime, *, most: int = 60) -> Iterator[tuple[datetime, Reach | Exhausted]]:
    """Every try from ``start`` on when nobody ever acknowledges, and when nothing is left to try."""
    now, history = start, list[Tried]()
    while len(history) < most:
        match decide(plan, history, now):
            case Wait(until):
                now = until
            case Reach() as reach:
                yield now, reach
                history.append(Tried(reach.step, now))
            case Exhausted() as nothing:
                yield now, nothing
                return


def _hours_are_on(step: Step, local: datetime) -> bool:
    """The part after midnight of a step over night belongs to the day on which it began."""
    if step.opens is None or step.closes is None:
        return _is_day(step.days, local)
    minute = local.hour * 60 + local.minute
    if step.opens < step.closes:
        return step.opens <= minute < step.closes and _is_day(step.days, local)
    if minute >= step.opens:
        return _is_day(step.days, local)
    return minute < step.closes and _is_day(step.days, local - timedelta(days=1))


def _is_day(days: Days, local: datetime) -> bool:
    if days is Days.ALL:
        return True
    works = local.weekday() < SATURDAY and not jpholiday.is_holiday(local.date())
    return works is (days is Days.WORKING)


def _starts(plan: Plan, step: Step, after: datetime) -> Iterator[datetime]:
    """Midnights and openings of the coming days: the only moments at which hours come on."""
    zone = ZoneInfo(plan.zone)
    today = after.astimezone(zone).date()
    minute = (step.opens or 0) % MINUTES_A_DAY
    for days in range(LOOK_AHEAD_DAYS + 1):
        day = today + timedelta(days=days)
        yield datetime.combine(day, time(), tzinfo=zone).astimezone(after.tzinfo)
        yield datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(after.tzinfo)
