"""A clock that tests move by hand."""

from datetime import UTC, datetime

from nanori.clock import VirtualClock

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
"""Monday, 10:00 in Tokyo: every shop of the cast is open."""


class TestClock(VirtualClock):
    __test__ = False
