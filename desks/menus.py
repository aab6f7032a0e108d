"""What callers of a desk meet before an agent: writes about its menu, callbacks and empty desks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.errors import DeskNotFound
from desks.models import Desk, MenuOption
from desks.queries import desk_by_id
from desks.values import DeskState, MenuAction, Unattended


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key of a menu. ``to_desk_id`` with ``DESK`` only; ``said`` is needed with ``SAY``."""

    digit: str
    action: MenuAction
    to_desk_id: UUID | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """How a desk receives callers."""

    offers_callback: bool = True
    unattended: Unattended = Unattended.VOICEMAIL
    menu_prompt: str = ""  # "" or no keys: no menu
    keys: Sequence[Key] = ()


async def set_reception(
    session: AsyncSession, tenant_id: UUID, *, desk_id: UUID, reception: Reception
) -> None:
    """From the next call on; who is in the old menu finishes it by the new keys.

    Raises:
        DeskNotFound: it, or a desk that a key leads to, is not of this shop.
    """
    found = await session.scalar(
        select(Desk).where(Desk.tenant_id == tenant_id, Desk.id == desk_id).with_for_update()
    )
    if found is None:
        raise DeskNotFound
    for key in reception.keys:
        if key.to_desk_id is not None:
            await desk_by_id(session, tenant_id, key.to_desk_id)
    found.offers_callback, found.unattended = reception.offers_callback, reception.unattended
    found.menu_prompt = reception.menu_prompt
    await session.execute(
        delete(MenuOption).where(MenuOption.tenant_id == tenant_id, MenuOption.desk_id == desk_id)
    )
    session.add_all(
        MenuOption(
            tenant_id=tenant_id, id=uuid7(), desk_id=desk_id, digit=key.digit, action=key.action,
            to_desk_id=key.to_desk_id, said=key.said,
        )
        for key in reception.keys
    )  # fmt: skip
    await session.flush()


async def reception_of(session: AsyncSession, desk: Desk) -> Reception:
    """How a desk receives callers now, the keys in their order."""
    rows = await session.scalars(
        select(MenuOption)
        .where(MenuOption.tenant_id == desk.tenant_id, MenuOption.desk_id == desk.id)
        .order_by(MenuOption.digit)
    )
    return Reception(
        offers_callback=desk.offers_callback,
        unattended=desk.unattended,
        menu_prompt=desk.menu_prompt,
        keys=[
            Key(digit=one.digit, action=one.action, to_desk_id=one.to_desk_id, said=one.said) for one in rows
        ],
    )


async def other_desks(session: AsyncSession, desk: Desk) -> Sequence[Desk]:
    """Open desks of the same shop that a key may lead to."""
    found = await session.scalars(
        select(Desk)
        .where(Desk.tenant_id == desk.tenant_id, Desk.id != desk.id, Desk.state == DeskState.OPEN)
        .order_by(Desk.created_at, Desk.id)
    )
    return found.all()
