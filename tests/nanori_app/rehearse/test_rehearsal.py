"""A play leaves nothing behind that must not be, and what is broken on purpose is found and named."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from interactions.values import Direction
from nanori_app.rehearse.evidence import FIGURES_EQUAL_RECOUNT, PDF_EQUALS_FIGURES
from nanori_app.rehearse.invariants import INVARIANTS, name_of, violations
from nanori_app.rehearse.ledger import read_ledger
from nanori_app.rehearse.paper import check_reports, make_reports
from nanori_app.rehearse.performance import Performance, performance
from nanori_app.rehearse.raw_log import event_rows
from nanori_app.rehearse.rehearsal import Rehearsal, evidence_of, ledger_of, rehearse
from nanori_app.rehearse.sabotage import SABOTAGES, Sabotage, plant
from tests.nanori_app.rehearse.conftest import Stages, a_programme

OF_ROWS = [one for one in SABOTAGES if one.statements]
OF_FIGURES = [one for one in SABOTAGES if one.figures]
ON_STAGE = [one for one in SABOTAGES if not one.statements and not one.figures]


def called(sabotage: Sabotage) -> str:
    return sabotage.name


async def test_a_play_violates_nothing(played: Performance) -> None:
    ledger = await ledger_of(played)
    assert violations(evidence_of(played, ledger)) == []
    assert sum(one["direction"] is Direction.INBOUND for one in ledger.interactions) == 15
    rows = list(event_rows(ledger, played.floor.shops))
    assert check_reports(await make_reports(played), rows, played) == []


def test_every_invariant_has_its_sabotage() -> None:
    names = [name_of(invariant) for invariant in INVARIANTS]
    assert sorted(one.name for one in SABOTAGES) == sorted(
        [*names, FIGURES_EQUAL_RECOUNT, PDF_EQUALS_FIGURES]
    )


@pytest.mark.parametrize("sabotage", OF_ROWS, ids=called)
async def test_spoilt_rows_are_found_and_named(played: Performance, sabotage: Sabotage) -> None:
    engine = create_async_engine(played.settings.owner_url())
    async with engine.connect() as connection:
        await plant(connection, sabotage)
        ledger = await read_ledger(AsyncSession(connection))
        await connection.rollback()
    await engine.dispose()
    assert {one.invariant for one in violations(evidence_of(played, ledger))} == {sabotage.name}


@pytest.mark.parametrize("sabotage", OF_FIGURES, ids=called)
async def test_falsified_figures_are_found_and_named(played: Performance, sabotage: Sabotage) -> None:
    rows = list(event_rows(await ledger_of(played), played.floor.shops))
    reports = await make_reports(played, falsely=sabotage.name)
    assert {one.invariant for one in check_reports(reports, rows, played)} == {sabotage.name}


@pytest.mark.parametrize("sabotage", ON_STAGE, ids=called)
async def test_what_goes_wrong_on_stage_is_found_and_named(empty_house: Stages, sabotage: Sabotage) -> None:
    with empty_house() as settings:
        async with performance(settings, a_programme(sabotage=sabotage)) as played:
            found = violations(evidence_of(played, await ledger_of(played)))
    assert {one.invariant for one in found} == {sabotage.name}


@pytest.mark.parametrize("seed", [2])
async def test_the_worst_carrier_changes_nothing(empty_house: Stages, seed: int) -> None:
    with empty_house() as settings:
        found = await rehearse(settings, a_programme(calls=8, seed=seed, faults="all"))
    assert found.violations == []


async def test_the_same_seed_plays_the_same_piece(empty_house: Stages) -> None:
    played: list[Rehearsal] = []
    for _ in range(2):
        with empty_house() as settings:
            played.append(await rehearse(settings, a_programme(calls=4, seed=9)))
    first, second = played
    assert [_plain(row) for row in first.rows] == [_plain(row) for row in second.rows]
    assert [one.figures for one in first.reports] == [one.figures for one in second.reports]
    assert [one.pdf for one in first.reports] == [one.pdf for one in second.reports]


def _plain(row: dict[str, str]) -> tuple[str, ...]:
    """An event without what is new each time: ids."""
    return tuple(row[name] for name in ("shop", "number", "channel", "reason", "seq", "kind", "at", "actor"))
