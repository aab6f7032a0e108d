"""Mails that belong to no case: put into the outbox, to be sent like every other."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.addresses import Address
from mailroom.composing import RANDOM_BYTES, Reply, compose, new_message_id, to_bytes
from mailroom.models import Outgoing
from mailroom.values import SendState


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file to go with a mail; ``media_type`` like ``application/pdf``."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A mail from one of a shop's own addresses."""

    sender: Address
    to: Address
    subject: str
    text: str
    at: datetime
    enclosed: Enclosure | None = None


async def post_notice(session: AsyncSession, tenant_id: UUID, mail_id: UUID, notice: Notice) -> None:
    """Put it into the outbox under ``mail_id``.

    Raises:
        AddressNotUsable: an address is none.
    """
    mail = compose(
        Reply(
            sender=notice.sender, to=notice.to, subject=notice.subject, text=notice.text, sent_at=notice.at,
            message_id=new_message_id(secrets.token_bytes(RANDOM_BYTES), sender=notice.sender.address),
            is_answer=False,
        )
    )  # fmt: skip
    if notice.enclosed is not None:
        main, _, sub = notice.enclosed.media_type.partition("/")
        mail.add_attachment(
            notice.enclosed.content, maintype=main, subtype=sub, filename=notice.enclosed.name
        )
    session.add(
        Outgoing(
            tenant_id=tenant_id, id=mail_id, sender=notice.sender.address, content=to_bytes(mail),
            recipients=[notice.to.address], state=SendState.QUEUED, due_at=notice.at,
        )
    )  # fmt: skip
    await session.flush()
