"""Asking a colleague and passing callers on, where agents answer by their own telephones."""

import pytest

from desks.models import Engagement, Offer, Seat
from desks.values import NotReadyReason, OfferState, Presence
from interactions.models import Interaction
from interactions.values import Outcome
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.adapters.simulator.legs import Leg as Line
from telephony.commands import own_phone
from tests.telephony.conftest import Theatre
from tests.telephony.test_flow import accept, every, kinds, one
from tests.telephony.test_own_phone import MINE, PRESSES_1, by_phone, rings
from tests.telephony.test_transfers import Talk, talk

__all__ = ["talk"]

THEIRS = "+819055550002"
WITHIN = 17.0
"""Seconds: a check each 15, and a little for the answer."""


async def answers_by_phone(theatre: Theatre, who: Browser, behaves: Endpoint = PRESSES_1) -> None:
    """From the next call on, under the number ``THEIRS``."""
    async with across_shops(theatre.stage.house.staff) as session:
        now = theatre.stage.house.clock.now()
        await own_phone.save_number(session, who.account_id, THEIRS, countries=["JP"], now=now)
    assert (await who.do("/desk/answering", by="phone")).status_code == 204
    theatre.stage.simulator.settings.endpoints[THEIRS] = behaves


async def accepts(talk: Talk) -> None:
    """The colleague says yes on the screen, and has pressed 1 some seconds later."""
    await talk.plays(2)
    offer = next(o for o in await every(talk.theatre, Offer) if o.state is OfferState.OFFERED)
    assert (await accept(talk.theatre, talk.colleague, offer)).json()["leg"] == ""
    await talk.plays(20)


def telephone(theatre: Theatre, number: str = THEIRS) -> Line:
    (found,) = [leg for leg in theatre.stage.simulator.exchange.legs.values() if leg.to == number]
    return found


def met_by(talk: Talk) -> list[str | None]:
    """The legs that the caller hears."""
    return [thing.sid for thing in talk.theatre.stage.simulator.hears(talk.sid) if thing.kind == "leg"]


async def asked_by_phone(talk: Talk, behaves: Endpoint = PRESSES_1) -> None:
    await answers_by_phone(talk.theatre, talk.colleague, behaves)
    assert await talk.asks("consultation", desk=str(talk.other_desk.id)) == 204
    await accepts(talk)


async def reason_of(theatre: Theatre, who: Browser) -> str | None:
    seats: list[Seat] = await every(theatre, Seat)
    return next(seat.reason for seat in seats if seat.agent_id == who.account_id)


async def test_a_colleague_at_a_telephone_is_asked_and_takes_over(talk: Talk) -> None:
    await asked_by_phone(talk)
    theirs = telephone(talk.theatre)
    assert met_by(talk) == []
    heard = [thing.sid for thing in talk.theatre.stage.simulator.hears(theirs.sid)]
    assert heard == [talk.leg_of(talk.agent)]
    assert await talk.asks("handover") == 204
    await talk.plays(5)
    assert met_by(talk) == [theirs.sid]
    assert await talk.holder() == talk.colleague.account_id

    talk.theatre.stage.simulator.hang_up(talk.sid)
    await talk.plays(WITHIN)
    assert talk.theatre.stage.simulator.live_legs == []
    assert await talk.state_of(talk.colleague) is Presence.WRAPUP
    assert (await one(talk.theatre, Interaction)).transferred


async def test_a_caller_is_passed_on_to_a_telephone(talk: Talk) -> None:
    await answers_by_phone(talk.theatre, talk.colleague)
    assert await talk.asks("transfer", desk=str(talk.other_desk.id)) == 204
    await talk.plays(8)
    await accepts(talk)
    assert met_by(talk) == [telephone(talk.theatre).sid]
    assert await talk.holder() == talk.colleague.account_id
    assert (await kinds(talk.theatre)).count("answered") == 2


