"""Who is ready for which shop, profiles, and an agent's own shops, on their pages."""

from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Engagement
from desks.onboarding_facts import confirm_reading
from desks.profiles import Profile, Skill, profile_of
from desks.values import Channel, Reading
from interactions import commands as log
from interactions.commands import Opening
from interactions.values import Channel as Medium
from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from tenants import commands as shops
from tenants.models import Tenant
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.clock import START
from tests.support.people import a_shop, an_account, signed_in
from tests.telephony.conftest import a_desk, an_agent

PROFILE = {
    "languages": ["ja", "en"], "skill": ["返品", ""], "skill_level": ["3", "2"], "mails_at_once": "３",
    "calls_interrupt": "y",
}  # fmt: skip


@pytest.fixture
async def stand(session: AsyncSession) -> tuple[Tenant, Account]:
    shop = await a_shop(session)
    agent = await an_agent(session, shop, await a_desk(session, shop))
    await shops.adopt_first_phrases(session, shop, now=START)
    await session.commit()
    await bind_all_shops(session)
    return shop, agent


async def answers_a_test_call(session: AsyncSession, shop: Tenant, agent: Account) -> None:
    call = await log.open_interaction(session, shop.tenant_id, Opening(channel=Medium.PHONE), now=START)
    session.add(
        Engagement(
            tenant_id=shop.tenant_id, id=uuid7(), agent_id=agent.id, interaction_id=call.id,
            channel=Channel.PHONE, started_at=START, ended_at=START,
        )
    )  # fmt: skip
    await session.commit()
    await bind_all_shops(session)


async def test_an_agent_reads_and_the_supervisor_sees_it(
    app: Litestar, session: AsyncSession, stand: tuple[Tenant, Account]
) -> None:
    shop, agent = stand
    async with signed_in(app, agent) as client:
        assert "今の名のりと案内文をまだ読んでいません" in (await client.get("/my-shops")).text
        page = await client.get(f"/my-shops/{shop.tenant_id}")
        assert "お電話ありがとうございます" in page.text
        answer = await client.post(f"/my-shops/{shop.tenant_id}/reading", data={"what": "phrases"})
        assert "名のりと案内文を読みました" not in answer.text.split("<main")[1]
        unknown = await client.post(f"/my-shops/{shop.tenant_id}/reading", data={"what": "x"})
        assert unknown.status_code == 404
        assert "同僚からのテスト通話でかまいません" in (await client.get("/my-shops")).text
    await bind_all_shops(session)
    await answers_a_test_call(session, shop, agent)
    async with signed_in(app, await an_account(session, Role.SUPERVISOR)) as client:
        assert "準備完了 1/1" in (await client.get("/agents")).text
        assert 'data-step="phrases"' in (await client.get(f"/agents/{agent.id}")).text


async def test_a_profile_is_kept_or_refused_at_its_field(
    app: Litestar, session: AsyncSession, stand: tuple[Tenant, Account]
) -> None:
    _, agent = stand
    async with signed_in(app, await an_account(session, Role.SUPERVISOR)) as client:
        await client.post(f"/agents/{agent.id}", data=PROFILE)
        refused = await client.post(
            f"/agents/{agent.id}", data=PROFILE | {"skill": ["返品", "返品"], "mails_at_once": "4"}
        )
        assert refused.status_code == 422
        assert "同じスキルが2つあります" in refused.text
        many = await client.post(f"/agents/{agent.id}", data=PROFILE | {"mails_at_once": "たくさん"})
        assert many.status_code == 422
    session.expunge_all()
    assert await profile_of(session, agent.id) == Profile(
        languages=("ja", "en"), skills=(Skill("返品", 3),), mails_at_once=3
    )
    async with signed_in(app, agent) as client:
        assert "日本語、英語" in (await client.get("/my-shops")).text


async def test_the_table_asks_no_more_for_more_agents(
    app: Litestar, session: AsyncSession, stand: tuple[Tenant, Account]
) -> None:
    shop, _ = stand
    async with signed_in(app, await an_account(session, Role.SUPERVISOR)) as client:
        with statements(session) as few:
            await client.get("/agents")
        desk = await a_desk(session, shop)
        for _ in range(5):
            agent = await an_agent(session, shop, desk)
            await confirm_reading(
                session, shop.tenant_id, agent.id, Reading.PHRASES, now=START + timedelta(hours=1)
            )
            await answers_a_test_call(session, shop, agent)
        with statements(session) as many:
            page = await client.get("/agents")
    assert "準備完了 5/6" in page.text, "all but the one of the stand"
    assert len(many) == len(few) <= 20
