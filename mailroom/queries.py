"""Reads of the mailroom, of the shops that the transaction is bound to."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from interactions.cases import LIVE
from interactions.errors import CaseNotFound
from interactions.joins import group_of, read_through
from interactions.models import Case, Interaction
from interactions.values import Channel
from mailroom.errors import AttachmentNotFound
from mailroom.models import Attachment, Draft, MailMessage, Outgoing, RawMessage
from mailroom.threading import KnownCase, Newcomer
from mailroom.values import Direction, RawState, SendState
from nanori.files import File
from nanori.identity.models import Account
from tenants.models import Tenant

LIST_SIZE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """An open case with the mail that came last."""

    case: Case
    shop: Tenant
    writer: str  # name or address of whoever wrote last
    last_at: datetime
    last_is_ours: bool
    automatic: bool
    opening: str  # the first words of that mail
    taken_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOfCase:
    """One mail of a thread with its files and, when it is ours, how its sending went."""

    message: MailMessage
    files: Sequence[tuple[Attachment, File]]
    written_by: str | None
    sending: Outgoing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRow:
    """One mail of the outbox as the demo shows it."""

    outgoing: Outgoing
    message: MailMessage
    shop: Tenant


async def known_cases(session: AsyncSession, mail: Newcomer) -> list[KnownCase]:
    """Cases whose mails *of ours* this mail refers to, with those who take part in them."""
    if not mail.answered_ids:
        return []
    of_ours = await session.execute(
        select(MailMessage.case_id, MailMessage.message_id_header, MailMessage.from_address, Case.number)
        .join(Case, and_(Case.tenant_id == MailMessage.tenant_id, Case.id == MailMessage.case_id))
        .where(
            MailMessage.tenant_id == mail.tenant_id,
            MailMessage.message_id_header.in_(mail.answered_ids),
            MailMessage.direction == Direction.OUTBOUND,
        )
    )
    ids: dict[UUID, set[str]] = defaultdict(set)
    facts: dict[UUID, tuple[int, str]] = {}
    for case_id, message_id, mailbox, number in of_ours:
        ids[case_id].add(message_id)
        facts[case_id] = (number, mailbox)
    people = await _participants(session, mail.tenant_id, list(facts))
    return [
        KnownCase(
            tenant_id=mail.tenant_id,
            case_id=case_id,
            number=number,
            mailbox=mailbox,
            our_message_ids=frozenset(ids[case_id]),
            participants=frozenset(people[case_id]),
        )
        for case_id, (number, mailbox) in facts.items()
    ]


async def _participants(
    session: AsyncSession, tenant_id: UUID, case_ids: Sequence[UUID]
) -> dict[UUID, set[str]]:
    people: dict[UUID, set[str]] = defaultdict(set)
    if not case_ids:
        return people
    rows = await session.execute(
        select(
            MailMessage.case_id,
            MailMessage.direction,
            MailMessage.from_address,
            MailMessage.to_address,
            MailMessage.answer_to,
        ).where(MailMessage.tenant_id == tenant_id, MailMessage.case_id.in_(case_ids))
    )
    for case_id, direction, author, to, answer_to in rows:
        named = {to} if direction is Direction.OUTBOUND else {author, answer_to}
        people[case_id] |= named - {""}
    return people


async def open_mail_cases(session: AsyncSession, shop_ids: Iterable[UUID]) -> list[CaseRow]:
    """Open cases of these shops that have mail, the most urgent first; those without a date come last."""
    urgent, member = _urgent_cases(shop_ids), aliased(Case)
    last = (
        select(
            MailMessage.at,
            MailMessage.direction,
            MailMessage.automatic,
            MailMessage.from_name,
            MailMessage.from_address,
            func.left(MailMessage.text, 160).label("opening"),
        )
        .join(member, _is_in(member))
        .where(member.tenant_id == urgent.tenant_id, member.head_id == urgent.id)
        .order_by(MailMessage.at.desc(), MailMessage.id.desc())
        .limit(1)
        .lateral("last_mail")
    )
    asked = (
        select(urgent, Tenant, *last.c, Account.name)
        .select_from(urgent)
        .join(last, true())
        .join(Tenant, Tenant.tenant_id == urgent.tenant_id)
        .outerjoin(Account, Account.id == urgent.assigned_to)
        .order_by(urgent.due_at.nulls_last(), urgent.opened_at, urgent.id)
    )
    rows = await session.execute(asked)
    return [
        CaseRow(
            case=case,
            shop=shop,
            writer=name or address,
            last_at=at,
            last_is_ours=direction is Direction.OUTBOUND,
            automatic=automatic,
            opening=" ".join(opening.split()),
            taken_by=taken_by,
        )
        for case, shop, at, direction, automatic, name, address, opening, taken_by in rows
    ]


def _urgent_cases(shop_ids: Iterable[UUID]) -> type[Case]:
    """The most urgent cases: each shop's own first ones by its index, then merged."""
    listed = func.unnest(literal(sorted(shop_ids), ARRAY(Uuid)))
    shops = listed.table_valued("tenant_id", name="asked").render_derived()
    of_one = (
        select(Case)
        .where(Case.tenant_id == shops.c.tenant_id, Case.state.in_(LIVE), _has_mail())
        .order_by(Case.due_at.nulls_last(), Case.opened_at, Case.id)
        .limit(LIST_SIZE)
        .lateral("of_one")
    )
    merged = (
        select(*of_one.c)
        .select_from(shops)
        .join(of_one, true())
        .order_by(of_one.c.due_at.nulls_last(), of_one.c.opened_at, of_one.c.id)
        .limit(LIST_SIZE)
        .subquery("urgent")
    )
    return aliased(Case, merged)


