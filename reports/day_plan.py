"""One day by half hours: calls expected, seats needed, who is on shift, and who is missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from desks.models import RosterEntry
from desks.seasons import first_moment
from desks.shifts.cover import Piece, at_work, seats_in
from desks.shifts.models import Shift
from desks.staffing.curve import Away, Need, Promise, cliff, need
from desks.staffing.erlang import MOST_AGENTS, Load, Outlook
from desks.staffing.errors import TooManyCalls
from desks.staffing.history import HALF_HOUR
from reports.demand import Demand


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One half hour. Those to plan for are the seats and whoever is away on shift beside the breaks."""

    start: datetime
    need: Need
    there: float  # agents on shift in the mean, breaks left out

    @property
    def missing(self) -> float:
        return max(0.0, self.need.rostered - self.there)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """The day, the strictest promise it is planned by, and the desks that nobody can say anything of."""

    slots: Sequence[Slot]
    promise: Promise
    away: Away

    @property
    def calls(self) -> float:
        return sum(slot.need.load.calls for slot in self.slots)

    @property
    def busiest(self) -> Slot | None:
        """The half hour that needs most seats, and of these the most calls; None without a call."""
        found = max(self.slots, key=lambda one: (one.need.seats, one.need.load.calls), default=None)
        return found if found and found.need.seats else None

    @property
    def missing_hours(self) -> float:
        """Hours of agents that would have to be planned in addition."""
        return sum(slot.missing for slot in self.slots) / 2

    @property
    def cliff(self) -> list[Outlook]:
        """What some seats fewer and more do in the busiest half hour."""
        one = self.busiest
        return cliff(one.need.load, one.need.seats, within=self.promise.within) if one else []


def half_hours(day: date, zone: ZoneInfo) -> list[Piece]:
    """The half hours of a day by the clock of a zone: 48, but 46 or 50 where the clock is changed."""
    start, end = (first_moment(one, zone).astimezone(UTC) for one in (day, day + timedelta(days=1)))
    count = (end - start) // HALF_HOUR
    return [(start + number * HALF_HOUR, start + (number + 1) * HALF_HOUR) for number in range(count)]


def plan_day(day: date, zone: ZoneInfo, demands: Sequence[Demand], pieces: Sequence[Piece]) -> DayPlan:
    """The plan of one desk, or of several that share one line and their agents.

    Raises:
        TooManyCalls: no number of agents is enough.
    """
    slots = half_hours(day, zone)
    starts = [start for start, _ in slots]
    calls = [one.over(starts) for one in demands]
    promises = {one.promise for one in demands}
    away = max((one.away for one in demands), key=lambda one: one.share)
    found = []
    for number, seats in enumerate(seats_in(slots, pieces)):
        load = _load([(one[number], demand.handling) for one, demand in zip(calls, demands, strict=True)])
        needs = [need(load, promise, away) for promise in promises]
        known = [one for one in needs if one is not None]
        if len(known) < len(needs):
            raise TooManyCalls(most=MOST_AGENTS)
        most = max(known, key=lambda one: one.seats)
        found.append(Slot(start=starts[number], need=most, there=seats))
    return DayPlan(slots=found, promise=_strictest(promises), away=away)


def on_shift(
    shifts: Sequence[Shift], roster: Sequence[RosterEntry], desk_ids: Collection[UUID]
) -> list[Piece]:
    """The times at which somebody is there who may take calls of these desks, each agent once.

    ``roster``: as :func:`desks.queries.takers` reads it.
    """
    places: dict[UUID, set[UUID]] = {}
    for entry in roster:
        if entry.certified and entry.desk_id in desk_ids:
            places.setdefault(entry.agent_id, set()).add(entry.desk_id)
    return [
        piece
        for one in shifts
        if one.agent_id in places and (one.desk_id is None or one.desk_id in places[one.agent_id])
        for piece in at_work(one)
    ]


def answers_elsewhere(roster: Sequence[RosterEntry], desk_id: UUID) -> int:
    """How many of a desk's agents answer for other desks too."""
    desks: Mapping[UUID, set[UUID]] = {entry.agent_id: set() for entry in roster}
    for entry in roster:
        if entry.certified:
            desks[entry.agent_id].add(entry.desk_id)
    return sum(desk_id in of_agent and len(of_agent) > 1 for of_agent in desks.values())


def _load(parts: Sequence[tuple[float, float]]) -> Load:
    """One line of all calls; the time of one is the mean by calls."""
    calls = sum(expected for expected, _ in parts)
    work = sum(expected * handling for expected, handling in parts)
    handling = work / calls if calls else parts[0][1]
    return Load(calls=calls, interval=HALF_HOUR.total_seconds(), handling=handling)


def _strictest(promises: Collection[Promise]) -> Promise:
    return max(promises, key=lambda one: (one.target, -one.within))
