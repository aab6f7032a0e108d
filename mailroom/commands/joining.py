"""Joining a mail's case into another, and making a second case of a mail that holds two questions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.cases import locked_case, open_case
from interactions.commands import locked
from interactions.joins import MAX_REASON, account_of, join_cases, locked_pair, refuse_joined
from interactions.models import Case, CaseJoin, Interaction
from interactions.splits import open_part
from mailroom.charsets import one_line
from mailroom.commands.answering import refuse_if_taken
from mailroom.commands.filing import due_in_shop
from mailroom.errors import CaseMovedOn, DraftsLeft, NotToSplit, SubjectMissing
from mailroom.models import Attachment, Draft, MailMessage
from mailroom.queries import drafts_in, mail_in
from mailroom.values import Direction, DraftFate
from nanori.actors import Actor
from nanori.live import WORK, announce

MAX_SUBJECT = 200
BETWEEN_DRAFTS = "\n\n――\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """``version`` is that of the case to be joined, as the agent saw it."""

    into_id: UUID
    version: int
    reason: str
    drafts: DraftFate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """The second question of a mail; ``version`` is that of the case as the agent saw it."""

    message_id: UUID
    version: int
    subject: str
    reason_id: UUID | None = None
    desk_id: UUID | None = None


async def join_case(
    session: AsyncSession, tenant_id: UUID, case_id: UUID, wanted: Wanted, *, actor: Actor, now: datetime
) -> CaseJoin:
    """Let a case go on in another one of the same shop. Whoever answers that one has to look again first.

    Raises:
        CaseNotFound, CaseIsJoined, SameCase, CasesChanged, NothingToJoin, ParcelStillSought: as in
            ``interactions.joins``.
        CaseTaken: another agent is answering the case that is to be joined.
        CaseMovedOn: something happened in it since the agent looked.
        DraftsLeft: somebody has begun an answer in it, and nobody said what becomes of that.
    """
    case, into = await locked_pair(session, tenant_id, case_id, wanted.into_id)
    await refuse_if_taken(session, case, account_of(actor))
    if case.version != wanted.version:
        raise CaseMovedOn
    await _settle_drafts(session, case, into, wanted.drafts)
    reason = one_line(wanted.reason, MAX_REASON)
    join = await join_cases(session, case, into, reason=reason, actor=actor, now=now)
    await announce(session, WORK, "mail")
    return join


async def _settle_drafts(session: AsyncSession, case: Case, into: Case, fate: DraftFate | None) -> None:
    drafts = await drafts_in(session, case)
    if not drafts:
        return
    if fate is None:
        raise DraftsLeft
    if fate is DraftFate.TAKE:
        there = {one.agent_id: one for one in await drafts_in(session, into)}
        for draft in drafts:
            written = there.get(draft.agent_id)
            if written is None:
                draft.case_id = into.id
            else:
                written.text += BETWEEN_DRAFTS + draft.text
        await session.flush()
    await session.execute(delete(Draft).where(Draft.tenant_id == case.tenant_id, Draft.case_id == case.id))


async def split_case(
    session: AsyncSession, tenant_id: UUID, case_id: UUID, second: Second, *, actor: Actor, now: datetime
) -> Case:
    """Make a second case of one mail: a copy to answer, due as if it had come with the mail. Returns it.

    The mail stays where it is. Nothing is received and nothing is billed twice.

    Raises:
        CaseNotFound, CaseIsJoined, CaseTaken, CaseMovedOn: as for an answer.
        NotToSplit: the message is none of a person's in this case.
        SubjectMissing: nobody could tell the two cases apart.
        ReasonUnknown: the reason is none of the shop's.
    """
    subject = one_line(second.subject, MAX_SUBJECT)
    if not subject:
        raise SubjectMissing({"subject": SubjectMissing.message})
    case = await locked_case(session, tenant_id, case_id)
    await refuse_joined(session, case)
    await refuse_if_taken(session, case, account_of(actor))
    if case.version != second.version:
        raise CaseMovedOn
    mail = await mail_in(session, case, second.message_id)
    if mail is None or mail.direction is not Direction.INBOUND or mail.automatic:
        raise NotToSplit
    origin = await locked(session, tenant_id, mail.interaction_id)
    made = await open_case(
        session, tenant_id, subject=subject, shopper_id=origin.shopper_id,
        due_at=await due_in_shop(session, tenant_id, origin.arrived_at), now=now,
    )  # fmt: skip
    part = await open_part(
        session, origin, made, reason_id=second.reason_id, desk_id=second.desk_id, actor=actor, now=now
    )
    await _copy(session, mail, part)
    case.version += 1
    await session.flush()
    await announce(session, WORK, "mail")
    return made


async def _copy(session: AsyncSession, mail: MailMessage, part: Interaction) -> None:
    """The mail to be read and answered in the second case, with its files."""
    columns = {one.key: getattr(mail, one.key) for one in MailMessage.__table__.columns}
    copy = MailMessage(
        **columns
        | {
            "id": uuid7(), "raw_id": None, "case_id": part.case_id, "interaction_id": part.id, "possibly": [],
            "copy_of": mail.copy_of or mail.id,
        }
    )  # fmt: skip
    session.add(copy)
    await session.flush()
    files = select(Attachment).where(Attachment.tenant_id == mail.tenant_id, Attachment.message_id == mail.id)
    for one in await session.scalars(files):
        session.add(
            Attachment(
                tenant_id=mail.tenant_id, id=uuid7(), message_id=copy.id, file_id=one.file_id,
                position=one.position, content_id=one.content_id,
            )
        )  # fmt: skip
    await session.flush()
