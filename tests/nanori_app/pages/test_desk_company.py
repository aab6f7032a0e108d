"""What an agent's desk tells of supervisors, and of calls that are ours."""

from uuid import UUID

import pytest
from sqlalchemy import update

from nanori.db import across_shops
from telephony.adapters.simulator.endpoints import Endpoint
from tenants.models import Tenant
from tests.telephony.conftest import SHOPPER, Theatre, theatre
from tests.telephony.test_callbacks import promised
from tests.telephony.test_flow import ready
from tests.telephony.test_supervision import Talk, talk

__all__ = ["talk", "theatre"]


async def desk_of(talk: Talk) -> str:
    answer = await talk.agent.client.get("/desk/panel", params={"tab": talk.agent.tab})
    assert answer.status_code == 200, answer.text
    return answer.text


async def page_of(talk: Talk, reader: object) -> str:
    rows = await talk.agent.client.get("/desk/panel", params={"tab": talk.agent.tab})
    interaction = rows.text.partition('data-interaction="')[2][:36]
    browser = talk.agent if reader is talk.agent else talk.supervisor
    path = f"/interactions/{talk.theatre.shop.tenant_id}/{UUID(interaction)}"
    page = await browser.client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200, page.text
    return page.text


@pytest.mark.parametrize(("mode", "is_told"), [("listen", False), ("whisper", True), ("barge", True)])
async def test_silent_listening_is_told_where_the_shop_wants_it_and_what_is_heard_always(
    talk: Talk, mode: str, *, is_told: bool
) -> None:
    await talk.go(mode)
    assert f'data-supervision="{mode}"' in await desk_of(talk)

    async with across_shops(talk.theatre.stage.house.staff) as session:
        await session.execute(update(Tenant).values(tells_agent_when_supervised=False))
    assert (f'data-supervision="{mode}"' in await desk_of(talk)) is is_told


async def test_an_agent_does_not_find_silent_listening_in_the_log_either(talk: Talk) -> None:
    async with across_shops(talk.theatre.stage.house.staff) as session:
        await session.execute(update(Tenant).values(tells_agent_when_supervised=False))
    await talk.go("listen")

    for text in (await desk_of(talk), await page_of(talk, talk.agent)):
        assert "モニタリングしました" not in text
        assert "スーパーバイザー" not in text.partition("この電話の経過")[2]
    assert "モニタリングしました" in await page_of(talk, talk.supervisor)


async def test_the_desk_says_that_help_was_asked_for_and_offers_to_take_it_back(talk: Talk) -> None:
    assert 'data-do="help"' in await desk_of(talk)
    await talk.agent.do(f"/calls/{talk.call_id}/help")

    text = await desk_of(talk)
    assert 'data-do="help-cancellation"' in text
    assert "is-asked" in text


async def test_the_desk_shows_that_it_is_we_who_call_and_why_nobody_was_reached(theatre: Theatre) -> None:
    theatre.stage.simulator.settings.endpoints[SHOPPER] = Endpoint(behaviour="busy", answer_after=4)
    agent = await ready(theatre, 0)
    idle = await agent.client.get("/desk", params={"about": "nonsense"})
    assert 'id="callout-form"' in idle.text
    begun = await agent.do(f"/shops/{theatre.shop.tenant_id}/calls", to=SHOPPER)
    await agent.do("/softphone/connection", leg=begun.json()["leg"])
    await theatre.stage.simulator.advance(2)
    calling = await agent.client.get("/desk/panel", params={"tab": agent.tab})
    assert 'data-mode="calling"' in calling.text

    await theatre.stage.simulator.advance(20)
    after = await agent.client.get("/desk/panel", params={"tab": agent.tab})
    assert 'data-mode="wrapup"' in after.text
    assert "お話し中でした" in after.text


async def test_an_offered_call_back_says_so(theatre: Theatre) -> None:
    agent = await ready(theatre, 0)
    await promised(theatre)
    await theatre.stage.simulator.advance(5)
    text = (await agent.client.get("/desk/panel", params={"tab": agent.tab})).text
    assert "折り返しの電話です" in text
    assert 'data-mode="ringing"' in text
