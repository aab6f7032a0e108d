"""Conferences over REST: somebody is called in, coaches, is announced to; recordings pause."""

import pytest
from twilio.base.exceptions import TwilioRestException

from telephony.adapters.simulator.endpoints import Endpoint
from tests.telephony.adapters.stage import MINATO, OURS, SHOPPER, Stage, conference
from tests.telephony.adapters.test_rest import client

EVENTS = ["initiated", "ringing", "answered", "completed"]


async def an_agent_alone(endpoint: Endpoint) -> tuple[Stage, str]:
    """The agent's browser waits in ``c-1``; the shopper's telephone behaves as asked."""
    stage = Stage(endpoints={SHOPPER: endpoint})
    stage.serve_design_d()
    agent = stage.sim.client_connect("agent_7", {"leg": "token"})
    await stage.sim.advance(5)
    return stage, agent


async def call_in(stage: Stage, **more: object) -> str:
    participant = await (
        client(stage)
        .conferences("c-1")
        .participants.create_async(
            from_=MINATO,
            to=SHOPPER,
            label="caller",
            early_media=True,
            timeout=20,
            end_conference_on_exit=True,
            status_callback=f"{OURS}/tw/cb/call",
            status_callback_event=EVENTS,
            **more,
        )
    )
    assert (participant.label, participant.status, participant.queue_time) == ("caller", "queued", "0")
    return str(participant.call_sid)


def hears(stage: Stage, sid: str) -> list[str]:
    return [thing.text for thing in stage.sim.hears(sid)]


def told(stage: Stage, sid: str) -> list[str]:
    return [one["CallStatus"] for one in stage.ours.of("/tw/cb/call", CallSid=sid)]


async def test_somebody_is_called_into_a_conference_and_heard_ringing_until_answering() -> None:
    stage, agent = await an_agent_alone(Endpoint(answer_after=6))
    shopper = await call_in(stage)
    await stage.sim.advance(3)
    assert hears(stage, agent) == ["ringing tone"]
    listed = await client(stage).conferences(stage.conference_sid).participants.list_async()
    assert {one.label: one.status for one in listed} == {"agent-7": "connected", "caller": "ringing"}
    await stage.sim.advance(5)
    assert (hears(stage, agent), hears(stage, shopper)) == (["caller"], ["agent-7"])
    joined = stage.ours.of("/tw/cb/conf", StatusCallbackEvent="participant-join", ParticipantLabel="caller")
    assert [one["CallSid"] for one in joined] == [shopper]
    stage.sim.hang_up(shopper)
    await stage.sim.advance(2)
    assert told(stage, shopper) == ["initiated", "ringing", "in-progress", "completed"]
    assert stage.sim.leg(agent).is_over


@pytest.mark.parametrize(
    ("endpoint", "status"),
    [(Endpoint("busy"), "busy"), (Endpoint("no_answer"), "no-answer"), (Endpoint("unreachable"), "failed")],
)
async def test_a_telephone_that_nobody_answers_never_joins(endpoint: Endpoint, status: str) -> None:
    stage, agent = await an_agent_alone(endpoint)
    shopper = await call_in(stage)
    await stage.sim.advance(40)
    assert told(stage, shopper)[-1] == status
    assert hears(stage, agent) == []
    assert stage.ours.of("/tw/cb/conf", ParticipantLabel="caller") == []
    left = await client(stage).conferences(stage.conference_sid).participants.list_async()
    assert [one.label for one in left] == ["agent-7"]


async def test_whoever_is_still_being_called_can_be_taken_back() -> None:
    stage, _ = await an_agent_alone(Endpoint("manual"))
    shopper = await call_in(stage)
    await stage.sim.advance(3)
    await stage.carrier.remove_participant(conference_sid=stage.conference_sid, label="caller")
    await stage.sim.advance(1)
    assert told(stage, shopper)[-1] == "canceled"


async def test_a_label_is_given_once_even_while_it_rings() -> None:
    stage, _ = await an_agent_alone(Endpoint("manual"))
    await call_in(stage)
    with pytest.raises(TwilioRestException) as caught:
        await call_in(stage)
    assert caught.value.code == 16025


async def test_a_called_conference_that_ended_meanwhile_begins_anew_with_nobody_in_it() -> None:
    """The carrier does not hang up for us: who dials must also cancel."""
    stage, agent = await an_agent_alone(Endpoint(answer_after=8))
    shopper = await call_in(stage)
    await stage.sim.advance(3)
    stage.sim.client_disconnect(agent)
    await stage.sim.advance(10)
    assert stage.sim.leg(shopper).status == "in-progress"
    assert stage.sim.longest_silence(shopper) == 0
    assert hears(stage, shopper) == ["the carrier's own"]
    assert [one.status for one in stage.sim.exchange.conferences.values()] == ["completed", "init"]


