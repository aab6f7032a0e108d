"""Mail that comes in: stored first, understood afterwards."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.cases import open_case, reopen_case
from interactions.commands import Opening, close, open_interaction, recognise_shopper, record
from interactions.joins import locked_head
from interactions.models import Case, Interaction
from interactions.orders.mentions import note_orders
from interactions.values import CaseState, Channel, EventKind, HandleKind, Outcome, PartyKind
from mailroom.addresses import normalise
from mailroom.charsets import one_line
from mailroom.cleaning import clean_html
from mailroom.errors import RawNotFound
from mailroom.headers import Headers, message_ids, read_headers
from mailroom.models import Attachment, MailMessage, RawMessage
from mailroom.parsing import ParsedMail, parse_mail
from mailroom.queries import known_cases
from mailroom.threading import Newcomer, join
from mailroom.values import Direction, RawState
from nanori import files
from nanori.actors import SHOPPER, SYSTEM
from nanori.files import FileStore
from tenants import queries as shops
from tenants.calendars import calendar_of
from tenants.hours import after_business_time
from tenants.promises import desk_of_line

ROOM = "mailroom"
MAX_KEY = 400
DEFAULT_MINUTES = 24 * 60
_TRACE = ("received", "delivered-to", "x-original-to", "return-path", "envelope-to")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A shop's address that mail comes to."""

    tenant_id: UUID
    address: str


async def store_raw(
    session: AsyncSession, mailbox: Mailbox, raw: bytes, *, now: datetime
) -> tuple[UUID, bool]:
    """Keep a mail exactly as it came. Returns its id, and False when it had been stored before.

    The same mail is one with the same Message-ID and body; without a Message-ID, with the same headers too.
    """
    message_id, digest = _identity(raw)
    key: dict[str, UUID | str] = {
        "tenant_id": mailbox.tenant_id,
        "mailbox": mailbox.address,
        "message_id_header": message_id,
        "body_sha256": digest,
    }
    raw_id = uuid7()
    added = await session.scalar(
        insert(RawMessage)
        .values(id=raw_id, content=raw, size=len(raw), received_at=now, state=RawState.STORED, **key)
        .on_conflict_do_nothing(index_elements=list(key))
        .returning(RawMessage.id)
    )
    if added is not None:
        return raw_id, True
    return await _stored_id(session, key), False


def _identity(raw: bytes) -> tuple[str, str]:
    headers, body = read_headers(raw, 0, len(raw))
    found = message_ids(headers.first("message-id"), 1)
    if found:
        return found[0][:MAX_KEY], hashlib.sha256(raw[body:]).hexdigest()
    return "", hashlib.sha256(_without_trace(headers) + raw[body:]).hexdigest()


def _without_trace(headers: Headers) -> bytes:
    """The head without the lines that differ between two deliveries of one mail."""
    lines = (name.encode() + b":" + value for name, value in headers.lines if name not in _TRACE)
    return b"\n".join(lines) + b"\n\n"


async def _stored_id(session: AsyncSession, key: dict[str, UUID | str]) -> UUID:
    conditions = [getattr(RawMessage, name) == value for name, value in key.items()]
    found: UUID | None = await session.scalar(select(RawMessage.id).where(*conditions))
    if found is None:
        raise RawNotFound
    return found


async def file_raw(
    session: AsyncSession, tenant_id: UUID, raw_id: UUID, *, store: FileStore
) -> MailMessage | None:
    """Read a stored mail and make it an interaction of a case; None when that is done already.

    Raises:
        RawNotFound: no such mail among the shops bound.
    """
    raw = await session.get(RawMessage, (tenant_id, raw_id), with_for_update=True, populate_existing=True)
    if raw is None:
        raise RawNotFound
    if raw.state is RawState.FILED:
        return None
    parsed = parse_mail(raw.content)
    shopper_id = await _shopper(session, raw, parsed)
    case, possibly, head = await _case_for(session, raw, parsed, shopper_id)
    interaction = await _begin(session, raw, parsed, case)
    await note_orders(session, interaction, f"{parsed.subject}\n{parsed.text}")
    if head is not None:
        await _tell_case(session, head, interaction, parsed)
    message = _message(raw, parsed, case, interaction)
    message.possibly = list(possibly)
    session.add(message)
    await session.flush()
    await _keep_files(session, message, parsed, store)
    raw.state, raw.failure = RawState.FILED, None
    await session.flush()
    return message


async def quarantine(session: AsyncSession, tenant_id: UUID, raw_id: UUID, failure: str) -> None:
    """Put a mail aside that could not be filed, for a person to look at."""
    raw = await session.get(RawMessage, (tenant_id, raw_id), with_for_update=True)
    if raw is not None and raw.state is not RawState.FILED:
        raw.state, raw.failure = RawState.QUARANTINED, failure[:200]
        await session.flush()


