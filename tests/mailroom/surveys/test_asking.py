"""Who is asked: once for each matter, not again for a month, and never with a machine in it."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind
from mailroom.models import MailMessage, Outgoing
from mailroom.parsing import parse_mail
from mailroom.surveys.commands import answer_survey, set_rule
from mailroom.surveys.errors import AlreadyAnswered, LinkUnknown, ScoreMissing
from mailroom.surveys.links import Links
from mailroom.surveys.models import Survey
from mailroom.surveys.values import LONGEST_COMMENT, SCALES, SurveyKind
from mailroom.values import AfterAnswer, Direction, SendState
from nanori.db import bind_all_shops
from tests.mailroom.conftest import MailShop
from tests.mailroom.surveys.conftest import Answers
from tests.support.clock import TestClock

OTHER = "From: sato@y.example"


async def asked(session: AsyncSession) -> list[Survey]:
    return list(await session.scalars(select(Survey).order_by(Survey.asked_at, Survey.id)))


async def test_the_answer_that_settles_a_matter_carries_one_line_and_the_log_says_so(
    session: AsyncSession, asking: MailShop, answers: Answers, links: Links, clock: TestClock
) -> None:
    await answers(asking, asking.letter())
    survey = (await asked(session))[0]
    sent = parse_mail((await session.scalars(select(Outgoing))).one().content)
    token = links.token(asking.id, survey.interaction_id, now=clock.now())
    assert sent.text.splitlines() == [
        "発送しました。", "", "――", "ミナト珈琲",
        "今回の対応はいかがでしたか。1問だけお聞かせください（14日間有効）",
        f"{links.public_url}/feedback/{token}",
    ]  # fmt: skip
    stored = (
        await session.scalars(select(MailMessage).where(MailMessage.direction == Direction.OUTBOUND))
    ).one()
    assert "feedback" not in stored.text
    assert (survey.kind, survey.question, survey.message_id) == (
        SurveyKind.CSAT, "今回の対応にどのくらいご満足いただけましたか。", stored.id,
    )  # fmt: skip
    events = list(await session.scalars(select(InteractionEvent).order_by(InteractionEvent.seq)))
    assert [one.kind for one in events][-2:] == [EventKind.SOLVED, EventKind.SURVEY_ASKED]
    assert events[-1].data == {"survey": "csat"}


async def test_nobody_is_asked_unless_the_shop_wants_it_and_the_matter_is_settled(
    session: AsyncSession, shop: MailShop, answers: Answers
) -> None:
    await answers(shop, shop.letter())
    await set_rule(session, shop.id, None, {SurveyKind.CSAT: "いかがでしたか。"})
    await answers(shop, shop.letter(OTHER, number=2))
    await set_rule(session, shop.id, SurveyKind.NPS, {})
    await answers(shop, shop.letter(OTHER, number=3), after=AfterAnswer.PENDING)
    await answers(shop, shop.letter("From: a@z.example", number=4), asks=False)
    assert await asked(session) == []


async def test_a_matter_asks_once_and_an_address_once_in_thirty_days(
    session: AsyncSession, asking: MailShop, answers: Answers, clock: TestClock
) -> None:
    await answers(asking, asking.letter())
    ours = (
        await session.scalars(
            select(MailMessage.message_id_header).where(MailMessage.direction == Direction.OUTBOUND)
        )
    ).one()
    clock.advance(timedelta(days=31))
    await answers(asking, asking.letter(f"In-Reply-To: {ours}", number=2))
    assert len(await asked(session)) == 1, "the same matter again"
    await answers(asking, asking.letter(number=3))
    assert len(await asked(session)) == 2, "another matter after a month"
    clock.advance(timedelta(days=29))
    await answers(asking, asking.letter(number=4))
    assert len(await asked(session)) == 2, "another matter too soon"
    clock.advance(timedelta(days=2))
    await answers(asking, asking.letter(number=5))
    assert len(await asked(session)) == 3


async def test_where_a_machine_takes_part_or_the_address_refused_us_nobody_is_asked(
    session: AsyncSession, asking: MailShop, answers: Answers, clock: TestClock
) -> None:
    await answers(asking, asking.letter("Auto-Submitted: auto-replied"))
    assert await asked(session) == []
    await answers(asking, asking.letter(number=2), asks=False)
    await session.execute(update(Outgoing).values(state=SendState.FAILED))
    await answers(asking, asking.letter(number=3))
    assert await asked(session) == []


async def test_a_shopper_answers_once_and_the_log_holds_the_score_without_the_comment(
    session: AsyncSession, asking: MailShop, answers: Answers, clock: TestClock
) -> None:
    await answers(asking, asking.letter())
    contact = (await session.scalars(select(Interaction))).one()

    async def answer(score: int | None, comment: str = "") -> Survey:
        return await answer_survey(session, asking.id, contact.id, score, comment, now=clock.now())

    for outside in (None, 0, 6):
        with pytest.raises(ScoreMissing):
            await answer(outside)
    given = await answer(5, "助かりました。\x00" + "あ" * 2000)
    assert (given.score, given.answered_at, len(given.comment)) == (5, clock.now(), LONGEST_COMMENT)
    with pytest.raises(AlreadyAnswered):
        await answer(1, "もう一度")
    last = list(await session.scalars(select(InteractionEvent).order_by(InteractionEvent.seq)))[-1]
    assert (last.kind, last.data) == (EventKind.SURVEY_ANSWERED, {"survey": "csat", "score": 5})


async def test_a_contact_about_which_nobody_was_asked_takes_no_answer(
    session: AsyncSession, shop: MailShop, answers: Answers, clock: TestClock
) -> None:
    await answers(shop, shop.letter())
    await bind_all_shops(session)
    contact = (await session.scalars(select(Interaction))).one()
    with pytest.raises(LinkUnknown):
        await answer_survey(session, shop.id, contact.id, 5, "", now=clock.now())


@pytest.mark.parametrize("kind", SurveyKind)
async def test_the_database_knows_each_scale(
    session: AsyncSession, asking: MailShop, answers: Answers, clock: TestClock, kind: SurveyKind
) -> None:
    await answers(asking, asking.letter())
    taken = []
    for score in range(-1, 12):
        with suppress(IntegrityError):
            async with session.begin_nested():
                await session.execute(update(Survey).values(kind=kind, score=score, answered_at=clock.now()))
                taken.append(score)
    assert taken == list(SCALES[kind].scores)
