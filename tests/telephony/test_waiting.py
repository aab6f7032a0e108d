"""Waiting, told and decided anew each time the music ends."""

from typing import Any

import pytest
from sqlalchemy import update
from uuid_utils.compat import uuid7

from desks.admission import HANDLED_IN
from desks.models import Desk, Offer, Waiting
from desks.values import WaitingState
from interactions.models import Interaction, InteractionEvent
from interactions.values import Outcome
from nanori.db import across_shops
from telephony.models import Call, Callback
from telephony.values import CallbackState, CallState
from tenants.models import OpeningSpan, Tenant
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import accept, every, kinds, one, ready, take
from tests.telephony.test_menu import healthy, heard

PRESS_1 = "say: お待ちの順番のまま、折り返しのお電話をご希望の場合は、1を押してください。"


async def desk_is(theatre: Theatre, **facts: Any) -> None:
    async with across_shops(theatre.stage.house.staff) as session:
        await session.execute(update(Desk).where(Desk.id == theatre.desk.id).values(**facts))


async def whys(theatre: Theatre) -> list[str]:
    return [event.data["why"] for event in await every(theatre, InteractionEvent) if "why" in event.data]


async def busy_desk(theatre: Theatre) -> None:
    """An agent who is there, and talks to somebody else."""
    agent = await ready(theatre, 0)
    theatre.stage.simulator.place_call("+819088887777", NUMBER)
    await theatre.stage.simulator.advance(8)
    await take(theatre, agent)
    await theatre.stage.simulator.advance(8)


async def the_waiting(theatre: Theatre) -> Interaction:
    found: list[Interaction] = await every(theatre, Interaction)
    return max(found, key=lambda one: one.number)


async def test_a_waiting_caller_hears_the_place_and_after_a_while_the_other_way(theatre: Theatre) -> None:
    await busy_desk(theatre)
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(12)
    assert "say: ただいま1番目にお待ちいただいております。そのままお待ちください。" in heard(theatre, sid)
    assert PRESS_1 not in heard(theatre, sid)
    await theatre.stage.simulator.advance(30)

    assert PRESS_1 in heard(theatre, sid)
    assert theatre.stage.simulator.longest_silence(sid) <= 2
    healthy(theatre)


async def test_whoever_presses_1_hangs_up_and_keeps_the_place(theatre: Theatre) -> None:
    await busy_desk(theatre)
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(40)
    theatre.stage.simulator.press(sid, "1")
    await theatre.stage.simulator.advance(20)

    callback = await one(theatre, Callback)
    asked = next(one for one in await every(theatre, Interaction) if one.id == callback.asked_in)
    assert theatre.stage.simulator.leg(sid).is_over
    assert asked.outcome is Outcome.CALLBACK
    assert asked.abandoned_at is None
    assert callback.phone == SHOPPER
    assert callback.state in {CallbackState.WAITING, CallbackState.CALLING}  # it is due at once
    assert callback.kept_since == asked.queued_at
    assert any("末尾2 2 2 2の番号" in text for text in heard(theatre, sid))
    healthy(theatre)


async def test_any_other_key_waits_on(theatre: Theatre) -> None:
    await busy_desk(theatre)
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(40)
    theatre.stage.simulator.press(sid, "5")
    await theatre.stage.simulator.advance(25)

    assert await every(theatre, Callback) == []
    assert not theatre.stage.simulator.leg(sid).is_over
    assert theatre.stage.simulator.longest_silence(sid) <= 2
    theatre.stage.simulator.press(sid, "1")
    await theatre.stage.simulator.advance(5)
    assert len(await every(theatre, Callback)) == 1


@pytest.mark.parametrize("number", ["anonymous", "+815700123456", "+14155550123"])
async def test_a_number_that_we_may_not_call_is_not_offered_it(theatre: Theatre, number: str) -> None:
    await busy_desk(theatre)
    sid = theatre.stage.simulator.place_call(number, NUMBER)
    await theatre.stage.simulator.advance(60)

    assert PRESS_1 not in heard(theatre, sid)
    assert (await the_waiting(theatre)).outcome is None


