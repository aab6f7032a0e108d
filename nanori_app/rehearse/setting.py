"""Builds the shops and seats of a rehearsal, through the same commands as an operator's pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks import roster
from interactions.models import Reason
from nanori.actors import Role
from nanori.db import across_shops
from nanori.identity import commands as identity
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.demo.cast import AGENT_NAMES
from nanori_app.rehearse.shops import ShopSetup
from scripts_talk import versions as scripts
from tenants import commands as shops
from tenants.calendars import calendar_of
from tenants.commands import OnTheLine
from tenants.contacts import set_contacts
from tenants.hours import Calendar
from tenants.models import Tenant

NO_HASH = "!"
"""No password has this hash: the rehearsal's agents come in by a session of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagedShop:
    """A shop as it stands on the stage."""

    tenant_id: UUID
    setup: ShopSetup
    calendar: Calendar
    desk_id: UUID
    reasons: tuple[UUID, ...]
    second_desk_id: UUID | None = None
    has_menu: bool = False
    contacts: tuple[UUID, ...] = ()  # in the order of ``setup.contacts``

    @property
    def slug(self) -> str:
        return self.setup.slug

    @property
    def spoken_name(self) -> str:
        """What the whisper says: the reading in Japanese, the name itself in English."""
        profile = self.setup.profile
        return profile.brand_reading if profile.locale == "ja" else profile.brand_name


async def set_up_shops(
    house: Installation, setups: Sequence[ShopSetup], *, now: datetime
) -> list[StagedShop]:
    staged = []
    for setup in setups:
        async with house.staff.begin() as session:
            staged.append(await _set_up(session, setup, now=now))
    return staged


async def seat_agents(
    house: Installation, count: int, staged: Sequence[StagedShop], *, level: int | None = None
) -> list[UUID]:
    """``count`` agents who answer for every shop: all at ``level``, or first at some and second at others."""
    now = house.clock.now()
    agents = []
    for number in range(1, count + 1):
        async with across_shops(house.staff) as session:
            agents.append(await _agent(session, number, staged, level=level, now=now))
    return agents


async def _set_up(session: AsyncSession, setup: ShopSetup, *, now: datetime) -> StagedShop:
    shop = await shops.create_shop(session, setup.slug, setup.profile, now=now, zone=setup.zone)
    tenant_id = shop.tenant_id
    await shops.set_closed_message(session, tenant_id, setup.closed_message)
    policy = OnTheLine(records_calls=bool(setup.recording_notice), recording_notice=setup.recording_notice)
    await shops.set_on_the_line(session, tenant_id, policy)
    for situation, part, text in setup.phrases:
        await shops.set_phrase(session, tenant_id, situation, part, text=text, now=now)
    await shops.set_hours(session, tenant_id, setup.week, setup.days)
    for number in setup.numbers:
        await shops.add_number(session, tenant_id, number)
    for address in setup.addresses:
        await shops.add_address(session, tenant_id, address)
    await set_contacts(session, tenant_id, setup.contacts)
    await shops.agree_terms(session, shop, setup.terms, now=now)
    if setup.steps:
        await scripts.put_in_force(session, tenant_id, "受付", setup.steps, now=now)
    return await _staged(session, shop, setup, now=now)


async def _staged(session: AsyncSession, shop: Tenant, setup: ShopSetup, *, now: datetime) -> StagedShop:
    desk = await roster.open_standing_desk(session, shop.tenant_id, name=setup.desk_name, now=now)
    await give_times(session, shop.tenant_id, desk.id, setup)
    return StagedShop(
        tenant_id=shop.tenant_id,
        setup=setup,
        calendar=await calendar_of(session, shop),
        desk_id=desk.id,
        reasons=await _reasons(session, shop.tenant_id, setup),
    )


async def give_times(session: AsyncSession, tenant_id: UUID, desk_id: UUID, setup: ShopSetup) -> None:
    """Every desk of a shop rings, wraps up and lets wait for as long."""
    times = setup.desk
    await roster.set_desk_times(
        session,
        tenant_id,
        desk_id=desk_id,
        ring_seconds=times.ring_seconds,
        wrapup_seconds=times.wrapup_seconds,
        max_wait_seconds=times.max_wait_seconds,
    )


async def an_account(session: AsyncSession, login: str, name: str, *, now: datetime) -> Account:
    """Somebody who comes in without a password."""
    account = Account(
        id=uuid7(), login=login, name=name, password_hash=NO_HASH, locale="ja", created_at=now
    )  # fmt: skip
    session.add(account)
    await session.flush()
    return account


async def _reasons(session: AsyncSession, tenant_id: UUID, setup: ShopSetup) -> tuple[UUID, ...]:
    rows = [
        Reason(
            tenant_id=tenant_id, id=uuid7(), code=code, label_ja=ja, label_en=en, position=position
        )
        for position, (code, ja, en) in enumerate(setup.reasons, start=1)
    ]  # fmt: skip
    session.add_all(rows)
    await session.flush()
    return tuple(row.id for row in rows)


async def _agent(
    session: AsyncSession, number: int, staged: Sequence[StagedShop], *, level: int | None, now: datetime
) -> UUID:
    name = AGENT_NAMES[(number - 1) % len(AGENT_NAMES)]
    account = await an_account(session, f"agent{number:03}@rehearsal.example", name, now=now)
    await identity.grant(session, account.id, Role.AGENT, shop_id=staged[0].tenant_id)
    for place, shop in enumerate(staged):
        await roster.put_on_desk(
            session,
            shop.tenant_id,
            desk_id=shop.desk_id,
            agent_id=account.id,
            level=level or (1 if (number + place) % 3 else 2),
        )
    return account.id
