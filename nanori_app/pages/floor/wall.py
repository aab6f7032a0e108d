"""The floor for a screen on the wall: large, few, and nothing about a person: whoever passes may read it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nanori.words import Words
from nanori_app.pages.desk_parts import Timer
from nanori_app.pages.floor.alarms import URGENT, AlarmKind, alarms, next_alarm_at
from nanori_app.pages.floor.desk_lines import desk_line
from nanori_app.pages.floor.facts import FloorFacts
from nanori_app.pages.floor.order import by_need
from nanori_app.pages.floor.parts import LevelPart, TotalsPart
from nanori_app.pages.floor.view import totals

ROWS = 6
"""More do not fit on a screen that is read from eight metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WallRow:
    key: str
    shop_id: str
    shop: str
    desk: str  # where the shop has several
    logo: str
    is_open: bool
    tone: str
    waiting: int
    timer: Timer | None
    is_over: bool
    ready: int
    level: LevelPart


@dataclass(frozen=True, slots=True, kw_only=True)
class WallView:
    now: str
    next_at: str
    time: str
    zone: str
    totals: TotalsPart
    rows: Sequence[WallRow]
    more: int
    urgent: int
    help: int


def wall_view(floor: FloorFacts, words: Words, *, zone: str) -> WallView:
    """The desks that need somebody most, and the sums of all."""
    raised = alarms(floor)
    ordered = by_need(floor, raised)
    next_at = next_alarm_at(floor)
    lines = [desk_line(desk, raised, words, floor.now) for desk in ordered[:ROWS]]
    desks = Counter(str(desk.shop.tenant_id) for desk in ordered)
    return WallView(
        now=floor.now.isoformat(),
        next_at=next_at.isoformat() if next_at else "",
        time=words.time(floor.now, zone),
        zone=zone,
        totals=totals(floor, words),
        rows=[
            WallRow(
                key=line.key, shop_id=line.shop_id, shop=line.shop,
                desk=line.name if desks[line.shop_id] > 1 else "", logo=line.logo, is_open=line.is_open,
                tone=line.tone, waiting=line.waiting, timer=line.timer, is_over=line.is_over,
                ready=line.ready, level=line.level,
            )
            for line in lines
        ],
        more=len(ordered) - len(lines),
        urgent=sum(one.kind in URGENT for one in raised),
        help=sum(one.kind is AlarmKind.HELP for one in raised),
    )  # fmt: skip