def _has_mail(*, or_had: bool = False) -> ColumnElement[bool]:
    """A case, or one that is joined to it, has a mail; ``or_had``: or a joined case by itself."""
    member = aliased(Case)
    own = or_(member.head_id == Case.id, member.id == Case.id) if or_had else member.head_id == Case.id
    return (
        select(MailMessage.id)
        .join(member, _is_in(member))
        .where(member.tenant_id == Case.tenant_id, own)
        .exists()
    )


def _is_in(member: type[Case]) -> ColumnElement[bool]:
    return and_(member.tenant_id == MailMessage.tenant_id, member.id == MailMessage.case_id)


async def case_with_mail(session: AsyncSession, tenant_id: UUID, case_id: UUID) -> Case:
    """One case.

    Raises:
        CaseNotFound: not among the shops bound, or it holds no mail.
    """
    found: Case | None = await session.scalar(
        select(Case).where(Case.tenant_id == tenant_id, Case.id == case_id, _has_mail(or_had=True))
    )
    if found is None:
        raise CaseNotFound
    return found


async def thread_of(session: AsyncSession, case: Case) -> list[MailOfCase]:
    """Every mail of a case and of those joined to it, oldest first, in two statements."""
    rows = await session.execute(
        select(MailMessage, Account.name, Outgoing)
        .outerjoin(Account, Account.id == MailMessage.written_by)
        .outerjoin(
            Outgoing, and_(Outgoing.tenant_id == MailMessage.tenant_id, Outgoing.message_id == MailMessage.id)
        )
        .where(MailMessage.tenant_id == case.tenant_id, MailMessage.case_id.in_(read_through(case)))
        .order_by(MailMessage.at, MailMessage.id)
    )
    found = rows.all()
    attached = await _files_of(session, case.tenant_id, [message.id for message, _, _ in found])
    return [
        MailOfCase(message=message, files=attached.get(message.id, ()), written_by=name, sending=outgoing)
        for message, name, outgoing in found
    ]


async def _files_of(
    session: AsyncSession, tenant_id: UUID, message_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[Attachment, File]]]:
    rows = await session.execute(
        select(Attachment, File)
        .join(File, and_(File.tenant_id == Attachment.tenant_id, File.id == Attachment.file_id))
        .where(Attachment.tenant_id == tenant_id, Attachment.message_id.in_(message_ids))
        .order_by(Attachment.position)
    )
    found: dict[UUID, list[tuple[Attachment, File]]] = defaultdict(list)
    for attachment, file in rows:
        found[attachment.message_id].append((attachment, file))
    return found


async def attachment_file(session: AsyncSession, tenant_id: UUID, attachment_id: UUID) -> File:
    """The file behind an attachment.

    Raises:
        AttachmentNotFound: not among the shops bound.
    """
    found: File | None = await session.scalar(
        select(File)
        .join(Attachment, and_(Attachment.tenant_id == File.tenant_id, Attachment.file_id == File.id))
        .where(Attachment.tenant_id == tenant_id, Attachment.id == attachment_id)
    )
    if found is None:
        raise AttachmentNotFound
    return found


async def last_received(session: AsyncSession, case: Case) -> MailMessage | None:
    """The shopper's latest mail of a case and of those joined to it: what an answer answers."""
    found: MailMessage | None = await session.scalar(
        select(MailMessage)
        .where(
            MailMessage.tenant_id == case.tenant_id,
            MailMessage.case_id.in_(read_through(case)),
            MailMessage.direction == Direction.INBOUND,
        )
        .order_by(MailMessage.automatic, MailMessage.at.desc(), MailMessage.id.desc())
        .limit(1)
    )
    return found


