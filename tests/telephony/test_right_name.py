"""No interleaving of offers, accepts, reloads, tabs and late reports connects a call under another name.

Whatever is done, in whatever order: an agent is let into a call's conference only by a confirmation of this
very call that the house has accepted, hears the name of its shop and no other before it, and a caller is led
nowhere but to their own conference.
"""

from collections import Counter
from collections.abc import Generator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.db import bind_all_shops
from nanori.errors import Rejected
from nanori.settings import Settings
from telephony.commands import agents
from tenants.models import AnswerPhrase
from tests.support.carrier import CarrierClient
from tests.support.clock import TestClock
from tests.telephony.confirmations import URLS, Act, actor, set_up

PARTS = ("the call", "the shop", "the words", "the tab", "the offer", "the time")
DISTURBANCES = (
    "rings", "routes", "waits", "looks", "opens another tab", "accepts", "refuses", "is ready", "dials in",
    "agent joins", "agent leaves", "connects", "caller joins", "caller leaves", "consults", "hands over",
)  # fmt: skip


def way(number: int) -> list[Act]:
    """How a call goes when nothing comes between: from the ring to the talk, at whichever desk it rings."""
    at_both = [(what, screen, 1) for what in ("looks", "accepts") for screen in (0, 1)]
    then = [(what, number, 1) for what in ("dials in", "agent joins", "connects", "caller joins")]
    return [("rings", number, 1), ("routes", 0, 1), *at_both, *then]


@st.composite
def plays(draw: st.DrawFn) -> list[Act]:
    """Two calls on their way, another for the first shop, and disturbances, shuffled together.

    Each way keeps its own order. Whenever a screen may answer, the play first tries what is wrong about it in
    one part only (:meth:`tests.telephony.confirmations.Play.tries_what_is_wrong`).
    """
    one = st.tuples(st.sampled_from(DISTURBANCES), st.integers(0, 7), st.integers(0, 7))
    streams = [way(0), way(1), [("rings", 0, 1)], draw(st.lists(one, min_size=3, max_size=18))]
    turns = [number for number, stream in enumerate(streams) for _ in stream]
    return [streams[number].pop(0) for number in draw(st.permutations(turns))]


@pytest.fixture(scope="module")
def tried() -> Generator[Counter[str]]:
    """How often the plays met each wrong part: who never tries it does not notice that nobody looks at it."""
    counts: Counter[str] = Counter()
    yield counts
    assert min(counts[part] for part in PARTS) >= 5, counts


@settings(
    max_examples=16, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(acts=plays())
async def test_nothing_connects_a_call_under_another_shops_name(
    app: Litestar, session: AsyncSession, shared_settings: Settings, clock: TestClock,
    tried: Counter[str], acts: list[Act],
) -> None:  # fmt: skip
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        play = await set_up(session, CarrierClient(client, shared_settings), clock)
        for act in acts:
            await play.do(act)
        await play.check_log()
        tried.update(play.refusals)


async def test_the_way_is_open_for_the_right_name(
    app: Litestar, session: AsyncSession, shared_settings: Settings, clock: TestClock
) -> None:
    """The usual order connects, so that the test above does not hold for nobody being connected at all."""
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        play = await set_up(session, CarrierClient(client, shared_settings), clock)
        for act in way(0):
            await play.do(act)
        assert await play.check_log() == 1
        agent = play.agents.index(play.accepted[0].agent)
        await play.do(("consults", 0, agent))
        for what in ("routes", "looks", "accepts"):
            await play.do((what, 1 - agent, 1))
        await play.do(("dials in", 1, 1))
        await play.do(("agent joins", 1, 1))
        await play.do(("hands over", 0, agent))
        assert await play.check_log() == 2


async def test_each_part_of_the_confirmation_counts(
    app: Litestar, session: AsyncSession, shared_settings: Settings, clock: TestClock
) -> None:
    """The call, the shop, the words and the tab: when one is not what rings, nobody is let in."""
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        play = await set_up(session, CarrierClient(client, shared_settings), clock)
        for act in [("rings", 0, 1), ("routes", 0, 1), ("looks", 0, 1), ("looks", 1, 1), ("rings", 0, 1)]:
            await play.do(act)
        screen = next(one for one in play.screens if one.shown)
        right, offer = screen.shown, screen.offer
        assert right is not None
        assert offer is not None
        await bind_all_shops(session)
        other_call = next(call_id for call_id in play.rung if call_id != right.call_id)
        theirs = await session.scalar(
            select(AnswerPhrase.id).where(AnswerPhrase.tenant_id == play.shops[1].tenant_id).limit(1)
        )
        assert theirs is not None
        for wrong in (
            replace(right, call_id=other_call),
            replace(right, shop_id=play.shops[1].tenant_id),
            replace(right, phrase_id=theirs),
            replace(right, phrase_id=None),
            replace(right, tab="a tab of yesterday"),
        ):
            with pytest.raises(Rejected):
                async with session.begin_nested():
                    await agents.accept_offer(
                        session, offer, URLS, agent=actor(screen.agent), shown=wrong, now=clock.now()
                    )
        await agents.accept_offer(
            session, offer, URLS, agent=actor(screen.agent), shown=right, now=clock.now()
        )
