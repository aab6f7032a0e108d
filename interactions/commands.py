"""Writes of the log. Each function is one thing that can happen; none of them commits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.derive import apply
from interactions.errors import InteractionNotFound, ReasonUnknown
from interactions.models import (
    Counter,
    Interaction,
    InteractionEvent,
    NoteAddition,
    Reason,
    Shopper,
    ShopperHandle,
)
from interactions.values import Channel, Direction, EventKind, HandleKind, Outcome, PartyKind
from nanori.actors import SHOPPER, Actor
from nanori.rows import NewRow, attach, new_row, store_together

MAX_NOTES = 20_000
MAX_CAPTURED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known of an interaction when it begins."""

    channel: Channel
    direction: Direction = Direction.INBOUND
    party: PartyKind = PartyKind.HUMAN
    desk_id: UUID | None = None
    shopper_id: UUID | None = None
    handle: tuple[HandleKind, str] | None = None  # in place of ``shopper_id``: whoever has it at this shop
    case_id: UUID | None = None
    actor: Actor = SHOPPER  # who began it


async def open_interaction(
    session: AsyncSession, tenant_id: UUID, opening: Opening, *, now: datetime
) -> Interaction:
    """Begin an interaction; see :func:`store_interaction`."""
    return attach(session, Interaction, await store_interaction(session, tenant_id, opening, now=now))


async def store_interaction(
    session: AsyncSession,
    tenant_id: UUID,
    opening: Opening,
    *,
    now: datetime,
    along: Callable[[UUID], Sequence[NewRow]] = lambda _: (),
) -> NewRow:
    """Begin an interaction with its next number and its first event (``arrived`` or ``received``).

    One statement, together with the rows that ``along`` makes for the interaction's id, and with the shopper
    when their handle is new. It locks the shop's counter until the end of the transaction: what can be read
    is read before.
    """
    interaction = new_row(
        Interaction, tenant_id=tenant_id, id=uuid7(), channel=opening.channel, direction=opening.direction,
        party=opening.party, desk_id=opening.desk_id, shopper_id=opening.shopper_id, case_id=opening.case_id,
        arrived_at=now,
    )  # fmt: skip
    is_outgoing = opening.direction is Direction.OUTBOUND
    first = new_row(
        InteractionEvent, tenant_id=tenant_id, id=uuid7(), interaction_id=interaction.values["id"], seq=1,
        kind=EventKind.RECEIVED if opening.channel is Channel.MAIL else EventKind.ARRIVED, at=now,
        actor_kind=opening.actor.kind, actor_id=opening.actor.account_id,
        data={"direction": opening.direction.value} if is_outgoing else {},
    )  # fmt: skip
    rows = [interaction, first, *along(interaction.values["id"])]
    if opening.handle is not None:
        await _store_by_handle(session, tenant_id, rows, *opening.handle, now=now)
        return interaction
    number = await store_together(
        session, rows, before=_NUMBERED.format(source="(SELECT 1) AS at_once"), computed=_NUMBER,
        params={"shop": tenant_id},
    )  # fmt: skip
    interaction.values.update(number)
    return interaction


async def _store_by_handle(
    session: AsyncSession,
    tenant_id: UUID,
    rows: Sequence[NewRow],
    kind: HandleKind,
    value: str,
    *,
    now: datetime,
) -> None:
    """Store an interaction and what belongs to it, for the shopper who has this handle."""
    params = {
        "shop": tenant_id,
        "kind": kind,
        "value": value,
        "handle": uuid7(),
        "stranger": uuid7(),
        "now": now,
    }
    found = await store_together(
        session, rows, before=_MET + _NUMBERED.format(source="(SELECT count(*) FROM met) AS after_them"),
        computed=_NUMBER | _SHOPPER, params=params,
    )  # fmt: skip
    if (
        found["shopper_id"] is None
    ):  # another transaction stored the handle meanwhile: only now can it be seen
        found["shopper_id"] = await recognise_shopper(session, tenant_id, kind, value, now=now)
        mine = (Interaction.tenant_id == tenant_id, Interaction.id == rows[0].values["id"])
        await session.execute(update(Interaction).where(*mine).values(shopper_id=found["shopper_id"]))
    rows[0].values.update(found)


