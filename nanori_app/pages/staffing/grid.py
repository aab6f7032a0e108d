"""A week of shifts as a table: agents down, days across, what was typed in each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from desks.shifts.cover import Piece
from desks.shifts.entry import Times, Unreadable, read, written
from desks.shifts.models import Shift
from desks.shifts.week import Cell, Refused, Scope, cell_of, times_of
from desks.staffing.days import HOLIDAY, kind_of
from nanori.identity.models import Account
from nanori.text import one_line
from nanori.web.forms import Posted
from nanori.words import N_, Words

TEMPLATES = ("9-18/12-13", "10-19/13-14", "12-21/16-17", "9-13", "13-17", "22-7/2-3")
"""Offered while typing."""


@dataclass(slots=True)
class DayCell:
    """One agent's day on the form."""

    key: str
    label: str  # for who does not see the table
    is_holiday: bool
    value: str = ""
    was: str = ""  # when the page was drawn; what did not change is not saved
    error: str = ""
    others: list[str] = field(default_factory=list)  # shifts that this page does not change


@dataclass(slots=True)
class AgentRow:
    agent_id: UUID
    name: str
    cells: list[DayCell]


@dataclass(frozen=True, slots=True)
class DayHead:
    """A column: the day, how many come, and when the desk would be open with nobody there."""

    on: date
    label: str
    is_holiday: bool
    is_today: bool
    people: int = 0
    gaps: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What is shown: whose week, for which desks, by whose clock."""

    monday: date
    scope: Scope
    zone: ZoneInfo
    agents: Sequence[Account]

    @property
    def days(self) -> list[date]:
        return [self.monday + timedelta(days=number) for number in range(7)]


def rows_of(week: Week, shifts: Sequence[Shift], names: Mapping[UUID, str], words: Words) -> list[AgentRow]:
    """The week as it is kept; ``names`` are the desks', for shifts of other scopes."""
    mine: dict[Cell, list[Times]] = {}
    others: dict[Cell, list[str]] = {}
    for one in shifts:
        cell, times = cell_of(one, week.zone), times_of(one, week.zone)
        if week.scope.holds(one):
            mine.setdefault(cell, []).append(times)
        else:
            place = names.get(one.desk_id, "") if one.desk_id else words.gettext(N_("All desks"))
            others.setdefault(cell, []).append(f"{written([times])} {place}")
    rows = []
    for agent in week.agents:
        cells = []
        for day in week.days:
            cell = Cell(agent.id, day)
            text, label = written(mine.get(cell, [])), f"{agent.name} {words.day(day)}"
            off, there = kind_of(day) == HOLIDAY, others.get(cell, [])
            cells.append(DayCell(key_of(cell), label, off, value=text, was=text, others=there))
        rows.append(AgentRow(agent.id, agent.name, cells))
    return rows


def posted(week: Week, rows: Sequence[AgentRow], typed: Posted) -> dict[Cell, tuple[Times, ...]]:
    """What was changed on the form; what cannot be read is marked in its cell."""
    plan = {}
    for row in rows:
        for cell, day in zip(row.cells, week.days, strict=True):
            if cell.key not in typed:
                continue
            cell.value = one_line(str(typed.getall(cell.key, [""])[0]))
            cell.was = str(typed.getall(f"was-{cell.key}", [""])[0])
            if cell.value == cell.was:
                continue
            try:
                plan[Cell(row.agent_id, day)] = read(cell.value)
            except Unreadable as problem:
                cell.error = problem.said
    return plan


def mark(rows: Sequence[AgentRow], refused: Mapping[Cell, Refused], *, zone: ZoneInfo, words: Words) -> None:
    """Put what could not be planned into its cells, in the reader's words."""
    said = {key_of(cell): _said(one, zone, words) for cell, one in refused.items()}
    for row in rows:
        for cell in row.cells:
            cell.error = said.get(cell.key, cell.error)


def heads(
    week: Week, shifts: Sequence[Shift], gaps: Sequence[Piece], *, today: date, words: Words
) -> list[DayHead]:
    """The columns. Gaps are told at the day on which they begin."""
    found = []
    for day in week.days:
        people = {one.agent_id for one in shifts if cell_of(one, week.zone).on == day}
        told = [
            f"{words.time(start, week.zone)}–{words.time(end, week.zone)}"
            for start, end in gaps
            if start.astimezone(week.zone).date() == day
        ]
        found.append(DayHead(day, words.day(day), kind_of(day) == HOLIDAY, day == today, len(people), told))
    return found


def key_of(cell: Cell) -> str:
    return f"cell-{cell.agent_id}-{cell.on}"


def _said(one: Refused, zone: ZoneInfo, words: Words) -> str:
    if one.begins is None or one.ends is None:
        return words.gettext(one.said)
    times: Sequence[datetime] = (one.begins, one.ends)
    begins, ends = [f"{words.day(at, zone)} {words.time(at, zone)}" for at in times]
    return words.gettext(one.said, begins=begins, ends=ends)