async def test_listen_whisper_barge_and_back() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    stage.ours.pages["/tw/app"] = conference(
        f'participantLabel="monitor-3" muted="true" coach="{agent}" startConferenceOnEnter="false"'
    )
    supervisor = stage.sim.client_connect("agent_3", {})
    await stage.sim.advance(1)
    monitor = client(stage).conferences(stage.conference_sid).participants("monitor-3")

    def heard_by_caller_and_agent() -> tuple[list[str], list[str]]:
        assert hears(stage, supervisor) == ["agent-7", "caller"]
        return hears(stage, caller), hears(stage, agent)

    assert heard_by_caller_and_agent() == (["agent-7"], ["caller"])
    whispering = await monitor.update_async(muted=False, coaching=True, call_sid_to_coach=agent)
    assert (whispering.coaching, whispering.call_sid_to_coach) == (True, agent)
    assert heard_by_caller_and_agent() == (["agent-7"], ["caller", "monitor-3"])
    await monitor.update_async(coaching=False, muted=False)
    assert heard_by_caller_and_agent() == (["agent-7", "monitor-3"], ["caller", "monitor-3"])
    await monitor.update_async(muted=True, coaching=True, call_sid_to_coach=agent)
    assert heard_by_caller_and_agent() == (["agent-7"], ["caller"])
    await stage.sim.settle()
    changes = stage.ours.of("/tw/cb/conf", ParticipantLabel="monitor-3")[1:]
    assert {one["StatusCallbackEvent"] for one in changes} == {
        "participant-modify", "participant-mute", "participant-unmute",
    }  # fmt: skip


async def test_the_caller_is_never_in_the_recording_of_a_whisper() -> None:
    stage = Stage()
    stage.serve_design_d()
    _, agent = await stage.talk()
    stage.ours.pages["/tw/app"] = conference(f'participantLabel="monitor-3" coach="{agent}"')
    stage.sim.client_connect("agent_3", {})
    await stage.sim.advance(5)
    [recording] = stage.sim.exchange.recorder.recordings.values()
    assert recording.voices == {"agent-7"}


async def test_what_is_announced_to_one_is_heard_by_one_and_to_all_by_all() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    stage.ours.pages["/tw/announce"] = "<Say>この通話は録音されます。</Say>"
    one = client(stage).conferences(stage.conference_sid).participants("caller")
    await one.update_async(announce_url=f"{OURS}/tw/announce")
    await stage.sim.advance(0.5)
    assert hears(stage, caller) == ["この通話は録音されます。", "agent-7"]
    assert hears(stage, agent) == ["caller"]
    await stage.sim.advance(5)
    assert hears(stage, caller) == ["agent-7"]
    whole = client(stage).conferences(stage.conference_sid)
    await whole.update_async(announce_url=f"{OURS}/tw/announce", announce_method="POST")
    await stage.sim.advance(0.5)
    assert hears(stage, caller)[0] == hears(stage, agent)[0] == "この通話は録音されます。"


async def test_while_a_recording_is_paused_nothing_is_taken_down() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, _ = await stage.talk()
    current = client(stage).calls(caller).recordings("Twilio.CURRENT")
    stage.sim.press(caller, "12")
    await stage.sim.advance(10)
    assert (await current.update_async(status="paused", pause_behavior="skip")).status == "paused"
    stage.sim.press(caller, "4111")
    await stage.sim.advance(20)
    assert (await current.update_async(status="in-progress")).status == "in-progress"
    stage.sim.press(caller, "34")
    await stage.sim.advance(10)
    stage.sim.hang_up(caller)
    await stage.sim.advance(5)
    [recording] = await client(stage).calls(caller).recordings.list_async()
    [kept] = stage.sim.exchange.recorder.recordings.values()
    assert (kept.keys, kept.status) == ("1234", "completed")
    assert 20 <= int(recording.duration) <= 26
    with pytest.raises(TwilioRestException):
        await current.update_async(status="paused")


async def test_a_recording_is_started_later_by_request() -> None:
    stage = Stage()
    stage.serve_design_d()
    stage.ours.pages["/tw/connect"] = conference('participantLabel="caller" endConferenceOnExit="true"')
    caller, _ = await stage.talk()
    started = await (
        client(stage)
        .calls(caller)
        .recordings.create_async(
            recording_channels="dual",
            recording_status_callback=f"{OURS}/tw/cb/rec",
            recording_status_callback_event=["in-progress", "completed"],
        )
    )
    await stage.sim.advance(5)
    await client(stage).calls(caller).recordings(started.sid).update_async(status="stopped")
    await stage.sim.advance(5)
    assert [one["RecordingStatus"] for one in stage.ours.of("/tw/cb/rec")] == ["in-progress", "completed"]
    assert {one["RecordingSource"] for one in stage.ours.of("/tw/cb/rec")} == {"StartCallRecordingAPI"}
