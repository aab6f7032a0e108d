"""Who may answer where."""

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import roster
from desks.errors import AgentUnknown, DeskNotFound
from desks.models import Desk, RosterEntry
from desks.queries import possible_agents, takers
from nanori.actors import Role
from nanori.db import bind_tenants
from nanori.identity import commands as identity
from nanori.identity.models import RoleGrant
from tests.support.clock import START
from tests.support.people import a_shop, an_account


async def shops_of(session: AsyncSession, account_id: object) -> set[object]:
    found = await session.scalars(select(RoleGrant.shop_id).where(RoleGrant.account_id == account_id))
    return set(found)


async def a_desk(session: AsyncSession) -> Desk:
    shop = await a_shop(session)
    return await roster.open_standing_desk(session, shop.tenant_id, name="窓口", now=START)


async def test_a_shop_has_one_standing_desk_however_often_it_is_opened(session: AsyncSession) -> None:
    first = await a_desk(session)
    second = await roster.open_standing_desk(session, first.tenant_id, name="別の窓口", now=START)

    assert second.id == first.id


async def test_who_is_put_on_a_roster_may_see_the_shop(session: AsyncSession) -> None:
    desk, other = await a_desk(session), await a_desk(session)
    agent = await an_account(session, Role.AGENT, shops=[other.tenant_id])
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=2)
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)

    levels = (await session.scalars(select(RosterEntry.level).where(RosterEntry.desk_id == desk.id))).all()
    assert levels == [1]
    assert await shops_of(session, agent.id) == {desk.tenant_id, other.tenant_id}


async def test_who_is_taken_off_sees_the_shop_no_more(session: AsyncSession) -> None:
    desk, other = await a_desk(session), await a_desk(session)
    agent = await an_account(session, Role.AGENT, shops=[other.tenant_id])
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)
    await roster.take_off_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id)
    await roster.take_off_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id)

    assert await shops_of(session, agent.id) == {other.tenant_id}


async def test_another_desk_of_the_shop_keeps_the_shop_in_sight(session: AsyncSession) -> None:
    desk = await a_desk(session)
    second = Desk(tenant_id=desk.tenant_id, name="二番窓口", state=desk.state, created_at=START)
    session.add(second)
    await session.flush()
    agent = await an_account(session, Role.AGENT, shops=[desk.tenant_id])
    for one in (desk, second):
        await roster.put_on_desk(session, desk.tenant_id, desk_id=one.id, agent_id=agent.id, level=1)
    await roster.take_off_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id)

    assert await shops_of(session, agent.id) == {desk.tenant_id}


async def test_only_agents_are_put_on_a_roster(session: AsyncSession) -> None:
    desk = await a_desk(session)
    merchant = await an_account(session, Role.MERCHANT, shops=[desk.tenant_id])
    gone = await an_account(session, Role.AGENT, shops=[desk.tenant_id])
    await identity.disable_account(session, gone.id, now=START)
    newcomer = await identity.add_account(
        session, "new@nanori.example", name="新人", password="a long enough password", locale="ja", now=START
    )

    for account in (merchant, gone):
        with pytest.raises(AgentUnknown):
            await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=account.id, level=1)
    assert newcomer.id in {account.id for account in await possible_agents(session)}


async def test_a_desk_of_a_shop_that_is_not_bound_does_not_exist(session: AsyncSession) -> None:
    desk, mine = await a_desk(session), await a_desk(session)
    agent = await an_account(session, Role.AGENT, shops=[desk.tenant_id])
    await bind_tenants(session, [mine.tenant_id])
    session.expunge_all()

    with pytest.raises(DeskNotFound):
        await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)


async def test_calls_are_taken_by_the_trained_and_by_the_certified_where_the_desk_asks(
    session: AsyncSession,
) -> None:
    desk, strict = await a_desk(session), await a_desk(session)
    await roster.ask_for_certificate(session, strict.tenant_id, desk_id=strict.id, asks=True)
    shops = [desk.tenant_id, strict.tenant_id]
    trained, new = [await an_account(session, Role.AGENT, shops=shops) for _ in range(2)]
    for place in (desk, strict):
        for agent in (trained, new):
            await roster.put_on_desk(
                session, place.tenant_id, desk_id=place.id, agent_id=agent.id, level=1,
                certified=agent is trained,
            )  # fmt: skip

    found = [(one.desk_id, one.agent_id) for one in await takers(session, at=START)]
    assert found == [(desk.id, trained.id)]
