"""What shoppers write and what agents do with it."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from re import search
from uuid import UUID

from litestar.status_codes import HTTP_400_BAD_REQUEST
from sqlalchemy import select

from mailroom.models import MailMessage
from mailroom.receiving import ExitCode, receive
from nanori.db import across_shops
from nanori_app.rehearse.agents import Agent
from nanori_app.rehearse.floor import Acting, Floor
from nanori_app.rehearse.piece import MailPart, Treatment
from tenants.hours import opens_next

SUBJECTS = ("在庫についてのご質問", "届いた商品について", "注文の変更", "領収書のお願い", "予約の日時")
READS_FOR = 30.0


def message_id(part: MailPart) -> str:
    return f"<rehearsal-{part.number}@shopper.example>"


def treated_at(floor: Floor, part: MailPart) -> datetime:
    """When somebody gets round to it: within the shop's hours."""
    moment = part.at + part.treated_after
    return (opens_next(floor.shops[part.shop].calendar, moment) or moment) + timedelta(
        seconds=part.number % 97
    )


async def write(floor: Floor, part: MailPart) -> Acting:
    """The mail reaches the house, now and then twice."""
    floor.seen.mails[message_id(part)] = part
    raw = _mail(floor, part)
    await _deliver(floor, part, raw)
    if part.delivered_twice:
        yield 4.0
        await _deliver(floor, part, b"Received: from mx2.example by mx.example; later\r\n" + raw)


async def treat(floor: Floor, part: MailPart, agent: Agent) -> Acting:
    """An agent reads the mail and settles it; who presses the button twice must not answer twice."""
    case = await _case_of(floor, part)
    if case is None:
        return
    path = f"/mail/{case[0]}/{case[1]}"
    await agent.do(f"{path}/taking")
    page = await agent.get(path)
    version = search(r'name="version" value="(\d+)"', page.text)
    if version is None:
        return
    yield READS_FOR
    if part.treatment is Treatment.NO_ACTION:
        await agent.do(f"{path}/closing", version=version[1])
        return
    for _ in range(2 if part.number % 5 == 0 else 1):
        sent = await agent.do(f"{path}/answers", version=version[1], text=_words(part), quote="1")
        if sent.status_code < HTTP_400_BAD_REQUEST:
            key = message_id(part)
            floor.seen.answers[key] = floor.seen.answers.get(key, 0) + 1


async def _deliver(floor: Floor, part: MailPart, raw: bytes) -> None:
    address = floor.shops[part.shop].setup.addresses[0]
    receipt = await receive(floor.stage.house, raw, envelope_to=address)
    if receipt.exit_code is not ExitCode.OK:
        floor.seen.broken.append(f"mail {part.number}: {receipt.said}")
    floor.stage.wake()


def _mail(floor: Floor, part: MailPart) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"Shopper {part.writer} <shopper{part.writer:03}@shopper.example>"
    mail["To"] = floor.shops[part.shop].setup.addresses[0]
    mail["Date"] = format_datetime(floor.now)
    mail["Message-ID"] = message_id(part)
    subject = SUBJECTS[part.number % len(SUBJECTS)]
    mail["Subject"] = subject
    before = _answer_to(floor, part)
    if before:
        mail["In-Reply-To"] = before
        mail["References"] = before
    mail.set_content(
        f"お世話になっております。{SUBJECTS[part.number % len(SUBJECTS)]}の件です。({part.number})\n"
    )
    return mail.as_bytes()


def _answer_to(floor: Floor, part: MailPart) -> str:
    """The Message-ID of our answer to the mail that this one follows; "" while there is none."""
    if part.follows is None:
        return ""
    asked = f"<rehearsal-{part.follows}@shopper.example>"
    for taken in floor.post.taken:
        sent = message_from_bytes(taken.content, policy=policy.default)
        if sent["In-Reply-To"] == asked:
            return str(sent["Message-ID"])
    return ""


def _words(part: MailPart) -> str:
    return f"お問い合わせいただき、ありがとうございます。ご用件({part.number})を承りました。"


async def _case_of(floor: Floor, part: MailPart) -> tuple[UUID, UUID] | None:
    """Shop and case of a mail: what the agent sees in the list."""
    async with across_shops(floor.stage.house.staff) as session:
        row = (
            await session.execute(
                select(MailMessage.tenant_id, MailMessage.case_id).where(
                    MailMessage.message_id_header.in_([message_id(part), message_id(part).strip("<>")])
                )
            )
        ).first()
    return None if row is None else (row.tenant_id, row.case_id)
