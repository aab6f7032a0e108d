"""A caller on hold whose music cannot be had at first does not sit in silence until the agent is back."""

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
    webhooks = simulator.exchange.webhooks
    cut: list[str] = []
    ask = webhooks._ask

    async def cut_off_once(leg: Any, request: Any, *rest: Any) -> Any:
        reply = await ask(leg, request, *rest)
        if "/hold" not in request.url or cut:
            return reply
        cut.append(request.url)
        return replace(reply, status=0, error_code=NO_ANSWER, seconds=5.0)

    monkeypatch.setattr(type(webhooks), "_ask", lambda _, *asked: cut_off_once(*asked))
    await agent.do(f"/calls/{call_id}/hold")
    await simulator.advance(30)

    assert len(cut) == 1
    assert [thing.kind for thing in simulator.hears(sid)] == ["play"]
    assert simulator.longest_silence(sid) <= 6
