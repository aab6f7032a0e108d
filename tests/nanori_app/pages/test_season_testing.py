"""Test calls outlive the process that makes them: the next one goes on, or the page says how they ended."""

from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.season_models import GateProof
from nanori.installation import Installation
from nanori_app.pages.season import testing
from nanori_app.pages.season.testing import CallsAsked, call_numbers, resume_tests
from nanori_app.rehearse.one_call import Borrow, Heard
from tests.support.clock import START, TestClock
from tests.support.people import signed_in
from tests.support.season_pages import Stand, a_stand, missing, supervisor, the_season
from tests.support.seasons import POOL

WELL = Heard(good=True, expected="はい", before="", during="はい", after="")


class Stopped(BaseException):
    """The process ends."""


class Line:
    """Test calls that are answered; ``ends``: in the middle of such a call its process ends."""

    def __init__(self, ends: BaseException | None = None) -> None:
        self.called: list[str] = []
        self.ends = ends

    async def __call__(self, _house: Installation, _borrow: Borrow, *address: object) -> Heard:
        if self.ends is not None and self.called:
            raise self.ends
        self.called.append(str(address[-1]))
        return WELL


@pytest.fixture
async def stand(session: AsyncSession) -> Stand:
    return await a_stand(session)


async def planned(app: Litestar, session: AsyncSession, stand: Stand) -> tuple[str, CallsAsked]:
    """A season with two numbers whose test calls have been asked for."""
    async with signed_in(app, await supervisor(session)) as client:
        plan = {**stand.plan, "wanted_numbers": "2"}
        base = str((await client.post(stand.new, data=plan, follow_redirects=False)).headers["location"])
    desk, season = await the_season(session)
    season.testing_since, season.testing_by = START, stand.agents[0].id
    await session.commit()
    return base, CallsAsked(desk.tenant_id, desk.id)


async def test_the_next_process_calls_the_numbers_that_are_left(
    app: Litestar, session: AsyncSession, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, asked = await planned(app, session, stand)
    house, borrow = app.state.installation, app.state.borrowed_app
    first, second = Line(Stopped()), Line()
    monkeypatch.setattr(testing, "try_number", first)
    with pytest.raises(Stopped):
        await call_numbers(house, borrow, asked)
    assert (await the_season(session))[1].testing_since == START

    monkeypatch.setattr(testing, "try_number", second)
    for _ in range(2):
        await resume_tests(house, borrow)

    assert sorted(first.called + second.called) == sorted(POOL)
    _, season = await the_season(session)
    assert (season.testing_since, season.testing_by) == (None, None)
    proofs = (await session.scalars(select(GateProof))).all()
    assert {one.account_id for one in proofs} == {stand.agents[0].id}
    async with signed_in(app, await supervisor(session)) as client:
        assert "tested" not in missing((await client.get(base)).text)


async def test_a_call_that_never_told_anything_is_said_to_be_broken_off(
    app: Litestar, session: AsyncSession, stand: Stand, clock: TestClock
) -> None:
    base, _ = await planned(app, session, stand)
    async with signed_in(app, await supervisor(session)) as client:
        going = (await client.get(base)).text
        clock.advance(timedelta(minutes=2, seconds=1))
        ended = (await client.get(base)).text

    assert (going.count("呼び出しています"), "もう一度試す" in going) == (2, False)
    assert (ended.count(">中断<"), "もう一度試す" in ended, "data-testing" in ended) == (2, True, False)


async def test_a_call_that_cannot_be_made_is_broken_off_and_the_others_are_made(
    app: Litestar, session: AsyncSession, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, asked = await planned(app, session, stand)
    monkeypatch.setattr(testing, "try_number", Line(OSError()))
    await call_numbers(app.state.installation, app.state.borrowed_app, asked)
    async with signed_in(app, await supervisor(session)) as client:
        page = (await client.get(base)).text

    assert await session.scalar(select(func.count()).where(GateProof.good)) == 1
    assert page.count("中断") >= 1
    assert "tested" in missing(page)