_NUMBER = {"number": "(SELECT value FROM numbered)"}
_SHOPPER = {"shopper_id": "COALESCE((SELECT shopper_id FROM seen), (SELECT shopper_id FROM met))"}
_NUMBERED = """numbered AS (
    INSERT INTO counter AS c (tenant_id, purpose, value) SELECT %(shop)s, 'interaction', 1 FROM {source}
    ON CONFLICT (tenant_id, purpose) DO UPDATE SET value = c.value + 1 RETURNING value
)"""
"""After the handle, everywhere in this order: two that wait for each other would wait for ever."""
_MET = """seen AS (
    SELECT shopper_id FROM shopper_handle WHERE tenant_id = %(shop)s AND kind = %(kind)s AND value = %(value)s
), met AS (
    INSERT INTO shopper_handle (tenant_id, id, shopper_id, kind, value)
    SELECT %(shop)s, %(handle)s, %(stranger)s, %(kind)s, %(value)s WHERE NOT EXISTS (SELECT FROM seen)
    ON CONFLICT (tenant_id, kind, value) DO NOTHING RETURNING shopper_id
), made AS (
    INSERT INTO shopper (tenant_id, id, name, created_at) SELECT %(shop)s, shopper_id, '', %(now)s FROM met
), """


async def locked(session: AsyncSession, tenant_id: UUID, interaction_id: UUID) -> Interaction:
    """The interaction, nobody else writing to it until the transaction ends.

    Raises:
        InteractionNotFound: no such interaction among the shops bound.
    """
    interaction = await session.get(
        Interaction, (tenant_id, interaction_id), with_for_update=True, populate_existing=True
    )
    if interaction is None:
        raise InteractionNotFound
    return interaction


async def record(
    session: AsyncSession,
    interaction: Interaction,
    kind: EventKind,
    *,
    actor: Actor,
    at: datetime,
    **data: Any,
) -> None:
    """Add one event, numbered after the last, and bring the derived times up to date.

    ``data`` is stored as JSON: ids as text, times in ISO 8601. The caller has locked the interaction.
    """
    facts = {name: _plain(value) for name, value in data.items() if value is not None}
    last = (
        select(func.coalesce(func.max(InteractionEvent.seq), 0))
        .where(
            InteractionEvent.tenant_id == interaction.tenant_id,
            InteractionEvent.interaction_id == interaction.id,
        )
        .scalar_subquery()
    )
    await session.execute(
        insert(InteractionEvent).values(
            tenant_id=interaction.tenant_id,
            id=uuid7(),
            interaction_id=interaction.id,
            seq=last + 1,
            kind=kind,
            at=at,
            actor_kind=actor.kind,
            actor_id=actor.account_id,
            data=facts,
        )
    )
    apply(interaction, kind, at, facts)
    await session.flush()


async def close(
    session: AsyncSession, interaction: Interaction, outcome: Outcome, *, actor: Actor, at: datetime, by: str
) -> bool:
    """End an interaction with its one outcome. False when it had one already: nothing changes then."""
    if interaction.outcome is not None:
        return False
    await record(session, interaction, EventKind.ENDED, actor=actor, at=at, by=by)
    interaction.outcome = outcome
    await session.flush()
    return True


async def wrap_up(
    session: AsyncSession,
    interaction: Interaction,
    *,
    reason_id: UUID | None,
    actor: Actor,
    at: datetime,
    agent_id: UUID | None = None,
    since: datetime | None = None,
) -> None:
    """One agent's after-call work is finished.

    Args:
        agent_id: whose; the actor's where nobody else says so.
        since: when this agent let go of the caller; None: when the last of them did.

    Raises:
        ReasonUnknown: the reason is none of the shop's.
    """
    if reason_id is not None:
        await set_reason(session, interaction, reason_id)
    whose = agent_id or actor.account_id
    await record(session, interaction, EventKind.WRAPPED_UP, actor=actor, at=at, agent_id=whose, since=since)


