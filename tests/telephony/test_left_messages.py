"""Messages left with the document on another host, while the whole house was down, are found, and once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from interactions.models import Case, Interaction, Shopper
from interactions.values import Outcome
from nanori.alerts import Alert
from nanori.db import across_shops
from telephony import twiml
from telephony.commands import left_messages
from telephony.message_search import search_messages
from telephony.models import Call, Recording
from telephony.urls import Urls
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, kinds, one

ELSEWHERE = "https://backup.example/fallback.xml"


@pytest.fixture
async def backed_up(theatre: Theatre) -> Theatre:
    """The number's fallback stands on another host, and the house has searched once."""
    set_stage = theatre.stage
    ours = set_stage.simulator.settings.numbers[NUMBER]
    set_stage.simulator.settings.numbers[NUMBER] = replace(ours, fallback_url=ELSEWHERE)
    urls = Urls(set_stage.house.settings.public_url)
    set_stage.elsewhere[ELSEWHERE] = twiml.fallback(urls.fallback_message)
    await works_for(theatre, 5)
    return theatre


async def works_for(theatre: Theatre, seconds: float) -> None:
    """Time passes with the timers running at its end, as the worker runs them each second."""
    theatre.stage.look_again(seconds - 1)
    await theatre.stage.simulator.advance(seconds)


async def leaves_a_message(theatre: Theatre, number: str = NUMBER) -> str:
    sid = theatre.stage.simulator.place_call(SHOPPER, number)
    await hangs_up_after_speaking(theatre, sid)
    return sid


async def hangs_up_after_speaking(theatre: Theatre, sid: str) -> None:
    simulator = theatre.stage.simulator
    while not any(one.duration for one in simulator.exchange.recorder.recordings.values()):
        await simulator.advance(1)
    simulator.hang_up(sid)


async def test_a_message_left_while_the_house_was_down_becomes_a_case_once(backed_up: Theatre) -> None:
    simulator = backed_up.stage.simulator
    backed_up.stage.is_down = True
    rang_at = simulator.now
    sid = await leaves_a_message(backed_up)
    await simulator.advance(3600)
    assert await every(backed_up, Call) == []
    backed_up.stage.is_down = False
    for _ in range(3):
        await works_for(backed_up, 400)

    call, interaction = await one(backed_up, Call), await one(backed_up, Interaction)
    assert (call.call_sid, call.tenant_id, call.from_number) == (sid, backed_up.shop.tenant_id, SHOPPER)
    assert (interaction.outcome, interaction.arrived_at) == (Outcome.SYSTEM_FAULT, rang_at)
    assert interaction.ended_at - rang_at < timedelta(minutes=2)
    assert (await one(backed_up, Case)).id == interaction.case_id
    assert (await one(backed_up, Shopper)).id == interaction.shopper_id
    assert await kinds(backed_up) == ["arrived", "guidance_ended", "voicemail_left", "ended"]
    recording = await one(backed_up, Recording)
    assert backed_up.stage.house.files.read(recording.tenant_id, recording.file_id)[:4] == b"RIFF"
    assert simulator.exchange.recorder.recordings == {}
    assert call.settled_at is not None
    assert [alert.kind for alert in await every(backed_up, Alert)] == ["fallback_used"]


async def test_a_caller_who_was_in_the_queue_when_the_house_went_down(backed_up: Theatre) -> None:
    """The call is known, and was given up by all that we know of it."""
    simulator = backed_up.stage.simulator
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(12)
    assert "queued" in await kinds(backed_up)
    backed_up.stage.is_down = True
    await hangs_up_after_speaking(backed_up, sid)
    await simulator.advance(600)
    backed_up.stage.is_down = False
    for _ in range(3):
        await works_for(backed_up, 400)

    assert (await kinds(backed_up)).count("voicemail_left") == 1
    assert (await one(backed_up, Interaction)).case_id is not None
    assert (await one(backed_up, Recording)).file_id is not None
    assert simulator.exchange.recorder.recordings == {}


async def test_what_does_not_belong_to_a_shop_is_left_where_it_is(backed_up: Theatre) -> None:
    other = "+815031969999"
    settings = backed_up.stage.simulator.settings
    settings.numbers[other] = settings.numbers[NUMBER]
    backed_up.stage.is_down = True
    await leaves_a_message(backed_up, other)
    await backed_up.stage.simulator.advance(600)
    backed_up.stage.is_down = False
    await works_for(backed_up, 400)

    assert await every(backed_up, Call) == []
    assert len(backed_up.stage.simulator.exchange.recorder.recordings) == 1


async def test_a_message_that_was_told_in_time_is_not_found_again(backed_up: Theatre) -> None:
    backed_up.stage.simulator.after(0, lambda: setattr(backed_up.stage, "is_down", True))
    sid = backed_up.stage.simulator.place_call(SHOPPER, NUMBER)
    await backed_up.stage.simulator.advance(6)
    backed_up.stage.is_down = False
    while not backed_up.stage.simulator.leg(sid).is_over:
        await backed_up.stage.simulator.advance(5)
    for _ in range(2):
        await works_for(backed_up, 400)

    assert (await kinds(backed_up)).count("voicemail_left") == 1
    assert len(await every(backed_up, Case)) == 1


async def test_one_process_searches_at_a_time_and_no_answer_is_asked_for_again(backed_up: Theatre) -> None:
    house, simulator = backed_up.stage.house, backed_up.stage.simulator
    account, now = house.settings.twilio_account_sid, house.clock.now() + timedelta(minutes=10)
    async with across_shops(house.worker) as session:
        since = await left_messages.claim_search(session, account, now=now)
        assert since is not None
        assert await left_messages.claim_search(session, account, now=now) is None
    simulator.faults.rest_busy = 1.0
    later = now + left_messages.EVERY
    await search_messages(house, later)
    async with across_shops(house.worker) as session:
        assert await left_messages.claim_search(session, account, now=later + left_messages.EVERY) == since
