"""A supervisor who whispers goes on to whisper to whoever has the call, and never to the caller."""

from nanori.actors import Role
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from tests.support.people import an_account
from tests.telephony.conftest import theatre
from tests.telephony.test_transfers import Talk, talk

__all__ = ["talk", "theatre"]


async def a_whisperer(talk: Talk) -> Browser:
    async with across_shops(talk.theatre.stage.house.staff) as session:
        account = await an_account(session, Role.SUPERVISOR)
    supervisor = await talk.theatre.stage.browser(account.id)
    answer = await supervisor.do(f"/calls/{talk.call_id}/supervision", mode="whisper")
    await supervisor.do("/softphone/connection", leg=answer.json()["leg"])
    await talk.plays(4)
    return supervisor


def hears_supervisor(talk: Talk, sid: str, supervisor: Browser) -> bool:
    return talk.leg_of(supervisor) in {thing.sid for thing in talk.theatre.stage.simulator.hears(sid)}


async def test_after_a_transfer_the_whisper_reaches_the_agent_who_has_the_call_now(talk: Talk) -> None:
    supervisor = await a_whisperer(talk)
    assert hears_supervisor(talk, talk.leg_of(talk.agent), supervisor)

    await talk.consults()
    assert hears_supervisor(talk, talk.leg_of(talk.agent), supervisor)
    assert not hears_supervisor(talk, talk.leg_of(talk.colleague), supervisor)
    assert not hears_supervisor(talk, talk.sid, supervisor)

    assert await talk.asks("handover") == 204
    await talk.plays(4)
    assert hears_supervisor(talk, talk.leg_of(talk.colleague), supervisor)
    assert not hears_supervisor(talk, talk.sid, supervisor)
