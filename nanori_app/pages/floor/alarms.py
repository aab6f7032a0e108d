"""When the floor calls for a supervisor. Pure: from facts to alarms, those of now and the next to come.

An alarm is decided from the state alone, so it is there on every screen, survives a restart, and goes when
its cause goes. Each has the moment at which it began or will begin; the page is read again at the next one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from desks.values import Presence
from nanori_app.pages.floor.facts import (
    AgentFacts,
    CallFacts,
    DeskFacts,
    DeskId,
    FloorFacts,
    Thresholds,
)
from telephony.values import CallState

AT_WORK = frozenset({Presence.READY, Presence.RINGING, Presence.BUSY, Presence.WRAPUP})
"""States of an agent who answers now or as soon as the call in hand is done."""
FEWEST_CALLS = 10
"""With fewer calls today one bad call would raise the alarm of the service level."""


class AlarmKind(StrEnum):
    """In the order in which they are shown."""

    HELP = "help"  # an agent asks for a supervisor
    WAIT = "wait"  # a caller has waited for too long
    NOBODY = "nobody"  # open, and no agent of the desk is at work
    LEVEL = "level"  # today's service level is below its line
    NOT_READY = "not_ready"  # an agent was taken out and has not come back
    TALK = "talk"
    WRAPUP = "wrapup"
    AWAY = "away"


URGENT = frozenset({AlarmKind.HELP, AlarmKind.WAIT, AlarmKind.NOBODY})
"""Somebody is on the line or will be: these are red, the others amber."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One reason to look. ``since`` is when its cause began, ``at`` when it became an alarm."""

    kind: AlarmKind
    at: datetime
    since: datetime | None = None
    desk: DeskId | None = None
    call_id: UUID | None = None
    agent_id: UUID | None = None


def alarms(floor: FloorFacts) -> list[Alarm]:
    """What calls for a supervisor now, the most urgent first."""
    order = list(AlarmKind)
    raised = [one for one in _possible(floor) if one.at <= floor.now]
    return sorted(raised, key=lambda one: (order.index(one.kind), one.at, str(_subject(one))))


def next_alarm_at(floor: FloorFacts) -> datetime | None:
    """When the next alarm is raised if nothing happens until then."""
    return min((one.at for one in _possible(floor) if one.at > floor.now), default=None)


def is_below(desk: DeskFacts) -> bool:
    """Whether today's service level is under the desk's line, with enough calls to say so."""
    today = desk.today
    level = today.service_level(desk.shop.terms).value
    line = level_line(desk)
    return line > 0 and today.offered >= FEWEST_CALLS and level is not None and level < line * 10


def level_line(desk: DeskFacts) -> int:
    """Percent below which the desk's service level calls; what the contract promises unless the desk says."""
    own = desk.thresholds.level_percent
    return desk.shop.terms.service_level_target_percent if own is None else own


def _subject(alarm: Alarm) -> tuple[object, ...]:
    return alarm.desk, alarm.call_id, alarm.agent_id


def _possible(floor: FloorFacts) -> Iterator[Alarm]:
    """Every alarm that the present state has in it, those to come too."""
    desks = {desk.key: desk for desk in floor.desks}
    for call in floor.calls:
        yield from _of_call(call, desks)
    for desk in floor.desks:
        yield from _of_desk(desk, floor.now)
    for agent in floor.agents:
        yield from _of_agent(agent, desks)


def _of_call(call: CallFacts, desks: Mapping[DeskId, DeskFacts]) -> Iterator[Alarm]:
    desk = (call.tenant_id, call.desk_id) if call.desk_id else None
    begun: list[tuple[AlarmKind, datetime, int]] = []
    if call.help_asked_at is not None:
        begun.append((AlarmKind.HELP, call.help_asked_at, 0))
    limit = _thresholds(desk, desks).talk_seconds
    if call.state in {CallState.TALKING, CallState.HELD} and limit:
        begun.append((AlarmKind.TALK, call.since, limit))
    for kind, since, seconds in begun:
        at = since + timedelta(seconds=seconds)
        yield Alarm(kind=kind, at=at, since=since, desk=desk, call_id=call.call_id, agent_id=call.agent_id)


def _of_desk(desk: DeskFacts, now: datetime) -> Iterator[Alarm]:
    limit = desk.thresholds.wait_seconds
    if desk.waiting_since is not None and limit:
        at = desk.waiting_since + timedelta(seconds=limit)
        yield Alarm(kind=AlarmKind.WAIT, at=at, since=desk.waiting_since, desk=desk.key)
    if desk.thresholds.nobody and desk.is_open and not any(desk.agents.get(one) for one in AT_WORK):
        yield Alarm(kind=AlarmKind.NOBODY, at=now, desk=desk.key)
    if is_below(desk):
        yield Alarm(kind=AlarmKind.LEVEL, at=now, desk=desk.key)


def _of_agent(agent: AgentFacts, desks: Mapping[DeskId, DeskFacts]) -> Iterator[Alarm]:
    limits: Sequence[tuple[Presence, AlarmKind, int]] = (
        (Presence.WRAPUP, AlarmKind.WRAPUP, _thresholds(agent.desk, desks).wrapup_seconds),
        (Presence.BREAK, AlarmKind.AWAY, agent.away_seconds),
        (Presence.NOT_READY, AlarmKind.NOT_READY, agent.not_ready_seconds),
    )
    for state, kind, seconds in limits:
        if agent.state is state and seconds:
            at = agent.since + timedelta(seconds=seconds)
            yield Alarm(kind=kind, at=at, since=agent.since, desk=agent.desk, agent_id=agent.agent_id)


def _thresholds(desk: DeskId | None, desks: Mapping[DeskId, DeskFacts]) -> Thresholds:
    """The desk's own; those of a new desk for work that came to none."""
    known = desks.get(desk) if desk else None
    return known.thresholds if known else Thresholds()
