"""Guessing is slowed down, and never locks anybody out for good."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from nanori.identity.throttle import (
    FORGOTTEN_AFTER,
    FREE_FAILURES,
    LONGEST,
    count_failure,
    forget,
    seconds_blocked,
    subject_hash,
)
from tests.support.clock import START

PURPOSE = "login.account"
SUBJECT = subject_hash("a key", "sato@nanori.example")


async def fail(session: AsyncSession, times: int) -> None:
    for _ in range(times):
        await count_failure(session, PURPOSE, SUBJECT, now=START)


async def test_the_first_failures_are_free(session: AsyncSession) -> None:
    await fail(session, FREE_FAILURES[PURPOSE] - 1)

    assert await seconds_blocked(session, PURPOSE, SUBJECT, now=START) == 0


async def test_each_further_failure_doubles_the_wait(session: AsyncSession) -> None:
    await fail(session, FREE_FAILURES[PURPOSE])
    waits = []
    for _ in range(4):
        waits.append(await seconds_blocked(session, PURPOSE, SUBJECT, now=START) - 1)
        await fail(session, 1)

    assert waits == [1, 2, 4, 8]


async def test_the_wait_has_a_longest(session: AsyncSession) -> None:
    await fail(session, 60)

    assert await seconds_blocked(session, PURPOSE, SUBJECT, now=START) == LONGEST.total_seconds() + 1
    assert await seconds_blocked(session, PURPOSE, SUBJECT, now=START + LONGEST) == 0


async def test_an_hour_without_failure_forgets(session: AsyncSession) -> None:
    await fail(session, 20)
    later = START + FORGOTTEN_AFTER + timedelta(seconds=1)
    await count_failure(session, PURPOSE, SUBJECT, now=later)

    assert await seconds_blocked(session, PURPOSE, SUBJECT, now=later) == 0


async def test_a_success_forgets_and_another_purpose_or_subject_is_not_touched(session: AsyncSession) -> None:
    await fail(session, 20)
    other = subject_hash("a key", "tanaka@nanori.example")

    assert await seconds_blocked(session, PURPOSE, other, now=START) == 0
    assert await seconds_blocked(session, "login.address", SUBJECT, now=START) == 0
    await forget(session, PURPOSE, SUBJECT)
    assert await seconds_blocked(session, PURPOSE, SUBJECT, now=START) == 0


def test_what_is_stored_tells_nobody_who_was_tried() -> None:
    assert b"sato" not in SUBJECT
    assert subject_hash("another key", "sato@nanori.example") != SUBJECT
