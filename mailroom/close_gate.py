"""What must be done with mails before a seasonal desk is closed for good."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.gates import Asked, Item
from interactions.models import Interaction
from mailroom.models import MailMessage, Outgoing, RawMessage
from mailroom.values import RawState, SendState
from nanori.actors import Role
from nanori.words import N_
from tenants import promises


async def mail_items(session: AsyncSession, asked: Asked) -> Sequence[Item]:
    """Mails to its addresses that nobody has filed, and its answers that have not left."""
    return [mail_item(await _not_filed(session, asked) + await _not_sent(session, asked))]


def mail_item(waiting: int) -> Item:
    return Item(
        key="mail", done=not waiting, mends=Role.SUPERVISOR, page="/mail", params={"n": waiting},
        there=N_("No mail of the season waits"), lacking=N_("Mails of the season that still wait: {n}"),
    )  # fmt: skip


async def _not_filed(session: AsyncSession, asked: Asked) -> int:
    tenant_id = asked.desk.tenant_id
    addresses = [one.line for one in await promises.promises_to(session, tenant_id, asked.desk.id)]
    found = await session.scalar(
        select(func.count()).where(
            RawMessage.tenant_id == tenant_id, RawMessage.state != RawState.FILED,
            RawMessage.mailbox.in_(addresses), RawMessage.received_at >= asked.season.opens_at,
        )
    )  # fmt: skip
    return found or 0


async def _not_sent(session: AsyncSession, asked: Asked) -> int:
    found = await session.scalar(
        select(func.count())
        .select_from(Outgoing)
        .join(
            MailMessage,
            (MailMessage.tenant_id == Outgoing.tenant_id) & (MailMessage.id == Outgoing.message_id),
        )
        .where(
            Outgoing.tenant_id == asked.desk.tenant_id,
            Outgoing.state.in_([SendState.QUEUED, SendState.SENDING]),
            MailMessage.case_id.in_(
                select(Interaction.case_id).where(
                    Interaction.tenant_id == asked.desk.tenant_id, Interaction.desk_id == asked.desk.id,
                    Interaction.case_id.is_not(None),
                )
            ),
        )
    )  # fmt: skip
    return found or 0
