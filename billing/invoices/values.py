"""States of a month's run."""

from enum import StrEnum


class RunState(StrEnum):
    """How far one payer's month has come."""

    QUEUED = "queued"
    DRAFTED = "drafted"
    ISSUED = "issued"
    FAILED = "failed"
