"""Writes about cases that are joined into another and parted again (docs/algorithms/cases.md).

Nothing is moved: what belongs to a joined case stays its own and is read through the case that it goes on in,
its *head*. A head is never joined itself; who holds its lock decides alone who belongs to it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.cases import LIVE, locked_case
from interactions.commands import record
from interactions.errors import (
    CaseIsJoined,
    CaseNotFound,
    CasesChanged,
    JoinNotFound,
    NothingToJoin,
    ParcelStillSought,
    SameCase,
)
from interactions.heads import head_of
from interactions.models import Case, CaseJoin, Interaction
from interactions.orders.models import ParcelInquiry
from interactions.values import CaseState, Channel, Direction, EventKind, PartyKind
from nanori.actors import Actor

MAX_REASON = 200


def group_of(case: Case) -> Select[UUID]:
    """Ids of a standing case and of all that are joined to it, for ``IN``; of a joined one none."""
    return select(Case.id).where(Case.tenant_id == case.tenant_id, Case.head_id == case.id)


def read_through(case: Case) -> Select[UUID]:
    """What the page of a case shows: its group, or a joined case by itself."""
    return select(Case.id).where(
        Case.tenant_id == case.tenant_id, or_(Case.head_id == case.id, Case.id == case.id)
    )


async def locked_head(session: AsyncSession, tenant_id: UUID, case_id: UUID) -> Case:
    """The case in which this one goes on, locked: it keeps its members until the transaction ends.

    Nobody waits for it while holding another case: what turns out to be joined is let go first.

    Raises:
        CaseNotFound: not among the shops bound.
    """
    wanted = case_id
    while True:
        attempt = await session.begin_nested()
        head = await locked_case(session, tenant_id, wanted)
        where = head.joined_to or await _head_id(session, tenant_id, case_id)
        if where == wanted:
            await attempt.commit()
            return head
        await attempt.rollback()
        wanted = where


async def locked_pair(
    session: AsyncSession, tenant_id: UUID, case_id: UUID, into_id: UUID
) -> tuple[Case, Case]:
    """A case and the one to join it into, or the head of that; both locked, the smaller id first.

    Raises:
        CaseNotFound: one of them is not among the shops bound.
        CaseIsJoined: the first goes on in another case already.
        SameCase: they are one.
        CasesChanged: the second was joined by somebody else a moment ago.
    """
    head_id = await _head_id(session, tenant_id, into_id)
    if head_id == case_id:
        raise SameCase
    found: dict[UUID, Case] = {}
    for one in sorted([case_id, head_id]):
        found[one] = await locked_case(session, tenant_id, one)
        if one == case_id:
            await refuse_joined(session, found[one])
        elif found[one].joined_to is not None:
            raise CasesChanged
    return found[case_id], found[head_id]


async def refuse_joined(session: AsyncSession, case: Case) -> None:
    """Whoever works on a joined case works on its head.

    Raises:
        CaseIsJoined: it goes on in another one.
    """
    if case.joined_to is not None:
        head = await session.get_one(Case, (case.tenant_id, case.joined_to))
        raise CaseIsJoined(number=head.number)


async def join_cases(
    session: AsyncSession, case: Case, into: Case, *, reason: str, actor: Actor, now: datetime
) -> CaseJoin:
    """Let a case go on in another; both are locked by :func:`locked_pair`.

    What was joined to it before goes on there, too. A settled case that takes in an open one is open again.

    Raises:
        NothingToJoin: nothing has ever happened in the case.
        ParcelStillSought: a parcel is looked for in it.
    """
    await _refuse_parcel(session, case)
    latest = await _latest(session, case)
    took_up = case.state in LIVE and into.state not in LIVE
    join = CaseJoin(
        tenant_id=case.tenant_id, id=uuid7(), case_id=case.id, into_id=into.id, reason=reason,
        state_before=case.state, due_before=case.due_at, into_due_before=into.due_at, took_up=took_up,
        joined_by=account_of(actor), joined_at=now,
    )  # fmt: skip
    session.add(join)
    _go_on(case, into)
    await _regroup(session, case.tenant_id, await _members(session, case), into.id)
    case.closed_at = case.closed_at or now
    case.state, case.joined_to = CaseState.JOINED, into.id
    case.due_at, case.assigned_to = None, None
    case.version += 1
    into.version += 1
    await session.flush()
    await record(
        session, latest, EventKind.MERGED_INTO, actor=actor, at=now, case=case.id, into=into.id,
        number=into.number,
    )  # fmt: skip
    if took_up:
        await record(session, latest, EventKind.REOPENED, actor=actor, at=now)
    return join


async def undo_join(
    session: AsyncSession, tenant_id: UUID, join_id: UUID, *, actor: Actor, now: datetime
) -> Case:
    """Let a joined case stand by itself again, with whatever had been joined to it. Returns it.

    Raises:
        JoinNotFound: no such join among the shops bound, or it is undone.
    """
    join = await session.get(CaseJoin, (tenant_id, join_id))
    if join is None:
        raise JoinNotFound
    head = await locked_head(session, tenant_id, join.case_id)
    await session.refresh(join, with_for_update=True)
    if join.undone_at is not None:
        raise JoinNotFound
    case = await locked_case(session, tenant_id, join.case_id)
    into = await _live_joins(session, head)
    del into[case.id]
    join.undone_at, join.undone_by = now, account_of(actor)
    case.joined_to, case.state = None, CaseState.DONE
    await session.flush()
    came = [one for one in await _members(session, head) if head_of(one, into) == case.id]
    await _regroup(session, tenant_id, came, case.id)
    await _stand_again(session, case, head, join, now=now)
    await record(
        session, await _latest(session, case), EventKind.MERGE_UNDONE, actor=actor, at=now, case=case.id,
        number=head.number,
    )  # fmt: skip
    return case


def account_of(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise LookupError("only a person with an account joins cases")
    return actor.account_id


async def _head_id(session: AsyncSession, tenant_id: UUID, case_id: UUID) -> UUID:
    found: UUID | None = await session.scalar(
        select(Case.head_id).where(Case.tenant_id == tenant_id, Case.id == case_id)
    )
    if found is None:
        raise CaseNotFound
    return found


def _go_on(case: Case, into: Case) -> None:
    """The other case takes over what is open: its date where it is sooner, and who has it in hand."""
    if case.state not in LIVE:
        return
    if into.state not in LIVE:
        into.state, into.closed_at, into.due_at = case.state, None, case.due_at
    elif case.state is CaseState.OPEN:
        into.state = CaseState.OPEN
        into.due_at = min((at for at in (into.due_at, case.due_at) if at is not None), default=None)
    into.assigned_to = into.assigned_to or case.assigned_to


async def _stand_again(
    session: AsyncSession, case: Case, head: Case, join: CaseJoin, *, now: datetime
) -> None:
    """Each is open where one of its mails waits; what was answered meanwhile is not asked for again."""
    waits, head_waits = await _has_unanswered(session, case), await _has_unanswered(session, head)
    if waits:
        case.state, case.due_at = CaseState.OPEN, join.due_before
    elif join.state_before in LIVE and head.state in LIVE:
        case.state = CaseState.PENDING
    else:
        case.state = CaseState.DONE if join.state_before in LIVE else join.state_before
    case.closed_at = None if case.state in LIVE else case.closed_at or now
    if join.took_up and head.state is CaseState.OPEN and not head_waits:
        head.state, head.closed_at, head.due_at, head.assigned_to = CaseState.DONE, now, None, None
    elif head.state is CaseState.OPEN and head.due_at == join.due_before:
        head.due_at = join.into_due_before
    case.version += 1
    head.version += 1
    await session.flush()


async def _has_unanswered(session: AsyncSession, case: Case) -> bool:
    found = await session.scalar(
        select(Interaction.id)
        .where(
            Interaction.tenant_id == case.tenant_id,
            Interaction.case_id.in_(group_of(case)),
            Interaction.channel == Channel.MAIL,
            Interaction.direction == Direction.INBOUND,
            Interaction.party == PartyKind.HUMAN,
            Interaction.outcome.is_(None),
        )
        .limit(1)
    )
    return found is not None


async def _members(session: AsyncSession, head: Case) -> Sequence[UUID]:
    found = await session.scalars(
        select(Case.id).where(Case.tenant_id == head.tenant_id, Case.joined_to == head.id)
    )
    return found.all()


async def _live_joins(session: AsyncSession, head: Case) -> dict[UUID, UUID]:
    """Of everything that goes on in this case: into which case it was joined directly."""
    rows = await session.execute(
        select(CaseJoin.case_id, CaseJoin.into_id).where(
            CaseJoin.tenant_id == head.tenant_id,
            CaseJoin.undone_at.is_(None),
            CaseJoin.case_id.in_(group_of(head)),
        )
    )
    return {row.case_id: row.into_id for row in rows}


async def _regroup(session: AsyncSession, tenant_id: UUID, ids: Iterable[UUID], head_id: UUID) -> None:
    await session.execute(
        update(Case).where(Case.tenant_id == tenant_id, Case.id.in_(list(ids))).values(joined_to=head_id)
    )


async def _latest(session: AsyncSession, case: Case) -> Interaction:
    """The case's own latest contact, a mail where it has one; locked."""
    found: Interaction | None = await session.scalar(
        select(Interaction)
        .where(Interaction.tenant_id == case.tenant_id, Interaction.case_id == case.id)
        .order_by(
            (Interaction.channel == Channel.MAIL).desc(), Interaction.arrived_at.desc(), Interaction.id.desc()
        )
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NothingToJoin
    return found


async def _refuse_parcel(session: AsyncSession, case: Case) -> None:
    sought = await session.scalar(
        select(ParcelInquiry.id).where(
            ParcelInquiry.tenant_id == case.tenant_id,
            ParcelInquiry.case_id == case.id,
            ParcelInquiry.settled_at.is_(None),
        )
    )
    if sought is not None:
        raise ParcelStillSought
