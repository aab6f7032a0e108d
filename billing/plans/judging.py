"""Which contacts are billed, as how much, and by which rule. Pure: the same contact, the same verdict."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import jpholiday

from billing.plans.plan import PLAIN, Plan
from billing.plans.pricing import billed_quantity
from billing.plans.values import LOGGED, SECONDS_OF, Meter, Nature, TimeClass
from interactions.values import Channel, Outcome, PartyKind

SATURDAY = 5
ONE = Decimal(1)
NONE = Decimal(0)


class Rule(StrEnum):
    """Why a line is billed or not."""

    ANSWERED = "answered"
    REPLIED = "replied"
    MESSAGE = "message"
    OUR_CALL = "our_call"
    FIRST_OF_CASE = "first_of_case"
    # from here on: not billed
    STILL_OPEN = "still_open"
    ABANDONED = "abandoned"
    CLOSED = "closed"
    ANNOUNCEMENT = "announcement"
    QUEUE_FULL = "queue_full"
    MESSAGE_FREE = "message_free"
    CALLBACK_ASKED = "callback_asked"
    BLOCKED = "blocked"
    MACHINE = "machine"
    NOT_REACHED = "not_reached"
    OUR_CALL_FREE = "our_call_free"
    NO_REPLY_NEEDED = "no_reply_needed"
    ANSWERED_TOGETHER = "answered_together"
    PART_OF_MAIL = "part_of_mail"
    TOO_SHORT = "too_short"
    WRONG_NUMBER = "wrong_number"
    SALES = "sales"
    SILENT = "silent"
    TEST = "test"
    OUR_FAULT = "our_fault"
    LATER_IN_CASE = "later_in_case"
    NOT_PRICED = "not_priced"
    NO_AGREEMENT = "no_agreement"


BILLED = frozenset({Rule.ANSWERED, Rule.REPLIED, Rule.MESSAGE, Rule.OUR_CALL, Rule.FIRST_OF_CASE})
_NOT_HANDLED: dict[Outcome, Rule] = {
    Outcome.ABANDONED: Rule.ABANDONED,
    Outcome.OUT_OF_HOURS: Rule.CLOSED,
    Outcome.OVERFLOW: Rule.QUEUE_FULL,
    Outcome.IVR_SELF_SERVED: Rule.ANNOUNCEMENT,
    Outcome.BLOCKED: Rule.BLOCKED,
    Outcome.TEST: Rule.TEST,
    Outcome.SYSTEM_FAULT: Rule.OUR_FAULT,
    Outcome.NO_ACTION: Rule.NO_REPLY_NEEDED,
    Outcome.CALLBACK: Rule.CALLBACK_ASKED,
    Outcome.NOT_REACHED: Rule.NOT_REACHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """What the log says about one call or mail that matters to a bill."""

    arrived: datetime  # by the shop's clock
    channel: Channel
    inbound: bool = True
    party: PartyKind = PartyKind.HUMAN
    outcome: Outcome | None = None
    nature: Nature | None = None
    talk_s: int = 0  # holding included
    handled_s: int = 0  # after-call work included
    is_first_of_case: bool = False  # the first of its case that somebody handled
    answered_together: bool = False  # one reply answered an earlier mail of the case too
    is_part: bool = False  # the second question of a mail that is a contact of its own


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line of the ledger: so much of a meter, billed or not. Not billed, the quantity is nought."""

    meter: Meter
    rule: Rule
    quantity: Decimal = NONE
    weight: int = PLAIN  # per cent of a unit, by the time of day

    @property
    def is_billed(self) -> bool:
        return self.rule in BILLED


def judge(contact: Contact, plan: Plan | None) -> list[Verdict]:
    """One verdict for each meter that the plan prices and the contact could count for; at least one."""
    own = Meter.CALL if contact.channel is Channel.PHONE else Meter.MAIL
    if plan is None:
        return [Verdict(own, Rule.NO_AGREEMENT)]
    meters = [one for one in LOGGED if plan.price_of(one) is not None and _may_count(one, contact)]
    if not meters:
        rule = _rule(contact, plan)
        return [Verdict(own, Rule.NOT_PRICED if rule in BILLED else rule)]
    return [_verdict(one, contact, plan) for one in meters]


def _may_count(meter: Meter, contact: Contact) -> bool:
    if meter is Meter.MAIL:
        return contact.channel is Channel.MAIL
    return meter is Meter.CASE or contact.channel is Channel.PHONE


def _verdict(meter: Meter, contact: Contact, plan: Plan) -> Verdict:
    rule = _rule(contact, plan)
    if meter is Meter.CASE and rule in BILLED:
        rule = Rule.FIRST_OF_CASE if contact.is_first_of_case else Rule.LATER_IN_CASE
    if meter is Meter.MAIL and contact.is_part and rule in BILLED:
        rule = Rule.PART_OF_MAIL
    if rule not in BILLED:
        return Verdict(meter, rule)
    weight = weight_of(contact.arrived, plan) if contact.channel is Channel.PHONE else PLAIN
    return Verdict(meter, rule, _size(meter, contact, plan) * weight / PLAIN, weight)


def _size(meter: Meter, contact: Contact, plan: Plan) -> Decimal:
    price = plan.price_of(meter)
    if price is None or meter not in SECONDS_OF:
        return ONE
    return billed_quantity(price, contact.talk_s if meter is Meter.MINUTE else contact.handled_s)


def _rule(contact: Contact, plan: Plan) -> Rule:
    """What became of the contact first, then what the plan leaves unbilled."""
    if contact.party is PartyKind.TEST or contact.outcome is Outcome.TEST:
        return Rule.TEST
    if contact.party is PartyKind.BOT:
        return Rule.MACHINE
    if contact.outcome is None:
        return Rule.STILL_OPEN
    if contact.outcome in _NOT_HANDLED:
        return _NOT_HANDLED[contact.outcome]
    if contact.nature is not None and contact.nature in plan.free:
        return Rule(contact.nature.value)
    return _mail_rule(contact) if contact.channel is Channel.MAIL else _call_rule(contact, plan)


def _mail_rule(contact: Contact) -> Rule:
    return Rule.ANSWERED_TOGETHER if contact.answered_together else Rule.REPLIED


def _call_rule(contact: Contact, plan: Plan) -> Rule:
    if contact.outcome is Outcome.VOICEMAIL:
        return Rule.MESSAGE if plan.bills_messages else Rule.MESSAGE_FREE
    if contact.talk_s < plan.free_below_s:
        return Rule.TOO_SHORT
    if not contact.inbound:
        return Rule.OUR_CALL if plan.bills_our_calls else Rule.OUR_CALL_FREE
    return Rule.ANSWERED


def weight_of(arrived: datetime, plan: Plan) -> int:
    """Per cent of a unit that a call of this moment counts for; on a holiday the holiday's alone."""
    hours = plan.hours
    match time_class(arrived, plan):
        case TimeClass.HOLIDAY:
            return hours.holiday_percent
        case TimeClass.AFTER_HOURS:
            return hours.after_hours_percent
        case _:
            return PLAIN


def time_class(arrived: datetime, plan: Plan) -> TimeClass:
    """By the wall clock of ``arrived``; standard hours are half-open."""
    hours, day = plan.hours, arrived.date()
    is_weekend = hours.weekends_are_holidays and day.weekday() >= SATURDAY
    if is_weekend or (hours.holiday_percent != PLAIN and jpholiday.is_holiday(day)):
        return TimeClass.HOLIDAY
    minute = arrived.hour * 60 + arrived.minute
    return TimeClass.NORMAL if hours.opens <= minute < hours.closes else TimeClass.AFTER_HOURS
