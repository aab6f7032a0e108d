"""Writes about cases: opening, closing, reopening."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.commands import next_number
from interactions.errors import CaseNotFound
from interactions.models import Case
from interactions.values import CaseState

LIVE = frozenset({CaseState.OPEN, CaseState.PENDING})


async def open_case(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    subject: str,
    shopper_id: UUID | None,
    due_at: datetime | None,
    now: datetime,
) -> Case:
    """Begin a matter with the shop's next case number."""
    case = Case(
        tenant_id=tenant_id,
        id=uuid7(),
        number=await next_number(session, tenant_id, "case"),
        subject=subject,
        state=CaseState.OPEN,
        shopper_id=shopper_id,
        opened_at=now,
        due_at=due_at,
    )
    session.add(case)
    await session.flush()
    return case


async def locked_case(session: AsyncSession, tenant_id: UUID, case_id: UUID) -> Case:
    """The case, nobody else writing to it until the transaction ends.

    Raises:
        CaseNotFound: no such case among the shops bound.
    """
    case = await session.get(Case, (tenant_id, case_id), with_for_update=True, populate_existing=True)
    if case is None:
        raise CaseNotFound
    return case


async def close_case(session: AsyncSession, case: Case, state: CaseState, *, now: datetime) -> None:
    """Settle a matter as done or as needing nothing. Closing it again changes nothing."""
    if case.state in LIVE:
        case.state = state
        case.closed_at = now
        case.due_at = None
        case.version += 1
        await session.flush()


async def reopen_case(session: AsyncSession, case: Case, *, due_at: datetime | None) -> bool:
    """Take a settled matter up again. False when it was open."""
    if case.state is CaseState.OPEN:
        return False
    case.state = CaseState.OPEN
    case.closed_at = None
    case.due_at = due_at
    case.version += 1
    await session.flush()
    return True
