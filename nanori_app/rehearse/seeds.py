"""Many small rehearsals, one seed after the other, in one process, on one database that is emptied each time.

No paper is printed; everything that happens on the line and in the log is checked as after a long play.
"""

import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field, replace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from nanori.installation import Installation
from nanori.settings import Settings
from nanori_app.rehearse.carrier import SimulatorClock
from nanori_app.rehearse.evidence import Violation
from nanori_app.rehearse.house import installation
from nanori_app.rehearse.invariants import violations
from nanori_app.rehearse.performance import Programme, opening, play_in
from nanori_app.rehearse.rehearsal import evidence_of, ledger_of, outcomes_of

_KEPT = "alembic_version"
FROZEN = text("""
    SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal AND tgtype & 32 <> 0
""")
"""Tables whose triggers refuse TRUNCATE: what is closed stays, except in a play that is over."""
_EMPTY = text("""
    SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') || ' CASCADE'
    FROM pg_tables WHERE schemaname = 'public' AND tablename <> :kept
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """What came of one seed."""

    seed: int
    outcomes: Counter[str]
    violations: list[Violation]
    seconds: float


@dataclass(slots=True)
class Tally:
    """What came of all of them so far."""

    seeds: int = 0
    seconds: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    violations: list[tuple[int, Violation]] = field(default_factory=list)

    def add(self, one: Seed) -> None:
        self.seeds += 1
        self.seconds += one.seconds
        self.outcomes += one.outcomes
        self.violations += [(one.seed, violation) for violation in one.violations]


async def rehearse_seeds(
    settings: Settings, programme: Programme, seeds: Iterable[int]
) -> AsyncGenerator[Seed]:
    """Rehearse each seed on an empty, migrated database (``house.throw_away``)."""
    owner = create_async_engine(settings.owner_url())
    try:
        async with installation(settings, opening(programme)) as house:
            for seed in seeds:
                yield await _one(house, replace(programme, seed=seed, dense=True, sabotage=None))
                await _empty(owner)
    finally:
        await owner.dispose()


async def _one(house: Installation, programme: Programme) -> Seed:
    started = time.monotonic()
    if isinstance(house.clock, SimulatorClock):
        house.clock.simulator = None  # back to the first day
    async with play_in(house, programme) as played:
        ledger = await ledger_of(played)
        found = violations(evidence_of(played, ledger))
    return Seed(
        seed=programme.seed,
        outcomes=outcomes_of(ledger),
        violations=found,
        seconds=time.monotonic() - started,
    )


async def _empty(owner: AsyncEngine) -> None:
    async with owner.begin() as connection:
        frozen = (await connection.scalars(FROZEN)).all()
        for table in frozen:
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        statement = await connection.scalar(_EMPTY, {"kept": _KEPT})
        await connection.execute(text(statement))
        for table in frozen:
            await connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
