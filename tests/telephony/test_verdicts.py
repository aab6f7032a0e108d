"""Every class of failure is a decision: nothing rings twice, what passes is repeated, somebody is told."""

import itertools

import httpx
import pytest

from telephony import alarms
from telephony.adapters.twilio import REFUSALS
from telephony.carrier_errors import (
    CallerIdRefused,
    CallLimitReached,
    CarrierBusy,
    CarrierError,
    CarrierGone,
    CarrierRefused,
    CarrierUnknown,
    CoachNotThere,
    CountryNotPermitted,
    CredentialsRefused,
    LabelTaken,
    NumberUnreachable,
)
from telephony.telling import country_of
from telephony.values import OrderKind
from telephony.verdicts import ALARM_OF, NOT_REPEATED_BLINDLY, RINGS, Verdict, verdict
from tests.telephony.adapters.test_transport import carrier, refusal

AGAIN, GONE, UNKNOWN, FAILED = Verdict.AGAIN, Verdict.GONE, Verdict.UNKNOWN, Verdict.FAILED
CALL = "CA" + "0" * 32

DECISIONS: list[tuple[CarrierError, Verdict, Verdict, bool]] = [
    (CarrierGone(), GONE, GONE, False),
    (CarrierBusy(), AGAIN, FAILED, False),
    (CallLimitReached(10004, ""), AGAIN, FAILED, True),
    (CredentialsRefused(20003, ""), AGAIN, FAILED, True),
    (NumberUnreachable(21211, ""), FAILED, FAILED, True),
    (CountryNotPermitted(21215, ""), FAILED, FAILED, True),
    (CallerIdRefused(21210, ""), FAILED, FAILED, True),
    (CoachNotThere(13240, ""), FAILED, FAILED, False),
    (LabelTaken(16025, ""), FAILED, FAILED, True),
    (CarrierRefused(21999, ""), FAILED, FAILED, True),
]
"""Failure, what follows at first, what follows when it was tried often enough, whether operators are told."""


@pytest.mark.parametrize(("error", "first", "last", "told"), DECISIONS)
def test_what_follows_does_not_depend_on_what_was_asked(
    error: CarrierError, first: Verdict, last: Verdict, told: bool
) -> None:
    for kind in set(OrderKind) - {OrderKind.FETCH_RECORDING}:
        assert verdict(kind, error, may_repeat=True) is first, kind
        assert verdict(kind, error, may_repeat=False) is last, kind
    assert (ALARM_OF[type(error)] is not None) is told


def test_every_class_of_failure_has_its_line_in_the_tables() -> None:
    classes = {*CarrierError.__subclasses__(), *CarrierRefused.__subclasses__()}

    assert set(ALARM_OF) == classes
    assert {type(error) for error, *_ in DECISIONS} == classes - {CarrierUnknown}


def test_an_unknown_outcome_is_repeated_only_where_that_is_harmless() -> None:
    for kind, may_repeat in itertools.product(OrderKind, (True, False)):
        decided = verdict(kind, CarrierUnknown(), may_repeat=may_repeat)
        assert decided is (AGAIN if may_repeat and kind not in NOT_REPEATED_BLINDLY else UNKNOWN), kind


def test_no_failure_that_may_have_rung_a_telephone_makes_it_ring_again() -> None:
    for kind in RINGS:
        assert verdict(kind, CarrierUnknown(), may_repeat=True) is UNKNOWN


def test_a_recording_that_is_not_there_yet_is_asked_for_again() -> None:
    assert verdict(OrderKind.FETCH_RECORDING, CarrierGone(), may_repeat=True) is AGAIN
    assert verdict(OrderKind.FETCH_RECORDING, CarrierGone(), may_repeat=False) is GONE


def test_success_is_done_whatever_was_asked() -> None:
    assert {verdict(kind, None, may_repeat=True) for kind in OrderKind} == {Verdict.DONE}


@pytest.mark.parametrize(("code", "error"), sorted(REFUSALS.items()))
async def test_the_carriers_numbers_become_the_right_class(code: int, error: type[CarrierRefused]) -> None:
    with pytest.raises(error) as caught:
        await carrier([refusal(400, code)]).hang_up(call_sid=CALL)
    assert caught.value.code == code


async def test_a_401_without_a_known_number_is_about_the_credentials_too() -> None:
    with pytest.raises(CredentialsRefused):
        await carrier([httpx.Response(401, text="denied")]).hang_up(call_sid=CALL)


@pytest.mark.parametrize(
    ("number", "country"), [("+12025550123", "US"), ("+819012345678", "JP"), ("+999123", "+99"), ("", "")]
)
def test_a_country_is_named_and_never_the_number(number: str, country: str) -> None:
    assert country_of(number) == country


def test_credentials_and_limits_are_told_as_losing_calls() -> None:
    assert alarms.CREDENTIALS_REFUSED.grave
    assert alarms.TOO_MANY_CALLS.grave
