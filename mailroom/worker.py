"""What the mailroom does by itself: sends what is due, files what was left over."""

from datetime import datetime

import structlog

from mailroom.commands import sending
from mailroom.commands.sending import Parcel
from mailroom.ports import POSTMAN, MailDelayed, MailRefused, MailUnknown, Postman
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation

log = structlog.get_logger()


async def send_due_mail(installation: Installation, now: datetime) -> None:
    """Hand every due mail to the postman, one after the other, none inside a transaction."""
    async with across_shops(installation.worker) as session:
        parcels = await sending.take_due(session, now=now)
    postman = installation.port(POSTMAN) if parcels else None
    for parcel in parcels:
        if postman is not None:
            await _deliver(installation, postman, parcel)


async def _deliver(installation: Installation, postman: Postman, parcel: Parcel) -> None:
    failure: MailDelayed | MailRefused | MailUnknown | None = None
    try:
        await postman.send(sender=parcel.sender, recipients=parcel.recipients, content=parcel.content)
    except (MailDelayed, MailRefused, MailUnknown) as refusal:
        failure = refusal
    now = installation.clock.now()
    async with unit_of_work(installation.worker, [parcel.tenant_id]) as session:
        match failure:
            case None:
                await sending.settle_sent(session, parcel, now=now)
            case MailDelayed():
                await sending.settle_delayed(session, parcel, str(failure), now=now)
            case MailRefused():
                await sending.settle_failed(session, parcel, str(failure))
            case _:
                await sending.settle_unknown(session, parcel, str(failure))
    if failure is not None:
        log.warning("mail.not_sent", outgoing_id=str(parcel.outgoing_id), error=type(failure).__name__)
