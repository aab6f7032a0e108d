"""What each agent of a call did: of a call that went from one to another, each has a part. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from interactions.derive import Times, apply
from interactions.values import EventKind

Event = tuple[EventKind, datetime, dict[str, Any]]


@dataclass(slots=True)
class Part:
    """One agent's: the parts' times add up to the call's."""

    talk_ms: int = 0
    acw_ms: int = 0
    is_wrapped_up: bool = False


def parts_of(events: Iterable[Event]) -> dict[UUID, Part]:
    """By agent, of all who had the shopper; ``events`` in the order of their numbers."""
    parts: dict[UUID, Part] = {}
    times: Times | None = None
    for kind, at, data in events:
        times = times or Times(arrived_at=at)
        holder, talked, worked = times.agent_id, times.talk_ms, times.acw_ms
        if kind is EventKind.TRANSFERRED and times.talking_since is not None:
            times.talk_ms += (at - times.talking_since) // timedelta(milliseconds=1)
            times.talking_since = at
        apply(times, kind, at, data)
        if times.agent_id is not None:
            parts.setdefault(times.agent_id, Part())
        if holder is not None:
            parts[holder].talk_ms += times.talk_ms - talked
        if kind is EventKind.WRAPPED_UP and data.get("agent_id"):
            part = parts.get(UUID(data["agent_id"]))
            if part is not None:
                part.acw_ms, part.is_wrapped_up = part.acw_ms + times.acw_ms - worked, True
    return parts
