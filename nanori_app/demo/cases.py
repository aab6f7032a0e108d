"""One shopper who writes twice about one matter, and one who asks two things in one mail."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Case
from mailroom.commands.filing import Mailbox, file_raw, store_raw
from mailroom.commands.joining import Second, Wanted, join_case, split_case
from mailroom.models import MailMessage
from nanori.actors import Actor, ActorKind
from nanori.files import FileStore
from nanori_app.demo.cast import ShopPart
from tenants.models import Tenant

WRITER: Final = ("三浦 早苗", "miura.sanae@mail.example")
FIRST: Final = (
    "注文した豆の発送日について",
    "昨日注文した深煎りブレンドは、いつごろ発送されますか。週末の来客に使いたいと思っています。",
)
AGAIN: Final = (
    "発送日の件(再送)",
    "先ほどお送りした者です。届いているか不安でしたので、もう一度お送りします。発送日を教えてください。",
)
TWO: Final = (
    "領収書と、定期便のお届け日",
    "先月分の領収書を会社名の宛名でいただけますか。\nまた、定期便の次のお届け日を一週間遅らせることはできますか。",
)
SECOND: Final = "定期便のお届け日の変更"
REASON: Final = "同じご注文についての再送"


async def join_and_split(
    session: AsyncSession, shop: Tenant, part: ShopPart, agent_id: UUID, *, store: FileStore, now: datetime
) -> None:
    """Three mails of this morning: two are one case, one is two."""
    agent = Actor(kind=ActorKind.AGENT, account_id=agent_id)
    sent = [now - timedelta(minutes=minutes) for minutes in (50, 35, 25)]
    first, again, two = [
        await _letter(session, Mailbox(shop.tenant_id, part.mail_address), letter, store=store, now=at)
        for letter, at in zip((FIRST, AGAIN, TWO), sent, strict=True)
    ]
    joined = Wanted(into_id=first.case_id, version=await _version(session, again), reason=REASON)
    await join_case(
        session, shop.tenant_id, again.case_id, joined, actor=agent, now=now - timedelta(minutes=20)
    )
    second = Second(message_id=two.id, version=await _version(session, two), subject=SECOND)
    await split_case(
        session, shop.tenant_id, two.case_id, second, actor=agent, now=now - timedelta(minutes=15)
    )


async def _letter(
    session: AsyncSession, mailbox: Mailbox, letter: tuple[str, str], *, store: FileStore, now: datetime
) -> MailMessage:
    name, address = WRITER
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"{name} <{address}>", mailbox.address, letter[0]
    mail["Message-ID"] = f"<{int(now.timestamp())}@{address.partition('@')[2]}>"
    mail.set_content(letter[1])
    raw_id, _ = await store_raw(session, mailbox, mail.as_bytes(), now=now)
    filed = await file_raw(session, mailbox.tenant_id, raw_id, store=store)
    if filed is None:
        raise LookupError("a letter of the demo was there before")
    return filed


async def _version(session: AsyncSession, mail: MailMessage) -> int:
    found = await session.scalars(
        select(Case.version).where(Case.tenant_id == mail.tenant_id, Case.id == mail.case_id)
    )
    return found.one()
