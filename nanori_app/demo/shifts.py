"""Who of the demo's agents is at the phones, and when."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

from desks.models import PresenceInterval
from desks.shifts.entry import Span, Times
from desks.shifts.week import moment
from desks.values import BreakReason, Presence
from nanori_app.demo.shops import ZONE

OVER_SINCE = timedelta(days=1)
"""The floor's figures of today come from what really happens in the demo."""
Turn = tuple[datetime, datetime]
NIGHT_PAIRS = ((4, 11), (8, 10))
"""They answer for the shops that never close: one pair each week, while the other works by day."""
NIGHTS_OFF = ((0, 1), (4, 5))
EARLY = ((8.75, 12.0), (13.0, 17.75))
MIDDLE = ((10.0, 13.0), (14.0, 19.0))
LATE = ((12.0, 16.0), (17.0, 21.0))
NIGHT = ((20.5, 25.0), (25.75, 33.25))
SHIFTS = (EARLY, MIDDLE, LATE)
MAIL_DAY = 7
"""Every so many days an agent answers mail and keeps away from the phones."""


def at_phones(agent: int, day: date) -> Sequence[Turn]:
    """The turns of one agent that begin on a day; empty on days off and mail days."""
    week = day.toordinal() // 7
    pair = NIGHT_PAIRS[week % len(NIGHT_PAIRS)]
    if agent in pair:
        if day.weekday() in NIGHTS_OFF[pair.index(agent)]:
            return ()
        return tuple(_turn(day, *span) for span in NIGHT)
    if not is_working(agent, day) or (day.toordinal() + agent) % MAIL_DAY == 0:
        return ()
    return tuple(_turn(day, *span) for span in SHIFTS[(agent + week) % len(SHIFTS)])


def planned(agent: int, day: date) -> tuple[Times, ...]:
    """The same as a shift with its break; on mail days too, nothing on days off."""
    week = day.toordinal() // 7
    pair = NIGHT_PAIRS[week % len(NIGHT_PAIRS)]
    if agent in pair:
        is_off = day.weekday() in NIGHTS_OFF[pair.index(agent)]
        turns: Sequence[tuple[float, float]] = () if is_off else NIGHT
    else:
        turns = SHIFTS[(agent + week) % len(SHIFTS)] if is_working(agent, day) else ()
    if not turns:
        return ()
    (begins, rests), (goes_on, ends) = [(int(60 * start), int(60 * end)) for start, end in turns]
    return (Times(begins, ends, (Span(rests, goes_on),)),)


def presence_on(agent: int, agent_id: UUID, day: date, *, until: datetime) -> list[PresenceInterval]:
    """What an agent did on a day whose shift is over long since: nearly as planned."""
    chance = random.Random(f"{agent} {day} presence")  # noqa: S311 - repeatable on purpose
    found = []
    for one in planned(agent, day):
        (rest,) = one.breaks
        late, longer, early = chance.choice((0, 0, 0, 3, 24)), chance.randint(0, 9), chance.randint(0, 4)
        edges = [one.begins + late, rest.begins, rest.ends + longer, one.ends - early]
        at = [moment(day, minute, ZONE) for minute in edges]
        if at[-1] < until - OVER_SINCE:
            morning, lunch, evening = pairwise(at)
            found += _worked(agent_id, *morning, chance)
            found.append(_spent(agent_id, Presence.BREAK, *lunch, reason=BreakReason.LUNCH))
            found += _worked(agent_id, *evening, chance)
    return found


def _worked(agent_id: UUID, start: datetime, end: datetime, chance: random.Random) -> list[PresenceInterval]:
    """A few long stretches instead of each call's own: their sums are what the demo is to show."""
    found, at = [], start
    while at < end:
        for state, minutes in (
            (Presence.READY, chance.uniform(12, 20)),
            (Presence.BUSY, chance.uniform(28, 38)),
            (Presence.WRAPUP, chance.uniform(7, 11)),
        ):
            until = min(at + timedelta(minutes=minutes), end)
            found += [_spent(agent_id, state, at, until)] if at < until else []
            at = until
    return found


def _spent(
    agent_id: UUID, state: Presence, start: datetime, end: datetime, *, reason: str | None = None
) -> PresenceInterval:
    return PresenceInterval(agent_id=agent_id, state=state, reason=reason, started_at=start, ended_at=end)


def is_working(agent: int, day: date) -> bool:
    """Two days off in seven, a different pair for each agent."""
    return (day.weekday() + 2 * agent) % 7 not in (0, 1)


def _turn(day: date, start: float, end: float) -> Turn:
    midnight = datetime.combine(day, time(), ZONE).astimezone(UTC)
    return midnight + timedelta(hours=start), midnight + timedelta(hours=end)
