"""Small performances on databases cloned from the migrated template."""

import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from nanori.settings import Settings
from nanori_app.rehearse.performance import Performance, Programme, performance
from nanori_app.rehearse.sabotage import Sabotage
from nanori_app.rehearse.shops import invented_shops
from tests.conftest import SERVER, settings_for
from tests.support.server import database, give_roles

Stages = Callable[[], AbstractContextManager[Settings]]

NO_HARM = Sabotage(name="none", says="only the occasions that a sabotage needs")


@pytest.fixture(scope="session")
def empty_house(template: str, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    """Makes houses without a shop: a database and roles of its own each, gone afterwards."""

    @contextmanager
    def house() -> Generator[Settings]:
        with database(os.environ[SERVER], template) as url:
            settings = settings_for(url, tmp_path_factory.mktemp("rehearsal"))
            give_roles(settings)
            yield settings

    return house


def a_programme(
    *,
    calls: int = 6,
    mails: int = 3,
    seed: int = 1,
    faults: str = "some",
    sabotage: Sabotage | None = None,
    dense: bool = False,
) -> Programme:
    return Programme(
        calls=calls,
        mails=mails,
        agents=3,
        seed=seed,
        faults=faults,
        shops=invented_shops(2),
        sabotage=sabotage,
        dense=dense,
    )


@pytest.fixture(scope="session")
async def played(empty_house: Stages) -> AsyncGenerator[Performance]:
    """One performance of ten calls, to be looked at from many sides."""
    with empty_house() as settings:
        programme = a_programme(calls=10, mails=5, sabotage=NO_HARM)
        async with performance(settings, programme) as finished:
            yield finished


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "out"
