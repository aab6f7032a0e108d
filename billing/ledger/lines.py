"""Usage lines as they are kept, taken back and added up. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from billing.ledger.contacts import Logged
from billing.plans.judging import Verdict, judge
from billing.plans.pricing import Unit
from billing.plans.queries import Held, holding
from billing.plans.values import Meter


class Key(NamedTuple):
    """Of what a line speaks."""

    interaction_id: UUID
    meter: Meter


@dataclass(frozen=True, slots=True)
class Judged:
    """What one line ought to say."""

    logged: Logged
    agreement_id: UUID | None
    version_id: UUID | None
    verdict: Verdict

    @property
    def key(self) -> Key:
        return Key(self.logged.interaction_id, self.verdict.meter)


class Kept(NamedTuple):
    """A line of the ledger, as far as adding up asks."""

    id: UUID
    interaction_id: UUID
    meter: Meter
    revision: int
    is_counter: bool
    booked: date
    at: datetime
    agreement_id: UUID | None
    version_id: UUID | None
    rule: str
    is_billed: bool
    quantity: Decimal

    @property
    def key(self) -> Key:
        return Key(self.interaction_id, self.meter)


@dataclass(frozen=True, slots=True)
class Difference:
    """What brings the ledger to what the log says: lines to take back, lines to write with their revision."""

    back: Sequence[Kept]
    new: Sequence[tuple[Judged, int]]


def judged(contacts: Iterable[Logged], agreements: Sequence[Held]) -> Iterator[Judged]:
    """One line for each contact and meter."""
    for one in contacts:
        found = holding(agreements, one.desk_id, one.contact.arrived.date())
        held, version = found or (None, None)
        for verdict in judge(one.contact, version.plan if version else None):
            yield Judged(one, held.row.id if held else None, version.id if version else None, verdict)


def live(lines: Iterable[Kept]) -> list[Kept]:
    """The lines that nothing has taken back, in their order."""
    kept = list(lines)
    back = {(*one.key, one.revision) for one in kept if one.is_counter}
    return [one for one in kept if not one.is_counter and (*one.key, one.revision) not in back]


def difference(kept: Sequence[Kept], wanted: Iterable[Judged]) -> Difference:
    """Nothing where the ledger says what the log says."""
    standing = {one.key: one for one in live(kept)}
    revisions: dict[Key, int] = {}
    for one in kept:
        revisions[one.key] = max(revisions.get(one.key, 0), one.revision)
    back, new, seen = [], [], set[Key]()
    for judgement in wanted:
        seen.add(judgement.key)
        there = standing.get(judgement.key)
        if there is not None and _says(there, judgement):
            continue
        if there is not None:
            back.append(there)
        new.append((judgement, revisions.get(judgement.key, 0) + 1))
    back += [one for key, one in standing.items() if key not in seen]
    return Difference(back, new)


def _says(there: Kept, wanted: Judged) -> bool:
    verdict = wanted.verdict
    return (
        there.agreement_id == wanted.agreement_id
        and there.version_id == wanted.version_id
        and there.rule == verdict.rule
        and there.quantity == verdict.quantity
    )


def usage(lines: Iterable[Kept], zone: ZoneInfo) -> Mapping[UUID, Mapping[Meter, list[Unit]]]:
    """What is billed, by agreement and meter, in the order of the lines."""
    found: dict[UUID, dict[Meter, list[Unit]]] = {}
    for one in lines:
        if one.is_billed and one.quantity and one.agreement_id is not None:
            unit = Unit(str(one.id), one.at.astimezone(zone).date(), one.quantity)
            found.setdefault(one.agreement_id, {}).setdefault(one.meter, []).append(unit)
    return found
