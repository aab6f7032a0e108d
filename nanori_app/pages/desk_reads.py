"""Reads of the agent's desk that join several rooms. Each is one statement, under the agent's own shops."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from desks.models import Desk, Engagement, Offer, RosterEntry, Seat, Waiting
from desks.values import Channel, OfferState, WaitingKind, WaitingState
from interactions.cases import LIVE
from interactions.models import (
    Case,
    EscalationAttempt,
    EscalationRun,
    Interaction,
    InteractionEvent,
    Reason,
    Shopper,
    ShopperHandle,
)
from interactions.orders.models import ParcelInquiry
from interactions.parts import parts_of
from interactions.values import Channel as Medium
from interactions.values import HandleKind
from nanori.db import TenantOwned
from nanori.identity.models import Account
from telephony.models import Call, Leg, OwnPhone
from telephony.values import LegState

EARLIER_SHOWN = 5
CASES_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class InHand:
    """What one agent has in hand: a call, its after-call work, or (``engagement`` None) a ringing offer."""

    interaction: Interaction
    call: Call
    desk_name: str
    ring_seconds: int
    phrase_id: UUID | None = None  # of the words that this agent's screen showed when the call was taken
    has_joined: bool = False  # the agent's phone is in the call
    is_asked: bool = False  # the offer is to help a colleague
    engagement: Engagement | None = None
    offer: Offer | None = None
    enqueued_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One desk that the agent answers for, and who waits there."""

    tenant_id: UUID
    desk_name: str
    waiting: int
    since: datetime | None  # the longest wait began


async def seat_of(session: AsyncSession, agent_id: UUID) -> tuple[Seat | None, str | None]:
    """Where the agent's presence stands, None before the first use; and the number of their own telephone."""
    row = (
        await session.execute(
            select(Seat, OwnPhone.number)
            .select_from(Account)
            .outerjoin(Seat, Seat.agent_id == Account.id)
            .outerjoin(OwnPhone, OwnPhone.agent_id == Account.id)
            .where(Account.id == agent_id)
            .execution_options(populate_existing=True)
        )
    ).one()
    return row.Seat, row.number


async def in_hand(session: AsyncSession, agent_id: UUID) -> InHand | None:
    """The phone call that the agent has, wrap-up included; an agent has at most one."""
    row = (
        await session.execute(
            _calls()
            .add_columns(Engagement, Leg)
            .join(Engagement, _of_interaction(Engagement))
            .outerjoin(Leg, Leg.id == _newest_leg(agent_id))
            .where(
                Engagement.agent_id == agent_id,
                Engagement.channel == Channel.PHONE,
                Engagement.ended_at.is_(None),
            )
        )
    ).one_or_none()
    if row is None:
        return None
    interaction, call, desk_name, ring_seconds, engagement, leg = row
    return InHand(
        interaction=interaction, call=call, desk_name=desk_name or "", ring_seconds=ring_seconds or 0,
        engagement=engagement, phrase_id=leg.phrase_id if leg else None,
        has_joined=leg is not None and leg.state is LegState.JOINED,
    )  # fmt: skip


