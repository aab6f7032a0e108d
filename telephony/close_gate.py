"""What must be done on the telephone before a seasonal desk is closed for good."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.gates import Asked, Item
from nanori.actors import Role
from nanori.words import N_
from telephony.commands.callbacks import LIVE
from telephony.models import Call, Callback
from telephony.values import CallState


async def call_items(session: AsyncSession, asked: Asked) -> Sequence[Item]:
    """Calls that are still on, and promises to call back that are not kept yet."""
    desk = asked.desk
    calls = await session.scalar(
        select(func.count()).where(
            Call.tenant_id == desk.tenant_id, Call.desk_id == desk.id, Call.state != CallState.CLOSED
        )
    )
    promised = await session.scalar(
        select(func.count()).where(
            Callback.tenant_id == desk.tenant_id, Callback.desk_id == desk.id, Callback.state.in_(LIVE)
        )
    )
    return [live_item(calls or 0), callback_item(promised or 0)]


def live_item(calls: int) -> Item:
    return Item(
        key="calls", done=not calls, mends=Role.SUPERVISOR, page="/floor", params={"n": calls},
        there=N_("Every call is over"), lacking=N_("{n} of its calls are not over yet"),
    )  # fmt: skip


def callback_item(promised: int) -> Item:
    return Item(
        key="callbacks", done=not promised, mends=Role.SUPERVISOR, page="/floor", params={"n": promised},
        there=N_("Everybody who was to be called back has been"),
        lacking=N_("{n} callers are still to be called back"),
    )  # fmt: skip
