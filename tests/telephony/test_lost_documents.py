"""A document that is lost on its way is asked for again: nobody sits in silence for want of it."""

from dataclasses import replace
from typing import Any

import pytest

from tests.telephony.conftest import NUMBER, SHOPPER, Theatre, theatre
from tests.telephony.test_flow import ready, take

__all__ = ["theatre"]

NO_ANSWER = 11200


async def test_hold_music_that_was_cut_off_is_asked_for_again(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    call_id = await take(theatre, agent)
    await simulator.advance(8)
    cut = cut_off_once("/hold", theatre, monkeypatch)
    await agent.do(f"/calls/{call_id}/hold")
    await simulator.advance(30)

    assert len(cut) == 1
    assert [thing.kind for thing in simulator.hears(sid)] == ["play"]
    assert simulator.longest_silence(sid) <= 6


@pytest.mark.parametrize("document", ["/wait", "/connect"])
async def test_no_lost_document_on_the_way_to_an_agent_leaves_a_caller_in_silence(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, document: str
) -> None:
    simulator = theatre.stage.simulator
    cut = cut_off_once(document, theatre, monkeypatch)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(30)
    agent = await ready(theatre, 0)
    await simulator.advance(3)
    await take(theatre, agent)
    await simulator.advance(20)

    assert len(cut) == 1
    assert [thing.kind for thing in simulator.hears(sid)] == ["leg"]
    assert simulator.longest_silence(sid) <= 6


def cut_off_once(document: str, theatre: Theatre, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The first answer with this document is lost. Returns the addresses of those that were."""
    webhooks = theatre.stage.simulator.exchange.webhooks
    cut: list[str] = []
    ask = webhooks._ask

    async def ask_in_vain_once(leg: Any, request: Any, *rest: Any) -> Any:
        reply = await ask(leg, request, *rest)
        if document not in request.url or cut:
            return reply
        cut.append(request.url)
        return replace(reply, status=0, error_code=NO_ANSWER, seconds=5.0)

    monkeypatch.setattr(type(webhooks), "_ask", lambda _, *asked: ask_in_vain_once(*asked))
    return cut
