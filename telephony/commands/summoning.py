"""The shop's people are rung one after the other, or texted, about a question that waits for them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.questions import commands as questions
from interactions.questions.models import QuestionReach, ShopQuestion
from interactions.questions.values import QuestionState
from nanori.actors import Actor, ActorKind
from telephony.summons_models import Summons
from telephony.values import SummonsState
from tenants.escalation.values import Medium
from tenants.queries import numbers_of

RING_SECONDS = 25
LONGEST_SECONDS = 120
LEASE = timedelta(seconds=15)
TOLD_WITHIN = {Medium.PHONE: timedelta(seconds=90), Medium.SMS: timedelta(minutes=10)}
"""What the carrier tells nothing of for so long has reached nobody."""
TRY_AGAIN_AFTER = timedelta(seconds=5)
MAX_ATTEMPTS = 3
AT_ONCE = 20
CONTACT = Actor(kind=ActorKind.CONTACT)
DONE = frozenset({SummonsState.REACHED, SummonsState.FAILED, SummonsState.GIVEN_UP})
UNDER_WAY = (SummonsState.TODO, SummonsState.SENDING, SummonsState.SENT)
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
LOST = frozenset({"failed", "undelivered"})


async def begin(session: AsyncSession, tenant_id: UUID, reach_id: UUID, *, now: datetime) -> None:
    """Write down whom to ring or text for one try; once, however often it is asked."""
    reach = await session.get(QuestionReach, (tenant_id, reach_id), with_for_update=True)
    known = select(Summons.id).where(Summons.tenant_id == tenant_id, Summons.reach_id == reach_id)
    if reach is None or reach.failure is not None or await session.scalar(known.limit(1)) is not None:
        return
    numbers = await numbers_of(session, tenant_id)
    if not numbers:
        reach.failure = "no_number"
        await session.flush()
        return
    calls = reach.medium is Medium.PHONE
    session.add_all(
        Summons(
            tenant_id=tenant_id, id=uuid7(), reach_id=reach.id, position=position, medium=reach.medium,
            to=person["to"], sender=numbers[0].number, due_at=now,
            state=SummonsState.WAITING if calls and position else SummonsState.TODO,
        )
        for position, person in enumerate(reach.people)
    )  # fmt: skip
    await session.flush()


async def claim(session: AsyncSession, *, now: datetime) -> list[Summons]:
    """Take what is to be sent; what is not needed any more, or was told nothing of, is settled on the way."""
    found = await session.scalars(
        select(Summons)
        .where(Summons.due_at <= now, Summons.state.in_(UNDER_WAY))
        .order_by(Summons.due_at, Summons.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    claimed = []
    for one in found.all():
        if one.state is not SummonsState.TODO:
            await settle(session, one, SummonsState.FAILED, "unknown", now=now)
        elif not await _is_asked(session, one):
            await settle(session, one, SummonsState.GIVEN_UP, "", now=now)
        else:
            one.state, one.attempts, one.due_at = SummonsState.SENDING, one.attempts + 1, now + LEASE
            claimed.append(one)
    await session.flush()
    return claimed


async def sent(session: AsyncSession, one: Summons, sid: str, *, now: datetime) -> None:
    """The carrier has it; a report may have come before its answer."""
    one.sid = sid
    if one.state is SummonsState.SENDING:
        one.state, one.due_at = SummonsState.SENT, now + TOLD_WITHIN[one.medium]
        how = "ringing" if one.medium is Medium.PHONE else "texted"
        await _note(session, one, how, failed=False)
    await session.flush()


async def put_back(session: AsyncSession, one: Summons, *, now: datetime) -> None:
    """Nothing was done, for a reason that passes."""
    one.state, one.due_at = SummonsState.TODO, now + TRY_AGAIN_AFTER * one.attempts
    await session.flush()


async def settle(
    session: AsyncSession, one: Summons, state: SummonsState, how: str, *, now: datetime
) -> None:
    """It is over for this person; the next one of a try by telephone is rung."""
    if one.state in DONE:
        return
    one.state, one.done_at, one.to = state, now, ""
    await session.flush()
    if how:
        await _note(session, one, how, failed=state is SummonsState.FAILED)
    waiting = await _waiting(session, one)
    if waiting and state is SummonsState.FAILED:
        waiting[0].state, waiting[0].due_at = SummonsState.TODO, now
    elif waiting:
        for other in waiting:
            other.state, other.done_at, other.to = SummonsState.GIVEN_UP, now, ""
    await session.flush()


async def _waiting(session: AsyncSession, one: Summons) -> Sequence[Summons]:
    """Those of the same try who would be rung after this one, in their order."""
    found = await session.scalars(
        select(Summons)
        .where(
            Summons.tenant_id == one.tenant_id, Summons.reach_id == one.reach_id,
            Summons.state == SummonsState.WAITING,
        )
        .order_by(Summons.position)
        .with_for_update()
    )  # fmt: skip
    return found.all()


async def pressed(session: AsyncSession, one: Summons, digits: str, *, now: datetime) -> bool:
    """A key: 1 says that the question was seen, and the policy is followed no further."""
    if digits != "1":
        return False
    reach = await session.get_one(QuestionReach, (one.tenant_id, one.reach_id))
    await questions.acknowledge(session, one.tenant_id, reach.question_id, actor=CONTACT, now=now)
    await settle(session, one, SummonsState.REACHED, "pressed", now=now)
    return True


async def call_status(session: AsyncSession, one: Summons, status: str, *, now: datetime) -> None:
    """The carrier's report about a call; one that ended without a 1 has reached nobody."""
    if status in ENDED:
        how = {"completed": "unpressed", "canceled": "failed"}.get(status, status)
        await settle(session, one, SummonsState.FAILED, how, now=now)


async def text_status(session: AsyncSession, one: Summons, status: str, *, now: datetime) -> None:
    """The carrier's report about a text."""
    if status == "delivered":
        await settle(session, one, SummonsState.REACHED, "delivered", now=now)
    elif status in LOST:
        await settle(session, one, SummonsState.FAILED, "failed", now=now)


async def _is_asked(session: AsyncSession, one: Summons) -> bool:
    """The question still waits to be seen."""
    state = await session.scalar(
        select(ShopQuestion.state)
        .join(
            QuestionReach,
            (QuestionReach.tenant_id == ShopQuestion.tenant_id)
            & (QuestionReach.question_id == ShopQuestion.id),
        )
        .where(QuestionReach.tenant_id == one.tenant_id, QuestionReach.id == one.reach_id)
    )
    return state is QuestionState.ASKED


async def _note(session: AsyncSession, one: Summons, how: str, *, failed: bool) -> None:
    key = (one.tenant_id, one.reach_id)
    reach = await session.get_one(QuestionReach, key, with_for_update=True, populate_existing=True)
    await questions.note_reached(session, reach, one.position, how, failed=failed)
