"""The way of one call: queue, agent dials in, whisper, the two are connected, hold, hang up."""

import pytest

from telephony.carrier_errors import CarrierGone
from tests.telephony.adapters.stage import MINATO, OURS, SHOPPER, Stage, conference


def hears(stage: Stage, sid: str) -> list[str]:
    return [thing.text for thing in stage.sim.hears(sid)]


async def test_a_caller_hears_the_greeting_and_then_music_until_somebody_comes() -> None:
    stage = Stage()
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(1)
    assert hears(stage, caller) == ["ミナト珈琲でございます。"]
    await stage.sim.advance(60)
    assert hears(stage, caller) == ["/media/music.wav"]
    assert stage.sim.longest_silence(caller) == 0
    waits = stage.ours.of("/tw/wait")
    assert [wait["QueueTime"] for wait in waits] == ["0", "20", "40"]
    assert {wait["QueuePosition"] for wait in waits} == {"1"}


async def test_the_agent_hears_the_whisper_and_then_the_two_hear_each_other() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(5)
    agent = stage.sim.client_connect("agent_7", {"leg": "token"})
    await stage.sim.advance(0.5)
    assert hears(stage, agent) == ["ミナト珈琲です。"]
    assert hears(stage, caller) == ["/media/music.wav"]
    await stage.sim.advance(5)
    assert hears(stage, agent) == ["caller"]
    assert hears(stage, caller) == ["agent-7"]
    assert stage.ours.of("/tw/app")[0]["leg"] == "token"
    assert stage.ours.of("/tw/app")[0]["From"] == "client:agent_7"
    assert stage.sim.problems == []
    assert stage.sim.contract_violations == []
    assert stage.ours.unsigned == []


async def test_the_dequeued_callback_of_our_own_connecting_says_redirected() -> None:
    stage = Stage()
    stage.serve_design_d()
    await stage.talk()
    assert [told["QueueResult"] for told in stage.ours.of("/tw/dequeued")] == ["redirected"]


async def test_the_agent_is_put_out_when_the_caller_hangs_up() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    await stage.sim.advance(30)
    stage.sim.hang_up(caller)
    await stage.sim.advance(10)
    assert stage.sim.leg(agent).status == "completed"
    assert stage.sim.live_legs == []
    events = [told["StatusCallbackEvent"] for told in stage.ours.of("/tw/cb/conf")]
    assert events == [
        "participant-join", "participant-join", "conference-start",
        "participant-leave", "participant-leave", "conference-end",
    ]  # fmt: skip
    assert [told["SequenceNumber"] for told in stage.ours.of("/tw/cb/conf")] == list("012345")
    leave = stage.ours.of("/tw/cb/conf", StatusCallbackEvent="participant-leave")
    assert [told["ReasonParticipantLeft"] for told in leave] == [
        "participant_hung_up",
        "moderator_ended_conference",
    ]
    assert stage.ours.of("/tw/cb/call")[0]["CallStatus"] == "completed"
    assert len(stage.ours.of("/tw/leg/after")) == 1


async def test_a_held_caller_hears_hold_music_and_nobody_else() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    sid = stage.conference_sid
    await stage.carrier.hold(conference_sid=sid, label="caller", url=f"{OURS}/tw/hold")
    await stage.sim.advance(30)
    assert hears(stage, caller) == ["/media/hold.wav"]
    assert hears(stage, agent) == []
    await stage.carrier.resume(conference_sid=sid, label="caller")
    await stage.sim.advance(1)
    assert hears(stage, caller) == ["agent-7"]
    assert hears(stage, agent) == ["caller"]
    held = [told["StatusCallbackEvent"] for told in stage.ours.of("/tw/cb/conf")][3:]
    assert held == ["participant-hold", "participant-unhold"]


async def test_the_conversation_is_recorded_on_two_channels_and_can_be_fetched_later() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, _ = await stage.talk()
    await stage.sim.advance(10)
    stage.sim.hang_up(caller)
    await stage.sim.settle()
    sid = stage.ours.of("/tw/cb/rec")[0]["RecordingSid"]
    with pytest.raises(CarrierGone):
        await stage.carrier.fetch_recording(recording_sid=sid)
    await stage.sim.advance(5)
    statuses = [told["RecordingStatus"] for told in stage.ours.of("/tw/cb/rec")]
    assert statuses == ["in-progress", "completed"]
    assert stage.ours.of("/tw/cb/rec")[-1]["RecordingChannels"] == "2"
    assert (await stage.carrier.fetch_recording(recording_sid=sid)).startswith(b"RIFF")
    await stage.carrier.delete_recording(recording_sid=sid)
    with pytest.raises(CarrierGone):
        await stage.carrier.delete_recording(recording_sid=sid)


