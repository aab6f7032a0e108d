"""Answering a case by mail: take it, draft, send once, or settle it without an answer."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.profiles import profile_of
from interactions.cases import LIVE, close_case, locked_case
from interactions.commands import close, record
from interactions.joins import refuse_joined
from interactions.models import Case, Interaction
from interactions.values import CaseState, EventKind, Outcome
from mailroom.addresses import Address
from mailroom.charsets import tidy
from mailroom.commands.working import go_on, let_go
from mailroom.composing import RANDOM_BYTES, Reply, compose, new_message_id, quote, reply_subject, to_bytes
from mailroom.errors import AnswerEmpty, CaseMovedOn, CaseTaken, HandsFull, NothingToAnswer
from mailroom.models import Draft, MailMessage, Outgoing
from mailroom.queries import last_received, mail_interactions
from mailroom.surveys.commands import Asking, asking_for, note_asked
from mailroom.surveys.links import Links
from mailroom.values import AfterAnswer, Direction, SendState
from nanori.actors import Actor
from nanori.identity.queries import names_of
from nanori.live import WORK, announce
from tenants import queries as shops

MAX_ANSWER = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an agent wants to send.

    ``version`` is the case's as the agent saw it; ``attribution`` the line above the quoted mail, "" quotes
    nothing; ``randomness`` at least 80 unpredictable bits, which tests choose. ``links``: makes the link with
    which the shopper may say how it went, where the shop asks; None asks nobody.
    """

    text: str
    version: int
    after: AfterAnswer = AfterAnswer.DONE
    attribution: str = ""
    randomness: bytes = b""
    links: Links | None = None


async def take_case(
    session: AsyncSession, tenant_id: UUID, case_id: UUID, *, agent_id: UUID, now: datetime
) -> Case:
    """Say "I answer this one". Doing so again changes nothing.

    Raises:
        CaseNotFound: not among the shops bound.
        CaseTaken: somebody else said so first.
        HandsFull: the agent has as many open cases as fit.
        CaseIsJoined: it goes on in another case.
    """
    case = await _workable(session, tenant_id, case_id)
    await refuse_if_taken(session, case, agent_id)
    if case.assigned_to is None:
        await _refuse_if_full(session, agent_id)
    case.assigned_to = agent_id
    go_on(case, now)
    await session.flush()
    return case


async def _refuse_if_full(session: AsyncSession, agent_id: UUID) -> None:
    most = (await profile_of(session, agent_id)).mails_at_once
    if most is None:
        return
    in_hand = await session.scalar(
        select(func.count()).where(Case.assigned_to == agent_id, Case.state == CaseState.OPEN)
    )
    if (in_hand or 0) >= most:
        raise HandsFull(most=most)


async def release_case(
    session: AsyncSession,
    tenant_id: UUID,
    case_id: UUID,
    *,
    agent_id: UUID,
    now: datetime,
    frees_others: bool = False,
) -> Case:
    """Let others have it.

    Args:
        frees_others: whether this account may also free what another has left lying.

    Raises:
        CaseNotFound: not among the shops bound.
        CaseTaken: it is another's, and not this account's to free.
    """
    case = await locked_case(session, tenant_id, case_id)
    if not frees_others:
        await refuse_if_taken(session, case, agent_id)
    if case.assigned_to == agent_id:
        go_on(case, now)
    case.assigned_to = case.touched_at = None
    await session.flush()
    return case


async def save_draft(session: AsyncSession, case: Case, text: str, *, agent_id: UUID, now: datetime) -> None:
    """Keep what the agent has typed so far; an empty text takes the draft away.

    Raises:
        CaseIsJoined: it goes on in another case.
    """
    await refuse_joined(session, case)
    if case.assigned_to in (None, agent_id):
        go_on(case, now)
    clean = tidy(text)[:MAX_ANSWER]
    if not clean.strip():
        await _drop_draft(session, case, agent_id)
        return
    statement = insert(Draft).values(
        tenant_id=case.tenant_id, id=uuid7(), case_id=case.id, agent_id=agent_id, text=clean, saved_at=now
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[Draft.tenant_id, Draft.case_id, Draft.agent_id],
            set_={"text": statement.excluded.text, "saved_at": statement.excluded.saved_at},
        )
    )