async def test_a_colleague_whose_telephone_nobody_takes_is_out_and_the_agent_comes_back(talk: Talk) -> None:
    await asked_by_phone(talk, Endpoint(behaviour="voicemail", answer_after=4))
    await talk.plays(10)
    assert await talk.state_of(talk.colleague) is Presence.NOT_READY
    await talk.plays(60)
    assert met_by(talk) == [talk.leg_of(talk.agent)]
    assert (await kinds(talk.theatre))[-2:] == ["consult_left", "resumed"]


@pytest.mark.parametrize(
    ("after", "is_told"),
    [("consultation", True), ("consultation", False), ("handover", False), ("transfer", True)],
)
async def test_a_colleagues_telephone_that_hangs_up_leaves_nobody_alone(
    talk: Talk, after: str, *, is_told: bool
) -> None:
    """Before the handover the agent is back with the caller; after it the caller is first in the queue."""
    simulator = talk.theatre.stage.simulator
    if after == "transfer":
        await answers_by_phone(talk.theatre, talk.colleague)
        await talk.asks("transfer", desk=str(talk.other_desk.id))
        await talk.plays(8)
        await accepts(talk)
    else:
        await asked_by_phone(talk)
    if after == "handover":
        await talk.asks("handover")
        await talk.plays(20)
    simulator.faults.lose_callbacks = 0.0 if is_told else 1.0
    simulator.hang_up(telephone(talk.theatre).sid)
    await talk.plays(4 if is_told else WITHIN + 4)

    assert not simulator.leg(talk.sid).is_over
    assert await talk.state_of(talk.colleague) is Presence.NOT_READY
    assert await reason_of(talk.theatre, talk.colleague) == NotReadyReason.OWN_PHONE.value
    if after == "consultation":
        assert met_by(talk) == [talk.leg_of(talk.agent)]
    else:
        assert (await kinds(talk.theatre)).count("left_queue") == 1
        assert simulator.longest_silence(talk.sid) <= WITHIN + 4


async def test_a_telephone_whose_leaving_alone_was_lost_is_let_go(talk: Talk) -> None:
    """The telephone's own status arrives, the conference's word does not."""
    await asked_by_phone(talk)
    webhooks = talk.theatre.stage.simulator.exchange.webhooks
    tell = webhooks.callback
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            webhooks, "callback",
            lambda about, url, fields: None if "/cb/conf/" in url else tell(about, url, fields),
        )  # fmt: skip
        talk.theatre.stage.simulator.hang_up(telephone(talk.theatre).sid)
        await talk.plays(WITHIN)
    assert await talk.state_of(talk.colleague) is Presence.NOT_READY
    assert met_by(talk) == [talk.leg_of(talk.agent)]


@pytest.mark.parametrize("what", ["handover", "transfer"])
async def test_an_agents_telephone_is_free_once_the_caller_is_given_away(talk: Talk, what: str) -> None:
    """The first agent answers by telephone, the colleague in the browser."""
    simulator, theatre = talk.theatre.stage.simulator, talk.theatre
    simulator.hang_up(talk.sid)
    await talk.plays(3)
    assert await talk.asks("wrap-up", next="ready") == 204
    agent = await by_phone(theatre, number=1)
    await talk.agent.do("/desk/presence", state="break", reason="lunch")
    talk.sid, talk.call_id = await rings(theatre, agent)
    talk.agent = agent
    await talk.plays(20)
    mine = telephone(theatre, MINE)
    assert met_by(talk) == [mine.sid]
    if what == "handover":
        await talk.consults()
        assert await talk.asks("handover") == 204
    else:
        assert await talk.asks("transfer", desk=str(talk.other_desk.id)) == 204
        await talk.plays(8)
    await talk.plays(4)

    assert mine.is_over
    assert await talk.state_of(agent) is Presence.WRAPUP
    mains = [e for e in await every(theatre, Engagement) if e.agent_id == agent.account_id and not e.ended_at]
    assert [e.wrapup_since is not None for e in mains] == [True]
    assert (await every(theatre, Interaction))[0].outcome is Outcome.ANSWERED
