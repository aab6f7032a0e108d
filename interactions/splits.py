"""Writes about mails that hold two questions: a second case is made of one (docs/algorithms/cases.md)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.commands import next_number, record, set_reason
from interactions.models import Case, Interaction
from interactions.values import EventKind
from nanori.actors import Actor


async def open_part(
    session: AsyncSession,
    mail: Interaction,
    case: Case,
    *,
    reason_id: UUID | None,
    desk_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> Interaction:
    """The second question of a mail as a contact of its own, in a new case.

    It came when the mail came: a split stops no clock. Its first event says that nothing was received. The
    caller has locked the mail; a part of a part is one of the same mail.

    Raises:
        ReasonUnknown: the reason is none of the shop's.
    """
    number = await next_number(session, mail.tenant_id, "interaction")
    part = Interaction(
        tenant_id=mail.tenant_id, id=uuid7(), number=number,
        channel=mail.channel, direction=mail.direction, party=mail.party, desk_id=desk_id,
        shopper_id=mail.shopper_id, case_id=case.id, arrived_at=mail.arrived_at,
        part_of=mail.part_of or mail.id, split_at=now,
    )  # fmt: skip
    session.add(part)
    await session.flush()
    await record(
        session, part, EventKind.SPLIT_FROM, actor=actor, at=now, arrived_at=mail.arrived_at,
        mail=part.part_of, number=mail.number,
    )  # fmt: skip
    await record(session, mail, EventKind.SPLIT_INTO, actor=actor, at=now, case=case.id, number=case.number)
    if reason_id is not None:
        await set_reason(session, part, reason_id)
    return part
