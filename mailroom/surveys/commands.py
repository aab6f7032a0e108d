"""Writes of surveys: what a shop wants, asking with an answer, and the shopper's one answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.commands import locked, record
from interactions.models import Case, Interaction
from interactions.values import EventKind, PartyKind
from mailroom.models import MailMessage, Outgoing
from mailroom.queries import mail_interactions, thread_of
from mailroom.surveys.errors import AlreadyAnswered, LinkUnknown, ScoreMissing
from mailroom.surveys.links import Links
from mailroom.surveys.models import Survey, SurveyRule
from mailroom.surveys.queries import rule_of, survey_of_case
from mailroom.surveys.values import LONGEST_COMMENT, NOT_AGAIN_FOR, SCALES, VALID_FOR, SurveyKind
from mailroom.surveys.wording import INVITATION, QUESTIONS
from mailroom.values import SendState
from nanori.actors import SHOPPER, Actor
from nanori.text import tidied
from nanori.words import words_for
from tenants.models import Tenant


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """That a mail is to ask, and the lines that it carries."""

    interaction: Interaction
    kind: SurveyKind
    question: str
    lines: str


async def set_rule(
    session: AsyncSession, tenant_id: UUID, kind: SurveyKind | None, questions: Mapping[SurveyKind, str]
) -> SurveyRule:
    """What is asked from now on; None asks nobody. An empty wording is the proposed one."""
    rule = await rule_of(session, tenant_id)
    if rule is None:
        rule = SurveyRule(tenant_id=tenant_id)
        session.add(rule)
    rule.kind = kind
    rule.questions = {one.value: text for one, text in questions.items() if text}
    await session.flush()
    return rule


def question_of(rule: SurveyRule | None, kind: SurveyKind, shop: Tenant) -> str:
    """The shop's own wording, or the proposed one in the shop's language."""
    own = str(rule.questions.get(kind.value, "")) if rule else ""
    return own or words_for(shop.locale).gettext(QUESTIONS[kind])


async def asking_for(
    session: AsyncSession, shop: Tenant, case: Case, asked: MailMessage, links: Links, *, now: datetime
) -> Asking | None:
    """Whether the answer that settles this matter is to ask, and with which lines.

    Nobody is asked twice about one matter, nor within :data:`NOT_AGAIN_FOR` of the last time, nor where a
    machine takes part or the address did not take our mail. The shop's rule stays locked until the end, so
    that of two answers to one address only one asks.
    """
    rule: SurveyRule | None = await session.scalar(
        select(SurveyRule).where(SurveyRule.tenant_id == shop.tenant_id).with_for_update()
    )
    if rule is None or rule.kind is None or await survey_of_case(session, case) is not None:
        return None
    interactions = await mail_interactions(session, case)
    latest = interactions[-1] if interactions else None
    if latest is None or latest.id != asked.interaction_id or latest.party is not PartyKind.HUMAN:
        return None
    if any(one.message.automatic for one in await thread_of(session, case)):
        return None
    if await _is_left_alone(session, shop.tenant_id, asked.answer_to, now=now):
        return None
    invitation = words_for(shop.locale).gettext(INVITATION, days=VALID_FOR.days)
    url = links.url(shop.tenant_id, latest.id, now=now)
    return Asking(
        interaction=latest, kind=rule.kind, question=question_of(rule, rule.kind, shop),
        lines=f"\n――\n{shop.brand_name}\n{invitation}\n{url}\n",
    )  # fmt: skip


async def note_asked(
    session: AsyncSession, asking: Asking, message: MailMessage, *, actor: Actor, now: datetime
) -> None:
    """The mail is in the outbox: a fact of the log."""
    one = asking.interaction
    session.add(
        Survey(
            tenant_id=one.tenant_id, interaction_id=one.id, number=one.number, message_id=message.id,
            kind=asking.kind, question=asking.question, asked_at=now,
        )
    )  # fmt: skip
    await record(session, one, EventKind.SURVEY_ASKED, actor=actor, at=now, survey=asking.kind.value)


async def answer_survey(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID, score: int | None, comment: str, *,
    now: datetime,
) -> Survey:  # fmt: skip
    """The shopper's answer: once. The score goes into the log, the comment beside the shop's case texts.

    Raises:
        LinkUnknown: nobody was asked about this contact.
        AlreadyAnswered: there is an answer.
        ScoreMissing: none of the scale's numbers.
    """
    survey: Survey | None = await session.scalar(
        select(Survey)
        .where(Survey.tenant_id == tenant_id, Survey.interaction_id == interaction_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if survey is None:
        raise LinkUnknown
    if survey.answered_at is not None:
        raise AlreadyAnswered
    if score is None or score not in SCALES[survey.kind].scores:
        raise ScoreMissing({"score": ScoreMissing.message})
    survey.score, survey.answered_at = score, now
    survey.comment = tidied(comment)[:LONGEST_COMMENT]
    one = await locked(session, tenant_id, interaction_id)
    await record(
        session, one, EventKind.SURVEY_ANSWERED, actor=SHOPPER, at=now, survey=survey.kind.value, score=score
    )
    return survey


async def _is_left_alone(session: AsyncSession, tenant_id: UUID, address: str, *, now: datetime) -> bool:
    """Asked lately, or a mail of ours to it was refused for good."""
    mine = and_(MailMessage.tenant_id == tenant_id, func.lower(MailMessage.to_address) == address.lower())
    lately = (
        select(Survey.id)
        .join(
            MailMessage, and_(MailMessage.tenant_id == Survey.tenant_id, MailMessage.id == Survey.message_id)
        )
        .where(mine, Survey.tenant_id == tenant_id, Survey.asked_at > now - NOT_AGAIN_FOR)
    )
    refused = (
        select(Outgoing.id)
        .join(
            MailMessage,
            and_(MailMessage.tenant_id == Outgoing.tenant_id, MailMessage.id == Outgoing.message_id),
        )
        .where(mine, Outgoing.tenant_id == tenant_id, Outgoing.state == SendState.FAILED)
    )
    found = await session.execute(select(lately.exists(), refused.exists()))
    return any(found.one())
