"""Writes about shifts: a week as it was typed, and last week once more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql.ranges import MultiRange, Range
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.shifts.entry import A_DAY, Span, Times
from desks.shifts.models import Shift
from desks.shifts.queries import shifts_of
from nanori.db import among
from nanori.identity.models import Account
from nanori.words import N_

OVERLAPS = N_("The agent is already planned from {begins} to {ends}.")
CLOCK_CHANGES = N_("The clock is changed during this shift; choose other times.")
A_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Scope:
    """What shifts are for: one desk, or (without one) every desk on whose roster the agent is."""

    shop_id: UUID | None = None
    desk_id: UUID | None = None

    def holds(self, shift: Shift) -> bool:
        return (shift.shop_id, shift.desk_id) == (self.shop_id, self.desk_id)


@dataclass(frozen=True, slots=True)
class Cell:
    """One agent's day."""

    agent_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a day could not be planned; ``params`` fill the sentence."""

    said: str
    begins: datetime | None = None
    ends: datetime | None = None


Plan = Mapping[Cell, Sequence[Times]]


async def plan_shifts(
    session: AsyncSession, scope: Scope, plan: Plan, *, zone: ZoneInfo
) -> Mapping[Cell, Refused]:
    """Let these days be as planned, by the wall clock of ``zone``; other days and other scopes stay.

    Returns what is wrong by cell; then nothing was changed at all.
    """
    if not plan:
        return {}
    await _lock_agents(session, {cell.agent_id for cell in plan})
    before = await _around(session, plan, zone)
    mine = [one for one in before if scope.holds(one) and cell_of(one, zone) in plan]
    stays = [one for one in before if one not in mine]
    wanted = {cell: [_shift(scope, cell, times, zone) for times in plan[cell]] for cell in plan}
    refused = _refusals(wanted, stays)
    if refused:
        return refused
    have = {_key(one): one for one in mine}
    want = {_key(one): one for shifts in wanted.values() for one in shifts}
    for key in have.keys() - want.keys():
        await session.delete(have[key])
    await session.flush()  # what goes makes room for what comes
    session.add_all(want[key] for key in want.keys() - have.keys())
    await session.flush()
    return {}


async def copy_last_week(
    session: AsyncSession, scope: Scope, agent_ids: Iterable[UUID], monday: date, *, zone: ZoneInfo
) -> tuple[int, int]:
    """The shifts of the week before, at the same times by the clock, where a day has none yet.

    Returns how many were copied, and how many would have overlapped and were left out.
    """
    ids = sorted(set(agent_ids))
    await _lock_agents(session, ids)
    start, end = (moment(day, 0, zone) for day in (monday - A_WEEK, monday + A_WEEK))
    there = await shifts_of(session, ids, start - timedelta(days=1), end + timedelta(days=1))
    taken = {cell_of(one, zone) for one in there if scope.holds(one)}
    copied = left_out = 0
    stays = list(there)
    for one in there:
        cell = cell_of(one, zone)
        again = Cell(cell.agent_id, cell.on + A_WEEK)
        if not scope.holds(one) or not monday - A_WEEK <= cell.on < monday or again in taken:
            continue
        shift = _shift(scope, again, times_of(one, zone), zone)
        if _refusals({again: [shift]}, stays):
            left_out += 1
            continue
        session.add(shift)
        stays.append(shift)
        copied += 1
    await session.flush()
    return copied, left_out


def moment(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at which the wall clock shows so many minutes after a day's midnight."""
    days, rest = divmod(minute, A_DAY)
    local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=zone)
    return local.astimezone(UTC)


def cell_of(shift: Shift, zone: ZoneInfo) -> Cell:
    """The day to which a shift belongs: the one on which it begins."""
    return Cell(shift.agent_id, shift.starts_at.astimezone(zone).date())


def times_of(shift: Shift, zone: ZoneInfo) -> Times:
    """A shift by the wall clock, as it was typed."""
    day = cell_of(shift, zone).on
    ends = _minute(shift.ends_at, day, zone)
    breaks = tuple(
        Span(_minute(one.lower, day, zone), _minute(one.upper, day, zone))
        for one in shift.breaks
        if one.lower and one.upper
    )
    return Times(_minute(shift.starts_at, day, zone), ends, breaks)


def _minute(at: datetime, day: date, zone: ZoneInfo) -> int:
    local = at.astimezone(zone)
    return (local.date() - day).days * A_DAY + local.hour * 60 + local.minute


def _shift(scope: Scope, cell: Cell, times: Times, zone: ZoneInfo) -> Shift:
    breaks = [
        Range(moment(cell.on, one.begins, zone), moment(cell.on, one.ends, zone)) for one in times.breaks
    ]
    return Shift(
        id=uuid7(), agent_id=cell.agent_id, shop_id=scope.shop_id, desk_id=scope.desk_id,
        starts_at=moment(cell.on, times.begins, zone), ends_at=moment(cell.on, times.ends, zone),
        breaks=MultiRange(breaks),
    )  # fmt: skip


def _key(shift: Shift) -> object:
    breaks = tuple((one.lower, one.upper) for one in shift.breaks)
    return shift.agent_id, shift.starts_at, shift.ends_at, breaks


def _refusals(wanted: Mapping[Cell, Sequence[Shift]], stays: Sequence[Shift]) -> dict[Cell, Refused]:
    """Of two days that get in each other's way the later one is refused."""
    known: dict[UUID, list[Shift]] = {}
    for one in stays:
        known.setdefault(one.agent_id, []).append(one)
    refused: dict[Cell, Refused] = {}
    for cell in sorted(wanted, key=lambda one: one.on):
        for shift in wanted[cell]:
            others = known.setdefault(cell.agent_id, [])
            other = next((one for one in others if _overlap(one, shift)), None)
            if not _is_sound(shift):
                refused[cell] = Refused(CLOCK_CHANGES)
            elif other is not None:
                refused[cell] = Refused(OVERLAPS, other.starts_at, other.ends_at)
            else:
                others.append(shift)
    return refused


def _overlap(one: Shift, other: Shift) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _is_sound(shift: Shift) -> bool:
    """False where the clock is put forward over its times."""
    edges = [(one.lower, one.upper) for one in shift.breaks] + [(shift.starts_at, shift.ends_at)]
    return all(lower is not None and upper is not None and lower < upper for lower, upper in edges)


async def _lock_agents(session: AsyncSession, agent_ids: Iterable[UUID]) -> None:
    """Nobody else plans them until the transaction ends; their own work goes on."""
    await session.execute(
        select(Account.id)
        .where(among(Account.id, agent_ids))
        .order_by(Account.id)
        .with_for_update(key_share=True)
    )


async def _around(session: AsyncSession, plan: Plan, zone: ZoneInfo) -> Sequence[Shift]:
    """All shifts of the agents planned that could touch the days planned."""
    days = [cell.on for cell in plan]
    start, end = moment(min(days), -A_DAY, zone), moment(max(days), 3 * A_DAY, zone)
    return await shifts_of(session, {cell.agent_id for cell in plan}, start, end)