async def answer_case(
    session: AsyncSession, tenant_id: UUID, case_id: UUID, answer: Answer, *, actor: Actor, now: datetime
) -> MailMessage:
    """Write the answer, put it into the outbox, and note the first reply of every mail it answers.

    Raises:
        CaseNotFound: not among the shops bound.
        AnswerEmpty: there are no words in it.
        CaseTaken: another agent is answering.
        CaseIsJoined: it goes on in another case.
        CaseMovedOn: a mail came in or went out since the agent looked; nothing is sent.
        NothingToAnswer: the case has no mail with an address to answer to.
        AddressNotUsable: the address is none.
    """
    agent_id = _account(actor)
    if not tidy(answer.text).strip():
        raise AnswerEmpty({"text": AnswerEmpty.message})
    case = await _workable(session, tenant_id, case_id)
    await refuse_if_taken(session, case, agent_id)
    if case.version != answer.version:
        raise CaseMovedOn
    asked = await last_received(session, case)
    if asked is None or not asked.answer_to:
        raise NothingToAnswer
    asking = await _asking(session, case, asked, answer, now=now)
    message = await _write(session, case, asked, answer, asking, agent_id=agent_id, now=now)
    worked_ms = let_go(case, now)
    latest = await _note_reply(session, case, message, worked_ms, actor=actor, now=now)
    if answer.after is AfterAnswer.DONE:
        await _solve(session, case, latest, CaseState.DONE, actor=actor, now=now)
        if asking is not None:
            await note_asked(session, asking, message, actor=actor, now=now)
    else:
        await _keep_open(session, case, agent_id=agent_id)
    await _drop_draft(session, case, agent_id)
    await announce(session, WORK, "mail")
    return message


async def close_without_answer(
    session: AsyncSession, tenant_id: UUID, case_id: UUID, *, version: int, actor: Actor, now: datetime
) -> Case:
    """Settle a case whose mail needs no answer.

    Raises:
        CaseNotFound, CaseTaken, CaseIsJoined, CaseMovedOn: as for an answer.
    """
    case = await _workable(session, tenant_id, case_id)
    await refuse_if_taken(session, case, _account(actor))
    if case.version != version:
        raise CaseMovedOn
    interactions = await mail_interactions(session, case)
    for interaction in interactions:
        await close(session, interaction, Outcome.NO_ACTION, actor=actor, at=now, by="agent")
    latest = interactions[-1] if interactions else None
    worked_ms = let_go(case, now)
    await _solve(session, case, latest, CaseState.NO_ACTION, actor=actor, now=now, worked_ms=worked_ms)
    await _drop_draft(session, case, _account(actor))
    return case


async def _asking(
    session: AsyncSession, case: Case, asked: MailMessage, answer: Answer, *, now: datetime
) -> Asking | None:
    """An answer asks only when it settles a matter that was open."""
    if answer.links is None or answer.after is not AfterAnswer.DONE or case.state not in LIVE:
        return None
    shop = await shops.shop(session, case.tenant_id)
    return await asking_for(session, shop, case, asked, answer.links, now=now)


async def _write(
    session: AsyncSession, case: Case, asked: MailMessage, answer: Answer, asking: Asking | None, *,
    agent_id: UUID, now: datetime,
) -> MailMessage:  # fmt: skip
    """The message and its row in the outbox. The link is in the mail only: no agent may follow it."""
    shop = await shops.shop(session, case.tenant_id)
    text = tidy(answer.text)[:MAX_ANSWER].strip() + "\n"
    quoted = "\n" + quote(asked.text, answer.attribution) if answer.attribution else ""
    randomness = answer.randomness or secrets.token_bytes(RANDOM_BYTES)
    reply = Reply(
        sender=Address(asked.to_address, shop.brand_name),
        to=Address(asked.answer_to, asked.from_name),
        subject=asked.subject,
        text=text + (asking.lines if asking else "") + quoted,
        message_id=new_message_id(randomness, sender=asked.to_address),
        sent_at=now,
        answers=asked.message_id_header or None,
        references=tuple(str(one) for one in asked.references),
    )
    content = to_bytes(compose(reply))  # refuses before anything is written
    message = _message(asked, reply, text=text, written_by=agent_id)
    session.add(message)
    await session.flush()
    session.add(
        Outgoing(
            tenant_id=case.tenant_id,
            id=uuid7(),
            message_id=message.id,
            content=content,
            recipients=[reply.to.address],
            state=SendState.QUEUED,
            due_at=now,
            attempts=0,
        )
    )
    await session.flush()
    return message


