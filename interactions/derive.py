"""From events to the times that figures are made of (domain.md 1.2). Pure; no database, no clock.

Talk excludes hold. It runs from the first moment in which agent and shopper hear each other until our part
ends: the call ends, the caller goes back to a queue, or a contact of the shop takes over. It runs on when a
colleague takes over. Each agent who lets go of the caller does after-call work of their own; it is added up.
A name counts as confirmed when it was on the screen of every agent who was connected.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from interactions.values import EventKind

ONE_MILLISECOND = timedelta(milliseconds=1)


class Derived(Protocol):
    """What an interaction keeps of its events; the table's row and :class:`Times` both fit."""

    arrived_at: datetime
    guidance_ended_at: datetime | None
    queued_at: datetime | None
    answered_at: datetime | None
    abandoned_at: datetime | None
    first_reply_at: datetime | None
    ended_at: datetime | None
    wrapped_up_at: datetime | None
    talk_ms: int
    hold_ms: int
    acw_ms: int
    talking_since: datetime | None
    held_since: datetime | None
    let_go_at: datetime | None
    offers: int
    offers_missed: int
    transferred: bool
    escalated: bool
    agent_id: UUID | None
    phrase_id: UUID | None
    name_confirmed_at: datetime | None
    split_at: datetime | None
    faults: str | None


@dataclass(slots=True)
class Times:
    """An empty set of derived times, to replay events into."""

    arrived_at: datetime
    guidance_ended_at: datetime | None = None
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    abandoned_at: datetime | None = None
    first_reply_at: datetime | None = None
    ended_at: datetime | None = None
    wrapped_up_at: datetime | None = None
    talk_ms: int = 0
    hold_ms: int = 0
    acw_ms: int = 0
    talking_since: datetime | None = None
    held_since: datetime | None = None
    let_go_at: datetime | None = None
    offers: int = 0
    offers_missed: int = 0
    transferred: bool = False
    escalated: bool = False
    agent_id: UUID | None = None
    phrase_id: UUID | None = None
    name_confirmed_at: datetime | None = None
    split_at: datetime | None = None
    faults: str | None = None


def apply(times: Derived, kind: EventKind, at: datetime, data: dict[str, Any]) -> None:
    """Take one event into account. Events come in the order of their numbers."""
    step = _STEPS.get(kind)
    if step is not None:
        step(times, at, data)


def _milliseconds(start: datetime, end: datetime) -> int:
    return max(0, (end - start) // ONE_MILLISECOND)


def _stop_clocks(times: Derived, at: datetime) -> None:
    """Nobody talks or holds any more: add what ran."""
    if times.held_since is not None:
        times.hold_ms += _milliseconds(times.held_since, at)
        times.held_since = None
    if times.talking_since is not None:
        times.talk_ms += _milliseconds(times.talking_since, at)
        times.talking_since = None


def _guidance_ended(times: Derived, at: datetime, _: dict[str, Any]) -> None:
    times.guidance_ended_at = times.guidance_ended_at or at


def _queued(times: Derived, at: datetime, _: dict[str, Any]) -> None:
    _stop_clocks(times, at)
    times.queued_at = times.queued_at or at


def _offered(times: Derived, _: datetime, data: dict[str, Any]) -> None:
    times.offers += _is_of_caller(data)


def _offer_missed(times: Derived, _: datetime, data: dict[str, Any]) -> None:
    times.offers_missed += _is_of_caller(data)


def _is_of_caller(data: dict[str, Any]) -> bool:
    """Asking a colleague for help is no ring of a caller."""
    return data.get("asked") is None


def _answered(times: Derived, at: datetime, data: dict[str, Any]) -> None:
    _stop_clocks(times, at)
    times.talking_since = at
    _speaks(times, data, first=times.answered_at is None)
    times.answered_at = times.answered_at or at


def _speaks(times: Derived, data: dict[str, Any], *, first: bool) -> None:
    """An agent has the caller from now on; the first one's words are those that were said."""
    times.agent_id = UUID(data["agent_id"])
    confirmed = data.get("confirmed_at")
    if first:
        times.phrase_id = UUID(data["phrase_id"]) if data.get("phrase_id") else None
        times.name_confirmed_at = datetime.fromisoformat(confirmed) if confirmed else None
    elif not confirmed:
        times.name_confirmed_at = None


def _held(times: Derived, at: datetime, _: dict[str, Any]) -> None:
    if times.talking_since is not None and times.held_since is None:
        times.talk_ms += _milliseconds(times.talking_since, at)
        times.talking_since = None
        times.held_since = at


def _resumed(times: Derived, at: datetime, _: dict[str, Any]) -> None:
    if times.held_since is not None:
        times.hold_ms += _milliseconds(times.held_since, at)
        times.held_since = None
        times.talking_since = at


def _transferred(times: Derived, at: datetime, data: dict[str, Any]) -> None:
    times.transferred = True
    times.let_go_at = at
    if data.get("to") == "agent":
        _speaks(times, data, first=False)
    else:
        _stop_clocks(times, at)


def _escalated(times: Derived, _: datetime, __: dict[str, Any]) -> None:
    times.escalated = True


def _abandoned(times: Derived, at: datetime, _: dict[str, Any]) -> None:
    times.abandoned_at = at


def _ended(times: Derived, at: datetime, _: dict[str, Any]) -> None:
    was_in_hand = times.talking_since is not None or times.held_since is not None
    _stop_clocks(times, at)
    times.ended_at = at
    if was_in_hand or times.let_go_at is None:
        times.let_go_at = at


def _wrapped_up(times: Derived, at: datetime, data: dict[str, Any]) -> None:
    times.wrapped_up_at = at
    since = datetime.fromisoformat(data["since"]) if data.get("since") else times.let_go_at
    times.acw_ms += _milliseconds(since or at, at)


def _first_reply(times: Derived, at: datetime, data: dict[str, Any]) -> None:
    times.first_reply_at = times.first_reply_at or at
    times.agent_id = UUID(data["agent_id"])


def _split_from(times: Derived, at: datetime, _: dict[str, Any]) -> None:
    times.split_at = at


def _checked(times: Derived, _: datetime, data: dict[str, Any]) -> None:
    times.faults = " ".join(data.get("faults", ()))


_STEPS: dict[EventKind, Callable[[Derived, datetime, dict[str, Any]], None]] = {
    EventKind.GUIDANCE_ENDED: _guidance_ended,
    EventKind.QUEUED: _queued,
    EventKind.OFFERED: _offered,
    EventKind.OFFER_MISSED: _offer_missed,
    EventKind.ANSWERED: _answered,
    EventKind.HELD: _held,
    EventKind.RESUMED: _resumed,
    EventKind.TRANSFERRED: _transferred,
    EventKind.ESCALATED: _escalated,
    EventKind.ABANDONED: _abandoned,
    EventKind.ENDED: _ended,
    EventKind.WRAPPED_UP: _wrapped_up,
    EventKind.FIRST_REPLY: _first_reply,
    EventKind.SPLIT_FROM: _split_from,
    EventKind.CHECKED: _checked,
}