async def _shopper(session: AsyncSession, raw: RawMessage, parsed: ParsedMail) -> UUID | None:
    """Whoever gets the answer; contact forms name them in Reply-To."""
    if not parsed.answer_to:
        return None
    writer = parsed.answer_to[0]
    return await recognise_shopper(
        session,
        raw.tenant_id,
        HandleKind.MAIL,
        normalise(writer.address),
        now=raw.received_at,
        name=writer.name or parsed.author.name,
    )


async def _case_for(
    session: AsyncSession, raw: RawMessage, parsed: ParsedMail, shopper_id: UUID | None
) -> tuple[Case, tuple[int, ...], Case | None]:
    """The case that the mail joins, and the one in which that goes on; or a new one, and which it may be
    about.
    """
    newcomer = Newcomer(
        tenant_id=raw.tenant_id,
        mailbox=raw.mailbox,
        author=parsed.author.address,
        answered_ids=parsed.answered_ids,
        authors=parsed.authors,
    )
    joining = join(newcomer, await known_cases(session, newcomer))
    if joining.case_id is not None:
        head = await locked_head(session, raw.tenant_id, joining.case_id)
        return await session.get_one(Case, (raw.tenant_id, joining.case_id)), (), head
    case = await open_case(
        session,
        raw.tenant_id,
        subject=one_line(parsed.subject, 200),
        shopper_id=shopper_id,
        due_at=await _due_at(session, raw, parsed),
        now=raw.received_at,
    )
    return case, joining.possibly, None


async def _begin(session: AsyncSession, raw: RawMessage, parsed: ParsedMail, case: Case) -> Interaction:
    opening = Opening(
        channel=Channel.MAIL,
        party=PartyKind.BOT if parsed.automatic else PartyKind.HUMAN,
        shopper_id=case.shopper_id,
        case_id=case.id,
        desk_id=await desk_of_line(session, raw.tenant_id, raw.mailbox, at=raw.received_at),
    )
    return await open_interaction(session, raw.tenant_id, opening, now=raw.received_at)


async def _tell_case(session: AsyncSession, case: Case, interaction: Interaction, parsed: ParsedMail) -> None:
    """A person's mail takes a case up again; a machine's answer to our mail is only kept with it."""
    at = interaction.arrived_at
    if parsed.automatic:
        await close(session, interaction, Outcome.NO_ACTION, actor=SYSTEM, at=at, by="system")
        return
    settled = case.state in (CaseState.DONE, CaseState.NO_ACTION)
    if not await reopen_case(session, case, due_at=await due_in_shop(session, case.tenant_id, at)):
        case.version += 1
    if settled:
        await record(session, interaction, EventKind.REOPENED, actor=SHOPPER, at=at)


async def _due_at(session: AsyncSession, raw: RawMessage, parsed: ParsedMail) -> datetime | None:
    return None if parsed.automatic else await due_in_shop(session, raw.tenant_id, raw.received_at)


async def due_in_shop(session: AsyncSession, tenant_id: UUID, at: datetime) -> datetime:
    """When the contract wants the answer, in the shop's business time."""
    shop = await shops.shop(session, tenant_id)
    terms = await shops.terms_on(session, tenant_id, at.astimezone(ZoneInfo(shop.zone)).date())
    allowed = timedelta(minutes=terms.mail_within_minutes if terms else DEFAULT_MINUTES)
    calendar = await calendar_of(session, shop)
    return after_business_time(calendar, at, allowed) or at + allowed


def _message(raw: RawMessage, parsed: ParsedMail, case: Case, interaction: Interaction) -> MailMessage:
    notes = parsed.notes | ({"broken"} if parsed.broken else frozenset())
    return MailMessage(
        tenant_id=raw.tenant_id,
        id=uuid7(),
        raw_id=raw.id,
        case_id=case.id,
        interaction_id=interaction.id,
        direction=Direction.INBOUND,
        at=raw.received_at,
        message_id_header=(parsed.message_id or "")[:MAX_KEY],
        in_reply_to=next(iter(parsed.in_reply_to), "")[:MAX_KEY],
        references=list(parsed.references),
        from_address=parsed.author.address,
        from_name=parsed.author.name,
        to_address=raw.mailbox,
        answer_to=parsed.answer_to[0].address if parsed.answer_to else "",
        subject=parsed.subject,
        text=parsed.text,
        html=clean_html(parsed.html) if parsed.html else None,
        automatic=parsed.automatic is not None,
        notes=sorted(notes),
    )


async def _keep_files(
    session: AsyncSession, message: MailMessage, parsed: ParsedMail, store: FileStore
) -> None:
    for position, attached in enumerate(parsed.attachments, start=1):
        file = await files.keep(
            session,
            message.tenant_id,
            store=store,
            room=ROOM,
            name=attached.name,
            media_type=attached.content_type,
            content=attached.content,
            now=message.at,
        )
        session.add(
            Attachment(
                tenant_id=message.tenant_id,
                id=uuid7(),
                message_id=message.id,
                file_id=file.id,
                position=position,
                content_id=attached.content_id or None,
            )
        )
    await session.flush()
