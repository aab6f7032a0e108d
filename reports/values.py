"""States of a monthly report."""

from enum import StrEnum


class ReportState(StrEnum):
    QUEUED = "queued"
    RENDERING = "rendering"
    READY = "ready"
    FAILED = "failed"
