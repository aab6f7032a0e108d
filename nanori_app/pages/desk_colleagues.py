"""Who else is in a call, and whom its agent may ask: colleagues of other desks, people of the shop."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Exists, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.certified import may_answer
from desks.models import Desk, Engagement, RosterEntry, Seat
from desks.values import Channel, DeskState, Presence
from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind
from nanori.context import Context
from nanori.identity.models import Account
from nanori.words import Words
from nanori_app.pages.desk_parts import Choice, ConsultPart, DeskChoice, running
from tenants.models import Contact

OVER = frozenset({EventKind.TRANSFERRED, EventKind.QUEUED, EventKind.ENDED})


async def names_of(
    session: AsyncSession, interaction: Interaction, events: Sequence[InteractionEvent], context: Context
) -> dict[UUID, str]:
    """Names of the agents of a call, as far as its events tell of them."""
    told = {UUID(str(event.data["agent_id"])) for event in events if event.data.get("agent_id")}
    others = ({interaction.agent_id} | told) - {context.account_id, None}
    names = {context.account_id: context.name}
    if others:
        rows = await session.execute(select(Account.id, Account.name).where(Account.id.in_(others)))
        names |= {row.id: row.name for row in rows}
    return names


def consult_part(
    events: Sequence[InteractionEvent], names: Mapping[UUID, str], words: Words, context: Context
) -> ConsultPart | None:
    """How asking for a colleague stands by the newest events; None when nobody has been asked."""
    desk = ""
    part = None
    for event in events:
        timer = running(event.at, context.now, words)
        if event.kind is EventKind.CONSULTED and event.data.get("to") == "desk":
            desk = str(event.data.get("desk", ""))
            part = ConsultPart(state="asked", desk_name=desk, name="", timer=timer)
        elif event.kind is EventKind.CONSULT_JOINED:
            name = names.get(UUID(str(event.data["agent_id"])), "")
            part = ConsultPart(state="joined", desk_name=desk, name=name, timer=timer)
        elif event.kind is EventKind.CONSULT_LEFT:
            in_vain = event.data.get("why") == "nobody_free"
            part = ConsultPart(state="nobody", desk_name=desk, name="", timer=timer) if in_vain else None
        elif event.kind in OVER:
            part = None
    return part


async def desks_to_ask(
    session: AsyncSession, tenant_id: UUID, agent_id: UUID, *, now: datetime
) -> list[DeskChoice]:
    """The open desks of the shop, and how many others are ready there now."""
    free = (
        select(func.count())
        .select_from(RosterEntry)
        .join(Seat, Seat.agent_id == RosterEntry.agent_id)
        .where(
            RosterEntry.tenant_id == Desk.tenant_id,
            RosterEntry.desk_id == Desk.id,
            RosterEntry.agent_id != agent_id,
            may_answer(now),
            Seat.state == Presence.READY,
            ~_on_the_phone(),
        )
        .scalar_subquery()
    )
    rows = await session.execute(
        select(Desk.id, Desk.name, free)
        .where(Desk.tenant_id == tenant_id, Desk.state == DeskState.OPEN)
        .order_by(Desk.created_at, Desk.id)
    )
    return [DeskChoice(id=row[0], name=row[1], free=row[2]) for row in rows]


def contact_choices(contacts: Sequence[Contact]) -> list[Choice]:
    """The shop's people, in the order in which they are called."""
    return [Choice(id=contact.id, name=contact.name) for contact in contacts]


async def shop_before(session: AsyncSession, agent_id: UUID) -> UUID | None:
    """For which shop the agent had a call in hand before this one; None before the first."""
    found: UUID | None = await session.scalar(
        select(Engagement.tenant_id)
        .where(
            Engagement.agent_id == agent_id,
            Engagement.channel == Channel.PHONE,
            Engagement.ended_at.is_not(None),
        )
        .order_by(Engagement.started_at.desc(), Engagement.id.desc())
        .limit(1)
    )
    return found


def _on_the_phone() -> Exists:
    return exists().where(
        and_(
            Engagement.agent_id == Seat.agent_id,
            Engagement.channel == Channel.PHONE,
            Engagement.ended_at.is_(None),
        )
    )