async def desk_of(session: AsyncSession, mail: MailMessage) -> UUID | None:
    """The desk that a received mail came to; None for one of the whole shop."""
    found: UUID | None = await session.scalar(
        select(Interaction.desk_id).where(
            Interaction.tenant_id == mail.tenant_id, Interaction.id == mail.interaction_id
        )
    )
    return found


async def mail_interactions(session: AsyncSession, case: Case) -> Sequence[Interaction]:
    """The received mails of a case and of those joined to it, in the log, oldest first, locked."""
    found = await session.scalars(
        select(Interaction)
        .where(
            Interaction.tenant_id == case.tenant_id,
            Interaction.case_id.in_(group_of(case)),
            Interaction.channel == Channel.MAIL,
        )
        .order_by(Interaction.arrived_at, Interaction.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


async def draft_of(session: AsyncSession, case: Case, agent_id: UUID) -> Draft | None:
    found: Draft | None = await session.scalar(
        select(Draft).where(
            Draft.tenant_id == case.tenant_id, Draft.case_id == case.id, Draft.agent_id == agent_id
        )
    )
    return found


async def outbox_rows(session: AsyncSession, *, limit: int = LIST_SIZE) -> list[SentRow]:
    """What was written lately, newest first."""
    rows = await session.execute(
        _outbox().order_by(MailMessage.at.desc(), MailMessage.id.desc()).limit(limit)
    )
    return [SentRow(outgoing=outgoing, message=message, shop=shop) for outgoing, message, shop in rows]


async def outbox_row(session: AsyncSession, tenant_id: UUID, outgoing_id: UUID) -> SentRow | None:
    row = (
        await session.execute(_outbox().where(Outgoing.tenant_id == tenant_id, Outgoing.id == outgoing_id))
    ).one_or_none()
    return None if row is None else SentRow(outgoing=row[0], message=row[1], shop=row[2])


def _outbox() -> Select[Outgoing, MailMessage, Tenant]:
    return (
        select(Outgoing, MailMessage, Tenant)
        .join(
            MailMessage,
            and_(MailMessage.tenant_id == Outgoing.tenant_id, MailMessage.id == Outgoing.message_id),
        )
        .join(Tenant, Tenant.tenant_id == Outgoing.tenant_id)
    )


async def left_over(session: AsyncSession, *, before: datetime, limit: int = 20) -> list[tuple[UUID, UUID]]:
    """(shop, id) of stored mails that nobody has filed yet, the oldest first."""
    rows = await session.execute(
        select(RawMessage.tenant_id, RawMessage.id)
        .where(RawMessage.state == RawState.STORED, RawMessage.received_at < before)
        .order_by(RawMessage.received_at)
        .limit(limit)
    )
    return [(row.tenant_id, row.id) for row in rows]


async def set_aside_count(session: AsyncSession) -> int:
    """How many mails could not be filed."""
    asked = select(func.count()).select_from(RawMessage).where(RawMessage.state == RawState.QUARANTINED)
    return await session.scalar(asked) or 0


async def quarantined(session: AsyncSession) -> Sequence[RawMessage]:
    """Mails that could not be filed, oldest first."""
    found = await session.scalars(
        select(RawMessage)
        .where(RawMessage.state == RawState.QUARANTINED)
        .order_by(RawMessage.received_at)
        .limit(LIST_SIZE)
    )
    return found.all()


async def due_mail(session: AsyncSession, *, now: datetime, limit: int) -> Sequence[Outgoing]:
    """Mails to send now, and those whose sender went silent; locked, those of others passed over."""
    found = await session.scalars(
        select(Outgoing)
        .where(
            or_(Outgoing.state == SendState.QUEUED, Outgoing.state == SendState.SENDING),
            Outgoing.due_at <= now,
        )
        .order_by(Outgoing.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return found.all()


async def drafts_in(session: AsyncSession, case: Case) -> Sequence[Draft]:
    """What agents have begun to write in a case, the oldest first."""
    found = await session.scalars(
        select(Draft)
        .where(Draft.tenant_id == case.tenant_id, Draft.case_id == case.id)
        .order_by(Draft.saved_at, Draft.id)
    )
    return found.all()


async def mail_in(session: AsyncSession, case: Case, message_id: UUID) -> MailMessage | None:
    """A mail of a case or of one that is joined to it."""
    found: MailMessage | None = await session.scalar(
        select(MailMessage).where(
            MailMessage.tenant_id == case.tenant_id,
            MailMessage.id == message_id,
            MailMessage.case_id.in_(group_of(case)),
        )
    )
    return found