def _message(asked: MailMessage, reply: Reply, *, text: str, written_by: UUID) -> MailMessage:
    """In the case of the mail that it answers: it stays with it when joined cases are parted."""
    return MailMessage(
        tenant_id=asked.tenant_id,
        id=uuid7(),
        case_id=asked.case_id,
        interaction_id=asked.interaction_id,
        direction=Direction.OUTBOUND,
        at=reply.sent_at,
        written_by=written_by,
        message_id_header=reply.message_id,
        in_reply_to=reply.answers or "",
        references=list(reply.references),
        from_address=reply.sender.address,
        from_name=reply.sender.name,
        to_address=reply.to.address,
        answer_to="",
        subject=reply_subject(reply.subject),
        text=text,
        automatic=False,
        possibly=[],
        notes=[],
    )


async def _note_reply(
    session: AsyncSession,
    case: Case,
    message: MailMessage,
    worked_ms: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> Interaction | None:
    """Each open mail of the case has its first reply now; a further answer belongs to the latest mail.

    Returns the latest mail.
    """
    interactions = await mail_interactions(session, case)
    unanswered = [one for one in interactions if one.outcome is None]
    for interaction in unanswered:
        await _reply_event(
            session, interaction, EventKind.FIRST_REPLY, message, worked_ms, actor=actor, now=now
        )
        await close(session, interaction, Outcome.REPLIED, actor=actor, at=now, by="agent")
    if not unanswered and interactions:
        await _reply_event(
            session, interactions[-1], EventKind.REPLIED, message, worked_ms, actor=actor, now=now
        )
    return interactions[-1] if interactions else None


async def _reply_event(
    session: AsyncSession,
    interaction: Interaction,
    kind: EventKind,
    message: MailMessage,
    worked_ms: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    await record(
        session, interaction, kind, actor=actor, at=now, agent_id=_account(actor), message_id=message.id,
        worked_ms=worked_ms,
    )  # fmt: skip


async def _solve(
    session: AsyncSession, case: Case, latest: Interaction | None, state: CaseState, *, actor: Actor,
    now: datetime, worked_ms: int | None = None,
) -> None:  # fmt: skip
    """Settle the matter, and say so in the log beside its latest mail; once for each time it is open."""
    if latest is not None and case.state in LIVE:
        await record(session, latest, EventKind.SOLVED, actor=actor, at=now, worked_ms=worked_ms)
    await close_case(session, case, state, now=now)
    case.assigned_to = None


async def _keep_open(session: AsyncSession, case: Case, *, agent_id: UUID) -> None:
    """To follow up; the version rises as when it is settled, so that nobody answers twice."""
    case.state = CaseState.PENDING
    case.due_at = None
    case.closed_at = None
    case.version += 1
    case.assigned_to = agent_id
    await session.flush()


async def _workable(session: AsyncSession, tenant_id: UUID, case_id: UUID) -> Case:
    """The case, locked, unless it goes on elsewhere."""
    case = await locked_case(session, tenant_id, case_id)
    await refuse_joined(session, case)
    return case


async def refuse_if_taken(session: AsyncSession, case: Case, agent_id: UUID) -> None:
    """Raises:
    CaseTaken: another agent has it in hand.
    """
    if case.assigned_to not in (None, agent_id):
        names = await names_of(session, [case.assigned_to]) if case.assigned_to else {}
        raise CaseTaken(name=names.get(case.assigned_to or agent_id, ""))


async def _drop_draft(session: AsyncSession, case: Case, agent_id: UUID) -> None:
    await session.execute(
        delete(Draft).where(
            Draft.tenant_id == case.tenant_id, Draft.case_id == case.id, Draft.agent_id == agent_id
        )
    )


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise LookupError("only a person with an account answers mail")
    return actor.account_id
