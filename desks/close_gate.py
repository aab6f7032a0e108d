"""What must be done before a seasonal desk is closed for good, as far as this room can tell."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.gates import Asked, Item
from desks.models import Desk, Waiting
from desks.values import DeskKind, DeskState, Outside, WaitingState
from nanori.actors import Role
from nanori.files import still_to_delete
from nanori.words import N_


async def close_items(session: AsyncSession, asked: Asked) -> Sequence[Item]:
    season = asked.season
    return [
        queue_item(await _waiting(session, asked.desk)),
        told_item(
            season.outside, season.after_message, has_standing=await _has_standing_desk(session, asked.desk)
        ),
        memo_item(season.memo),
        data_item(
            is_decided=season.data_end is not None,
            is_done=season.data_ended_at is not None,
            left=await still_to_delete(session, season.tenant_id, season.id),
        ),
    ]


def queue_item(waiting: int) -> Item:
    return Item(
        key="queue", done=not waiting, mends=Role.SUPERVISOR, page="/floor", params={"n": waiting},
        there=N_("Nobody waits at the desk any more"), lacking=N_("{n} still wait at the desk"),
    )  # fmt: skip


def told_item(outside: Outside, message: str, *, has_standing: bool) -> Item:
    """While the number rests, whoever calls it is told, or put through."""
    forwarded = outside is Outside.FORWARD and has_standing
    return Item(
        key="told", done=bool(message) or forwarded, mends=Role.SUPERVISOR, page="#callers",
        there=N_("Who calls its number now is told, or put through"),
        lacking=N_("Who calls its number now is told nothing and put through to nobody"),
    )  # fmt: skip


def memo_item(memo: str) -> Item:
    return Item(
        key="memo", done=bool(memo.strip()), mends=Role.SUPERVISOR, page="#memo",
        there=N_("There is a memo for next year"), lacking=N_("The memo for next year is not written"),
    )  # fmt: skip


def data_item(*, is_decided: bool, is_done: bool, left: int = 0) -> Item:
    """Deciding is not enough: it has to be done, to the last of the files that are ``left``."""
    lacking = N_("The season's data is not returned or deleted yet, as was decided")
    if not is_decided:
        lacking = N_("It is not decided whether the season's data is returned or deleted")
    elif left:
        lacking = N_("The season's files are being deleted: {n} are left")
    return Item(
        key="data", done=is_decided and is_done and not left, mends=Role.SUPERVISOR, page="#data",
        params={"n": left},
        there=N_("The season's data is returned or deleted, as was decided"), lacking=lacking,
    )  # fmt: skip


async def _waiting(session: AsyncSession, desk: Desk) -> int:
    found = await session.scalar(
        select(func.count()).where(
            Waiting.tenant_id == desk.tenant_id, Waiting.desk_id == desk.id,
            Waiting.state.in_([WaitingState.WAITING, WaitingState.OFFERED]),
        )
    )  # fmt: skip
    return found or 0


async def _has_standing_desk(session: AsyncSession, desk: Desk) -> bool:
    found = await session.scalar(
        select(Desk.id).where(
            Desk.tenant_id == desk.tenant_id, Desk.kind == DeskKind.STANDING, Desk.state == DeskState.OPEN
        ).limit(1)
    )  # fmt: skip
    return found is not None
