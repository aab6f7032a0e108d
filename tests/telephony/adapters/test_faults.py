"""Chance: the same seed repeats itself, and faults do what they are called."""

from hypothesis import given, settings
from hypothesis import strategies as st

from telephony.adapters.simulator.faults import Faults
from tests.telephony.adapters.stage import MINATO, SHOPPER, Stage


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


@settings(max_examples=15, deadline=None)
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
