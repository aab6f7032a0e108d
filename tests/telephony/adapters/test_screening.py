"""Escalation by telephone, and messages: who presses 1, and that everything else fails closed."""

import pytest

from telephony.adapters.simulator.endpoints import Endpoint
from telephony.carrier_errors import CarrierGone
from tests.telephony.adapters.stage import MINATO, OURS, SHOPPER, Stage

CONTACT = "+819087654321"
SCREEN = (
    '<Gather numDigits="1" timeout="6" action="/tw/decision">'
    "<Say>おつなぎする場合は1を押してください。</Say></Gather>"
    "<Hangup/>"
)


async def ring(endpoint: Endpoint) -> tuple[Stage, str]:
    stage = Stage(endpoints={CONTACT: endpoint})
    stage.ours.pages |= {
        "/tw/screen": SCREEN,
        "/tw/decision": lambda fields: (
            "<Say>ありがとうございます。</Say><Pause length='60'/>"
            if fields["Digits"] == "1"
            else "<Hangup/>"
        ),
    }
    sid = await stage.carrier.dial(
        to=CONTACT,
        caller_id=MINATO,
        url=f"{OURS}/tw/screen",
        status_url=f"{OURS}/tw/cb/call",
        ring_seconds=20,
        limit_seconds=3600,
    )
    await stage.sim.advance(40)
    return stage, sid


def statuses(stage: Stage) -> list[str]:
    return [told["CallStatus"] for told in stage.ours.of("/tw/cb/call")]


async def test_a_contact_who_presses_one_is_connected() -> None:
    stage, sid = await ring(Endpoint(answer_after=4, digits="1"))
    assert stage.ours.of("/tw/decision")[0]["Digits"] == "1"
    assert not stage.sim.leg(sid).is_over
    assert statuses(stage) == ["initiated", "ringing", "in-progress"]


@pytest.mark.parametrize("digits", ["", "2", "#"])
async def test_a_contact_who_presses_nothing_or_another_key_is_not_connected(digits: str) -> None:
    stage, sid = await ring(Endpoint(answer_after=4, digits=digits))
    assert stage.sim.leg(sid).is_over
    assert not stage.ours.of("/tw/decision", Digits="1")
    assert statuses(stage)[-1] == "completed"


async def test_an_answering_machine_ends_the_attempt() -> None:
    stage, sid = await ring(Endpoint("voicemail", answer_after=2))
    assert stage.sim.leg(sid).status == "completed"
    assert stage.ours.of("/tw/decision") == []


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [(Endpoint("busy"), "busy"), (Endpoint("no_answer"), "no-answer"), (Endpoint("unreachable"), "failed")],
)
async def test_a_contact_who_cannot_be_reached_ends_with_the_reason(endpoint: Endpoint, status: str) -> None:
    stage, sid = await ring(endpoint)
    assert stage.sim.leg(sid).status == status
    assert statuses(stage)[-1] == status
    assert stage.ours.of("/tw/cb/call")[-1]["CallDuration"] == "0"
    assert stage.ours.of("/tw/screen") == []


async def test_status_callbacks_carry_increasing_sequence_numbers() -> None:
    stage, _ = await ring(Endpoint("voicemail", answer_after=2))
    assert [told["SequenceNumber"] for told in stage.ours.of("/tw/cb/call")] == list("0123")


async def test_a_manual_telephone_rings_until_somebody_answers_it() -> None:
    stage = Stage(endpoints={CONTACT: Endpoint("manual")})
    stage.ours.pages["/tw/screen"] = SCREEN
    sid = await dial(stage)
    await stage.sim.advance(10)
    assert stage.sim.leg(sid).status == "ringing"
    stage.sim.answer(sid)
    await stage.sim.advance(1)
    assert [thing.text for thing in stage.sim.hears(sid)] == ["おつなぎする場合は1を押してください。"]


async def test_calls_leave_one_a_second() -> None:
    stage = Stage(usual_endpoint=Endpoint("no_answer"))
    sids = [await dial(stage) for _ in range(3)]
    await stage.sim.advance(1.5)
    assert [stage.sim.leg(sid).queue_ms for sid in sids] == [0, 1000, 2000]
    assert [stage.sim.leg(sid).status for sid in sids] == ["ringing", "ringing", "queued"]


async def test_a_call_cancelled_while_it_is_queued_tells_nobody() -> None:
    stage = Stage()
    await dial(stage)
    second = await dial(stage)
    await stage.carrier.hang_up(call_sid=second)
    await stage.sim.advance(5)
    assert stage.sim.leg(second).status == "canceled"
    assert stage.ours.of("/tw/cb/call", CallSid=second) == []


async def test_a_call_that_is_over_can_be_neither_redirected_nor_hung_up() -> None:
    stage, sid = await ring(Endpoint("busy"))
    with pytest.raises(CarrierGone):
        await stage.carrier.redirect(call_sid=sid, url=f"{OURS}/tw/screen")
    with pytest.raises(CarrierGone):
        await stage.carrier.hang_up(call_sid=sid)


async def test_a_message_is_recorded_and_ready_some_seconds_after_the_action() -> None:
    stage = Stage()
    stage.ours.pages |= {
        "/tw/in": '<Say>本日は終了しました。</Say><Record action="/tw/vm" maxLength="180" timeout="4"'
        ' finishOnKey="#" trim="trim-silence" playBeep="true" recordingStatusCallback="/tw/cb/rec"'
        ' recordingStatusCallbackEvent="completed absent"/>',
        "/tw/vm": "<Say>承りました。</Say>",
    }
    caller = stage.sim.place_call(SHOPPER, MINATO, speaks_seconds=12)
    await stage.sim.advance(19)
    action = stage.ours.of("/tw/vm")[0]
    assert action["RecordingDuration"] == "16"
    assert stage.ours.of("/tw/cb/rec") == []
    await stage.sim.advance(5)
    assert stage.ours.of("/tw/cb/rec")[0]["RecordingSid"] == action["RecordingSid"]
    assert stage.sim.leg(caller).is_over
    assert stage.sim.longest_silence(caller) == 0


async def test_hanging_up_while_leaving_a_message_says_so() -> None:
    stage = Stage()
    stage.ours.pages["/tw/in"] = '<Record action="/tw/vm" recordingStatusCallback="/tw/cb/rec"/>'
    caller = stage.sim.place_call(SHOPPER, MINATO, speaks_seconds=60)
    await stage.sim.advance(10)
    stage.sim.hang_up(caller)
    await stage.sim.advance(5)
    assert stage.ours.of("/tw/vm")[0]["Digits"] == "hangup"
    assert stage.ours.of("/tw/vm")[0]["CallStatus"] == "completed"
    assert stage.ours.of("/tw/cb/rec")[0]["RecordingStatus"] == "completed"


async def dial(stage: Stage) -> str:
    return await stage.carrier.dial(
        to=CONTACT,
        caller_id=MINATO,
        url=f"{OURS}/tw/screen",
        status_url=f"{OURS}/tw/cb/call",
        ring_seconds=20,
        limit_seconds=3600,
    )
