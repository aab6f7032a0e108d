"""Checks of calls by a form (品質チェック): which calls are drawn, and what a supervisor found.

A check is a fact of the log. Another one of the same call corrects it: the last counts, the log keeps both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.commands import locked, record
from interactions.errors import NotCheckable
from interactions.models import Interaction, InteractionEvent
from interactions.values import Channel, EventKind, Fault, Outcome, PartyKind
from nanori.actors import Actor

DRAWN = 10
"""So many calls are proposed at once."""
LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What one check found; ``note`` is for the agent and for nobody outside the house."""

    faults: frozenset[Fault]
    note: str = ""
    at: datetime | None = None
    by: UUID | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the calls that could be checked, how many were."""

    checked: int
    calls: int


def is_checkable(one: Interaction) -> bool:
    """A finished call in which an agent spoke with a person."""
    is_call = one.channel is Channel.PHONE and one.party is PartyKind.HUMAN
    return is_call and one.outcome is Outcome.ANSWERED and one.answered_at is not None


async def check(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, found: Check, *, actor: Actor, now: datetime
) -> None:
    """Write down what a supervisor found.

    Raises:
        InteractionNotFound: no such interaction among the shops bound.
        NotCheckable: no finished call in which an agent spoke with a person.
    """
    interaction = await locked(session, tenant_id, interaction_id)
    if not is_checkable(interaction):
        raise NotCheckable
    faults = [one.value for one in Fault if one in found.faults]
    note = found.note.replace("\x00", "")[:LONGEST_NOTE] or None
    await record(session, interaction, EventKind.CHECKED, actor=actor, at=now, faults=faults, note=note)


async def latest_check(session: AsyncSession, interaction: Interaction) -> Check | None:
    """The one that counts."""
    event = InteractionEvent
    last: InteractionEvent | None = await session.scalar(
        select(event)
        .where(event.tenant_id == interaction.tenant_id, event.interaction_id == interaction.id)
        .where(event.kind == EventKind.CHECKED)
        .order_by(event.seq.desc())
        .limit(1)
    )
    if last is None:
        return None
    faults = frozenset(map(Fault, last.data["faults"]))
    return Check(faults=faults, note=last.data.get("note", ""), at=last.at, by=last.actor_id)


async def drawn(
    session: AsyncSession, tenant_id: UUID, start: datetime, end: datetime, *, seed: str
) -> Sequence[Interaction]:
    """Calls of ``[start, end)`` that nobody checked yet, by a lot that ``seed`` alone decides."""
    lot = func.md5(literal(seed) + cast(Interaction.id, Text))
    found = await session.scalars(
        select(Interaction)
        .where(*_checkable(tenant_id, start, end), Interaction.faults.is_(None))
        .order_by(lot, Interaction.id)
        .limit(DRAWN)
    )
    return found.all()


async def coverage(session: AsyncSession, tenant_id: UUID, start: datetime, end: datetime) -> Coverage:
    rows = await session.execute(
        select(func.count(Interaction.faults), func.count()).where(*_checkable(tenant_id, start, end))
    )
    return Coverage(*rows.one())


def _checkable(tenant_id: UUID, start: datetime, end: datetime) -> list[ColumnElement[bool]]:
    """The same as :func:`is_checkable`, as the database asks it."""
    one = Interaction
    return [
        one.tenant_id == tenant_id, one.arrived_at >= start, one.arrived_at < end,
        one.channel == Channel.PHONE, one.party == PartyKind.HUMAN, one.outcome == Outcome.ANSWERED,
        one.answered_at.is_not(None),
    ]  # fmt: skip
