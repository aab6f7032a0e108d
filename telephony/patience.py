"""What becomes of a caller who waits: pure decisions, made anew each time the music ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil

NOBODY_FOR = timedelta(seconds=30)
"""An empty desk may be one whose agent's browser is just starting anew: so long a caller waits for nobody."""
CALLBACK_AFTER = timedelta(seconds=15)
"""Whoever is answered sooner has not been bothered with another way."""
FEWEST_CALLS = 5
"""From fewer calls no expectation is made."""
LONGEST_SAID = 15
"""Minutes; a longer wait is said to be longer than this."""


class Way(StrEnum):
    """How a caller in the queue goes on."""

    WAIT = "wait"
    CONTACTS = "contacts"  # goes on waiting while the shop's own people are called
    LEAVE = "leave"


class Chain(StrEnum):
    """Calling the shop's own people for a caller whom nobody here can take."""

    NEVER = "never"  # the desk does not want it, or the shop has named nobody
    POSSIBLE = "possible"
    RUNNING = "running"
    OVER = "over"


class Why(StrEnum):
    """Why a caller left the queue without an agent; the log keeps the word."""

    CLOSED = "closed"
    NOBODY = "nobody_there"
    TOO_LONG = "too_long"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """What is known of one caller in the queue."""

    waited: timedelta
    at_most: timedelta
    is_open: bool
    agents: int  # at work at this desk, busy ones included
    is_asked_for: bool  # an agent is being rung, or on the way to the caller
    chain: Chain = Chain.NEVER
    is_too_many: bool = False  # as many wait before this caller as the desk lets in


def way_on(one: Waiter) -> tuple[Way, Why | None]:
    """Whether the caller goes on waiting, and why not."""
    if one.is_asked_for or one.chain is Chain.RUNNING:
        return Way.WAIT, None
    if not one.is_open:
        return Way.LEAVE, Why.CLOSED
    if one.is_too_many:
        return Way.LEAVE, Why.FULL
    why = _too_long(one)
    if why is None:
        return Way.WAIT, None
    return (Way.CONTACTS, None) if one.chain is Chain.POSSIBLE else (Way.LEAVE, why)


def may_ask_for_callback(one: Waiter) -> bool:
    """Whether another way is offered: not to whom somebody is coming, and not after closing."""
    waits = one.is_open and not one.is_asked_for and one.chain is not Chain.RUNNING
    return waits and one.waited >= CALLBACK_AFTER


def expected_wait(
    *,
    place: int,
    agents: int,
    handled_in: Sequence[timedelta],
    answered_after: Sequence[timedelta],
    waited: timedelta,
) -> timedelta | None:
    """How long the caller at this place still waits; None when nothing honest can be said.

    When all agents are busy, one becomes free each mean handling time divided by their number. Agents are
    shared with other shops, whose callers this shop must not see: therefore never less than what remains of
    the wait that callers of this desk really had of late.

    Args:
        place: 1 is next.
        agents: at work at this desk.
        handled_in: talk, hold and after-call work of the desk's last calls.
        answered_after: waits of callers who were answered of late.
        waited: what this caller has waited already.
    """
    if agents < 1 or len(handled_in) < FEWEST_CALLS:
        return None
    by_load = sum(handled_in, timedelta()) / len(handled_in) * place / agents
    by_experience = max(answered_after, default=timedelta()) - waited
    return max(by_load, by_experience)


def minutes_to_say(expected: timedelta) -> int:
    """Whole minutes, rounded up, so that nobody is promised too much."""
    return max(1, ceil(expected / timedelta(minutes=1)))


def _too_long(one: Waiter) -> Why | None:
    if one.agents < 1 and (one.waited >= NOBODY_FOR or one.chain is Chain.POSSIBLE):
        return Why.NOBODY
    return Why.TOO_LONG if one.waited >= one.at_most else None
