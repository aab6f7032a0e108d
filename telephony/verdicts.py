"""What to do when the carrier has answered an order. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from nanori.alerts import Alarm
from telephony import alarms
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
from telephony.values import OrderKind

RINGS = frozenset({OrderKind.DIAL, OrderKind.DIAL_INTO})
"""Orders that make a telephone ring: sent twice, it rings twice."""
NOT_REPEATED_BLINDLY = RINGS | {OrderKind.CONNECT}
"""Besides those: a connect that did take effect would report the connected caller as gone."""
NOTHING_HAPPENED = (CarrierBusy, CallLimitReached, CredentialsRefused)
"""Refusals before anything was done, for reasons that pass or that an operator removes."""


class Verdict(StrEnum):
    DONE = "done"
    AGAIN = "again"  # send it once more, a little later
    GONE = "gone"  # whom it was about has left: settle that
    UNKNOWN = "unknown"  # never send it again; later reports or the reconciler tell
    FAILED = "failed"  # go on without it


def verdict(kind: OrderKind, error: CarrierError | None, *, may_repeat: bool) -> Verdict:
    """Decide about one answer; ``may_repeat``: it has not been tried too often yet."""
    match error:
        case None:
            return Verdict.DONE
        case CarrierGone():  # a recording is announced a little before it can be fetched
            return Verdict.AGAIN if kind is OrderKind.FETCH_RECORDING and may_repeat else Verdict.GONE
        case CarrierUnknown():
            return Verdict.AGAIN if kind not in NOT_REPEATED_BLINDLY and may_repeat else Verdict.UNKNOWN
        case _ if isinstance(error, NOTHING_HAPPENED) and may_repeat:
            return Verdict.AGAIN
        case _:
            return Verdict.FAILED


ALARM_OF: Mapping[type[CarrierError], Alarm | None] = {
    CarrierGone: None,  # a caller who was quicker
    CarrierBusy: None,  # a moment's crowd
    CarrierUnknown: alarms.CARRIER_UNREACHABLE,
    CarrierRefused: alarms.ORDER_REFUSED,
    CredentialsRefused: alarms.CREDENTIALS_REFUSED,
    CallLimitReached: alarms.TOO_MANY_CALLS,
    NumberUnreachable: alarms.BAD_CONTACT_NUMBER,
    CountryNotPermitted: alarms.COUNTRY_NOT_PERMITTED,
    CallerIdRefused: alarms.CALLER_ID_REFUSED,
    CoachNotThere: None,  # the agent has changed: the supervisor is put to the new one
    LabelTaken: alarms.ORDER_REFUSED,
}
"""What an operator is told of each class; None for what is usual."""
