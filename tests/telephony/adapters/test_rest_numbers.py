"""Numbers, queues, the application and text messages over REST."""

import pytest
from twilio.base.exceptions import TwilioRestException

from telephony.adapters.simulator.simulator import NotInService
from tests.telephony.adapters.stage import MINATO, OURS, SHOPPER, Stage
from tests.telephony.adapters.test_rest import client


async def test_a_number_is_found_bought_set_up_called_and_given_back() -> None:
    stage = Stage()
    offered = await client(stage).available_phone_numbers("JP").national.list_async(limit=3)
    number = offered[0].phone_number
    assert len(offered) == 3
    with pytest.raises(NotInService):
        stage.sim.place_call(SHOPPER, number)
    bought = await client(stage).incoming_phone_numbers.create_async(
        phone_number=number, voice_url=f"{OURS}/tw/in#rc=1&rp=ct", friendly_name="minato"
    )
    again = await client(stage).available_phone_numbers("JP").national.list_async(limit=3)
    assert number not in {one.phone_number for one in again}
    numbers = client(stage).incoming_phone_numbers
    assert {one.phone_number for one in await numbers.list_async()} == {MINATO, number}
    assert [one.sid for one in await numbers.list_async(phone_number=number)] == [bought.sid]
    changed = await numbers(bought.sid).update_async(voice_fallback_url="https://backup.example/fallback")
    assert (changed.voice_url, changed.friendly_name) == (f"{OURS}/tw/in#rc=1&rp=ct", "minato")
    stage.wait_in_queue()
    sid = stage.sim.place_call(SHOPPER, number)
    await stage.sim.advance(1)
    assert not stage.sim.leg(sid).is_over
    await numbers(bought.sid).delete_async()
    with pytest.raises(TwilioRestException) as caught:
        await numbers(bought.sid).fetch_async()
    assert caught.value.status == 404


async def test_a_number_that_is_not_for_sale_is_refused() -> None:
    stage = Stage()
    for number in (MINATO, "+819012345678"):
        with pytest.raises(TwilioRestException) as caught:
            await client(stage).incoming_phone_numbers.create_async(phone_number=number)
        assert caught.value.code == 21422


async def test_numbers_are_searched_by_digits_and_area() -> None:
    stage = Stage()
    local = client(stage).available_phone_numbers("JP").local
    assert [one.phone_number for one in await local.list_async(contains="*0107")] == ["+81335550107"]
    assert len(await local.list_async(area_code="3")) == 40
    assert await local.list_async(area_code="6") == []
    assert await client(stage).available_phone_numbers("US").local.list_async() == []


async def test_a_long_list_comes_in_pages() -> None:
    stage = Stage()
    stage.wait_in_queue()
    for _ in range(7):
        stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.settle()
    first = await client(stage).calls.page_async(page_size=3)
    assert len(list(first)) == 3
    assert len(list(await client(stage).calls.page_async(page_size=3, page_number=2))) == 1


async def test_a_queue_is_made_renamed_filled_and_deleted_once_empty() -> None:
    stage = Stage()
    stage.wait_in_queue()
    queue = await client(stage).queues.create_async(friendly_name="minato", max_size=1)
    with pytest.raises(TwilioRestException) as caught:
        await client(stage).queues.create_async(friendly_name="minato")
    assert caught.value.code == 22003
    first, second = (stage.sim.place_call(SHOPPER, MINATO) for _ in range(2))
    await stage.sim.advance(10)
    results = {one["CallSid"]: one["QueueResult"] for one in stage.ours.of("/tw/dequeued")}
    assert results == {second: "queue-full"}
    with pytest.raises(TwilioRestException) as caught:
        await client(stage).queues(queue.sid).delete_async()
    assert caught.value.code == 22002
    assert (await client(stage).queues(queue.sid).update_async(max_size=5)).max_size == 5
    stage.sim.hang_up(first)
    await client(stage).queues(queue.sid).delete_async()
    assert await client(stage).queues.list_async() == []


async def test_the_application_says_where_browsers_call() -> None:
    stage = Stage()
    [application] = await client(stage).applications.list_async()
    assert application.voice_url == f"{OURS}/tw/app"
    await client(stage).applications(application.sid).update_async(voice_url=f"{OURS}/tw/other")
    stage.sim.client_connect("agent_7", {})
    await stage.sim.advance(1)
    assert len(stage.ours.of("/tw/other")) == 1


async def test_a_text_message_is_delivered_and_a_landline_takes_none() -> None:
    stage = Stage()
    sent = await client(stage).messages.create_async(
        to=SHOPPER, from_=MINATO, body="折り返しお電話いたします。", status_callback=f"{OURS}/tw/cb/sms"
    )
    await stage.sim.advance(3)
    assert (await client(stage).messages(sent.sid).fetch_async()).status == "delivered"
    assert [one["MessageStatus"] for one in stage.ours.of("/tw/cb/sms")] == ["delivered"]
    with pytest.raises(TwilioRestException) as caught:
        await client(stage).messages.create_async(to="+81335550100", from_=MINATO, body="?")
    assert caught.value.code == 21614
