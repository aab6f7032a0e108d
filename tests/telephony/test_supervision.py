"""Supervisors in a call: what each party hears, what is written down, and who may."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from interactions.models import InteractionEvent
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.db import across_shops
from nanori.identity import commands as identity
from nanori_app.rehearse.stage import Browser
from telephony.models import Call, CarrierOrder, Leg
from telephony.values import LegRole, LegState, OrderKind, OrderState
from tests.support.people import an_account
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, kinds, one, ready, take


@dataclass(slots=True)
class Talk:
    """A call that an agent has answered, and a supervisor."""

    theatre: Theatre
    call_id: UUID
    caller: str
    agent: Browser
    supervisor: Browser

    async def go(self, mode: str) -> None:
        """The supervisor presses a mode; the page dials in when it is given a token."""
        answer = await self.supervisor.do(f"/calls/{self.call_id}/supervision", mode=mode)
        assert answer.status_code == 200, answer.text
        if token := answer.json().get("leg"):
            await self.supervisor.do("/softphone/connection", leg=token)
        await self.theatre.stage.simulator.advance(4)

    def heard_by(self, who: str) -> set[str]:
        """``caller``, ``agent`` or ``supervisor``: whose voices they hear."""
        simulator = self.theatre.stage.simulator
        names = {self.caller: "caller"}
        for leg in simulator.live_legs:
            if leg.identity:
                mine = leg.identity == f"agent_{self.supervisor.account_id.hex}"
                names[leg.sid] = "supervisor" if mine else "agent"
        sid = next(sid for sid, name in names.items() if name == who)
        return {names[thing.sid] for thing in simulator.hears(sid) if thing.kind == "leg"}


@pytest.fixture
async def talk(theatre: Theatre) -> Talk:
    agent = await ready(theatre, 0)
    async with across_shops(theatre.stage.house.staff) as session:
        account = await an_account(session, Role.SUPERVISOR)
    supervisor = await theatre.stage.browser(account.id)
    caller = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(8)
    call_id = await take(theatre, agent)
    await theatre.stage.simulator.advance(10)
    return Talk(theatre, call_id, caller, agent, supervisor)


async def test_a_listening_supervisor_hears_both_and_is_heard_by_nobody(talk: Talk) -> None:
    await talk.go("listen")

    assert talk.heard_by("supervisor") == {"caller", "agent"}
    assert talk.heard_by("caller") == {"agent"}
    assert talk.heard_by("agent") == {"caller"}


async def test_a_whisper_reaches_the_agent_and_never_the_caller(talk: Talk) -> None:
    await talk.go("whisper")

    assert talk.heard_by("agent") == {"caller", "supervisor"}
    assert talk.heard_by("caller") == {"agent"}


async def test_who_barges_in_is_heard_by_both_and_may_go_back_to_listening(talk: Talk) -> None:
    await talk.go("listen")
    await talk.go("barge")
    assert talk.heard_by("caller") == {"agent", "supervisor"}

    await talk.go("listen")
    assert talk.heard_by("caller") == {"agent"}
    assert talk.heard_by("supervisor") == {"caller", "agent"}
    assert talk.theatre.stage.simulator.problems == []
    assert talk.theatre.stage.simulator.contract_violations == []


async def test_each_way_of_taking_part_is_an_event_and_a_line_of_the_trail(talk: Talk) -> None:
    for mode in ("listen", "listen", "whisper", "barge"):
        await talk.go(mode)

    events = [e for e in await every(talk.theatre, InteractionEvent) if e.kind.value == "supervised"]
    trail = [row for row in await every(talk.theatre, AuditEntry) if row.action == "call.supervised"]
    wanted = ["listen", "whisper", "barge"]
    assert [event.data["mode"] for event in sorted(events, key=lambda e: e.seq)] == wanted
    assert [row.detail["mode"] for row in sorted(trail, key=lambda row: row.at)] == wanted
    assert {row.account_id for row in trail} == {talk.supervisor.account_id}


async def test_a_change_of_mind_before_the_carrier_has_answered_ends_as_last_wanted(talk: Talk) -> None:
    await talk.go("listen")
    for mode in ("barge", "whisper", "barge", "listen"):
        answer = await talk.supervisor.do(f"/calls/{talk.call_id}/supervision", mode=mode)
        assert "leg" not in answer.json()
    await talk.theatre.stage.simulator.advance(4)

    assert talk.heard_by("caller") == {"agent"}
    orders = [o for o in await every(talk.theatre, CarrierOrder) if o.kind is OrderKind.SUPERVISE]
    assert {order.state for order in orders} == {OrderState.DONE}


async def test_leaving_takes_the_supervisor_out_and_leaves_the_talk_alone(talk: Talk) -> None:
    await talk.go("barge")
    ended = await talk.supervisor.do(f"/calls/{talk.call_id}/supervision-ending")
    again = await talk.supervisor.do(f"/calls/{talk.call_id}/supervision-ending")
    await talk.theatre.stage.simulator.advance(4)

    assert (ended.status_code, again.status_code) == (204, 204)
    assert talk.heard_by("caller") == {"agent"}
    assert await _monitor_states(talk) == [LegState.LEFT]
    await talk.go("listen")
    assert talk.heard_by("supervisor") == {"caller", "agent"}


async def test_the_call_ends_for_the_supervisor_too(talk: Talk) -> None:
    await talk.go("listen")
    talk.theatre.stage.simulator.hang_up(talk.caller)
    await talk.theatre.stage.simulator.advance(5)

    assert talk.theatre.stage.simulator.live_legs == []
    assert await _monitor_states(talk) == [LegState.LEFT]
    refused = await talk.supervisor.do(f"/calls/{talk.call_id}/supervision", mode="listen")
    assert refused.status_code == 409


async def test_a_lost_agent_is_not_replaced_by_the_supervisor(talk: Talk) -> None:
    """The caller goes back to the queue; nobody stays with somebody who only listens."""
    await talk.go("listen")
    await talk.agent.do("/softphone/disconnection")
    await talk.theatre.stage.simulator.advance(8)

    assert (await kinds(talk.theatre)).count("queued") == 2
    assert not talk.theatre.stage.simulator.leg(talk.caller).is_over
    assert await _monitor_states(talk) == [LegState.LEFT]


async def test_what_the_shop_speaks_with_its_customer_is_not_heard(talk: Talk) -> None:
    await talk.go("listen")
    await talk.agent.do(f"/calls/{talk.call_id}/escalation")
    await talk.theatre.stage.simulator.advance(60)
    handed = await talk.agent.do(f"/calls/{talk.call_id}/handover")
    await talk.theatre.stage.simulator.advance(5)

    assert handed.status_code == 204, handed.text
    assert await _monitor_states(talk) == [LegState.LEFT]
    assert not any(leg.identity for leg in talk.theatre.stage.simulator.live_legs)
    assert not talk.theatre.stage.simulator.leg(talk.caller).is_over


async def test_a_token_that_was_not_used_is_replaced_and_no_longer_good(talk: Talk) -> None:
    """The page was reloaded between the answer and dialling in."""
    path = f"/calls/{talk.call_id}/supervision"
    old = (await talk.supervisor.do(path, mode="listen")).json()["leg"]
    await talk.go("listen")
    assert talk.heard_by("supervisor") == {"caller", "agent"}

    await talk.supervisor.do("/softphone/connection", leg=old)
    await talk.theatre.stage.simulator.advance(4)
    assert len([leg for leg in talk.theatre.stage.simulator.live_legs if leg.identity]) == 2
    assert len(await _monitor_states(talk)) == 1


async def test_only_a_supervisor_who_has_no_call_may_and_only_in_a_way_that_exists(talk: Talk) -> None:
    path = f"/calls/{talk.call_id}/supervision"
    other = await talk.theatre.stage.browser(talk.theatre.agents[1].id)
    assert (await other.do(path, mode="listen")).status_code == 404
    assert (await talk.supervisor.do(path, mode="shout")).status_code == 422

    async with across_shops(talk.theatre.stage.house.staff) as session:
        await identity.grant(session, talk.agent.account_id, Role.SUPERVISOR, shop_id=None)
    own = await talk.agent.do(path, mode="listen")
    assert (own.status_code, "ご自分の通話" in own.json()["message"]) == (409, True), own.text


async def test_help_is_asked_for_seen_and_over_when_a_supervisor_joins(talk: Talk) -> None:
    for _ in range(2):
        assert (await talk.agent.do(f"/calls/{talk.call_id}/help")).status_code == 204
    assert (await one(talk.theatre, Call)).help_asked_at is not None
    assert (await kinds(talk.theatre)).count("help_asked") == 1

    await talk.go("whisper")
    assert (await one(talk.theatre, Call)).help_asked_at is None


async def test_help_can_be_called_off_and_ends_with_the_call(talk: Talk) -> None:
    await talk.agent.do(f"/calls/{talk.call_id}/help")
    await talk.agent.do(f"/calls/{talk.call_id}/help-cancellation")
    assert (await one(talk.theatre, Call)).help_asked_at is None

    await talk.agent.do(f"/calls/{talk.call_id}/help")
    talk.theatre.stage.simulator.hang_up(talk.caller)
    await talk.theatre.stage.simulator.advance(5)
    assert (await one(talk.theatre, Call)).help_asked_at is None
    assert (await talk.agent.do(f"/calls/{talk.call_id}/help")).status_code == 409


async def _monitor_states(talk: Talk) -> list[LegState]:
    async with across_shops(talk.theatre.stage.house.staff) as session:
        found = await session.scalars(select(Leg.state).where(Leg.role == LegRole.MONITOR))
        return list(found)
