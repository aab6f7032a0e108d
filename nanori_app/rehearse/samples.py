"""Looks at the queue while a piece is played: what the house believes against what the carrier knows."""

from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from nanori_app.rehearse.floor import Floor
from telephony.models import Call
from telephony.values import CallState

EVERY = timedelta(seconds=15)
TOLERATED = timedelta(seconds=100)
"""A caller in the queue is compared with the carrier each minute; so long both may differ."""

_WAITING = text("""
    SELECT w.id::text AS waiting, w.kind, c.id::text AS call, c.call_sid, c.state, c.direction
    FROM waiting w JOIN call c ON c.tenant_id = w.tenant_id AND c.interaction_id = w.interaction_id
    WHERE w.state IN ('waiting', 'offered')
""")


class Sampler:
    """Notes in ``Seen.unreal`` what has differed for too long."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._since: dict[str, datetime] = {}
        self._next_at: datetime | None = None

    async def look(self, session: AsyncSession) -> None:
        """At most every so often; the session is bound to all shops."""
        now = self._floor.now
        if self._next_at is not None and now < self._next_at:
            return
        self._next_at = now + EVERY
        different = await self._different(session)
        self._since = {key: self._since.get(key, now) for key in different}
        for key, since in self._since.items():
            if now - since > TOLERATED:
                self._floor.seen.unreal.setdefault(key, different[key])

    async def _different(self, session: AsyncSession) -> dict[str, str]:
        live = {leg.sid for leg in self._floor.simulator.live_legs}
        queues = self._floor.simulator.exchange.queues.values()
        in_queue = {member.leg.sid for queue in queues for member in queue.members}
        found: dict[str, str] = {}
        waiting = set()
        for row in await session.execute(_WAITING):
            waiting.add(row.call_sid)
            is_there = row.state != CallState.CLOSED if row.direction == "outbound" else row.call_sid in live
            if not is_there:
                found[f"{row.kind} {row.waiting}"] = f"waits although {row.call_sid or row.call} is over"
        missing = in_queue - waiting
        if missing:
            queued = await session.scalars(
                select(Call.call_sid).where(Call.call_sid.in_(missing), Call.state == CallState.QUEUED)
            )
            for sid in queued:
                found[str(sid)] = "in the carrier's queue, but nobody looks for an agent"
        return found