async def test_connecting_a_caller_who_has_hung_up_is_refused_as_gone() -> None:
    stage = Stage()
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(5)
    queue = stage.ours.of("/tw/wait")[0]["QueueSid"]
    stage.sim.hang_up(caller)
    with pytest.raises(CarrierGone):
        await stage.carrier.connect_waiting(queue_sid=queue, call_sid=caller, url=f"{OURS}/tw/connect")
    await stage.sim.settle()
    assert [told["QueueResult"] for told in stage.ours.of("/tw/dequeued")] == ["hangup"]
    assert [told["CallStatus"] for told in stage.ours.of("/tw/cb/call")] == ["completed"]


async def test_of_two_who_connect_the_same_caller_only_one_succeeds() -> None:
    stage = Stage()
    stage.wait_in_queue()
    stage.ours.pages["/tw/connect"] = "<Say>here</Say>"
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(5)
    queue = stage.ours.of("/tw/wait")[0]["QueueSid"]
    await stage.carrier.connect_waiting(queue_sid=queue, call_sid=caller, url=f"{OURS}/tw/connect")
    with pytest.raises(CarrierGone):
        await stage.carrier.connect_waiting(queue_sid=queue, call_sid=caller, url=f"{OURS}/tw/connect")
    await stage.sim.advance(1)
    assert len(stage.ours.of("/tw/connect")) == 1


async def test_a_second_participant_with_the_same_label_falls_through_to_the_next_verb() -> None:
    stage = Stage()
    stage.serve_design_d()
    stage.ours.pages["/tw/app"] = conference('participantLabel="agent-7"') + "<Say>fell through</Say>"
    await stage.talk()
    second = stage.sim.client_connect("agent_7", {"leg": "again"})
    await stage.sim.advance(0.5)
    assert hears(stage, second) == ["fell through"]
    assert [problem.code for problem in stage.sim.problems] == [16025]


async def test_a_supervisor_who_listens_is_heard_by_the_agent_only() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    listen = f'participantLabel="sup-3" muted="true" coach="{agent}" startConferenceOnEnter="false"'
    stage.ours.pages["/tw/app"] = conference(listen)
    supervisor = stage.sim.client_connect("sup_3", {})
    await stage.sim.advance(1)
    assert hears(stage, supervisor) == ["agent-7", "caller"]
    assert (hears(stage, caller), hears(stage, agent)) == (["agent-7"], ["caller"])
    joined = stage.sim.leg(supervisor)
    assert joined.conference is not None
    assert joined.participant is not None
    joined.conference.mute(joined.participant, muted=False)
    assert (hears(stage, caller), hears(stage, agent)) == (["agent-7"], ["caller", "sup-3"])


async def test_a_lost_agent_leaves_the_caller_in_a_silence_that_is_measured_until_rescued() -> None:
    stage = Stage()
    stage.serve_design_d()
    stage.ours.pages["/tw/rescue"] = "<Say>申し訳ございません。</Say>" + str(stage.ours.pages["/tw/in"])
    caller, agent = await stage.talk()
    stage.sim.client_disconnect(agent)
    await stage.sim.advance(6)
    assert stage.sim.longest_silence(caller) == 6
    await stage.carrier.redirect(call_sid=caller, url=f"{OURS}/tw/rescue")
    await stage.sim.advance(10)
    assert hears(stage, caller) == ["/media/music.wav"]
    ended = stage.ours.of("/tw/cb/conf", StatusCallbackEvent="conference-end")
    assert [told["ReasonConferenceEnded"] for told in ended] == [
        "participant-with-end-conference-on-exit-kicked"
    ]


async def test_removing_a_participant_ends_only_their_leg() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    await stage.carrier.remove_participant(conference_sid=stage.conference_sid, label="agent-7")
    await stage.sim.advance(1)
    assert stage.sim.leg(agent).is_over
    assert not stage.sim.leg(caller).is_over
    with pytest.raises(CarrierGone):
        await stage.carrier.remove_participant(conference_sid=stage.conference_sid, label="agent-7")
