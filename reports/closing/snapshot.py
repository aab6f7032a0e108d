"""What a close freezes: the figures, the records behind them, and one hash over both. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from reports.business_time import BusinessTime
from reports.closing.frozen import Document, canonical, freeze, record_of
from reports.closing.values import FORMULAS
from reports.month import MonthFacts, MonthFigures, month_figures
from reports.sources import known_facts, sources

REASON = "reason"
"""The key under which a restatement names a changed row of the table of reasons."""
Pattern = dict[str, list[str]]
Membership = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Record:
    """One call or mail; ``pattern`` is the place of the figures in which it counts."""

    number: int
    pattern: int
    fact: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Equal logs give equal snapshots, whoever makes them and how often."""

    figures: MonthFigures
    document: Document
    patterns: Sequence[Pattern]
    records: Sequence[Record]
    content_hash: str


def snapshot_of(facts: MonthFacts, business_time: BusinessTime) -> Snapshot:
    """Count a month, and keep of each record what it was and where it counts."""
    figures = month_figures(facts, business_time)
    document = freeze(figures)
    known = known_facts(facts)
    patterns: list[Pattern] = []
    records = [
        Record(number, place, record_of(known[number]))
        for number, place in _placed(_memberships(facts, business_time), patterns)
    ]
    return Snapshot(
        figures=figures,
        document=document,
        patterns=patterns,
        records=records,
        content_hash=content_hash(FORMULAS, document, patterns, records),
    )


def content_hash(
    formulas: int, document: Document, patterns: Sequence[Pattern], records: Iterable[Record]
) -> str:
    """SHA-256 over canonical JSON: the figures, then one line for each record in order of its number."""
    found = sha256(canonical({"formulas": formulas, "figures": document, "patterns": patterns}))
    for one in records:
        found.update(b"\n" + canonical([one.number, one.pattern, one.fact]))
    return found.hexdigest()


def places(patterns: Sequence[Mapping[str, Sequence[str]]], key: str) -> list[int]:
    """The patterns of records that stand behind a figure, above or below its line."""
    return [place for place, one in enumerate(patterns) if key in one["above"] or key in one["below"]]


def changes(old: MonthFigures, new: MonthFigures) -> list[Document]:
    """Figures and rows of reasons that a restatement changed, old and new; None where there was none."""
    figures = _differing(
        {figure.key: figure.as_json() for figure in old.figures},
        {figure.key: figure.as_json() for figure in new.figures},
    )
    reasons = _differing(
        {row.reason: asdict(row) for row in old.reasons}, {row.reason: asdict(row) for row in new.reasons}
    )
    return [
        *({"key": key, "old": one, "new": other} for key, one, other in figures),
        *({"key": REASON, "reason": name, "old": one, "new": other} for name, one, other in reasons),
    ]


def _differing(
    old: Mapping[Any, Document], new: Mapping[Any, Document]
) -> list[tuple[Any, Document | None, Document | None]]:
    return [(key, old.get(key), new.get(key)) for key in {**old, **new} if old.get(key) != new.get(key)]


def _memberships(facts: MonthFacts, business_time: BusinessTime) -> dict[int, Membership]:
    """By number: the keys of the figures above whose line it counts, and below."""
    above: dict[int, list[str]] = {}
    below: dict[int, list[str]] = {}
    for key, source in sources(facts, business_time).items():
        for number in source.above:
            above.setdefault(number, []).append(key)
        for number in source.below:
            below.setdefault(number, []).append(key)
    return {
        number: (tuple(above.get(number, ())), tuple(below.get(number, ())))
        for number in sorted(above.keys() | below.keys())
    }


def _placed(memberships: Mapping[int, Membership], patterns: list[Pattern]) -> Iterable[tuple[int, int]]:
    """Each number with the place of its pattern; a new one is added behind the others."""
    seen: dict[Membership, int] = {}
    for number, keys in memberships.items():
        if keys not in seen:
            seen[keys] = len(patterns)
            patterns.append({"above": list(keys[0]), "below": list(keys[1])})
        yield number, seen[keys]