async def set_reason(session: AsyncSession, interaction: Interaction, reason_id: UUID) -> None:
    """Say why the shopper called or wrote.

    Raises:
        ReasonUnknown: the reason is none of the shop's.
    """
    reason = await session.get(Reason, (interaction.tenant_id, reason_id))
    if reason is None or reason.retired_at is not None:
        raise ReasonUnknown
    interaction.reason_id = reason_id
    await session.flush()


async def save_notes(session: AsyncSession, interaction: Interaction, notes: str) -> None:
    """Keep what the agent has typed so far; text beyond ``MAX_NOTES`` characters is cut."""
    interaction.notes = notes.replace("\x00", "")[:MAX_NOTES]
    await session.flush()


async def add_to_notes(
    session: AsyncSession, interaction: Interaction, text: str, *, agent_id: UUID, now: datetime
) -> None:
    """Keep what an agent adds to a colleague's notes: one text for each agent, cut like the notes."""
    words = {"text": text.replace("\x00", "")[:MAX_NOTES], "written_at": now}
    added = insert(NoteAddition).values(
        tenant_id=interaction.tenant_id, id=uuid7(), interaction_id=interaction.id, agent_id=agent_id, **words
    )
    keys = [NoteAddition.tenant_id, NoteAddition.interaction_id, NoteAddition.agent_id]
    await session.execute(added.on_conflict_do_update(index_elements=keys, set_=words))


async def save_captured(session: AsyncSession, interaction: Interaction, values: Mapping[str, str]) -> None:
    """Keep fields of the talk script; an empty text takes a field away."""
    clean = {key: value.replace("\x00", "")[:MAX_CAPTURED] for key, value in values.items()}
    merged = {**interaction.captured, **clean} if interaction.captured else clean
    interaction.captured = {key: value for key, value in merged.items() if value}
    await session.flush()


async def next_number(session: AsyncSession, tenant_id: UUID, purpose: str) -> int:
    """The next number of a shop's own series; numbers of a rolled-back transaction are given again."""
    statement = (
        insert(Counter)
        .values(tenant_id=tenant_id, purpose=purpose, value=1)
        .on_conflict_do_update(
            index_elements=[Counter.tenant_id, Counter.purpose], set_={"value": Counter.value + 1}
        )
        .returning(Counter.value)
    )
    return int((await session.execute(statement)).scalar_one())


async def recognise_shopper(
    session: AsyncSession, tenant_id: UUID, kind: HandleKind, value: str, *, now: datetime, name: str = ""
) -> UUID:
    """The shopper behind a number or address *of this shop*, made when new. Safe when two arrive at once."""
    known = await _shopper_by(session, tenant_id, kind, value)
    if known is not None:
        return known
    shopper = Shopper(tenant_id=tenant_id, id=uuid7(), name=name, created_at=now)
    session.add(shopper)
    await session.flush()
    added = await session.scalar(
        insert(ShopperHandle)
        .values(tenant_id=tenant_id, id=uuid7(), shopper_id=shopper.id, kind=kind, value=value)
        .on_conflict_do_nothing(
            index_elements=[ShopperHandle.tenant_id, ShopperHandle.kind, ShopperHandle.value]
        )
        .returning(ShopperHandle.shopper_id)
    )
    if added is not None:
        return shopper.id
    first = await _shopper_by(session, tenant_id, kind, value)
    if first is None:
        raise LookupError("a handle that another transaction has just stored cannot be seen")
    await session.delete(shopper)  # another call of the same shopper was quicker
    await session.flush()
    return first


async def _shopper_by(session: AsyncSession, tenant_id: UUID, kind: HandleKind, value: str) -> UUID | None:
    found: UUID | None = await session.scalar(
        select(ShopperHandle.shopper_id).where(
            ShopperHandle.tenant_id == tenant_id, ShopperHandle.kind == kind, ShopperHandle.value == value
        )
    )
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds")
    return value
