"""Which numbers and addresses lead to a seasonal desk: reserves and gives back what its plan asks for."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.queries import desk_by_id
from desks.season_models import Season
from nanori.errors import InvalidInput
from nanori.words import N_
from tenants import promises
from tenants.models import LinePromise, Tenant
from tenants.promises import Term


async def fit_lines(
    session: AsyncSession, shop: Tenant, desk: Desk, season: Season, *, now: datetime
) -> None:
    """Promise the desk what its plan asks for, for its dates, and take back what it asks for no more.

    Raises:
        InvalidInput: a line is not the shop's, is promised to another desk, or the pool has run out.
    """
    there = list(await promises.promises_to(session, shop.tenant_id, desk.id))
    extra = [one for one in there if one.from_pool and one.line not in season.wanted_lines]
    surplus = extra[season.wanted_numbers :]
    gone = [one for one in there if one.line not in season.wanted_lines and one not in extra] + surplus
    for one in gone:
        await promises.withdraw(session, one)
    await _move(session, season, [one for one in there if one not in gone])
    missing = [line for line in season.wanted_lines if line not in {one.line for one in there}]
    await _check_own(session, shop, missing)
    fresh = await promises.take_from_pool(
        session, shop.tenant_id, max(0, season.wanted_numbers - len(extra)), now=now
    )
    pooled = {*fresh, *await promises.in_pool(session, missing)}
    for line in [*missing, *fresh]:
        await _promise(session, desk, season, line, from_pool=line in pooled, shop=shop)


async def give_lines_back(session: AsyncSession, desk: Desk, *, free_at: datetime | None) -> None:
    """Nothing leads to the desk any more; numbers of the pool go back, to rest there until ``free_at``."""
    for one in await promises.promises_to(session, desk.tenant_id, desk.id):
        await promises.withdraw(session, one, free_at=free_at)


async def rest_lines(session: AsyncSession, desk: Desk, season: Season, *, now: datetime) -> None:
    """The desk is closed: what it had from the pool rests for its whole quarantine from now on.

    The shop's own lines are its own again.
    """
    until = now + timedelta(days=season.quarantine_days)
    for one in await promises.promises_to(session, desk.tenant_id, desk.id):
        if one.from_pool:
            one.free_at = max(one.free_at, until)
        else:
            one.returned_at = now
    await session.flush()


async def _move(session: AsyncSession, season: Season, kept: Iterable[LinePromise]) -> None:
    """To the season's dates as they are now."""
    for one in kept:
        term = _term(season, one.line, from_pool=one.from_pool)
        if (one.starts_at, one.ends_at) == (term.starts_at, term.ends_at):
            continue
        await _check_free(session, season, term)
        one.starts_at, one.ends_at, one.free_at = term.starts_at, term.ends_at, term.free_at
        await session.flush()


async def _promise(
    session: AsyncSession, desk: Desk, season: Season, line: str, *, from_pool: bool, shop: Tenant
) -> None:
    term = _term(season, line, from_pool=from_pool)
    await _check_free(session, season, term, zone=shop.zone)
    await promises.promise_line(session, term, desk_id=desk.id, from_pool=from_pool)


async def _check_own(session: AsyncSession, shop: Tenant, lines: Sequence[str]) -> None:
    known = await promises.own_lines(session, shop.tenant_id) if lines else []
    if any(line not in known for line in lines):
        raise InvalidInput({"wanted_lines": N_("This number or address is not one of the shop's.")})


async def _check_free(session: AsyncSession, season: Season, term: Term, *, zone: str = "Asia/Tokyo") -> None:
    other = await promises.in_the_way(session, term, but=season.desk_id)
    if other is None:
        return
    desk = await desk_by_id(session, other.tenant_id, other.desk_id)
    until = other.ends_at if other.tenant_id == term.shop_id else other.free_at
    last = until.astimezone(ZoneInfo(zone)) - timedelta(seconds=1)
    raise InvalidInput(
        {"wanted_lines": N_("{line} is promised to the desk “{desk}” until {until}.")},
        line=term.line, desk=desk.name, until=f"{last:%Y-%m-%d}",
    )  # fmt: skip


def _term(season: Season, line: str, *, from_pool: bool) -> Term:
    rest = timedelta(days=season.quarantine_days) if from_pool else timedelta()
    return Term(
        shop_id=season.tenant_id, line=line, starts_at=season.opens_at, ends_at=season.closes_at,
        free_at=season.closes_at + rest,
    )  # fmt: skip
