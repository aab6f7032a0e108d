"""Slow down guessing: one atomic statement counts a failure and says when the next try may be.

After some free failures the wait doubles with each further one, up to fifteen minutes; it never locks for
good. An hour without a failure forgets. An account has five free failures; an address, which a whole call
floor may share, has a hundred.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

FREE_FAILURES = {"login.account": 5, "login.address": 100, "survey.address": 100}
LONGEST = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)

_COUNT = text("""
    INSERT INTO throttle_bucket AS b (purpose, subject_hash, failures, blocked_until, last_at)
    VALUES (:purpose, :subject, 1, NULL, :now)
    ON CONFLICT (purpose, subject_hash) DO UPDATE SET
        failures = CASE WHEN b.last_at < :forgotten THEN 1 ELSE b.failures + 1 END,
        blocked_until = CASE
            WHEN b.last_at < :forgotten OR b.failures + 1 < :free THEN NULL
            ELSE CAST(:now AS timestamptz)
                + least(:longest, interval '1 second' * 2 ^ least(b.failures + 1 - :free, 20)) END,
        last_at = :now
""")
_BLOCKED = text("""
    SELECT blocked_until FROM throttle_bucket
    WHERE purpose = :purpose AND subject_hash = :subject AND blocked_until > :now
""")
_FORGET = text("DELETE FROM throttle_bucket WHERE purpose = :purpose AND subject_hash = :subject")


def subject_hash(secret: str, subject: str) -> bytes:
    """A keyed hash, so that the table tells nobody which addresses were tried."""
    return hmac.digest(secret.encode(), subject.encode(), hashlib.sha256)


async def seconds_blocked(session: AsyncSession, purpose: str, subject: bytes, *, now: datetime) -> int:
    """Whole seconds until the subject may try again; 0 when it may now."""
    until = await session.scalar(_BLOCKED, {"purpose": purpose, "subject": subject, "now": now})
    return 0 if until is None else int((until - now).total_seconds()) + 1


async def count_failure(session: AsyncSession, purpose: str, subject: bytes, *, now: datetime) -> None:
    """Note one failure. Commit it by itself: the request that failed rolls back."""
    await session.execute(
        _COUNT,
        {
            "purpose": purpose,
            "subject": subject,
            "now": now,
            "forgotten": now - FORGOTTEN_AFTER,
            "free": FREE_FAILURES[purpose],
            "longest": LONGEST,
        },
    )


async def forget(session: AsyncSession, purpose: str, subject: bytes) -> None:
    """Start again from nothing, after a success."""
    await session.execute(_FORGET, {"purpose": purpose, "subject": subject})
