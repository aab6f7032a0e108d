"""Who of the demo's agents is at the phones, and when."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from desks.shifts.entry import Span, Times
from nanori_app.demo.shops import ZONE

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


def is_working(agent: int, day: date) -> bool:
    """Two days off in seven, a different pair for each agent."""
    return (day.weekday() + 2 * agent) % 7 not in (0, 1)


def _turn(day: date, start: float, end: float) -> Turn:
    midnight = datetime.combine(day, time(), ZONE).astimezone(UTC)
    return midnight + timedelta(hours=start), midnight + timedelta(hours=end)
