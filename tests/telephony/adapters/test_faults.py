"""Chance: the same seed repeats itself, and faults do what they are called."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.adapters.simulator.endpoints import NumberSettings
from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.simulator import Complaint
from telephony.carrier_errors import CarrierRefused
from tests.telephony.adapters.stage import MINATO, OURS, SHOPPER, Stage


async def several_calls(seed: int, faults: Faults | None = None) -> Stage:
    stage = Stage(seed=seed, faults=faults)
    stage.serve_design_d()
    caller, _ = await stage.talk()
    impatient = stage.sim.place_call("anonymous", MINATO)
    stage.sim.after(9, lambda: stage.sim.hang_up(impatient))
    stage.sim.after(30, lambda: stage.sim.hang_up(caller))
    await stage.sim.advance(90)
    return stage


async def test_the_same_seed_gives_the_same_timeline() -> None:
    chaos = {"duplicate_callbacks": 0.3, "duplicate_documents": 0.3, "reorder_seconds": 2.0}
    first = await several_calls(7, Faults(**chaos))
    again = await several_calls(7, Faults(**chaos))
    other = await several_calls(8, Faults(**chaos))
    assert first.sim.timeline.as_json() == again.sim.timeline.as_json()
    assert first.sim.timeline.as_json() != other.sim.timeline.as_json()


async def test_duplicated_webhooks_are_identical() -> None:
    stage = await several_calls(1, Faults(duplicate_callbacks=1, duplicate_documents=1))
    for path in ("/tw/in", "/tw/cb/call", "/tw/cb/conf"):
        told = stage.ours.of(path)
        assert [fields for fields in told if told.count(fields) % 2] == [], path


async def test_lost_callbacks_never_arrive_but_documents_do() -> None:
    stage = await several_calls(1, Faults(lose_callbacks=1))
    assert stage.ours.of("/tw/cb/call") == []
    assert stage.ours.of("/tw/cb/conf") == []
    assert len(stage.ours.of("/tw/in")) == 2


async def test_reordered_callbacks_all_arrive_within_their_window() -> None:
    stage = await several_calls(3, Faults(reorder_seconds=10))
    sequence = [int(told["SequenceNumber"]) for told in stage.ours.of("/tw/cb/conf")]
    assert sorted(sequence) == list(range(len(sequence)))
    assert sequence != sorted(sequence)


async def test_delayed_callbacks_leave_later_than_what_they_tell() -> None:
    stage = Stage(faults=Faults(delay_seconds=5))
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(10)
    stage.sim.hang_up(caller)
    await stage.sim.advance(4)
    assert stage.ours.of("/tw/cb/call") == []
    await stage.sim.advance(2)
    assert len(stage.ours.of("/tw/cb/call")) == 1


@settings(max_examples=15)
@given(
    hang_ups=st.lists(st.tuples(st.integers(0, 3), st.floats(0, 20)), max_size=6),
    seed=st.integers(0, 1000),
)
async def test_whoever_hangs_up_whenever_everything_is_put_away(
    hang_ups: list[tuple[int, float]], seed: int
) -> None:
    stage = Stage(seed=seed)
    stage.serve_design_d()
    sids = [stage.sim.place_call(SHOPPER, MINATO), stage.sim.place_call(SHOPPER, MINATO)]
    sids += [stage.sim.client_connect(f"agent_{n}", {}) for n in (7, 8)]
    for who, when in hang_ups:
        stage.sim.after(when, lambda sid=sids[who]: stage.sim.hang_up(sid))  # type: ignore[misc]  # a lambda that keeps its id
    await stage.sim.advance(25)
    for sid in sids:
        stage.sim.hang_up(sid)
    await stage.sim.advance(10)
    assert stage.sim.live_legs == []
    assert not any(queue.members for queue in stage.sim.exchange.queues.values())
    assert {one.status for one in stage.sim.exchange.conferences.values()} <= {"completed"}
    results = [told["CallSid"] for told in stage.ours.of("/tw/dequeued")]
    assert len(results) == len(set(results))
    assert len(stage.ours.of("/tw/cb/call")) == 2


@pytest.mark.parametrize(
    ("wishes", "asked", "given_up_after"),
    [
        ("", 1, 15),
        ("#rc=1&rp=rt", 1, 15),
        ("#rc=2&rp=rt&rt=4000", 3, 12),
        ("#rc=5&rp=rt&rt=4000&tt=6000", 2, 6),
    ],
)
async def test_an_answer_that_comes_too_late_has_had_its_effect_and_is_asked_for_again_where_agreed(
    wishes: str, asked: int, given_up_after: float
) -> None:
    """Whatever the address wishes, 15 seconds are the end of it."""
    stage = Stage(faults=Faults(cut_off=1))
    again = NumberSettings(f"{OURS}/tw/in{wishes}", fallback_url=f"{OURS}/tw/fallback")
    stage.sim.settings.numbers[MINATO] = again
    stage.ours.pages["/tw/fallback"] = "<Say>ただいま電話に出られません。</Say>"
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(given_up_after - 0.5)
    assert len(stage.ours.of("/tw/in")) == asked
    assert stage.sim.leg(caller).status == "ringing"
    stage.sim.faults.cut_off = 0
    await stage.sim.advance(1)
    assert stage.ours.of("/tw/fallback")[0]["ErrorCode"] == "11200"
    assert [thing.text for thing in stage.sim.hears(caller)] == ["ただいま電話に出られません。"]


async def test_a_slow_document_is_waited_for_in_silence() -> None:
    stage = Stage(faults=Faults(slow_documents=1))
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(60)
    assert 1 <= stage.sim.longest_silence(caller) <= 8
    assert stage.sim.problems == []


async def test_a_late_callback_is_up_to_twenty_seconds_late() -> None:
    stage = Stage(faults=Faults(late_callbacks=1))
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(10)
    stage.sim.hang_up(caller)
    await stage.sim.advance(0.9)
    assert stage.ours.of("/tw/cb/call") == []
    await stage.sim.advance(20)
    assert len(stage.ours.of("/tw/cb/call")) == 1


async def test_a_callback_can_come_before_the_answer_to_the_request_that_caused_it() -> None:
    stage = Stage(faults=Faults(early_callbacks=1))
    known: list[str] = []

    async def told(fields: dict[str, str]) -> None:
        known.append(fields["CallSid"] if fields["CallSid"] in answered else "not yet")

    answered: list[str] = []
    stage.ours.on["/tw/cb/call"] = told
    sid = await stage.carrier.dial(
        to=SHOPPER,
        caller_id=MINATO,
        url=f"{OURS}/tw/screen",
        status_url=f"{OURS}/tw/cb/call",
        ring_seconds=20,
        limit_seconds=60,
    )
    answered.append(sid)
    assert known == ["not yet"]
    await stage.sim.advance(1)
    assert known == ["not yet", sid]


async def test_what_is_asked_about_calls_is_a_moment_old() -> None:
    stage = Stage(faults=Faults(calls_lag=1))
    stage.wait_in_queue()
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(10)
    stage.sim.hang_up(caller)
    await stage.sim.advance(0.5)
    assert (await stage.carrier.look_at_leg(call_sid=caller)).status == "in-progress"
    await stage.sim.advance(1)
    assert (await stage.carrier.look_at_leg(call_sid=caller)).status == "completed"


async def test_a_call_taken_back_while_it_is_queued_is_never_told_of() -> None:
    stage = Stage()
    for _ in range(2):
        sid = await stage.carrier.dial(
            to=SHOPPER, caller_id=MINATO, url=f"{OURS}/tw/screen", status_url=f"{OURS}/tw/cb/call",
            ring_seconds=20, limit_seconds=60,
        )  # fmt: skip
    await stage.carrier.hang_up(call_sid=sid)
    await stage.sim.advance(30)
    assert stage.ours.of("/tw/cb/call", CallSid=sid) == []
    assert stage.sim.leg(sid).status == "canceled"


async def test_a_strict_carrier_lets_no_time_pass_over_a_mistake() -> None:
    stage = Stage(strict=True)
    stage.ours.pages["/tw/in"] = "<Say loud='yes'>はい。</Say>"
    stage.sim.place_call(SHOPPER, MINATO)
    with pytest.raises(Complaint, match="Say has no attribute loud"):
        await stage.sim.advance(5)


async def test_the_usual_carrier_passes_over_an_unknown_attribute_and_notes_it() -> None:
    stage = Stage()
    stage.ours.pages["/tw/in"] = "<Say loud='yes'>はい。</Say><Pause length='9'/>"
    caller = stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(5)
    assert [problem.code for problem in stage.sim.problems] == [12200]
    assert not stage.sim.leg(caller).is_over


async def test_a_strict_carrier_complains_of_requests_too() -> None:
    stage = Stage(strict=True)
    with pytest.raises(CarrierRefused):
        await stage.carrier.hang_up(call_sid="CA12")
    with pytest.raises(Complaint, match="CallSid=CA12 is malformed"):
        await stage.sim.advance(1)
