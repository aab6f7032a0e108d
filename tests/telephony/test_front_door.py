"""What a process has kept of a shop's front door is what the database says, whatever changes and whenever."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import ClauseElement, Table, create_engine, delete, event, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import ORMExecuteState
from sqlalchemy.sql import visitors
from uuid_utils.compat import uuid7

from desks.models import Desk, MenuOption
from desks.season_models import DeskDay, Season
from desks.values import DeskKind, DeskState, MenuAction
from nanori.db import across_shops, unit_of_work
from nanori.directory import Claimed, FrontDoor
from nanori.installation import Installation
from nanori_app.tables import METADATA
from telephony.front_door import Doors, read_doorway
from tenants.changes.commands import change_days
from tenants.changes.rules import Today
from tenants.errors import ShopNotFound
from tenants.hours import Span
from tenants.models import AnswerPhrase, OpeningSpan, SpecialDay, Tenant
from tests.support.clock import START
from tests.support.one_of_each import fill
from tests.support.seasons import MOTHERS_DAY, POOL, a_pool, a_season
from tests.telephony.conftest import NUMBER, a_desk, a_ready_shop

Random = random.Random
Edit = Callable[[AsyncSession, Tenant, Random], Awaitable[object]]

COUNTED = text(
    "SELECT tgtype & 28 = 28 AND tgdeferrable AND tginitdeferred AND tgenabled = 'O' FROM pg_trigger"
    " WHERE tgname = 'front_door_changes' AND tgrelid = CAST(:table AS regclass)"
)
"""For INSERT (4), DELETE (8) and UPDATE (16)."""
NEXT_WEEK = replace(
    MOTHERS_DAY, opens_on=START.date() + timedelta(days=5), closes_on=START.date() + timedelta(days=9),
    wanted_lines=(NUMBER,),
)  # fmt: skip
STEPS = 120


async def test_each_table_that_a_greeting_is_read_from_counts_what_is_done_to_it(clone: Installation) -> None:
    """It reads one more table now? Then that needs the trigger, too."""
    shop_id, asked_of = uuid7(), await tables_read(clone)
    engine = create_engine(clone.settings.owner_url())
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('nanori.tenants', :one, true)"), {"one": f"{{{shop_id}}}"})
        fill(connection, shop_id)
        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        now = text("SELECT version FROM front_door WHERE shop_id = :shop").bindparams(shop=shop_id)
        for table in asked_of:
            before = connection.execute(now).scalar_one()
            connection.execute(METADATA.tables[table].update().values(tenant_id=shop_id))
            assert connection.execute(now).scalar_one() == before + 1, table
            assert connection.scalar(COUNTED, {"table": table}) is True, table
    engine.dispose()
    assert len(asked_of) > 10


async def tables_read(house: Installation) -> list[str]:
    """Of every statement that reads a doorway, as it is sent; there need be no such shop."""
    read: set[str] = set()

    def note(sent: ORMExecuteState) -> None:
        assert isinstance(sent.statement, ClauseElement)
        read.update(one.name for one in visitors.iterate(sent.statement) if isinstance(one, Table))

    async with unit_of_work(house.staff, [uuid7()]) as session:
        event.listen(session.sync_session, "do_orm_execute", note)
        with pytest.raises(ShopNotFound):
            await read_doorway(session, uuid7(), NUMBER, now=START)
    return sorted(read)


@pytest.fixture
async def shop(clone: Installation) -> Tenant:
    """With a seasonal desk on a number of the pool and the shop's own, from next week on."""
    async with across_shops(clone.staff) as session:
        shop = await a_ready_shop(session, NUMBER)
        await a_desk(session, shop)
        await a_pool(session)
        await a_season(session, shop, NEXT_WEEK)
    return shop


async def version(house: Installation, shop: Tenant) -> int:
    async with house.staff() as session:
        return (await session.get_one(FrontDoor, shop.tenant_id)).version


async def test_whatever_changes_and_whenever_somebody_rings_what_is_kept_is_what_is_read(
    clone: Installation, shop: Tenant
) -> None:
    doors, chance, now, kept = Doors(), Random(11), START, 0
    for _ in range(STEPS):
        if chance.random() < 0.4:
            edit = chance.choice(EDITS)
            async with unit_of_work(clone.staff, [shop.tenant_id]) as session:
                await edit(session, shop, chance)
        now += timedelta(minutes=chance.choice((0, 1, 30, 400)))
        kept += await is_kept_rightly(clone, shop, doors, chance.choice((NUMBER, POOL[0])), now)
    assert STEPS > kept > STEPS / 4


