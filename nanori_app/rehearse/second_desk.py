"""A second desk at each shop, and all that a reception can be: menu, callback, the shop's people on duty."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desks import menus, roster
from desks.menus import Key, Reception
from desks.values import MenuAction, Unattended
from nanori.actors import Role
from nanori.db import across_shops
from nanori.identity import commands as identity
from nanori.installation import Installation
from nanori_app.rehearse.setting import StagedShop, an_account, give_times
from tenants import queries

NAME = "配送"
SUPERVISOR = "supervisor@rehearsal.example"
WORDS = {
    "ja": ("ご注文は1を、配送は2を、営業時間は3を、伝言は4を押してください。", "営業時間は平日9時からです。"),
    "en": ("Press 1 for orders, 2 for delivery, 3 for our hours, 4 to leave a message.", "We open at nine."),
}


async def open_second_desks(
    house: Installation, staged: Sequence[StagedShop], agents: Sequence[UUID]
) -> list[StagedShop]:
    """Every other agent answers at the second desks; every other shop has a menu, the others duty."""
    opened = []
    for place, shop in enumerate(staged):
        async with across_shops(house.staff) as session:
            seated = agents[place % 2 :: 2] or agents
            now = house.clock.now()
            opened.append(await _open(session, shop, seated, has_menu=place % 2 == 1, now=now))
            await _receive(session, opened[-1])
    return opened


async def seat_supervisor(house: Installation) -> UUID:
    """One supervisor, for every shop."""
    async with across_shops(house.staff) as session:
        account = await an_account(session, SUPERVISOR, "舞台 監督", now=house.clock.now())
        await identity.grant(session, account.id, Role.SUPERVISOR)
    return account.id


async def _open(
    session: AsyncSession, shop: StagedShop, agents: Sequence[UUID], *, has_menu: bool, now: datetime
) -> StagedShop:
    desk = await roster.open_desk(session, shop.tenant_id, name=NAME, now=now)
    await give_times(session, shop.tenant_id, desk.id, shop.setup)
    for agent_id in agents:
        await roster.put_on_desk(session, shop.tenant_id, desk_id=desk.id, agent_id=agent_id, level=1)
    people = await queries.contacts_of(session, shop.tenant_id)
    return replace(
        shop, second_desk_id=desk.id, has_menu=has_menu, contacts=tuple(person.id for person in people)
    )


async def _receive(session: AsyncSession, shop: StagedShop) -> None:
    prompt, answer = WORDS[shop.setup.profile.locale]
    keys = (
        Key(digit="1", action=MenuAction.QUEUE),
        Key(digit="2", action=MenuAction.DESK, to_desk_id=shop.second_desk_id),
        Key(digit="3", action=MenuAction.SAY, said=answer),
        Key(digit="4", action=MenuAction.VOICEMAIL),
    )
    first = Reception(
        unattended=Unattended.VOICEMAIL if shop.has_menu else Unattended.CONTACTS,
        menu_prompt=prompt if shop.has_menu else "",
        keys=keys if shop.has_menu else (),
    )
    await menus.set_reception(session, shop.tenant_id, desk_id=shop.desk_id, reception=first)
    if shop.second_desk_id is not None:
        second = Reception(unattended=Unattended.CONTACTS)
        await menus.set_reception(session, shop.tenant_id, desk_id=shop.second_desk_id, reception=second)
