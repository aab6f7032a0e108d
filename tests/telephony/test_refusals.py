"""The carrier refuses, or nobody knows: the call goes on or ends in a case, and somebody is told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from desks.models import Seat
from desks.values import Presence
from interactions.models import Interaction
from interactions.values import Outcome
from nanori import alerts
from nanori.alerts import Alert
from nanori.db import across_shops
from telephony.carrier_errors import (
    CarrierError,
    CarrierGone,
    CarrierRefused,
    CarrierUnknown,
    CredentialsRefused,
    NumberUnreachable,
)
from telephony.models import Call, CarrierOrder, Recording
from telephony.ports import CARRIER
from telephony.values import CallState, OrderKind
from tenants.models import Contact
from tenants.queries import contacts_to_call
from tests.telephony.conftest import FIRST_CONTACT, NUMBER, SECOND_CONTACT, SHOPPER, Theatre
from tests.telephony.test_flow import every, one, ready, take

Refuse = Callable[[int], CarrierError | None]
"""From how often it was asked before to what it answers; None: do it."""


class Refusing:
    """The carrier, some of whose deeds fail. ``after``: the deed is done, only its answer is lost."""

    def __init__(self, carrier: Any, deeds: dict[str, Refuse], *, after: bool = False) -> None:
        self._carrier, self._deeds, self._after = carrier, deeds, after
        self.asked: dict[str, int] = {}

    def __getattr__(self, deed: str) -> Any:
        do = getattr(self._carrier, deed)
        if deed not in self._deeds:
            return do

        async def fail(**arguments: Any) -> Any:
            before = self.asked.get(deed, 0)
            self.asked[deed] = before + 1
            error = self._deeds[deed](before)
            if error is None:
                return await do(**arguments)
            if self._after:
                await do(**arguments)
            raise error

        return fail


def refuse(theatre: Theatre, *, after: bool = False, **deeds: Refuse) -> Refusing:
    carrier = Refusing(theatre.stage.carrier, deeds, after=after)
    house = theatre.stage.house
    theatre.stage.house = replace(house, plugged={**house.plugged, CARRIER: carrier})
    return carrier


async def raised(theatre: Theatre) -> set[str]:
    """Kinds of the alerts that are open."""
    async with theatre.stage.house.staff() as session:
        return {alert.kind for alert in await alerts.open_alerts(session)}


async def test_credentials_refused_keep_the_caller_with_music_and_end_in_a_case(theatre: Theatre) -> None:
    carrier = refuse(theatre, connect_waiting=lambda _: CredentialsRefused(20003, "no"))
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    sid = simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    await simulator.advance(6)
    assert {thing.kind for thing in simulator.hears(sid)} == {"play"}
    await simulator.advance(60)

    assert carrier.asked["connect_waiting"] > 1
    assert await raised(theatre) == {"credentials_refused"}
    assert (await one(theatre, Seat)).state is Presence.READY
    interaction = await one(theatre, Interaction)
    assert (interaction.outcome, interaction.case_id is None) == (Outcome.OVERFLOW, False)


async def test_credentials_mended_in_time_connect_the_caller_and_clear_the_alert(theatre: Theatre) -> None:
    refuse(theatre, connect_waiting=lambda before: CredentialsRefused(20003, "no") if before < 2 else None)
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    await take(theatre, agent)
    await simulator.advance(4)
    assert await raised(theatre) == {"credentials_refused"}
    await simulator.advance(15)

    assert (await one(theatre, Call)).state is CallState.TALKING
    assert await raised(theatre) == set()
    assert (await one(theatre, Alert)).cleared_by is None


async def test_a_hold_that_was_refused_is_no_hold_on_the_agents_screen(theatre: Theatre) -> None:
    """An agent who believed in it would talk about the caller, who hears it."""
    refuse(theatre, hold=lambda _: CarrierRefused(21999, "no"))
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    call_id = await take(theatre, agent)
    await simulator.advance(10)
    await agent.do(f"/calls/{call_id}/hold")
    assert (await one(theatre, Call)).state is CallState.HELD
    await simulator.advance(2)

    assert (await one(theatre, Call)).state is CallState.TALKING
    assert await raised(theatre) == {"order_refused"}


async def test_a_contacts_bad_number_goes_on_to_the_next_and_is_told(theatre: Theatre) -> None:
    refuse(theatre, dial=lambda before: NumberUnreachable(21211, "no") if before == 0 else None)
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    call_id = await take(theatre, agent)
    await simulator.advance(10)
    await agent.do(f"/calls/{call_id}/escalation")
    await simulator.advance(20)

    assert [leg.to for leg in simulator.live_legs if leg.to == SECOND_CONTACT] == [SECOND_CONTACT]
    alert = await one(theatre, Alert)
    assert (alert.kind, alert.detail, alert.shop_id) == (
        "bad_contact_number", "21211", theatre.shop.tenant_id,
    )  # fmt: skip
    assert "+81" not in alert.subject
    marked = {contact.phone: contact.refused_at is not None for contact in await every(theatre, Contact)}
    assert marked == {FIRST_CONTACT: True, SECOND_CONTACT: False}
    async with across_shops(theatre.stage.house.staff) as session:
        left = await contacts_to_call(session, theatre.shop.tenant_id)
    assert [contact.phone for contact in left] == [SECOND_CONTACT]


async def test_a_dial_of_unknown_outcome_rings_once_and_its_call_is_recognised(theatre: Theatre) -> None:
    """The answer is lost after the telephone rings: the status callback says whose call it is."""
    refuse(theatre, after=True, dial=lambda before: CarrierUnknown() if before == 0 else None)
    simulator = theatre.stage.simulator
    agent = await ready(theatre, 0)
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(8)
    call_id = await take(theatre, agent)
    await simulator.advance(10)
    await agent.do(f"/calls/{call_id}/escalation")
    await simulator.advance(15)

    dials = [order for order in await every(theatre, CarrierOrder) if order.kind is OrderKind.DIAL]
    assert [(order.state.value, order.attempts) for order in dials] == [("unknown", 1)]
    await simulator.advance(60)
    dials = [order for order in await every(theatre, CarrierOrder) if order.kind is OrderKind.DIAL]
    assert [order.attempts for order in dials] == [1, 1]


async def test_a_recording_that_the_carrier_does_not_have_is_told_and_the_case_stays(
    theatre: Theatre,
) -> None:
    refuse(theatre, fetch_recording=lambda _: CarrierGone())
    simulator = theatre.stage.simulator
    simulator.place_call(SHOPPER, NUMBER)
    await simulator.advance(500)  # nobody is there: the caller is asked for a message, and leaves one

    assert await raised(theatre) == {"recording_missing"}
    assert (await one(theatre, Recording)).file_id is None
    assert (await one(theatre, Interaction)).case_id is not None
