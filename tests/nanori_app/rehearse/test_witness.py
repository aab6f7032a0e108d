"""What the witness excuses, and whom it takes an ordinary telephone for."""

from datetime import timedelta

import pytest

from nanori_app.rehearse.telephones import own_number
from nanori_app.rehearse.witness import coached_has_gone, is_agent, is_contact, is_own_phone, is_shopper
from telephony.adapters.simulator.exchange import Problem
from telephony.adapters.simulator.legs import Direction, Leg
from tests.support.clock import START


def a_leg(to: str, *, direction: Direction = "outbound-api", identity: str = "", ended: float = 0) -> Leg:
    leg = Leg(
        sid="CA1", direction=direction, from_="+815031960001", to=to, created_at=START, identity=identity
    )  # fmt: skip
    leg.ended_at = START + timedelta(seconds=ended)
    return leg


def test_an_agents_telephone_is_no_contact() -> None:
    mine, contact = a_leg(own_number(7)), a_leg("+819033330001")
    shopper = a_leg("+819050000001")
    shopper.status_callback = "https://x.example/tw/cb/call?call=1&party=shopper"
    told = [
        (is_agent(leg), is_own_phone(leg), is_contact(leg), is_shopper(leg))
        for leg in (mine, contact, shopper)
    ]
    assert told == [(True, True, False, False), (False, False, True, False), (False, False, False, True)]


@pytest.mark.parametrize(
    ("coached", "code", "is_excused"),
    [
        (a_leg("", direction="inbound", identity="agent_1", ended=-3), 13240, True),
        (a_leg(own_number(1), ended=-3), 13240, True),
        (a_leg(own_number(1), ended=-60), 13240, False),
        (a_leg(own_number(1), ended=5), 13240, False),
        (a_leg("+819033330001", ended=-3), 13240, False),
        (a_leg(own_number(1), ended=-3), 16025, False),
    ],
    ids=["a browser", "a telephone", "long ago", "later", "a contact", "another error"],
)
def test_a_coach_is_missing_for_one_reason_only(coached: Leg, code: int, *, is_excused: bool) -> None:
    problem = Problem(START, "CA2", code, "CA1 is not in the conference")
    assert coached_has_gone({"CA1": coached}, problem) is is_excused
