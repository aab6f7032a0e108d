"""Reads about cases that are joined or could be, and about mails that were split."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from interactions.errors import CaseNotFound
from interactions.joins import group_of, read_through
from interactions.models import Case, CaseJoin, Interaction
from interactions.values import CaseState, Channel
from mailroom.models import MailMessage
from mailroom.queries import MailOfCase
from mailroom.values import Direction
from nanori.identity.models import Account

FOUND_SIZE = 8
_LIKE = str.maketrans({"\\": r"\\", "%": r"\%", "_": r"\_"})


@dataclass(frozen=True, slots=True)
class JoinedCase:
    """A case that goes on in the one that is read, or that one itself where it is joined."""

    join: CaseJoin
    case: Case
    by: str


@dataclass(frozen=True, slots=True)
class CallOfCase:
    call: Interaction
    agent: str


@dataclass(frozen=True, slots=True)
class Split:
    """A mail and the case of its second question: ``mail_id`` was copied into ``copy_id``."""

    mail_id: UUID
    copy_id: UUID
    mail_case: Case
    copy_case: Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a case and those joined to it hold."""

    mails: int
    calls: int
    writers: Sequence[str]  # addresses that an answer would go to, the latest first


async def joined_cases(session: AsyncSession, case: Case) -> list[JoinedCase]:
    """Everything that goes on in this case, the earliest join first; of a joined case its own join."""
    rows = await session.execute(
        select(CaseJoin, Case, Account.name)
        .join(Case, and_(Case.tenant_id == CaseJoin.tenant_id, Case.id == CaseJoin.case_id))
        .join(Account, Account.id == CaseJoin.joined_by)
        .where(CaseJoin.tenant_id == case.tenant_id, CaseJoin.undone_at.is_(None))
        .where(CaseJoin.case_id.in_(read_through(case)))
        .order_by(CaseJoin.joined_at, CaseJoin.id)
    )
    return [JoinedCase(*row) for row in rows]


async def calls_of(session: AsyncSession, case: Case) -> list[CallOfCase]:
    """Calls of a case and of those joined to it, the earliest first."""
    rows = await session.execute(
        select(Interaction, Account.name)
        .outerjoin(Account, Account.id == Interaction.agent_id)
        .where(Interaction.tenant_id == case.tenant_id, Interaction.channel == Channel.PHONE)
        .where(Interaction.case_id.in_(read_through(case)))
        .order_by(Interaction.arrived_at, Interaction.id)
    )
    return [CallOfCase(call, name or "") for call, name in rows]


async def splits_of(session: AsyncSession, thread: Sequence[MailOfCase]) -> list[Split]:
    """Copies that were made of these mails, and the mails that these are copies of."""
    if not thread:
        return []
    copy, mail, copy_case, mail_case = (
        aliased(MailMessage), aliased(MailMessage), aliased(Case), aliased(Case),
    )  # fmt: skip
    ids = [one.message.id for one in thread]
    copies = [one.message.id for one in thread if one.message.copy_of]
    rows = await session.execute(
        select(mail.id, copy.id, mail_case, copy_case)
        .join(mail, and_(mail.tenant_id == copy.tenant_id, mail.id == copy.copy_of))
        .join(mail_case, and_(mail_case.tenant_id == mail.tenant_id, mail_case.id == mail.case_id))
        .join(copy_case, and_(copy_case.tenant_id == copy.tenant_id, copy_case.id == copy.case_id))
        .where(copy.tenant_id == thread[0].message.tenant_id)
        .where(or_(copy.copy_of.in_(ids), copy.id.in_(copies)))
        .order_by(copy.id)
    )
    return [Split(*row) for row in rows]


async def cases_like(session: AsyncSession, case: Case, asked: str) -> Sequence[Case]:
    """Other cases of the same shop, the newest first: of the same shopper, by number, or by the subject."""
    found = select(Case).where(Case.tenant_id == case.tenant_id, Case.id != case.id)
    number = asked.removeprefix("No.").removeprefix("#").strip()
    if number.isascii() and number.isdigit() and len(number) < len("1000000000"):
        found = found.where(Case.number == int(number))
    elif asked:
        found = found.where(Case.subject.ilike(f"%{asked.translate(_LIKE)}%"))
    elif case.shopper_id is None:
        return []
    else:
        found = found.where(Case.shopper_id == case.shopper_id, Case.state != CaseState.JOINED)
    rows = await session.scalars(found.order_by(Case.opened_at.desc(), Case.id.desc()).limit(FOUND_SIZE))
    return rows.all()


async def head_by_id(session: AsyncSession, tenant_id: UUID, case_id: UUID) -> Case:
    """The case in which this one goes on.

    Raises:
        CaseNotFound: not among the shops bound.
    """
    head = aliased(Case)
    found: Case | None = await session.scalar(
        select(head)
        .join(Case, and_(Case.tenant_id == head.tenant_id, Case.head_id == head.id))
        .where(Case.tenant_id == tenant_id, Case.id == case_id)
    )
    if found is None:
        raise CaseNotFound
    return found


async def contents_of(session: AsyncSession, case: Case) -> Contents:
    one = Interaction
    mails, calls = (
        await session.execute(
            select(
                func.count(one.id).filter(one.channel == Channel.MAIL),
                func.count(one.id).filter(one.channel == Channel.PHONE),
            ).where(one.tenant_id == case.tenant_id, one.case_id.in_(group_of(case)))
        )
    ).one()
    writers = await session.scalars(
        select(MailMessage.answer_to)
        .where(MailMessage.tenant_id == case.tenant_id, MailMessage.case_id.in_(group_of(case)))
        .where(MailMessage.direction == Direction.INBOUND, MailMessage.answer_to != "")
        .order_by(MailMessage.automatic, MailMessage.at.desc(), MailMessage.id.desc())
    )
    return Contents(mails=mails, calls=calls, writers=list(dict.fromkeys(one.lower() for one in writers)))


async def has_mail(session: AsyncSession, case: Case) -> bool:
    """Whether there is a page of mails of it."""
    one = MailMessage
    found = await session.scalar(
        select(one.id).where(one.tenant_id == case.tenant_id, one.case_id.in_(read_through(case))).limit(1)
    )
    return found is not None
