"""The demo's data: complete, by the same rules as live data, loaded once."""

import os
from collections.abc import AsyncGenerator
from dataclasses import fields
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase

from interactions.derive import Times
from interactions.models import Case, Counter, Interaction, InteractionEvent
from interactions.values import Channel, EventKind
from mailroom.models import MailMessage
from nanori.db import across_shops
from nanori.installation import Installation, connect
from nanori.settings import LoginKind
from nanori_app.demo.cast import SHOPS
from nanori_app.demo.load import load_demo
from nanori_app.demo.past import replay
from nanori_app.post import build_post
from scripts_talk.readiness import script_checks
from telephony.commands.reconciling import claim_due
from telephony.models import Call, Leg
from tenants.queries import shop_facts, shops
from tenants.readiness import missing, readiness
from tests.conftest import SERVER, settings_for
from tests.support.clock import START, TestClock
from tests.support.server import database, give_roles

NOW = START.replace(day=17)


@pytest.fixture(scope="module")
async def demo(template: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Installation]:
    """One loaded demo for all tests here; none of them changes it."""
    with database(os.environ[SERVER], template) as url:
        settings = settings_for(url, tmp_path_factory.mktemp("demo"))
        give_roles(settings)
        installation = connect(settings, build_post(settings.url_for(LoginKind.STAFF)), TestClock(NOW))
        assert await load_demo(installation)
        yield installation
        await installation.close()


async def test_each_shop_may_take_calls(demo: Installation) -> None:
    async with across_shops(demo.staff) as session:
        ids = [shop.tenant_id for shop in await shops(session)]
        facts = await shop_facts(session, ids, NOW.date(), store=demo.files)
        more = await script_checks(session, ids)
    assert len(ids) == len(SHOPS)
    lacking = {facts[one].brand_name: readiness(facts[one], more.get(one, ())) for one in ids}
    assert {name: missing(checks) for name, checks in lacking.items()} == dict.fromkeys(lacking, 0)
    assert not [check.key for checks in lacking.values() for check in checks if not check.done]


async def test_a_second_start_finds_everything_and_adds_nothing(demo: Installation) -> None:
    before = await _count(demo, Interaction)
    assert not await load_demo(demo)
    assert await _count(demo, Interaction) == before


async def test_every_interaction_equals_the_replay_of_its_events(demo: Installation) -> None:
    async with across_shops(demo.staff) as session:
        events = await _events_by_interaction(session)
        interactions = (await session.scalars(select(Interaction))).all()
    assert len(interactions) == len(events) > 5_000
    names = [field.name for field in fields(Times)]
    for one in interactions:
        told = events[one.id]
        assert [event.seq for event in told] == list(range(1, len(told) + 1))
        derived = replay(one.arrived_at, [(event.kind, event.at, event.data) for event in told])
        assert {name: getattr(one, name) for name in names} == {
            name: getattr(derived, name) for name in names
        }


async def test_every_event_lies_in_the_past_and_in_order(demo: Installation) -> None:
    async with across_shops(demo.staff) as session:
        events = await _events_by_interaction(session)
    for told in events.values():
        times = [event.at for event in told]
        assert times == sorted(times)
        assert times[-1] <= NOW
        assert told[0].kind in {EventKind.ARRIVED, EventKind.RECEIVED, EventKind.SPLIT_FROM}


async def test_calls_have_their_legs_and_mails_their_words(demo: Installation) -> None:
    async with across_shops(demo.staff) as session:
        calls = await session.scalar(select(func.count()).where(Interaction.channel == Channel.PHONE))
        mails = await session.scalar(select(func.count()).where(Interaction.channel == Channel.MAIL))
        answered = await session.scalar(select(func.count()).where(Interaction.talk_ms > 0))
        legs = await session.scalar(select(func.count()).where(Leg.agent_id.is_not(None)))
        letters = await session.scalar(select(func.count(MailMessage.interaction_id.distinct())))
    assert await _count(demo, Call) == calls
    assert legs == answered
    assert letters == mails


async def test_the_carrier_need_not_be_asked_about_calls_of_long_ago(demo: Installation) -> None:
    async with across_shops(demo.worker) as session:
        assert await claim_due(session, now=demo.clock.now() + timedelta(days=1)) == []


async def test_the_next_numbers_go_on_where_history_ends(demo: Installation) -> None:
    async with across_shops(demo.staff) as session:
        for purpose, table in (("interaction", Interaction), ("case", Case)):
            last = select(table.tenant_id, func.max(table.number)).group_by(table.tenant_id)
            given = select(Counter.tenant_id, Counter.value).where(Counter.purpose == purpose)
            assert set(await session.execute(last)) == set(await session.execute(given))


async def _events_by_interaction(session: AsyncSession) -> dict[object, list[InteractionEvent]]:
    found: dict[object, list[InteractionEvent]] = {}
    ordered = select(InteractionEvent).order_by(InteractionEvent.interaction_id, InteractionEvent.seq)
    for event in await session.scalars(ordered):
        found.setdefault(event.interaction_id, []).append(event)
    return found


async def _count(demo: Installation, table: type[DeclarativeBase]) -> int:
    async with across_shops(demo.staff) as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0
