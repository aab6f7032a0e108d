"""The moves of a seasonal desk, from its plan to its end. Each is written down; some come by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.gates import Item, lacking
from desks.lines import fit_lines, give_lines_back, rest_lines
from desks.models import Desk
from desks.season_models import DeskMove, Season
from desks.season_queries import due_seasons
from desks.seasons import check_move, due_move
from desks.values import DeskState
from nanori import live
from nanori.actors import SYSTEM, Actor
from nanori.db import across_shops
from nanori.installation import Installation
from tenants import promises
from tenants.models import Tenant


async def reserve(
    session: AsyncSession, shop: Tenant, desk: Desk, season: Season, *, actor: Actor, now: datetime
) -> None:
    """Promise the draft its numbers and addresses, all or none, and let its gate be looked at.

    Raises:
        InvalidInput: one of them cannot be had.
    """
    await move(session, desk, DeskState.CHECKING, actor=actor, now=now)
    await fit_lines(session, shop, desk, season, now=now)


async def take_back(
    session: AsyncSession, desk: Desk, season: Season, *, actor: Actor, now: datetime
) -> None:
    """A draft again: what was promised goes back. A number that people may have seen rests before."""
    await move(session, desk, DeskState.DRAFT, actor=actor, now=now)
    was_settled = await session.scalar(
        select(
            exists().where(
                DeskMove.tenant_id == desk.tenant_id, DeskMove.desk_id == desk.id,
                DeskMove.after == DeskState.SCHEDULED,
            )
        )
    )  # fmt: skip
    free_at = now + timedelta(days=season.quarantine_days) if was_settled else None
    await give_lines_back(session, desk, free_at=free_at)


async def schedule(
    session: AsyncSession, desk: Desk, items: Sequence[Item], *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    """Through the start gate: the desk opens by itself on its date.

    Raises:
        GateShut: something is missing, and there is no operator's reason.
    """
    missing = lacking(items, actor=actor, reason=reason)
    await move(session, desk, DeskState.SCHEDULED, actor=actor, now=now, reason=reason, missing=missing)


async def finish(
    session: AsyncSession,
    desk: Desk,
    season: Season,
    items: Sequence[Item],
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    """Through the close gate: its numbers begin their rest.

    Raises:
        GateShut: as in :func:`schedule`.
    """
    missing = lacking(items, actor=actor, reason=reason)
    await move(session, desk, DeskState.CLOSED, actor=actor, now=now, reason=reason, missing=missing)
    await rest_lines(session, desk, season, now=now)


async def move(
    session: AsyncSession,
    desk: Desk,
    to: DeskState,
    *,
    actor: Actor,
    now: datetime,
    reason: str = "",
    missing: Sequence[str] = (),
) -> None:
    """From one state to another, written down and announced.

    Raises:
        MoveNotAllowed: the desk is in another state by now.
    """
    check_move(desk.state, to)
    session.add(
        DeskMove(
            tenant_id=desk.tenant_id, id=uuid7(), desk_id=desk.id, at=now, before=desk.state, after=to,
            actor_kind=actor.kind, account_id=actor.account_id, reason=reason if missing else "",
            lacking=list(missing),
        )
    )  # fmt: skip
    desk.state = to
    await session.flush()
    await live.announce(session, live.WORK, "route")
    await live.announce(session, live.FLOOR, "waiting", shop=desk.tenant_id)


async def move_due(session: AsyncSession, desk: Desk, season: Season, *, now: datetime) -> None:
    """Open and close the desk as its dates say."""
    while (to := due_move(desk.state, season.during, now)) is not None:
        await move(session, desk, to, actor=SYSTEM, now=now)


async def tick(house: Installation, now: datetime) -> None:
    """Open and close what is due, and return numbers whose rest is over. Two workers share the work."""
    async with across_shops(house.worker) as session:
        for desk, season in await due_seasons(session, now=now):
            await move_due(session, desk, season, now=now)
    async with across_shops(house.worker) as session:
        for promise in await promises.to_return(session, now=now):
            desk = await session.get_one(Desk, (promise.tenant_id, promise.desk_id))
            if desk.state is DeskState.CLOSED:
                await promises.return_line(session, promise, now=now)
