"""Which case a joined case goes on in. Pure; see ``docs/algorithms/cases.md``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Joining:
    """``case_id`` was joined into ``into_id``; None: that was undone."""

    case_id: UUID
    into_id: UUID | None


def heads(told: Iterable[Joining]) -> dict[UUID, UUID]:
    """By joined case the one that stands at the end of its way; ``told`` in the order of time."""
    into: dict[UUID, UUID] = {}
    for one in told:
        if one.into_id is None:
            into.pop(one.case_id, None)
        else:
            into[one.case_id] = one.into_id
    return {case_id: head_of(case_id, into) for case_id in into}


def head_of(case_id: UUID, into: Mapping[UUID, UUID]) -> UUID:
    """The last case on the way; itself where it is joined to none."""
    while case_id in into:
        case_id = into[case_id]
    return case_id
