"""A rehearsal: play, read what was written, make the reports, check everything."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import create_async_engine

from interactions.values import Direction
from nanori.db import across_shops
from nanori.settings import Settings
from nanori_app.rehearse.evidence import Evidence, Violation
from nanori_app.rehearse.invariants import violations
from nanori_app.rehearse.ledger import Ledger, Row, read_ledger
from nanori_app.rehearse.paper import Report, check_reports, make_reports
from nanori_app.rehearse.performance import Performance, Programme, performance
from nanori_app.rehearse.raw_log import event_rows
from nanori_app.rehearse.sabotage import Sabotage, plant
from nanori_app.rehearse.witness import testimony


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What came of it."""

    programme: Programme
    violations: list[Violation]
    reports: list[Report]
    rows: list[dict[str, str]]
    outcomes: Mapping[str, int]
    seconds: float

    def as_json(self) -> dict[str, object]:
        asked = self.programme
        return {
            "calls": asked.calls,
            "mails": asked.mails,
            "shops": [setup.slug for setup in asked.shops],
            "agents": asked.agents,
            "seed": asked.seed,
            "faults": asked.faults,
            "sabotage": asked.sabotage.name if asked.sabotage else None,
            "seconds": round(self.seconds, 1),
            "outcomes": dict(self.outcomes),
            "violations": [one.as_json() for one in self.violations],
        }


async def rehearse(settings: Settings, programme: Programme) -> Rehearsal:
    """Rehearse on an empty, migrated database (``house.throw_away``)."""
    started = time.monotonic()
    async with performance(settings, programme) as played:
        if programme.sabotage is not None:
            await _spoil(settings, programme.sabotage)
        ledger = await ledger_of(played)
        rows = list(event_rows(ledger, played.floor.shops))
        reports = await make_reports(played, falsely=_falsely(programme.sabotage))
        found = violations(evidence_of(played, ledger))
        found += check_reports(reports, rows, played)
    return Rehearsal(
        programme=programme,
        violations=found,
        reports=reports,
        rows=rows,
        outcomes=outcomes_of(ledger),
        seconds=time.monotonic() - started,
    )


async def _spoil(settings: Settings, sabotage: Sabotage) -> None:
    engine = create_async_engine(settings.owner_url())
    try:
        async with engine.begin() as connection:
            await plant(connection, sabotage)
    finally:
        await engine.dispose()


async def ledger_of(played: Performance) -> Ledger:
    async with across_shops(played.floor.stage.house.staff) as session:
        return await read_ledger(session)


def evidence_of(played: Performance, ledger: Ledger) -> Evidence:
    return Evidence(floor=played.floor, witness=testimony(played.floor.simulator), ledger=ledger)


def _falsely(sabotage: Sabotage | None) -> str:
    return sabotage.name if sabotage is not None and sabotage.figures else ""


def outcomes_of(ledger: Ledger) -> Counter[str]:
    """How many calls and mails came to which end; calls that we made stand apart."""
    found = Counter(
        f"{_kind(one)}_{one['outcome'].value if one['outcome'] else 'open'}" for one in ledger.interactions
    )
    return Counter(dict(sorted(found.items())))


def _kind(interaction: Row) -> str:
    made_by_us = interaction["direction"] is Direction.OUTBOUND and interaction["channel"] == "phone"
    return "outbound" if made_by_us else str(interaction["channel"].value)
