"""What happened, in order: the simulated carrier's own record, independent of ours."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to one leg (or to nobody: ``leg`` is empty)."""

    at: datetime
    leg: str
    what: str
    detail: dict[str, Any] = field(default_factory=dict)


class Timeline:
    """Entries in the order in which they happened."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def add(self, at: datetime, leg: str, what: str, **detail: Any) -> None:
        self.entries.append(Entry(at, leg, what, detail))

    def of(self, leg: str, what: str | None = None) -> list[Entry]:
        """Entries of one leg, optionally of one kind."""
        return [entry for entry in self.entries if entry.leg == leg and what in (None, entry.what)]

    def as_records(self, *, since: int = 0) -> list[dict[str, Any]]:
        """Plain records from position ``since`` on, with ISO times."""
        return [asdict(entry) | {"at": entry.at.isoformat()} for entry in self.entries[since:]]

    def as_json(self) -> str:
        return json.dumps(self.as_records(), ensure_ascii=False)
