"""States of mails coming in and going out."""

from enum import StrEnum


class RawState(StrEnum):
    STORED = "stored"  # bytes are safe, not yet read
    FILED = "filed"
    QUARANTINED = "quarantined"  # could not be read; a person must look


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


class SendState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    MAYBE_SENT = "maybe_sent"  # the server took the bytes, its answer never came: a person decides
    FAILED = "failed"


class AfterAnswer(StrEnum):
    """What becomes of the case once the answer is written."""

    DONE = "done"
    PENDING = "pending"  # more is to follow from us


class DraftFate(StrEnum):
    """What becomes of drafts when their case is joined into another."""

    TAKE = "take"  # into the other case, below what is written there
    DROP = "drop"
