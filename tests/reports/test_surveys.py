"""Scores by hand: NPS of the usual example, CSAT, CES, the response rate, and whose month it is."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.values import EventKind, Outcome
from mailroom.surveys.values import SurveyKind
from nanori.actors import Role
from nanori.words import words_for
from reports.closing.commands import close_month
from reports.closing.frozen import thaw
from reports.facts import MailFact
from reports.figures import Figure, Unit
from reports.paper.wording import Wording
from reports.queries import month_of_shop
from reports.surveys import survey_figures
from tests.reports.logged import OCTOBER as MONTH
from tests.reports.logged import ShopLog, a_few, an_open_shop
from tests.reports.months import OCTOBER, at
from tests.support.clock import START
from tests.support.people import an_account

THE_FIFTH = at(date(2026, 10, 5), 11)


def asked(kind: SurveyKind, *scores: int | None) -> list[MailFact]:
    """One mail for each score; None: not answered."""
    return [
        MailFact(
            number=number, received_at=THE_FIFTH, outcome=Outcome.REPLIED, matter=UUID(int=number),
            survey=kind, asked_at=THE_FIFTH, score=score,
        )
        for number, score in enumerate(scores, 1)
    ]  # fmt: skip


def figures(facts: list[MailFact]) -> dict[str, Figure]:
    return {one.key: one for one in survey_figures(facts, OCTOBER)}


def test_nps_of_seventy_twenty_and_ten_is_sixty() -> None:
    scores = [9, 10] * 35 + [7, 8] * 10 + [0, 6, 5, 3, 1] * 2
    found = figures(asked(SurveyKind.NPS, *scores))
    nps = found["score_nps"]
    assert (nps.numerator, nps.denominator, nps.value, nps.unit) == (60, 100, 600, Unit.POINTS)
    assert Wording(words_for("en")).figure(nps) == "+60.0"
    assert "score_csat" not in found


@pytest.mark.parametrize(
    ("scores", "said"), [([6, 9], "±0.0"), ([0, 7, 8], "−33.3"), ([6], "−100.0"), ([None], "—")]
)
def test_nps_says_its_sign(scores: list[int | None], said: str) -> None:
    nps = figures(asked(SurveyKind.NPS, *scores))["score_nps"]
    assert Wording(words_for("en")).figure(nps) == said
    assert nps.is_small


def test_csat_is_the_share_of_four_and_five_among_those_who_answered() -> None:
    found = figures(asked(SurveyKind.CSAT, 5, 4, 4, 3, 1, None, None, None))
    assert (found["score_csat"].numerator, found["score_csat"].denominator) == (3, 5)
    assert found["score_csat"].value == 600
    rate = found["survey_response_rate"]
    assert (rate.numerator, rate.denominator, rate.value) == (5, 8, 625)
    assert (found["survey_asked"].value, found["survey_answered"].value) == (8, 5)


def test_ces_is_the_mean_score() -> None:
    ces = figures(asked(SurveyKind.CES, 7, 6, 2, None))["score_ces"]
    assert (ces.numerator, ces.denominator, ces.value) == (15, 3, 5000)
    assert Wording(words_for("en")).figure(ces) == "5.00"


def test_a_month_in_which_nobody_was_asked_says_nothing() -> None:
    assert figures([]) == {}
    late = MailFact(
        number=1, received_at=THE_FIFTH, outcome=Outcome.REPLIED, survey=SurveyKind.CSAT,
        asked_at=OCTOBER.ends_at, score=5,
    )  # fmt: skip
    assert figures([late]) == {}


async def test_a_month_counts_whom_it_asked_with_the_answers_until_its_close(session: AsyncSession) -> None:
    """Asked in September, October and November; October's answers come in October and in November."""
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    book = ShopLog(session, shop, agent.id)
    await a_few(book)
    second, day = timedelta(seconds=1), timedelta(days=1)
    for moment, score in (
        (OCTOBER.starts_at - second, 1),
        (OCTOBER.starts_at, 5),
        (OCTOBER.ends_at - second, 2),
        (OCTOBER.ends_at, 1),
    ):
        letter = await book.mail(moment - timedelta(hours=1), replied=moment)
        await book.event(letter, EventKind.SOLVED, moment)
        await book.event(letter, EventKind.SURVEY_ASKED, moment, survey="csat")
        await book.event(letter, EventKind.SURVEY_ANSWERED, moment + day / 2, survey="csat", score=score)
    found = await month_of_shop(session, shop.tenant_id, MONTH)
    assert sorted(one.score for one in found.facts.mails if one.score) == [1, 2, 5]
    closed = (await close_month(session, shop.tenant_id, MONTH, now=START)).closed
    frozen = {one.key: one for one in thaw(closed.figures).figures}
    assert (frozen["score_csat"].numerator, frozen["score_csat"].denominator) == (1, 2)
