"""Asking a colleague, handing the caller over, passing the caller on: played by the simulated carrier."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from uuid import UUID

import pytest

from desks.models import Desk, Engagement, Offer, Seat, Waiting
from desks.snapshot import standing_now
from desks.values import EngagementRole, Presence, WaitingState
from interactions.models import EscalationRun, Interaction, InteractionEvent
from interactions.values import Outcome
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.commands.callers import RETURNING
from telephony.models import Leg
from tenants.models import Contact
from tests.telephony.conftest import NUMBER, SECOND_CONTACT, SHOPPER, Theatre, a_desk, an_agent
from tests.telephony.test_flow import every, kinds, one, ready, take


@dataclass(kw_only=True)
class Talk:
    """One agent has a caller; a colleague sits at another desk of the same shop."""

    theatre: Theatre
    agent: Browser
    colleague: Browser
    other_desk: Desk
    call_id: UUID
    sid: str

    async def plays(self, seconds: float) -> None:
        await self.theatre.stage.simulator.advance(seconds)

    async def asks(self, what: str, *, by: Browser | None = None, **fields: str) -> int:
        """What an agent presses, by its path under the call; the status of the answer."""
        answer = await (by or self.agent).do(f"/calls/{self.call_id}/{what}", **fields)
        return answer.status_code

    async def consults(self) -> None:
        """The colleague is asked and has joined."""
        assert await self.asks("consultation", desk=str(self.other_desk.id)) == 204
        await self.plays(2)
        await take(self.theatre, self.colleague)
        await self.plays(6)

    def hears(self, sid: str) -> list[str]:
        """Whom or what a leg hears: the agents by name, the caller, or the kind of sound."""
        simulator = self.theatre.stage.simulator
        names = {leg.sid: self.name_of(leg.identity) for leg in simulator.live_legs}
        return sorted(names.get(thing.sid or "", thing.kind) for thing in simulator.hears(sid))

    def name_of(self, identity: str) -> str:
        by = {self.agent.account_id.hex: "agent", self.colleague.account_id.hex: "colleague"}
        return by.get(identity.removeprefix("agent_"), "caller")

    def leg_of(self, who: Browser) -> str:
        simulator = self.theatre.stage.simulator
        return next(leg.sid for leg in simulator.live_legs if leg.identity.endswith(who.account_id.hex))

    async def state_of(self, who: Browser) -> Presence:
        seats: list[Seat] = await every(self.theatre, Seat)
        return next(seat.state for seat in seats if seat.agent_id == who.account_id)

    async def holder(self) -> UUID | None:
        """Who has the call in hand."""
        found = [
            one.agent_id
            for one in await every(self.theatre, Engagement)
            if one.role is EngagementRole.MAIN and one.wrapup_since is None and one.ended_at is None
        ]
        return found[0] if found else None


@pytest.fixture
async def talk(theatre: Theatre) -> AsyncGenerator[Talk]:
    async with across_shops(theatre.stage.house.staff) as session:
        other_desk = await a_desk(session, theatre.shop)
        theatre.agents.append(await an_agent(session, theatre.shop, other_desk))
    agent = await ready(theatre, 0)
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(8)
    call_id = await take(theatre, agent)
    await theatre.stage.simulator.advance(10)
    colleague = await ready(theatre, 2)
    yield Talk(
        theatre=theatre, agent=agent, colleague=colleague, other_desk=other_desk, call_id=call_id, sid=sid
    )
    assert theatre.stage.simulator.problems == []
    assert theatre.stage.simulator.contract_violations == []


async def test_a_colleague_is_asked_while_the_caller_hears_music_and_takes_over(talk: Talk) -> None:
    await talk.consults()
    assert "leg" not in {thing.kind for thing in talk.theatre.stage.simulator.hears(talk.sid)}
    assert talk.hears(talk.leg_of(talk.agent)) == ["colleague"]
    assert await talk.holder() == talk.agent.account_id

    assert await talk.asks("handover") == 204
    await talk.plays(3)
    assert talk.hears(talk.sid) == ["colleague"]
    assert await talk.holder() == talk.colleague.account_id
    assert (await talk.state_of(talk.agent), await talk.state_of(talk.colleague)) == (
        Presence.WRAPUP,
        Presence.BUSY,
    )
    await talk.plays(60)
    talk.theatre.stage.simulator.hang_up(talk.sid)
    await talk.plays(5)
    interaction = await one(talk.theatre, Interaction)
    assert (interaction.outcome, interaction.transferred) == (Outcome.ANSWERED, True)
    assert interaction.agent_id == talk.colleague.account_id
    assert await talk.state_of(talk.colleague) is Presence.WRAPUP
    assert (await kinds(talk.theatre))[4:] == [
        "answered", "held", "consulted", "offered", "consult_joined", "resumed", "transferred", "ended",
    ]  # fmt: skip


async def test_whoever_is_asked_counts_for_their_own_desk(talk: Talk) -> None:
    await talk.consults()
    now = talk.theatre.stage.simulator.now
    async with across_shops(talk.theatre.stage.house.staff) as session:
        standings = await standing_now(session, now=now)
    in_hand = {desk_id: rule.in_hand for desk_id, (rule, _) in standings.items()}
    assert in_hand == {talk.theatre.desk.id: 1, talk.other_desk.id: 1}


async def test_each_agent_has_after_call_work_and_the_call_is_answered_once(talk: Talk) -> None:
    await talk.consults()
    await talk.asks("handover")
    await talk.plays(20)
    assert await talk.asks("wrap-up", next="ready") == 204
    await talk.plays(40)
    talk.theatre.stage.simulator.hang_up(talk.sid)
    await talk.plays(1)
    let_go = talk.theatre.stage.simulator.now
    await talk.plays(30)
    assert await talk.asks("wrap-up", by=talk.colleague, notes="定期便を止めた", next="ready") == 204

    interaction = await one(talk.theatre, Interaction)
    seconds = (interaction.wrapped_up_at - let_go).total_seconds()
    assert interaction.acw_ms == pytest.approx((20 + 1 + seconds) * 1000, abs=1_500)
    assert interaction.talk_ms == pytest.approx((10 + 20 + 40) * 1000, abs=6_000)
    assert interaction.notes == "定期便を止めた"
    assert (await kinds(talk.theatre)).count("answered") == 1
    assert (interaction.offers, interaction.offers_missed) == (1, 0)


async def test_the_agent_may_go_back_to_the_caller_and_the_colleague_is_free(talk: Talk) -> None:
    await talk.consults()
    assert await talk.asks("consultation-ending") == 204
    await talk.plays(3)
    assert talk.hears(talk.sid) == ["agent"]
    assert (await talk.state_of(talk.colleague), await talk.holder()) == (
        Presence.READY,
        talk.agent.account_id,
    )
    assert not (await one(talk.theatre, Interaction)).transferred


async def test_the_colleague_may_leave_and_the_agent_is_back_with_the_caller(talk: Talk) -> None:
    await talk.consults()
    assert await talk.asks("ending", by=talk.colleague) == 409, "only helps: the caller is not theirs to end"
    assert await talk.asks("consultation-ending", by=talk.colleague) == 204
    await talk.plays(3)
    assert talk.hears(talk.sid) == ["agent"]
    assert await talk.state_of(talk.colleague) is Presence.READY


async def test_a_colleague_whose_phone_dies_brings_the_agent_back_to_the_caller(talk: Talk) -> None:
    await talk.consults()
    talk.theatre.stage.simulator.client_disconnect(talk.leg_of(talk.colleague))
    await talk.plays(4)
    assert talk.hears(talk.sid) == ["agent"]
    assert await talk.state_of(talk.colleague) is Presence.NOT_READY


async def test_a_colleague_keeps_the_caller_of_an_agent_who_is_lost(talk: Talk) -> None:
    await talk.consults()
    talk.theatre.stage.simulator.client_disconnect(talk.leg_of(talk.agent))
    await talk.plays(4)
    assert talk.hears(talk.sid) == ["colleague"]
    assert await talk.holder() == talk.colleague.account_id


async def test_nobody_comes_and_the_agent_is_back_after_a_minute(talk: Talk) -> None:
    await talk.colleague.do("/desk/presence", state="break", reason="lunch")
    assert await talk.asks("consultation", desk=str(talk.other_desk.id)) == 204
    assert await talk.asks("consultation", desk=str(talk.other_desk.id)) == 409
    assert await talk.asks("transfer", desk=str(talk.other_desk.id)) == 409
    await talk.plays(70)
    assert talk.hears(talk.sid) == ["agent"]
    assert (await kinds(talk.theatre))[-2:] == ["consult_left", "resumed"]
    asked = [w for w in await every(talk.theatre, Waiting) if w.desk_id == talk.other_desk.id]
    assert [w.state for w in asked] == [WaitingState.LEFT]


async def test_a_colleague_who_refuses_is_not_a_missed_call(talk: Talk) -> None:
    assert await talk.asks("consultation", desk=str(talk.other_desk.id)) == 204
    await talk.plays(2)
    offer = next(o for o in await every(talk.theatre, Offer) if o.agent_id == talk.colleague.account_id)
    assert (await talk.colleague.do(f"/offers/{offer.id}/refusal")).status_code == 204
    await talk.plays(2)
    interaction = await one(talk.theatre, Interaction)
    assert (interaction.offers, interaction.offers_missed) == (1, 0)
    events = await every(talk.theatre, InteractionEvent)
    assert [e.data["asked"] for e in events if e.kind == "offer_missed"] == ["consult"]


async def test_a_caller_who_hangs_up_on_hold_ends_the_consultation_too(talk: Talk) -> None:
    await talk.consults()
    talk.theatre.stage.simulator.hang_up(talk.sid)
    await talk.plays(5)
    assert (await talk.state_of(talk.agent), await talk.state_of(talk.colleague)) == (
        Presence.WRAPUP,
        Presence.READY,
    )
    assert (await one(talk.theatre, Interaction)).outcome is Outcome.ANSWERED
    assert not [leg for leg in talk.theatre.stage.simulator.live_legs if leg.identity]


async def test_a_caller_who_is_passed_on_waits_first_in_the_other_queue(talk: Talk) -> None:
    assert await talk.asks("transfer", desk=str(talk.other_desk.id)) == 204
    await talk.plays(10)
    assert await talk.state_of(talk.agent) is Presence.WRAPUP
    first, second = sorted(await every(talk.theatre, Waiting), key=lambda row: row.turn)
    assert (second.desk_id, second.priority, second.enqueued_at) == (
        talk.other_desk.id,
        RETURNING,
        first.enqueued_at,
    )
    assert await talk.asks("hold") == 409, "let go of"
    await take(talk.theatre, talk.colleague)
    await talk.plays(10)
    assert talk.hears(talk.sid) == ["colleague"]
    talk.theatre.stage.simulator.hang_up(talk.sid)
    await talk.plays(5)
    interaction = await one(talk.theatre, Interaction)
    assert (interaction.outcome, interaction.transferred) == (Outcome.ANSWERED, True)
    assert [leg.confirmed_at is not None for leg in await every(talk.theatre, Leg)] == [True, True]


async def test_a_caller_who_gives_up_after_being_passed_on_was_answered(talk: Talk) -> None:
    await talk.colleague.do("/desk/presence", state="break", reason="lunch")
    await talk.asks("transfer", desk=str(talk.other_desk.id))
    await talk.plays(20)
    assert talk.hears(talk.sid) != []
    talk.theatre.stage.simulator.hang_up(talk.sid)
    await talk.plays(5)
    interaction = await one(talk.theatre, Interaction)
    assert (interaction.outcome, interaction.abandoned_at) == (Outcome.ANSWERED, None)
    assert await talk.state_of(talk.agent) is Presence.WRAPUP


async def test_notes_are_written_by_whoever_had_the_call_last(talk: Talk) -> None:
    interaction = await one(talk.theatre, Interaction)
    path = f"/interactions/{interaction.id}/notes"
    await talk.agent.do(path, notes="定期便の件")
    await talk.consults()
    helping = await talk.colleague.do(path, notes="横から")
    await talk.asks("handover")
    late = await talk.agent.do(path, notes="あとから")
    mine = await talk.colleague.do(path, notes="定期便の件。次回から停止")
    assert (helping.status_code, late.status_code, mine.status_code) == (409, 409, 204)
    assert (await one(talk.theatre, Interaction)).notes == "定期便の件。次回から停止"


async def test_who_has_handed_over_adds_to_the_notes_until_the_after_call_work_is_done(talk: Talk) -> None:
    interaction = await one(talk.theatre, Interaction)
    path = f"/interactions/{interaction.id}/addition"
    assert (await talk.agent.do(path, notes="まだ通話中")).status_code == 404, "the notes are this agent's"
    await talk.consults()
    assert (await talk.colleague.do(path, notes="横から")).status_code == 404
    await talk.asks("handover")
    for words in ("住所の変", "住所の変更も希望"):
        assert (await talk.agent.do(path, notes=words)).status_code == 204
    panel = (await talk.agent.client.get(f"/desk/panel?tab={talk.agent.tab}")).text
    assert "住所の変更も希望</textarea>" in panel
    assert await talk.asks("wrap-up", next="ready") == 204
    assert (await talk.agent.do(path, notes="遅すぎる")).status_code == 404

    page = f"/interactions/{interaction.tenant_id}/{interaction.id}"
    told = (await talk.colleague.client.get(page)).json()
    assert [(who, text) for who, _, text in told["additions"]] == [("試験 太郎", "住所の変更も希望")]
    assert (await one(talk.theatre, Interaction)).notes == ""


async def test_another_shops_desk_is_none_to_pass_a_caller_to(talk: Talk) -> None:
    for what in ("consultation", "transfer"):
        assert await talk.asks(what, desk=str(talk.theatre.shop.tenant_id)) == 404
        assert await talk.asks(what) == 422
    assert await talk.asks("handover") == 409, "nobody has joined"


async def test_one_chosen_contact_is_called_and_nobody_else(talk: Talk) -> None:
    people = sorted(await every(talk.theatre, Contact), key=lambda one: one.position)
    assert await talk.asks("escalation", contact=str(talk.other_desk.id)) == 404
    assert await talk.asks("escalation", contact=str(people[1].id)) == 204
    assert await talk.asks("consultation", desk=str(talk.other_desk.id)) == 409, "one at a time"
    await talk.plays(25)
    called = [leg.to for leg in talk.theatre.stage.simulator.live_legs if leg.to == SECOND_CONTACT]
    run = await one(talk.theatre, EscalationRun)
    assert ([person["phone"] for person in run.contacts], len(called)) == ([SECOND_CONTACT], 1)
