"""A connection that died while it lay in the pool is not shown to anybody."""

import pytest
from sqlalchemy import create_engine, event, text

from nanori import pooling
from nanori.installation import Installation

MINE, OTHERS = "SELECT pg_backend_pid()", "SELECT pg_terminate_backend(:pid)"


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


async def test_a_connection_in_use_is_taken_again_without_a_question(clone: Installation) -> None:
    asked = _questions(clone)
    first = await _backend(clone)
    assert await _backend(clone) == first
    assert asked == [MINE, MINE]


async def test_a_connection_that_has_lain_long_is_asked_first(
    clone: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pooling, "SURE_FOR_SECONDS", -1.0)
    asked: list[object] = []
    for engine in clone.engines:
        ping = engine.dialect.do_ping
        monkeypatch.setattr(engine.dialect, "do_ping", lambda one, ping=ping: asked.append(one) or ping(one))
    first = await _backend(clone)
    assert asked == []
    assert await _backend(clone) == first
    assert len(asked) == 1


def _questions(house: Installation) -> list[str]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    for engine in house.engines:
        event.listen(engine.sync_engine, "before_cursor_execute", note)
    return asked
