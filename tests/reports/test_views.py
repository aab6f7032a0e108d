"""Saved views: which days they show, when they are sent, and once to each reader."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.models import Outgoing
from mailroom.parsing import parse_mail
from nanori.actors import Role
from nanori.db import across_shops, unit_of_work
from nanori.errors import Error
from nanori.installation import Installation
from nanori_app.due import whats_due
from reports.adhoc import Asked
from reports.delivery.errors import NoSender
from reports.views import worker
from reports.views.commands import keep_view, plan_view, remove_view, send_view
from reports.views.errors import DoesNotMove, NameMissing, NameTaken, ViewNotFound
from reports.views.models import FigureView
from reports.views.queries import asked_on
from reports.views.values import AT_HOUR, Span, last_month, last_week, next_due
from reports.views.worker import send_views
from tenants.commands import add_address
from tenants.models import Tenant
from tests.reports.logged import ShopLog, an_open_shop
from tests.support.clock import START
from tests.support.people import an_account

TOKYO = ZoneInfo("Asia/Tokyo")
MONDAY = datetime(2026, 11, 9, AT_HOUR, tzinfo=TOKYO)
FIXED = Asked(first=date(2026, 10, 5), last=date(2026, 10, 9))


def test_the_week_and_the_month_before() -> None:
    assert last_week(date(2026, 11, 2)) == (date(2026, 10, 26), date(2026, 11, 1))
    assert last_week(date(2026, 11, 8)) == (date(2026, 10, 26), date(2026, 11, 1))
    assert last_month(date(2026, 3, 31)) == (date(2026, 2, 1), date(2026, 2, 28))


@given(st.integers(0, 2 * 365 * 24 * 60), st.sampled_from([Span.WEEK, Span.MONTH]))
def test_the_next_time_is_ahead_and_no_stretch_is_left_out(minutes: int, span: Span) -> None:
    local = datetime(2026, 1, 1, tzinfo=TOKYO) + timedelta(minutes=minutes)
    found = next_due(span, local)
    days = last_week if span is Span.WEEK else last_month
    assert found > local
    assert (found.hour, found.weekday() if span is Span.WEEK else found.day) == (
        AT_HOUR, 0 if span is Span.WEEK else 1,
    )  # fmt: skip
    following = next_due(span, found)
    assert days(following.date())[0] == days(found.date())[1] + timedelta(days=1)


class Scene:
    """A shop with a supervisor in a real installation, and the mails that went out."""

    def __init__(self, house: Installation, shop: Tenant, reader: UUID) -> None:
        self.house, self.shop, self.reader = house, shop, reader

    async def keep(self, name: str, span: Span = Span.WEEK) -> FigureView:
        async with unit_of_work(self.house.staff, [self.shop.tenant_id]) as session:
            return await keep_view(session, self.shop.tenant_id, name, span, FIXED, by=self.reader, now=START)

    async def plan(self, view: FigureView, *readers: UUID) -> FigureView:
        async with unit_of_work(self.house.staff, [self.shop.tenant_id]) as session:
            return await plan_view(session, self.shop.tenant_id, view.id, readers, now=START)

    async def is_due(self, now: datetime) -> bool:
        async with across_shops(self.house.worker) as session:
            return send_views in (await whats_due(session, now=now)).steps

    async def add_address(self) -> None:
        async with unit_of_work(self.house.staff, [self.shop.tenant_id]) as session:
            await add_address(session, self.shop.tenant_id, "desk@minato-coffee.example")

    async def sent(self) -> list[Outgoing]:
        async with unit_of_work(self.house.staff, [self.shop.tenant_id]) as session:
            return list(await session.scalars(select(Outgoing).order_by(Outgoing.id)))


@pytest.fixture
async def scene(clone: Installation) -> Scene:
    async with across_shops(clone.staff) as session:
        shop = await an_open_shop(session)
        reader = await an_account(session, Role.SUPERVISOR)
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        await ShopLog(session, shop, agent.id).answered(datetime(2026, 11, 4, 10, tzinfo=TOKYO))
    return Scene(clone, shop, reader.id)


async def test_a_view_is_kept_once_under_its_name_and_of_fixed_days_is_never_mailed(scene: Scene) -> None:
    fixed = await scene.keep(" 返品 ", Span.DAYS)
    assert (fixed.name, asked_on(fixed, date(2027, 1, 1))) == ("返品", FIXED)
    with pytest.raises(NameTaken):
        await scene.keep("返品")
    with pytest.raises(NameMissing):
        await scene.keep(" \u3000")
    with pytest.raises(DoesNotMove):
        await scene.plan(fixed, scene.reader)
    async with unit_of_work(scene.house.staff, [scene.shop.tenant_id]) as session:
        await remove_view(session, scene.shop.tenant_id, fixed.id, now=START)
    with pytest.raises(ViewNotFound):
        await scene.plan(fixed)
    assert (await scene.keep("返品")).due_at is None


async def test_each_reader_gets_each_week_once(scene: Scene) -> None:
    view = await scene.plan(await scene.keep("毎週"), scene.reader, UUID(int=7))
    assert (view.due_at, view.readers) == (MONDAY, [str(scene.reader)])
    assert not await scene.is_due(MONDAY - timedelta(minutes=1))
    assert await scene.is_due(MONDAY)

    await send_views(scene.house, MONDAY)
    async with unit_of_work(scene.house.staff, [scene.shop.tenant_id]) as session:
        stored = await session.get_one(FigureView, (scene.shop.tenant_id, view.id))
        assert stored.due_at == MONDAY + timedelta(days=7)
        assert stored.failure == NoSender.message
    assert await scene.sent() == []

    await scene.add_address()
    second = MONDAY + timedelta(days=7)
    await send_views(scene.house, second)
    await send_views(scene.house, second)
    (one,) = await scene.sent()
    mail = parse_mail(one.content)
    assert one.recipients == [mail.to[0].address]
    assert mail.subject.startswith(f"[{scene.shop.brand_name}] 毎週")
    assert "/figures?shop=minato-coffee&first=2026-11-09&last=2026-11-15" in mail.text
    assert [file.name for file in mail.attachments] == ["minato-coffee-2026-11-09-2026-11-15.xlsx"]
    assert (await scene.plan(view)).due_at is None
    assert not await scene.is_due(second + timedelta(days=30))


async def test_a_view_that_breaks_keeps_none_of_the_others_back(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.add_address()
    broken = await scene.plan(await scene.keep("壊れる"), scene.reader)
    await scene.plan(await scene.keep("毎週"), scene.reader)

    async def break_one(session: AsyncSession, tenant_id: UUID, view_id: UUID, **given: Any) -> int:
        if view_id == broken.id:
            raise RuntimeError
        return await send_view(session, tenant_id, view_id, **given)

    monkeypatch.setattr(worker, "send_view", break_one)
    await send_views(scene.house, MONDAY)
    (one,) = await scene.sent()
    assert "毎週" in parse_mail(one.content).subject
    async with unit_of_work(scene.house.staff, [scene.shop.tenant_id]) as session:
        stored = await session.get_one(FigureView, (scene.shop.tenant_id, broken.id))
    assert (stored.failure, stored.due_at) == (Error.message, MONDAY + timedelta(days=7))
