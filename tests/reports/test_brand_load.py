"""How many shops an agent answers for within an hour."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.commands import Opening
from interactions.values import Channel, EventKind
from nanori.actors import Actor, ActorKind, Role
from reports.brand_load import PERIOD, BrandLoad, Spoke, brand_loads, loads_of_late
from tests.support.clock import START
from tests.support.people import a_shop, an_account

AOKI, ISHIKAWA = UUID(int=1), UUID(int=2)
COFFEE, FLOWERS, TEA = UUID(int=11), UUID(int=12), UUID(int=13)
TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)


def at(minutes: int, shop: UUID, agent: UUID = AOKI) -> Spoke:
    return Spoke(agent, shop, TEN + timedelta(minutes=minutes))


def test_the_example_of_the_document() -> None:
    morning = [at(2, COFFEE), at(15, FLOWERS), at(30, COFFEE), at(59, TEA), at(61, COFFEE), at(185, TEA)]
    found = brand_loads([*morning, at(5, TEA, ISHIKAWA)])

    assert found[AOKI] == BrandLoad(mean=5 / 3, most=3, hours=3)
    assert found[ISHIKAWA] == BrandLoad(mean=1, most=1, hours=1)


@given(
    spoken=st.lists(
        st.builds(
            Spoke, st.sampled_from([AOKI, ISHIKAWA]), st.sampled_from([COFFEE, FLOWERS, TEA]),
            st.integers(0, 359).map(lambda minutes: TEN + timedelta(minutes=minutes)),
        ),
        max_size=30,
    )
)  # fmt: skip
def test_it_is_what_a_slow_count_finds_whatever_the_order_and_however_often(spoken: list[Spoke]) -> None:
    found = brand_loads(spoken)

    assert brand_loads([*reversed(spoken), *spoken]) == found
    for agent in {one.agent_id for one in spoken}:
        hours = sorted({one.at.hour for one in spoken if one.agent_id == agent})
        counts = [
            len({one.shop_id for one in spoken if one.agent_id == agent and one.at.hour == hour})
            for hour in hours
        ]
        assert found[agent].most == max(counts)
        assert abs(found[agent].mean - sum(counts) / len(hours)) < 1e-9


async def test_it_is_read_from_the_log(session: AsyncSession) -> None:
    shops = [await a_shop(session), await a_shop(session, brand="花影フラワー")]
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id for shop in shops])
    actor = Actor(kind=ActorKind.AGENT, account_id=agent.id)
    for minutes, shop in ((0, shops[0]), (5, shops[0]), (10, shops[1]), (90, shops[0])):
        now = START + timedelta(minutes=minutes)
        opened = await log.open_interaction(session, shop.tenant_id, Opening(channel=Channel.PHONE), now=now)
        await log.record(session, opened, EventKind.ANSWERED, actor=actor, at=now, agent_id=agent.id)

    assert await loads_of_late(session, now=START + timedelta(hours=2)) == {
        agent.id: BrandLoad(mean=1.5, most=2, hours=2)
    }
    assert await loads_of_late(session, now=START + PERIOD + timedelta(hours=2)) == {}
