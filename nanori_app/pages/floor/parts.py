"""What the floor shows, part by part, as values that templates print without thinking."""

from collections.abc import Sequence
from dataclasses import dataclass

from nanori_app.pages.desk_parts import Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPart:
    """Today's service level against its line, in thousandths; ``value`` None: no call yet."""

    value: int | None
    line: int
    shown: str
    said: str  # the same as a sentence, with the line and the number of calls
    is_below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalsPart:
    """The whole floor in a few figures."""

    waiting: str
    longest: Timer | None
    ready: str
    on_calls: str
    wrapup: str
    away: str
    level: LevelPart
    offered: str
    lost: str
    callbacks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmLine:
    """One reason to look; several of one kind may share a line."""

    key: str
    kind: str
    is_urgent: bool
    icon: str
    title: str
    detail: str
    href: str
    timer: Timer | None = None
    shop_id: str = ""
    shop: str = ""
    logo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendBar:
    """One hour: left edge, top and height in a picture of 24 units; ``kind`` is met, under or none."""

    x: int
    y: int
    height: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskLine:
    key: str
    href: str
    shop_id: str
    shop: str
    logo: str
    name: str
    is_open: bool
    tone: str  # urgent, warn or empty
    waiting: int
    timer: Timer | None
    is_over: bool  # the longest wait has become an alarm
    callbacks: int
    ready: int
    on_calls: int
    wrapup: int
    away: int
    level: LevelPart
    trend: Sequence[TrendBar]
    trend_said: str
    offered: str
    lost: int
    overflow: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChip:
    key: str
    href: str
    name: str
    note: str  # why, or for which shop
    timer: Timer
    is_over: bool
    shop_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentColumn:
    """Everybody in one state, the longest first; ``more`` are not shown."""

    state: str
    label: str
    count: int
    agents: Sequence[AgentChip]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    key: str
    href: str
    shop_id: str
    shop: str
    logo: str
    agent: str
    state: str
    label: str
    icon: str
    timer: Timer
    is_over: bool
    asks_help: bool
    supervised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorView:
    """The board at one moment."""

    now: str
    next_at: str  # ISO 8601: an alarm is raised then unless something happens; "" when none is due
    totals: TotalsPart
    alarms: Sequence[AlarmLine]
    urgent: int
    desks: Sequence[DeskLine]
    more_desks: int
    found: int
    find: str
    all: bool
    columns: Sequence[AgentColumn]
    at_work: int
    calls: Sequence[CallLine]
    more_calls: int
