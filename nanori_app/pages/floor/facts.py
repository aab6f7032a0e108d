"""What is going on, as plain values: what the alarms are decided from, and what the board shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from desks.values import DeskState, Presence
from reports.facts import Terms
from reports.today import DayCounts
from telephony.values import CallState

DeskId = tuple[UUID, UUID]
"""Shop and desk: the two belong together everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopFacts:
    tenant_id: UUID
    name: str
    reading: str
    logo: str
    zone: ZoneInfo
    is_open: bool
    day_began: datetime
    terms: Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From when on a desk calls for a supervisor; 0 never does."""

    wait_seconds: int = 60
    level_percent: int | None = None  # None: what the contract promises
    nobody: bool = True
    talk_seconds: int = 900
    wrapup_seconds: int = 240
    away_seconds: int = 3900
    not_ready_seconds: int = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskFacts:
    """One desk. ``agents`` are those of its roster by what they do now; one agent may be at several desks."""

    shop: ShopFacts
    desk_id: UUID
    name: str
    state: DeskState = DeskState.OPEN
    thresholds: Thresholds = field(default_factory=Thresholds)
    overflow: bool = False  # a supervisor has every level asked at once
    waiting: int = 0
    waiting_since: datetime | None = None  # the longest wait began
    callbacks: int = 0  # shoppers who wait for our call
    agents: Mapping[Presence, int] = field(default_factory=dict)
    hours: Mapping[int, DayCounts] = field(default_factory=dict)  # by full hours since the day began
    today: DayCounts = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "today", sum(self.hours.values(), start=DayCounts()))

    @property
    def key(self) -> DeskId:
        return self.shop.tenant_id, self.desk_id

    @property
    def is_open(self) -> bool:
        """It takes calls at this time of this day."""
        return self.shop.is_open and self.state is DeskState.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentFacts:
    """One agent who is at work. ``desk`` is that of the call in hand, after-call work included."""

    agent_id: UUID
    name: str
    state: Presence
    reason: str | None
    since: datetime
    beat_at: datetime | None = None
    desk: DeskId | None = None
    away_seconds: int = 0  # the strictest of the agent's desks; 0: none minds
    not_ready_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """One call that an agent has taken or is taking. Nothing of the shopper: it is not needed here."""

    tenant_id: UUID
    call_id: UUID
    number: int
    desk_id: UUID | None
    state: CallState
    outbound: bool
    since: datetime  # agent and caller met; before that, the call began
    held_since: datetime | None = None
    help_asked_at: datetime | None = None
    agent_id: UUID | None = None
    agent: str = ""
    supervised: bool = False  # somebody listens, whispers or has barged in


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorFacts:
    """The whole floor at one moment."""

    now: datetime
    desks: Sequence[DeskFacts] = ()
    agents: Sequence[AgentFacts] = ()
    calls: Sequence[CallFacts] = ()
