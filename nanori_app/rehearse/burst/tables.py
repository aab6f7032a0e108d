"""A floor on the application's own tables: every decision and every write is the real one."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from desks import engagements, offers, presence, routing
from desks.values import Presence
from interactions import commands as log
from interactions.values import Channel
from nanori.db import across_shops
from nanori.installation import Installation
from nanori_app.rehearse.burst.floors import START, moment
from nanori_app.rehearse.burst.load import BurstCall, Load
from nanori_app.rehearse.setting import StagedShop, seat_agents, set_up_shops
from nanori_app.rehearse.shops import invented_shops

TAB = "the tab"


class TablesFloor:
    """See :func:`set_up`."""

    def __init__(self, house: Installation, shops: Sequence[StagedShop], agents: Sequence[UUID]) -> None:
        self._house, self._shops, self._agents = house, shops, agents
        self._numbers = {account_id: number for number, account_id in enumerate(agents)}
        self._interactions: dict[int, UUID] = {}
        self._calls: dict[UUID, int] = {}
        self._offers: dict[int, UUID] = {}

    async def arrive(self, call: BurstCall, now: int) -> None:
        shop, at = self._shops[call.shop], moment(now)
        async with across_shops(self._house.worker) as session:
            opening = log.Opening(channel=Channel.PHONE, desk_id=shop.desk_id)
            interaction = await log.open_interaction(session, shop.tenant_id, opening, now=at)
            await routing.enqueue(
                session, shop.tenant_id, desk_id=shop.desk_id, interaction_id=interaction.id, turn=1,
                enqueued_at=at, now=at,
            )  # fmt: skip
        self._interactions[call.number] = interaction.id
        self._calls[interaction.id] = call.number

    async def decide(self, now: int) -> list[tuple[int, int]]:
        async with across_shops(self._house.worker) as session:
            made = await routing.offer(
                session, await routing.choose(session, now=moment(now)), now=moment(now)
            )
        for one in made:
            self._offers[self._calls[one.interaction_id]] = one.offer_id
        return [(self._calls[one.interaction_id], self._numbers[one.agent_id]) for one in made]

    async def answer(self, call: BurstCall, agent: int, now: int) -> None:
        at, offer_id, agent_id = moment(now), self._offers[call.number], self._agents[agent]
        async with across_shops(self._house.worker) as session:
            shop_id = self._shops[call.shop].tenant_id
            await offers.accept(session, offer_id, agent_id=agent_id, tab=TAB, shop_id=shop_id, now=at)
            await offers.joined(session, offer_id, agent_id=agent_id, now=at)

    async def give_up(self, call: BurstCall, agent: int | None, now: int) -> None:  # noqa: ARG002 - as a floor
        shop_id = self._shops[call.shop].tenant_id
        async with across_shops(self._house.worker) as session:
            await offers.withdraw_waiting(session, shop_id, self._interactions[call.number], now=moment(now))

    async def finish(self, call: BurstCall, agent: int, now: int) -> None:
        async with across_shops(self._house.worker) as session:
            await engagements.finish_engagement(
                session, self._shops[call.shop].tenant_id, self._interactions[call.number],
                agent_id=self._agents[agent], then=Presence.READY, now=moment(now),
            )  # fmt: skip


async def set_up(house: Installation, load: Load) -> TablesFloor:
    """Shops and ready agents in an empty installation; who has the lower number has been idle longer."""
    shops = await set_up_shops(house, invented_shops(load.others + 1), now=START)
    agents = await seat_agents(house, load.agents, shops, level=1)
    for number, agent_id in enumerate(agents):
        at = START + timedelta(milliseconds=number - load.agents)
        async with across_shops(house.worker) as session:
            await presence.take_seat(session, agent_id, tab=TAB, now=at)
            await presence.choose_presence(session, agent_id, Presence.READY, reason=None, now=at)
    return TablesFloor(house, shops, agents)