async def test_a_desk_that_does_not_want_callbacks_offers_none(theatre: Theatre) -> None:
    await desk_is(theatre, offers_callback=False)
    await busy_desk(theatre)
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(60)

    assert PRESS_1 not in heard(theatre, sid)


async def test_an_agent_who_is_on_the_way_comes_although_1_was_pressed(theatre: Theatre) -> None:
    simulator = theatre.stage.simulator
    await busy_desk(theatre)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(40)
    second = await ready(theatre, 1)
    await simulator.advance(1)
    offer = next(one for one in await every(theatre, Offer) if one.agent_id == second.account_id)
    accepted = await accept(theatre, second, offer)
    simulator.press(sid, "1")
    await simulator.advance(1)
    await second.do("/softphone/connection", leg=accepted.json()["leg"])
    await simulator.advance(10)

    assert await every(theatre, Callback) == []
    assert (await the_waiting(theatre)).answered_at is not None


async def test_waiting_ends_when_the_shop_closes(theatre: Theatre) -> None:
    async with across_shops(theatre.stage.house.staff) as session:
        await session.execute(update(OpeningSpan).values(closes=10 * 60 + 1))  # in a minute
    agent = await ready(theatre, 0)
    await agent.do("/desk/presence", state="break", reason="pause")
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(120)

    interaction = await one(theatre, Interaction)
    assert interaction.outcome is Outcome.OVERFLOW
    assert "closed" in await whys(theatre)
    assert interaction.case_id is not None
    assert any("営業時間外" in text for text in heard(theatre, sid))
    healthy(theatre)


async def test_nobody_waits_for_an_empty_desk(theatre: Theatre) -> None:
    theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(90)

    assert (await one(theatre, Interaction)).outcome is Outcome.OVERFLOW
    assert "nobody_there" in await whys(theatre)
    assert (await one(theatre, Call)).state is CallState.CLOSED
    assert (await one(theatre, Waiting)).state is WaitingState.LEFT


async def test_nobody_waits_longer_than_the_desk_allows(theatre: Theatre) -> None:
    await desk_is(theatre, max_wait_seconds=60)
    await busy_desk(theatre)
    theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(110)

    assert "too_long" in await whys(theatre)
    assert (await the_waiting(theatre)).outcome is Outcome.OVERFLOW
    assert "left_queue" in await kinds(theatre)


async def test_the_shops_own_music_is_played_piece_by_piece_and_whole_on_hold(theatre: Theatre) -> None:
    music = uuid7()
    async with across_shops(theatre.stage.house.staff) as session:
        await session.execute(update(Tenant).values(hold_music_file_id=music))
    agent = await ready(theatre, 0)
    await agent.do("/desk/presence", state="break", reason="pause")
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(75)
    played = [text for text in heard(theatre, sid) if text.startswith("play: ")]
    address = f"/music/{theatre.shop.tenant_id}/{music}"

    assert [f"{address}/{number}" in "".join(played) for number in (0, 1, 2)] == [True, True, True]
    await agent.do("/desk/presence", state="ready")
    await theatre.stage.simulator.advance(2)
    call_id = await take(theatre, agent)
    await theatre.stage.simulator.advance(8)
    await agent.do(f"/calls/{call_id}/hold")
    await theatre.stage.simulator.advance(10)
    assert any(thing.text.endswith(address) for thing in theatre.stage.simulator.hears(sid))


@pytest.mark.parametrize("limit", [1, None])
async def test_a_desk_that_is_full_takes_a_message_and_lets_nobody_in_the_line_go(
    theatre: Theatre, limit: int | None
) -> None:
    """By its own number, or by the one agent who is there."""
    await busy_desk(theatre)
    await desk_is(theatre, max_waiting=limit, max_wait_seconds=HANDLED_IN)
    first = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(12)
    theatre.stage.simulator.place_call("+819055554444", NUMBER)
    await theatre.stage.simulator.advance(20)

    assert "full" in await whys(theatre)
    assert not theatre.stage.simulator.leg(first).is_over
    states = sorted(call.state.value for call in await every(theatre, Call))
    assert states.count(CallState.QUEUED.value) == 1
    assert states.count(CallState.VOICEMAIL.value) == 1
