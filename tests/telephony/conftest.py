"""A shop with a desk and agents, and the simulated carrier around the real application."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace

import pytest
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk, RosterEntry
from desks.values import DeskState
from nanori import directory
from nanori.actors import Role
from nanori.db import across_shops, bind_all_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.rehearse.carrier import SimulatorClock
from nanori_app.rehearse.stage import Stage, stage
from telephony.adapters.simulator.endpoints import Endpoint
from tenants.models import AnswerPhrase, Contact, OpeningSpan, PhoneNumber, Tenant
from tenants.values import DayPart, Situation
from tests.support.clock import START
from tests.support.people import a_shop, an_account

NUMBER = "+815031960001"
SHOPPER = "+819011112222"
FIRST_CONTACT, SECOND_CONTACT = "+819033330001", "+819033330002"


@dataclass(slots=True)
class Theatre:
    """A stage, its shop and its agents."""

    stage: Stage
    shop: Tenant
    desk: Desk
    agents: list[Account]


@pytest.fixture
async def theatre(clone: Installation) -> AsyncGenerator[Theatre]:
    house = replace(clone, clock=SimulatorClock(START))
    async with across_shops(house.staff) as session:
        shop = await a_ready_shop(session, NUMBER)
        desk = await a_desk(session, shop)
        agents = [await an_agent(session, shop, desk) for _ in range(2)]
    endpoints = {
        FIRST_CONTACT: Endpoint(behaviour="no_answer"),
        SECOND_CONTACT: Endpoint(behaviour="human", answer_after=4, digits="1", press_after=5),
    }
    async with stage(house, seed=7, start=START, numbers=[NUMBER], endpoints=endpoints) as set_stage:
        yield Theatre(set_stage, shop, desk, agents)


async def a_ready_shop(session: AsyncSession, number: str) -> Tenant:
    """A shop that can take calls: phrases, hours every day from 9 to 18, a number, two contacts."""
    shop = await a_shop(session)
    await directory.promise(session, directory.Kind.NUMBER, number, shop_id=shop.tenant_id)
    session.add(PhoneNumber(tenant_id=shop.tenant_id, id=uuid7(), number=number, label=""))
    for weekday in range(8):
        session.add(
            OpeningSpan(tenant_id=shop.tenant_id, id=uuid7(), weekday=weekday, opens=540, closes=1080)
        )
    for situation, text in (
        (Situation.NORMAL, "お電話ありがとうございます。ミナト珈琲でございます。"),
        (Situation.AFTER_WAIT, "大変お待たせいたしました。ミナト珈琲でございます。"),
    ):
        session.add(
            AnswerPhrase(
                tenant_id=shop.tenant_id, id=uuid7(), situation=situation, day_part=DayPart.ANY, version=1,
                text=text, created_at=START,
            )
        )  # fmt: skip
    for position, phone in enumerate((FIRST_CONTACT, SECOND_CONTACT), start=1):
        session.add(
            Contact(
                tenant_id=shop.tenant_id, id=uuid7(), position=position, name="店長", reading="",
                phone=phone, ring_seconds=20,
            )
        )  # fmt: skip
    await session.flush()
    return shop


async def a_desk(session: AsyncSession, shop: Tenant) -> Desk:
    desk = Desk(
        tenant_id=shop.tenant_id, id=uuid7(), name="受付", state=DeskState.OPEN, ring_seconds=15,
        wrapup_seconds=120, max_wait_seconds=300, created_at=START,
    )  # fmt: skip
    session.add(desk)
    await session.flush()
    return desk


async def an_agent(session: AsyncSession, shop: Tenant, desk: Desk) -> Account:
    account = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    session.add(
        RosterEntry(tenant_id=shop.tenant_id, id=uuid7(), desk_id=desk.id, agent_id=account.id, level=1)
    )
    await session.flush()
    await bind_all_shops(session)
    return account
