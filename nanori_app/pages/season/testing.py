"""Test calls to a season's numbers, after the request that asked for them: they take seconds.

What was asked for stands at the season until each number has its result. A process that stops on the way
loses nothing: the next one that starts goes on with the numbers that are left.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk
from desks.season_models import GateProof, Season
from desks.season_queries import proofs_of, season_of
from desks.start_gate import TESTED
from nanori import live
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from nanori_app.rehearse.one_call import Borrow, try_number
from tenants import promises

MY_TURN = text("SELECT pg_try_advisory_xact_lock(hashtext('nanori.season_tests'), hashtext(:desk))")
LOOKS_AGAIN = 1.0
"""Seconds; the calls to one number take a few."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class CallsAsked:
    """Which desk's numbers are called."""

    tenant_id: UUID
    desk_id: UUID


async def call_numbers(house: Installation, borrow: Borrow, asked: CallsAsked) -> None:
    """Call each number that was asked for and has no result since, before, in and after the season.

    Each result is kept and told at once. One at a time for each desk: whoever comes second looks again.
    """
    while await _is_asked(house, asked):
        async with _turn(house, asked) as is_mine:
            number = await _next(house, asked) if is_mine else None
            if number:
                await _call(house, borrow, asked, number)
        if not is_mine:
            await asyncio.sleep(LOOKS_AGAIN)


async def _call(house: Installation, borrow: Borrow, asked: CallsAsked, number: str) -> None:
    detail, good = await _heard(house, borrow, asked, number)
    async with unit_of_work(house.staff, [asked.tenant_id]) as session:
        season = await season_of(session, asked.tenant_id, asked.desk_id)
        session.add(
            GateProof(
                tenant_id=asked.tenant_id, id=uuid7(), desk_id=asked.desk_id, key=TESTED, subject=number,
                at=house.clock.now(), good=good, account_id=season.testing_by, detail=detail,
            )
        )  # fmt: skip
        await session.flush()
        await live.announce(session, live.FLOOR, "season", desk=asked.desk_id)


async def resume_tests(house: Installation, borrow: Borrow) -> None:
    """Go on with what a process that stopped has left, desk by desk; one that still runs is waited for."""
    async with across_shops(house.staff) as session:
        rows = await session.execute(
            select(Season.tenant_id, Season.desk_id).where(Season.testing_since.is_not(None))
        )
        left = [CallsAsked(row.tenant_id, row.desk_id) for row in rows]
    for asked in left:
        log.info("season.tests_resumed", desk_id=str(asked.desk_id))
        try:
            await call_numbers(house, borrow, asked)
        except Exception:
            log.exception("season.tests_not_resumed", desk_id=str(asked.desk_id))


@asynccontextmanager
async def resuming(house: Installation, borrow: Borrow) -> AsyncGenerator[None]:
    """Within it, beside everything else."""
    task = asyncio.create_task(resume_tests(house, borrow))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _turn(house: Installation, asked: CallsAsked) -> AsyncGenerator[bool]:
    """Whether nobody else calls this desk's numbers now; a process that dies lets go with its connection."""
    async with house.staff.begin() as session:
        yield bool(await session.scalar(MY_TURN, {"desk": str(asked.desk_id)}))


async def _is_asked(house: Installation, asked: CallsAsked) -> bool:
    async with unit_of_work(house.staff, [asked.tenant_id]) as session:
        season = await season_of(session, asked.tenant_id, asked.desk_id)
        return season.testing_since is not None


async def _next(house: Installation, asked: CallsAsked) -> str | None:
    """The next number without a result since; when there is none, nothing is asked for any more."""
    async with unit_of_work(house.staff, [asked.tenant_id]) as session:
        season = await season_of(session, asked.tenant_id, asked.desk_id, lock=True)
        if season.testing_since is None:
            return None
        known = await _known_since(session, asked, season.testing_since)
        for number in await _numbers(session, asked):
            if number not in known:
                return number
        season.testing_since = season.testing_by = None
        await session.flush()
        await live.announce(session, live.FLOOR, "season", desk=asked.desk_id)
    return None


async def _numbers(session: AsyncSession, asked: CallsAsked) -> list[str]:
    lines = await promises.promises_to(session, asked.tenant_id, asked.desk_id)
    return [one.line for one in lines if one.line.startswith("+")]


async def _known_since(session: AsyncSession, asked: CallsAsked, since: datetime) -> set[str]:
    desk = await session.get_one(Desk, (asked.tenant_id, asked.desk_id))
    proofs = await proofs_of(session, desk, TESTED)
    return {line for line, proof in proofs.items() if proof.at >= since}


async def _heard(
    house: Installation, borrow: Borrow, asked: CallsAsked, number: str
) -> tuple[dict[str, object], bool]:
    """What was heard; a call that could not be made at all says so."""
    try:
        heard = await try_number(house, borrow, asked.tenant_id, asked.desk_id, number)
    except Exception:
        log.exception("season.test_failed", desk_id=str(asked.desk_id))
        return {"failed": True}, False
    return heard.as_json(), heard.good
