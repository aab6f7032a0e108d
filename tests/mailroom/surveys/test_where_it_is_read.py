"""Scores and comments: the shop reads them without an agent's name, supervisors on the case, agents not."""

import csv
import io
import json
from collections.abc import Generator
from zoneinfo import ZoneInfo

import pytest
from litestar import Litestar
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from mailroom.surveys.commands import answer_survey
from mailroom.surveys.queries import rule_of
from mailroom.surveys.values import SurveyKind
from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from tests.mailroom.conftest import MailShop, a_mail_shop
from tests.mailroom.surveys.conftest import Answers
from tests.support.clock import TestClock
from tests.support.people import an_account, signed_in

SAID = "返事が早くて<b>助かりました</b>"
SHOWN = "返事が早くて&lt;b&gt;助かりました"


@pytest.fixture
def app(house: Installation) -> Generator[Litestar]:
    with borrowed_app(house) as app:
        yield app


async def an_answer(session: AsyncSession, shop: MailShop, answers: Answers, clock: TestClock) -> str:
    """Asked and answered; the address of the case."""
    case = await answers(shop, shop.letter())
    contact = (await session.scalars(select(Interaction))).one()
    await answer_survey(session, shop.id, contact.id, 4, SAID, now=clock.now())
    await session.commit()
    await bind_all_shops(session)
    return f"/mail/{shop.id}/{case.id}"


async def test_a_supervisor_reads_it_on_the_case_and_an_agent_does_not(
    app: Litestar, session: AsyncSession, asking: MailShop, answers: Answers,
    clock: TestClock,
) -> None:  # fmt: skip
    case = await an_answer(session, asking, answers, clock)
    boss = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, boss) as client:
        page = (await client.get(case)).text
    assert "CSAT：お客様の評価は 4／5" in page
    assert SHOWN in page
    async with signed_in(app, asking.agent) as client:
        assert "お客様の評価" not in (await client.get(case)).text


async def test_the_shop_reads_it_on_its_portal_without_any_agents_name(
    app: Litestar, session: AsyncSession, asking: MailShop, answers: Answers,
    clock: TestClock,
) -> None:  # fmt: skip
    await an_answer(session, asking, answers, clock)
    other = await a_mail_shop(session, brand="別の店")
    await session.execute(update(Account).where(Account.id == asking.agent.id).values(name="秘密 花子"))
    owner = await an_account(session, Role.MERCHANT, shops=[asking.id])
    stranger = await an_account(session, Role.MERCHANT, shops=[other.id])
    await session.commit()
    async with signed_in(app, owner) as client:
        page = (await client.get("/portal")).text
        files = f"/portal/{asking.id}/files/voices"
        told = (await client.get(f"{files}.json")).json()
        table = (await client.get(f"{files}.csv")).content.decode("utf-8-sig")
    assert "CSAT 4 / 5" in page
    assert SHOWN in page
    assert f'href="{files}.csv"' in page
    (voice,) = told["voices"]
    answered = clock.now().astimezone(ZoneInfo("Asia/Tokyo")).isoformat()
    assert voice == {
        "contact": 1, "answered_at": answered, "kind": "csat", "score": 4, "least": 1, "most": 5,
        "comment": SAID,
    }  # fmt: skip
    assert list(csv.reader(io.StringIO(table))) == [
        ["contact", "answered_at", "kind", "score", "least", "most", "comment"],
        ["1", answered, "csat", "4", "1", "5", SAID],
    ]
    for text in (page, json.dumps(told, ensure_ascii=False), table):
        assert "秘密" not in text
        assert "tanaka" not in text
    async with signed_in(app, stranger) as client:
        page = (await client.get("/portal")).text
        refused = [await client.get(f"{files}.{ending}") for ending in ("csv", "json")]
        own = (await client.get(f"/portal/{other.id}/files/voices.json")).json()
    assert "お客様の評価" not in page, "a shop that asks nobody has no such part"
    assert "/files/voices" not in page
    assert {one.status_code for one in refused} == {404}
    assert own["voices"] == []


async def test_a_supervisor_chooses_the_question_and_keeps_only_the_shops_own_words(
    app: Litestar, session: AsyncSession, shop: MailShop
) -> None:
    boss = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    place = f"/shops/{shop.id}/survey"
    async with signed_in(app, boss) as client:
        page = (await client.get(place)).text
        assert "今回のお問い合わせは、どのくらい簡単に解決しましたか。" in page
        assert (await client.post(place, data={"kind": "stars"})).status_code == 422
        proposed = "今回の対応にどのくらいご満足いただけましたか。"
        typed = {"kind": "nps", "csat": proposed, "nps": "おすすめ\r\nしたいですか。", "ces": ""}
        assert (await client.post(place, data=typed, follow_redirects=False)).status_code == 303
        await bind_all_shops(session)
        rule = await rule_of(session, shop.id)
        assert rule is not None
        assert (rule.kind, rule.questions) == (SurveyKind.NPS, {"nps": "おすすめ したいですか。"}), "one line"
        await client.post(place, data=typed | {"kind": "off"})
        await session.refresh(rule)
        assert rule.kind is None