async def offered(session: AsyncSession, agent_id: UUID, *, now: datetime) -> InHand | None:
    """The offer that rings at the agent's desk. One whose time is over rings no more."""
    row = (
        await session.execute(
            _calls()
            .add_columns(Offer, Waiting)
            .join(Waiting, _of_interaction(Waiting))
            .join(Offer, and_(Offer.tenant_id == Waiting.tenant_id, Offer.waiting_id == Waiting.id))
            .where(
                Offer.agent_id == agent_id, Offer.state == OfferState.OFFERED, Offer.expires_at > now
            )
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    interaction, call, desk_name, ring_seconds, offer, waiting = row
    return InHand(
        interaction=interaction, call=call, desk_name=desk_name or "", ring_seconds=ring_seconds or 0,
        offer=offer, enqueued_at=waiting.enqueued_at, is_asked=waiting.kind is WaitingKind.CONSULT,
    )  # fmt: skip


async def shopper_name(session: AsyncSession, interaction: Interaction) -> tuple[str, str | None] | None:
    """The shopper's name and number as this shop knows them; None when the shop does not know who calls."""
    if interaction.shopper_id is None:
        return None
    row = (
        await session.execute(
            select(Shopper.name, func.min(ShopperHandle.value))
            .outerjoin(
                ShopperHandle,
                and_(
                    ShopperHandle.tenant_id == Shopper.tenant_id,
                    ShopperHandle.shopper_id == Shopper.id,
                    ShopperHandle.kind == HandleKind.PHONE,
                ),
            )
            .where(Shopper.tenant_id == interaction.tenant_id, Shopper.id == interaction.shopper_id)
            .group_by(Shopper.tenant_id, Shopper.id)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


async def earlier(
    session: AsyncSession, interaction: Interaction
) -> Sequence[tuple[Interaction, Reason | None]]:
    """The shopper's last interactions with the same shop, newest first."""
    if interaction.shopper_id is None:
        return []
    rows = await session.execute(
        select(Interaction, Reason)
        .outerjoin(
            Reason, and_(Reason.tenant_id == Interaction.tenant_id, Reason.id == Interaction.reason_id)
        )
        .where(
            Interaction.tenant_id == interaction.tenant_id,
            Interaction.shopper_id == interaction.shopper_id,
            Interaction.arrived_at <= interaction.arrived_at,
            Interaction.id != interaction.id,
        )
        .order_by(Interaction.arrived_at.desc(), Interaction.id.desc())
        .limit(EARLIER_SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


async def latest_run(session: AsyncSession, interaction: Interaction) -> EscalationRun | None:
    """The newest attempt to reach the shop about this call."""
    found: EscalationRun | None = await session.scalar(
        select(EscalationRun)
        .where(
            EscalationRun.tenant_id == interaction.tenant_id,
            EscalationRun.interaction_id == interaction.id,
        )
        .order_by(EscalationRun.started_at.desc(), EscalationRun.id.desc())
        .limit(1)
    )
    return found


async def attempts_of(session: AsyncSession, run: EscalationRun) -> Sequence[EscalationAttempt]:
    """The calls to the shop's contacts so far, in order."""
    found = await session.scalars(
        select(EscalationAttempt)
        .where(EscalationAttempt.tenant_id == run.tenant_id, EscalationAttempt.run_id == run.id)
        .order_by(EscalationAttempt.step)
    )
    return found.all()


async def queues_of(session: AsyncSession, agent_id: UUID) -> Sequence[QueueRow]:
    """The desks that the agent answers for, the longest wait first."""
    waiting_since = func.min(Waiting.enqueued_at)
    rows = await session.execute(
        select(Desk.tenant_id, Desk.name, func.count(Waiting.id), waiting_since)
        .join(RosterEntry, and_(RosterEntry.tenant_id == Desk.tenant_id, RosterEntry.desk_id == Desk.id))
        .outerjoin(
            Waiting,
            and_(
                Waiting.tenant_id == Desk.tenant_id,
                Waiting.desk_id == Desk.id,
                Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]),
                Waiting.kind == WaitingKind.CALL,
            ),
        )
        .where(RosterEntry.agent_id == agent_id)
        .group_by(Desk.tenant_id, Desk.id, Desk.name)
        .order_by(waiting_since.nulls_last(), Desk.name, Desk.id)
    )
    return [QueueRow(tenant_id=row[0], desk_name=row[1], waiting=row[2], since=row[3]) for row in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case in the agent's hands; ``has_mail`` and its newest interaction say where it is worked on."""

    case: Case
    has_mail: bool
    interaction_id: UUID | None
    inquiry_id: UUID | None  # of a parcel


async def open_cases(session: AsyncSession, agent_id: UUID) -> Sequence[OpenCase]:
    """The agent's own open cases over all shops, the most urgent first."""
    member = aliased(Case)
    of_case = (
        select(Interaction.id)
        .join(member, and_(member.tenant_id == Interaction.tenant_id, member.id == Interaction.case_id))
        .where(member.tenant_id == Case.tenant_id, member.head_id == Case.id)
    )
    has_mail = of_case.where(Interaction.channel == Medium.MAIL).exists()
    newest = of_case.order_by(Interaction.arrived_at.desc()).limit(1)
    inquiry = select(ParcelInquiry.id).where(
        ParcelInquiry.tenant_id == Case.tenant_id, ParcelInquiry.case_id == Case.id
    )
    rows = await session.execute(
        select(Case, has_mail, newest.scalar_subquery(), inquiry.scalar_subquery())
        .where(Case.assigned_to == agent_id, Case.state.in_(LIVE))
        .order_by(Case.due_at.nulls_last(), Case.opened_at, Case.id)
        .limit(CASES_SHOWN)
    )
    return [OpenCase(case=row[0], has_mail=row[1], interaction_id=row[2], inquiry_id=row[3]) for row in rows]


async def calls_since(session: AsyncSession, agent_id: UUID, since: datetime) -> tuple[int, int, int]:
    """Calls that the agent has spoken in and wrapped up since then: number, own talk and wrap-up in ms."""
    mine = exists().where(
        Engagement.tenant_id == Interaction.tenant_id, Engagement.interaction_id == Interaction.id,
        Engagement.agent_id == agent_id, Engagement.channel == Channel.PHONE,
    )  # fmt: skip
    rows = await session.execute(
        select(
            InteractionEvent.interaction_id, InteractionEvent.kind, InteractionEvent.at, InteractionEvent.data
        )
        .join(
            Interaction,
            and_(
                Interaction.tenant_id == InteractionEvent.tenant_id,
                Interaction.id == InteractionEvent.interaction_id,
            ),
        )
        .where(Interaction.arrived_at >= since, mine)
        .order_by(InteractionEvent.interaction_id, InteractionEvent.seq)
    )  # fmt: skip
    parts = [
        parts_of((one.kind, one.at, one.data) for one in events).get(agent_id)
        for _, events in groupby(rows.all(), key=lambda row: row.interaction_id)
    ]
    done = [part for part in parts if part is not None and part.is_wrapped_up]
    return len(done), sum(part.talk_ms for part in done), sum(part.acw_ms for part in done)


def _calls() -> Select[Interaction, Call, str, int]:
    return (
        select(Interaction, Call, Desk.name, Desk.ring_seconds)
        .join(Call, _of_interaction(Call))
        .outerjoin(Desk, and_(Desk.tenant_id == Call.tenant_id, Desk.id == Call.desk_id))
    )


def _newest_leg(agent_id: UUID) -> ScalarSelect[UUID]:
    """The agent's newest leg in the call."""
    mine = aliased(Leg)
    return (
        select(mine.id)
        .where(mine.tenant_id == Call.tenant_id, mine.call_id == Call.id, mine.agent_id == agent_id)
        .order_by(mine.created_at.desc(), mine.id.desc())
        .limit(1)
        .correlate(Call)
        .scalar_subquery()
    )


def _of_interaction(table: type[Engagement | Waiting | Call]) -> ColumnElement[bool]:
    owner: type[TenantOwned] = table
    return and_(owner.tenant_id == Interaction.tenant_id, table.interaction_id == Interaction.id)
