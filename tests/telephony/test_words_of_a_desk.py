"""A desk with words of its own: they are what the agent sees and what stays with the call."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.errors import WrongShopShown
from desks.models import Desk
from desks.values import DeskState
from scripts_talk import commands, queries, versions
from scripts_talk.errors import NoSuchScript
from scripts_talk.steps import Step
from scripts_talk.talks import talk_of
from scripts_talk.values import ScriptState
from telephony.commands.agents import Shown, accept_offer
from telephony.commands.notes import call_facts
from telephony.models import Call, Leg
from telephony.queries import is_valid_phrase
from telephony.urls import Urls
from tenants.commands import Profile, set_phrase
from tenants.models import Tenant
from tenants.queries import phrases_of
from tenants.values import DayPart, Situation
from tests.support import desk_stage as scene
from tests.support.clock import START
from tests.support.desk_stage import Stage

COFFEE = Profile(
    legal_name="株式会社ミナト珈琲", brand_name="ミナト珈琲", brand_reading="みなとこーひー", colour="#7a3e1d"
)
GIFTS = [Step(key="gift", title="贈り物", say="母の日の贈り物でございますね。")]
NORMAL, ALL_DAY = Situation.NORMAL, DayPart.ANY


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    return await scene.set_stage(session, [COFFEE], now=START)


async def own_phrase(session: AsyncSession, shop: Tenant, desk: Desk, text: str) -> None:
    await set_phrase(session, shop.tenant_id, NORMAL, ALL_DAY, text=text, desk_id=desk.id, now=START)


async def other_desk(session: AsyncSession, shop: Tenant) -> Desk:
    desk = Desk(tenant_id=shop.tenant_id, name="卸", state=DeskState.OPEN, created_at=START)
    session.add(desk)
    await session.flush()
    return desk


async def test_the_desks_script_is_opened_and_giving_it_up_leaves_running_calls_alone(
    session: AsyncSession, stage: Stage
) -> None:
    [shop] = stage.shops
    await scene.be_ready(session, stage, now=START)
    call = await scene.caller_waits(session, stage, shop, now=START)
    offer = await scene.call_rings(session, stage, call, now=START)
    interaction = await scene.call_runs(session, stage, call, offer, now=START + timedelta(seconds=5))
    assert call.desk_id is not None
    facts = await call_facts(session, interaction)
    shops = await talk_of(session, facts)
    own = await commands.begin_for_desk(session, shop.tenant_id, call.desk_id, "母の日", now=START)
    copied = await queries.draft_script(session, shop.tenant_id, own.id)
    assert shops is not None
    assert copied is not None
    assert copied.steps == shops.script.steps

    await versions.put_in_force(session, shop.tenant_id, "母の日", GIFTS, script_id=own.id, now=START)
    desks = await talk_of(session, facts)
    elsewhere = await queries.published_script(session, shop.tenant_id)
    assert desks is not None
    assert elsewhere is not None
    assert (desks.script.script_id, elsewhere.script_id) == (own.id, shops.script.script_id)

    await commands.give_up_desk_script(session, shop.tenant_id, call.desk_id)
    after = await talk_of(session, facts)
    assert after is not None
    assert after.script.script_id == shops.script.script_id
    again = await commands.begin_for_desk(session, shop.tenant_id, call.desk_id, "母の日", now=START)
    assert again.id == own.id
    assert set(await queries.scripts_by_state(session, shop.tenant_id, own.id)) == {ScriptState.DRAFT}


async def test_a_script_of_nobody_is_refused(session: AsyncSession, stage: Stage) -> None:
    [shop] = stage.shops
    with pytest.raises(NoSuchScript):
        await commands.save_draft(session, shop.tenant_id, "x", GIFTS, script_id=shop.tenant_id, now=START)


async def test_an_agent_may_say_the_words_of_the_desk_that_was_called_and_of_no_other(
    session: AsyncSession, stage: Stage
) -> None:
    [shop] = stage.shops
    await scene.be_ready(session, stage, now=START)
    call = await scene.caller_waits(session, stage, shop, now=START)
    offer = await scene.call_rings(session, stage, call, now=START)
    desk = await session.get_one(Desk, (shop.tenant_id, call.desk_id))
    elsewhere = await other_desk(session, shop)
    await own_phrase(session, shop, desk, "母の日窓口でございます。")
    await own_phrase(session, shop, elsewhere, "卸の窓口でございます。")
    [mine] = [one for one in await phrases_of(session, shop.tenant_id, desk.id) if one.is_of_desk]
    [theirs] = [one for one in await phrases_of(session, shop.tenant_id, elsewhere.id) if one.is_of_desk]
    assert not any(one.is_of_desk for one in await phrases_of(session, shop.tenant_id))

    assert not await is_valid_phrase(session, call, theirs.id, NORMAL, now=START)
    wrong = Shown(tab=scene.TAB, call_id=call.id, shop_id=shop.tenant_id, phrase_id=theirs.id)
    urls = Urls("https://nanori.example")
    offer_id, call_id = offer.id, call.id
    with pytest.raises(WrongShopShown):
        async with session.begin_nested():
            await accept_offer(session, offer_id, urls, agent=stage.actor, shown=wrong, now=START)
    right = Shown(tab=scene.TAB, call_id=call_id, shop_id=wrong.shop_id, phrase_id=mine.id)
    await accept_offer(session, offer_id, urls, agent=stage.actor, shown=right, now=START)

    leg = await session.scalar(select(Leg).join(Call, Call.id == Leg.call_id).where(Leg.phrase_id == mine.id))
    assert leg is not None
