"""The charts of the report, each as an SVG picture under its name."""

from itertools import pairwise

from nanori.charts import Bar, Frame, Mark, Share, bars, bullet, distribution, heat_map, split
from nanori.words import N_
from reports.month import MonthFigures
from reports.paper.sentences import Story

SHOWN_REASONS = 12
SIDES = {
    "resolution_ours": N_("Lay with us"),
    "resolution_shop": N_("Lay with you"),
    "resolution_shopper": N_("Lay with the shopper"),
}
LONG_DAY = 13
"""More hours than this stand closer, so that the page holds them."""
_WEEK = range(7)
_SATURDAY = 5
_OFFICE_HOURS = (9, 18)
_HALF = 309  # of a page's width, without the gap between two


def drawings(story: Story) -> dict[str, str]:
    return {
        "daily.svg": daily(story),
        "hours.svg": hours(story),
        "weekly.svg": weekly(story),
        "waits.svg": waits(story),
        "out-of-hours.svg": out_of_hours(story),
        "level.svg": level(story),
        **reason_shares(story),
        **waited_on(story),
    }


def daily(story: Story) -> str:
    words = story.wording.words
    columns = [
        Bar(str(day.day), calls.answered, calls.lost, rest=day.weekday() >= _SATURDAY)
        for day, calls in story.month.days.items()
    ]
    key = (words.gettext("answered"), words.gettext("not answered"))
    return bars(columns, Frame(title=story.daily_title(), height=150), key=key)


def hours(story: Story) -> str:
    """Calls that were not answered, by the hour of arrival."""
    by_hour = story.month.hours
    columns = [Bar(str(hour), by_hour[hour].lost if hour in by_hour else 0) for hour in _hours(story.month)]
    return bars(columns, Frame(title=story.hours_title(), width=_HALF, height=128))


def weekly(story: Story) -> str:
    """Offered calls by weekday and hour; as many hours as had calls, never fewer than office hours."""
    words, hours = story.wording.words, _hours(story.month)
    values = {
        (day, hour - hours.start): calls.offered for (day, hour), calls in story.month.weekday_hours.items()
    }
    labels = [words.weekday(day) for day in _WEEK]
    is_long = len(hours) > LONG_DAY
    frame = Frame(title=story.weekly_title(), height=168 if is_long else 214)
    return heat_map(labels, [str(hour) if is_long else f"{hour}:00" for hour in hours], values, frame)


def waits(story: Story) -> str:
    """Quarters of the promised time up to the promise, then coarser; upper edges belong to their column."""
    promised = story.month.terms.answer_within_s * 1000
    edges = [promised * n // 4 for n in (0, 1, 2, 3, 4, 6, 8, 12)]
    columns = [_wait_column(story.month, low, high, promised=promised) for low, high in pairwise(edges)]
    columns.append(_wait_column(story.month, edges[-1], None, promised=promised))
    words = story.wording.words
    label = words.gettext("agreed: {seconds} s", seconds=story.month.terms.answer_within_s)
    frame = Frame(title=story.waits_title(), height=150)
    return distribution(columns, frame, mark=Mark(4, label))


def out_of_hours(story: Story) -> str:
    columns = [Bar(str(hour), calls) for hour, calls in enumerate(story.month.out_of_hours_by_hour)]
    return bars(columns, Frame(title=story.out_of_hours_title(), width=_HALF, height=160))


def level(story: Story) -> str:
    figure, terms = story.month.figure("service_level"), story.month.terms
    frame = Frame(title=story.speed(), width=642, height=14)
    return bullet(figure.value, terms.service_level_target_percent * 10, frame)


def reason_shares(story: Story) -> dict[str, str]:
    """A slim bar for each row of the table of reasons, against the most frequent one."""
    rows = story.month.reasons[:SHOWN_REASONS]
    most = max((row.contacts for row in rows), default=1)
    return {
        f"reason-{n}.svg": bullet(
            row.contacts * 1000 // most, None, Frame(title=row.reason or "—", width=150, height=12)
        )
        for n, row in enumerate(rows)
    }


def waited_on(story: Story) -> dict[str, str]:
    """On whom settled matters waited, as parts of one bar; none where no matter is known to be settled."""
    title, wording = story.settled_title(), story.wording
    if not title:
        return {}
    parts = [story.month.figure(key) for key in SIDES]
    whole = story.month.figure("resolution_time").numerator
    shares = [
        Share(f"{wording.words.gettext(name)} {wording.percent_of(part.numerator, whole)}", part.numerator)
        for name, part in zip(SIDES.values(), parts, strict=True)
    ]
    return {"settled.svg": split(shares, Frame(title=title, height=34))}


def _wait_column(month: MonthFigures, low: int, high: int | None, *, promised: int) -> Bar:
    above = -1 if low == 0 else low
    cases = sum(above < wait and (high is None or wait <= high) for wait in month.waits_ms)
    label = f"{_seconds(low)}–{'' if high is None else _seconds(high)}"
    return Bar(label, cases) if high is not None and high <= promised else Bar(label, 0, cases)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:g}"


def _hours(month: MonthFigures) -> range:
    busy = [hour for (_, hour), calls in month.weekday_hours.items() if calls.offered]
    return range(min((*busy, _OFFICE_HOURS[0])), max((*busy, _OFFICE_HOURS[1] - 1)) + 1)
