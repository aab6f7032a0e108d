"""What operators are told about orders that the carrier did not carry out."""

import hashlib
from datetime import datetime
from uuid import UUID

import phonenumbers
from phonenumbers import NumberParseException
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.alerts import Alarm, raise_alert, settle_alert
from telephony import alarms
from telephony.carrier_errors import CarrierError, CarrierRefused
from telephony.commands.callers import Line
from telephony.models import CarrierOrder, Leg
from telephony.values import LegRole, OrderKind, OrderState
from telephony.verdicts import ALARM_OF
from tenants.contacts import mark_contact

NOT_FETCHED = frozenset({OrderState.GONE, OrderState.FAILED, OrderState.UNKNOWN})


async def tell_operators(
    session: AsyncSession,
    line: Line,
    one: CarrierOrder,
    leg: Leg | None,
    error: CarrierError | None,
    *,
    now: datetime,
) -> None:
    """Raise what somebody must act on; once an order goes through again, the carrier's troubles are over."""
    shop_id = line.shop.tenant_id
    alarm = None if error is None else ALARM_OF[type(error)]
    if alarm is alarms.BAD_CONTACT_NUMBER and (leg is None or leg.role is not LegRole.CONTACT):
        alarm = None  # a shopper's number: the agent who called it is told
    if alarm is alarms.BAD_CONTACT_NUMBER:
        await mark_contact(session, shop_id, str(one.arguments["to"]), now=now)
    if alarm is not None:
        detail = str(error.code) if isinstance(error, CarrierRefused) else ""
        subject = _subject(alarm, one, line)
        await raise_alert(session, alarm, subject, now=now, shop_id=_whose(alarm, line), detail=detail)
    if one.kind is OrderKind.FETCH_RECORDING and one.state in NOT_FETCHED:
        await raise_alert(session, alarms.RECORDING_MISSING, str(line.call.id), now=now, shop_id=shop_id)
    if error is None and one.attempts > 1:
        for passing in (alarms.CREDENTIALS_REFUSED, alarms.CARRIER_UNREACHABLE, alarms.TOO_MANY_CALLS):
            await settle_alert(session, passing, now=now)


def _subject(alarm: Alarm, one: CarrierOrder, line: Line) -> str:
    """What tells one such trouble from another."""
    to = str(one.arguments.get("to", ""))
    match alarm:
        case alarms.COUNTRY_NOT_PERMITTED:
            return country_of(to)
        case alarms.CALLER_ID_REFUSED:
            return line.call.to_number
        case alarms.BAD_CONTACT_NUMBER:
            return f"{line.shop.slug}-{hashlib.sha256(to.encode()).hexdigest()[:8]}"
        case alarms.ORDER_REFUSED:
            return one.kind.value
        case _:
            return ""


def _whose(alarm: Alarm, line: Line) -> UUID | None:
    of_a_shop = alarm in {alarms.CALLER_ID_REFUSED, alarms.BAD_CONTACT_NUMBER}
    return line.shop.tenant_id if of_a_shop else None


def country_of(number: str) -> str:
    """A number's country by its two letters; its calling code where several share it."""
    try:
        parsed = phonenumbers.parse(number, None)
    except NumberParseException:
        return number[:3]
    return phonenumbers.region_code_for_number(parsed) or f"+{parsed.country_code}"
