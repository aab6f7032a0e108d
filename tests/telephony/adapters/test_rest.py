"""The REST interface as the ``twilio`` package reads it."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from telephony.adapters.simulator.app import InProcess
from telephony.adapters.transport import CarrierTransport
from tests.telephony.adapters.stage import ACCOUNT, MINATO, SHOPPER, TOKEN, Stage


def client(stage: Stage) -> Any:
    """The package's client; untyped, since its annotations name enumerations where its values are texts."""
    return Client(ACCOUNT, TOKEN, http_client=CarrierTransport(transport=InProcess(stage.app)))


async def test_a_queue_and_its_members_are_listed() -> None:
    stage = Stage()
    stage.wait_in_queue()
    callers = [stage.sim.place_call(SHOPPER, MINATO) for _ in range(2)]
    await stage.sim.advance(30)
    [queue] = await client(stage).queues.list_async()
    assert (queue.friendly_name, queue.current_size) == ("minato", 2)
    members = await client(stage).queues(queue.sid).members.list_async()
    assert [member.call_sid for member in members] == callers
    front = await client(stage).queues(queue.sid).members("Front").fetch_async()
    assert (front.call_sid, front.position) == (callers[0], 1)
    assert (await client(stage).queues(queue.sid).fetch_async()).average_wait_time == front.wait_time


async def test_a_conference_is_found_by_name_and_lists_its_participants_while_it_lasts() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    [conference] = await client(stage).conferences.list_async(friendly_name="c-1", status="in-progress")
    people = await client(stage).conferences(conference.sid).participants.list_async()
    assert {one.label: one.call_sid for one in people} == {"agent-7": agent, "caller": caller}
    assert (
        await client(stage).conferences(conference.sid).participants("caller").fetch_async()
    ).hold is False
    await client(stage).conferences(conference.sid).update_async(status="completed")
    ended = await client(stage).conferences(conference.sid).fetch_async()
    assert (ended.status, ended.reason_conference_ended) == ("completed", "conference-ended-via-api")
    assert await client(stage).conferences(conference.sid).participants.list_async() == []


async def test_a_participant_is_muted_and_given_back_the_voice() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, _ = await stage.talk()
    agent = client(stage).conferences(stage.conference_sid).participants("agent-7")
    assert (await agent.update_async(muted=True)).muted is True
    assert stage.sim.hears(caller) == ()
    await agent.update_async(muted=False)
    assert [thing.text for thing in stage.sim.hears(caller)] == ["agent-7"]


async def test_coaching_somebody_who_is_not_there_is_refused() -> None:
    stage = Stage()
    stage.serve_design_d()
    await stage.talk()
    agent = client(stage).conferences(stage.conference_sid).participants("agent-7")
    with pytest.raises(TwilioRestException) as caught:
        await agent.update_async(coaching=True, call_sid_to_coach="CA" + "0" * 32)
    assert caught.value.code == 13240


async def test_calls_are_listed_and_fetched_with_their_length() -> None:
    stage = Stage()
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(42)
    assert [one.sid for one in await client(stage).calls.list_async(status="in-progress")] == [caller]
    stage.sim.hang_up(caller)
    call = await client(stage).calls(caller).fetch_async()
    assert (call.status, call.duration, call.to) == ("completed", "42", MINATO)


async def test_a_list_goes_on_on_the_next_page() -> None:
    stage = Stage()
    stage.wait_in_queue()
    callers = {stage.sim.place_call(SHOPPER, MINATO) for _ in range(3)}
    listed = await client(stage).calls.list_async(from_=SHOPPER, page_size=2)
    assert {call.sid for call in listed} == callers
    assert len(listed) == 3
    assert stage.sim.contract_violations == []


async def test_the_recording_of_a_live_call_pauses_while_a_card_is_read_out() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, _ = await stage.talk()
    paused = await (
        client(stage)
        .calls(caller)
        .recordings("Twilio.CURRENT")
        .update_async(status="paused", pause_behavior="silence")
    )
    assert (paused.status, paused.source) == ("paused", "DialVerb")
    with pytest.raises(TwilioRestException):
        await client(stage).calls("CA" + "0" * 32).recordings("Twilio.CURRENT").update_async(status="paused")


async def test_a_request_outside_the_contract_is_refused_and_remembered() -> None:
    stage = Stage()
    with pytest.raises(TwilioRestException):
        await client(stage).messages.create_async(to=SHOPPER, messaging_service_sid="MG" + "0" * 32)
    with pytest.raises(TwilioRestException):
        await client(stage).calls.create_async(to=SHOPPER, from_=MINATO, application_sid="AP" + "0" * 32)
    assert stage.sim.contract_violations == [
        "create_message: From is missing",
        "create_message: Body is missing",
        "create_message: MessagingServiceSid is no field of create_message",
        "create_call: ApplicationSid is no field of create_call",
        "create_call: one of Url, Twiml is needed",
    ]


async def test_a_caller_id_that_is_not_ours_is_refused() -> None:
    stage = Stage()
    with pytest.raises(TwilioRestException) as caught:
        await client(stage).calls.create_async(
            to=SHOPPER, from_="+819011112222", url="https://nanori.example/x"
        )
    assert caught.value.code == 21210
