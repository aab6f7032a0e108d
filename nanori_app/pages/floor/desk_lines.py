"""One desk as a row of the board: its figures, its level against its line, its last hours as bars."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from desks.values import Presence
from nanori.words import DASH, N_, Words
from nanori_app.pages.desk_parts import running
from nanori_app.pages.floor.alarms import URGENT, Alarm, AlarmKind, is_below, level_line
from nanori_app.pages.floor.facts import DeskFacts
from nanori_app.pages.floor.parts import DeskLine, LevelPart, TrendBar
from reports.figures import rounded
from reports.today import DayCounts

HOURS_SHOWN = 8
BAR, GAP, TALL = 8, 2, 24
NOTHING = 2
"""Height of the mark for an hour without a call."""


def desk_line(desk: DeskFacts, raised: Iterable[Alarm], words: Words, now: datetime) -> DeskLine:
    kinds = {alarm.kind for alarm in raised if alarm.desk == desk.key}
    today, agents = desk.today, desk.agents
    level = today.service_level(desk.shop.terms)
    line = level_line(desk)
    trend = _last_hours(desk, now)
    return DeskLine(
        key=f"{desk.shop.tenant_id}-{desk.desk_id}",
        href=f"/floor/desks/{desk.shop.tenant_id}/{desk.desk_id}",
        shop_id=str(desk.shop.tenant_id),
        shop=desk.shop.name,
        logo=desk.shop.logo,
        name=desk.name,
        is_open=desk.is_open,
        tone="urgent" if kinds & URGENT else "warn" if kinds else "",
        waiting=desk.waiting,
        timer=running(desk.waiting_since, now, words) if desk.waiting_since else None,
        is_over=AlarmKind.WAIT in kinds,
        callbacks=desk.callbacks,
        ready=agents.get(Presence.READY, 0),
        on_calls=agents.get(Presence.BUSY, 0) + agents.get(Presence.RINGING, 0),
        wrapup=agents.get(Presence.WRAPUP, 0),
        away=agents.get(Presence.BREAK, 0) + agents.get(Presence.NOT_READY, 0),
        level=level_part(
            level.numerator, level.denominator or 0, line * 10, words, is_below=is_below(desk)
        ),
        trend=_bars(trend, desk, line * 10),
        trend_said=_trend_said(trend, desk, words),
        offered=words.number(today.offered) if today.offered else DASH,
        lost=today.offered - today.answered,
        overflow=desk.overflow,
    )  # fmt: skip


def level_part(within: int, base: int, line: int, words: Words, *, is_below: bool = False) -> LevelPart:
    """``within`` of ``base`` calls against a line in thousandths; no line is drawn for 0."""
    value = rounded(within * 1000, base) if base else None
    if value is None:
        said = words.gettext(N_("No call has been counted yet today"))
    else:
        said = words.gettext(N_("{level} of {n} calls today; the line is at {line}")).format(
            level=words.percent(value / 1000), n=words.number(base), line=words.percent(line / 1000, 0)
        )
    shown = DASH if value is None else words.percent(value / 1000, 0)
    return LevelPart(value=value, line=line, shown=shown, said=said, is_below=is_below)


def _last_hours(desk: DeskFacts, now: datetime) -> Mapping[int, DayCounts | None]:
    """The hours of today until this one, at most eight; None for an hour without a call."""
    this_hour = int((now - desk.shop.day_began) / timedelta(hours=1))
    first = max(0, this_hour - HOURS_SHOWN + 1)
    return {hour: desk.hours.get(hour) for hour in range(first, this_hour + 1)}


def _bars(trend: Mapping[int, DayCounts | None], desk: DeskFacts, line: int) -> list[TrendBar]:
    """Right-aligned: the last bar is this hour."""
    empty = HOURS_SHOWN - len(trend)
    bars = []
    for place, counts in enumerate(trend.values(), start=empty):
        level = counts.service_level(desk.shop.terms).value if counts else None
        height = NOTHING if level is None else max(NOTHING, level * TALL // 1000)
        kind = "none" if level is None else "met" if level >= line else "under"
        bars.append(TrendBar(x=place * (BAR + GAP), y=TALL - height, height=height, kind=kind))
    return bars


def _trend_said(trend: Mapping[int, DayCounts | None], desk: DeskFacts, words: Words) -> str:
    """The bars for who does not see them: "9:00 92%, 10:00 —"."""
    said = []
    for hour, counts in trend.items():
        level = counts.service_level(desk.shop.terms).value if counts else None
        began = (desk.shop.day_began.astimezone(UTC) + timedelta(hours=hour)).astimezone(desk.shop.zone)
        said.append(f"{began:%H:%M} {words.percent(None if level is None else level / 1000, 0)}")
    return words.gettext(N_("Service level by the hour: {hours}")).format(hours=", ".join(said))
