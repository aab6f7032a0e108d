"""Each agent's part of a call; together they are the call."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from interactions.derive import Times, apply
from interactions.parts import Event, parts_of
from interactions.values import EventKind
from tests.support.clock import START

FIRST, SECOND = UUID(int=1), UUID(int=2)


def event(seconds: int, kind: EventKind, **data: Any) -> Event:
    return kind, START + timedelta(seconds=seconds), data


def since(seconds: int) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def test_a_call_that_went_on_to_a_colleague_is_a_part_of_each() -> None:
    events = [
        event(0, EventKind.ARRIVED),
        event(10, EventKind.ANSWERED, agent_id=str(FIRST)),
        event(30, EventKind.HELD),
        event(40, EventKind.RESUMED),
        event(50, EventKind.TRANSFERRED, to="agent", agent_id=str(SECOND)),
        event(55, EventKind.WRAPPED_UP, agent_id=str(FIRST), since=since(50)),
        event(110, EventKind.ENDED),
        event(130, EventKind.WRAPPED_UP, agent_id=str(SECOND), since=since(110)),
    ]
    parts = parts_of(events)

    assert [(parts[who].talk_ms, parts[who].acw_ms) for who in (FIRST, SECOND)] == [
        (30_000, 5_000), (60_000, 20_000),
    ]  # fmt: skip
    whole = Times(arrived_at=START)
    for kind, at, data in events:
        apply(whole, kind, at, data)
    assert whole.talk_ms == sum(part.talk_ms for part in parts.values())
    assert whole.acw_ms == sum(part.acw_ms for part in parts.values())


def test_who_still_wraps_up_is_not_done_and_who_never_spoke_has_no_part() -> None:
    parts = parts_of(
        [
            event(0, EventKind.ARRIVED),
            event(10, EventKind.ANSWERED, agent_id=str(FIRST)),
            event(20, EventKind.ENDED),
            event(25, EventKind.WRAPPED_UP, agent_id=str(SECOND), since=since(20)),
        ]
    )
    assert {who: part.is_wrapped_up for who, part in parts.items()} == {FIRST: False}