async def test_time_alone_lets_nothing_be_kept_too_long(clone: Installation, shop: Tenant) -> None:
    doors, kept, days = Doors(), 0, range(1, 15)
    async with unit_of_work(clone.staff, [shop.tenant_id]) as session:
        for each in days[::2]:
            day = START.date() + timedelta(days=each)
            session.add(SpecialDay(tenant_id=shop.tenant_id, id=uuid7(), on=day, label="棚卸"))
    for hours in range(len(days) * 24):
        kept += await is_kept_rightly(clone, shop, doors, NUMBER, START + timedelta(hours=hours, minutes=30))
    assert kept > len(days) * 20


async def is_kept_rightly(clone: Installation, shop: Tenant, doors: Doors, line: str, now: datetime) -> bool:
    """Whether nothing was read; what is greeted with is held against what is read afresh."""
    claimed = Claimed(shop.tenant_id, await version(clone, shop))
    said: list[str] = []
    async with unit_of_work(clone.staff, [shop.tenant_id]) as session:
        listen = (session.get_bind(), "before_cursor_execute", lambda *told: said.append(told[2]))
        event.listen(*listen)
        mine = (await doors.doorway(session, claimed, line, now=now)).welcome(now)
        event.remove(*listen)
        fresh = (await read_doorway(session, shop.tenant_id, line, now=now)).welcome(now)
    assert mine == fresh, (line, now)
    return not said


async def _opens(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    await session.execute(
        update(OpeningSpan).values(opens=chance.randrange(0, 600), closes=chance.randrange(800, 1440))
    )


async def _is_closed_on(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    day = START.date() + timedelta(days=chance.randrange(14))
    await session.execute(delete(SpecialDay).where(SpecialDay.on == day))
    session.add(SpecialDay(tenant_id=shop.tenant_id, id=uuid7(), on=day, label="棚卸"))


async def _has_other_days(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    day = START.date() + timedelta(days=chance.randrange(2, 14))
    async with session.begin_nested():
        await change_days(
            session, shop, (Span(60, 120),), first=day, last=day, label="",
            today=Today(on=START.date()), now=START,
        )  # fmt: skip


async def _says(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    await session.execute(update(AnswerPhrase).values(text=f"ミナト珈琲でございます。{chance.random()}"))


async def _tells(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    notice = chance.choice(("", "この通話は録音しています。"))
    closed = chance.choice(("", "本日は終了しました。"))
    await session.execute(update(Tenant).values(recording_notice=notice, closed_message=closed))


async def _has_menu(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    await session.execute(update(Desk).values(menu_prompt=chance.choice(("", "ご注文は1を。"))))
    await session.execute(delete(MenuOption))
    for desk_id in await session.scalars(Desk.__table__.select().with_only_columns(Desk.id)):
        session.add(
            MenuOption(
                tenant_id=shop.tenant_id, id=uuid7(), desk_id=desk_id, digit="1", action=MenuAction.SAY,
                said="お電話ください。",
            )
        )  # fmt: skip


async def _pauses(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    state = chance.choice((DeskState.OPEN, DeskState.PAUSED))
    await session.execute(update(Desk).where(Desk.kind == DeskKind.STANDING).values(state=state))


async def _has_a_season_that(session: AsyncSession, shop: Tenant, chance: Random) -> None:
    await session.execute(update(Season).values(greeting=f"母の日。{chance.random()}", own_hours=True))
    desk_id = (await session.scalars(Season.__table__.select().with_only_columns(Season.desk_id))).one()
    day = START.date() + timedelta(days=chance.randrange(4, 14))
    await session.execute(delete(DeskDay).where(DeskDay.on == day))
    session.add(DeskDay(tenant_id=shop.tenant_id, id=uuid7(), desk_id=desk_id, on=day, opens=0, closes=1440))


EDITS: tuple[Edit, ...] = (
    _opens, _is_closed_on, _has_other_days, _says, _tells, _has_menu, _pauses, _has_a_season_that,
)  # fmt: skip


async def test_what_was_not_committed_changes_nothing(clone: Installation, shop: Tenant) -> None:
    before = await version(clone, shop)
    async with clone.staff() as session:
        await session.execute(
            text("SELECT set_config('nanori.tenants', :one, true)"), {"one": f"{{{shop.tenant_id}}}"}
        )
        await session.execute(update(Tenant).values(closed_message="?"))
        await session.rollback()

    assert await version(clone, shop) == before


async def test_what_a_merchant_changes_counts_too(clone: Installation, shop: Tenant) -> None:
    before = await version(clone, shop)
    day = START.date() + timedelta(days=9)
    async with unit_of_work(clone.merchant, [shop.tenant_id]) as session:
        await change_days(
            session, shop, (), first=day, last=day, label="", today=Today(on=START.date()), now=START
        )

    assert await version(clone, shop) > before


async def test_no_version_comes_twice(clone: Installation, shop: Tenant) -> None:
    before = await version(clone, shop)
    for wanted in (before, before - 1):
        with pytest.raises(IntegrityError, match="once passed"):
            async with clone.merchant.begin() as session:
                await session.execute(update(FrontDoor).values(version=wanted))

    assert await version(clone, shop) == before
