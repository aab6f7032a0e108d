"""A connection that died while it lay in the pool is not shown to anybody."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from nanori import pooling
from nanori.installation import Installation

MINE, OTHERS = "SELECT pg_backend_pid()", "SELECT pg_terminate_backend(:pid, 10000)"


async def _backend(house: Installation) -> int:
    async with house.staff.begin() as session:
        return int(await session.scalar(text(MINE)) or 0)


def _kill(house: Installation, pid: int) -> None:
    owner = create_engine(house.settings.owner_url())
    with owner.begin() as connection:
        assert connection.scalar(text(OTHERS), {"pid": pid})
    owner.dispose()


async def test_a_connection_that_was_cut_is_replaced_before_it_is_used(clone: Installation) -> None:
    first = await _backend(clone)
    _kill(clone, first)
    assert await _backend(clone) != first


async def test_a_connection_in_use_is_taken_again_without_a_question(
    clone: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _questions(clone, monkeypatch)
    first = await _backend(clone)
    assert await _backend(clone) == first
    assert asked == []


async def test_a_connection_that_has_lain_long_is_asked_first(
    clone: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling, "SURE_FOR_SECONDS", -1.0)
    asked = _questions(clone, monkeypatch)
    first = await _backend(clone)
    assert asked == []
    assert await _backend(clone) == first
    assert len(asked) == 1


def _questions(house: Installation, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Connections that are asked from now on whether they live."""
    asked: list[object] = []

    def noting(ping: Callable[[Any], bool]) -> Callable[[Any], bool]:
        def ask(connection: Any) -> bool:
            asked.append(connection)
            return ping(connection)

        return ask

    for engine in house.engines:
        monkeypatch.setattr(engine.dialect, "do_ping", noting(engine.dialect.do_ping))
    return asked
