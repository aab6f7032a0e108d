"""Which contacts are billed, and by which rule."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from billing.plans.judging import BILLED, Contact, Rule, judge
from billing.plans.plan import Hours, MeterPrice, Plan, Tier
from billing.plans.values import Meter, Nature
from interactions.values import Channel, Outcome, PartyKind

TOKYO = ZoneInfo("Asia/Tokyo")
ONE = (Tier(1, None, Decimal(100)),)
PLAN = Plan(
    name="", free_below_s=10,
    prices=tuple(MeterPrice(meter=meter, tiers=ONE) for meter in (Meter.CALL, Meter.MAIL)),
)  # fmt: skip


def call(at: str = "2026-11-04T10:00", **facts: Any) -> Contact:
    arrived = datetime.fromisoformat(at).replace(tzinfo=TOKYO)
    given: dict[str, Any] = {
        "channel": Channel.PHONE,
        "outcome": Outcome.ANSWERED,
        "talk_s": 60,
        "handled_s": 90,
    } | facts
    return Contact(arrived=arrived, **given)


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        ({}, Rule.ANSWERED),
        ({"talk_s": 9}, Rule.TOO_SHORT),
        ({"talk_s": 10}, Rule.ANSWERED),
        ({"outcome": None}, Rule.STILL_OPEN),
        ({"outcome": Outcome.ABANDONED}, Rule.ABANDONED),
        ({"outcome": Outcome.OUT_OF_HOURS}, Rule.CLOSED),
        ({"outcome": Outcome.IVR_SELF_SERVED}, Rule.ANNOUNCEMENT),
        ({"outcome": Outcome.OVERFLOW}, Rule.QUEUE_FULL),
        ({"outcome": Outcome.BLOCKED}, Rule.BLOCKED),
        ({"outcome": Outcome.SYSTEM_FAULT}, Rule.OUR_FAULT),
        ({"outcome": Outcome.CALLBACK}, Rule.CALLBACK_ASKED),
        ({"outcome": Outcome.VOICEMAIL}, Rule.MESSAGE_FREE),
        ({"outcome": Outcome.NOT_REACHED, "inbound": False}, Rule.NOT_REACHED),
        ({"inbound": False}, Rule.OUR_CALL_FREE),
        ({"party": PartyKind.TEST}, Rule.TEST),
        ({"party": PartyKind.BOT}, Rule.MACHINE),
        *(({"nature": nature}, Rule(nature.value)) for nature in Nature),
        ({"channel": Channel.MAIL, "outcome": Outcome.REPLIED}, Rule.REPLIED),
        ({"channel": Channel.MAIL, "outcome": Outcome.NO_ACTION}, Rule.NO_REPLY_NEEDED),
        (
            {"channel": Channel.MAIL, "outcome": Outcome.REPLIED, "answered_together": True},
            Rule.ANSWERED_TOGETHER,
        ),
        ({"channel": Channel.MAIL, "outcome": Outcome.REPLIED, "is_part": True}, Rule.PART_OF_MAIL),
    ],
)
def test_the_rule_of_a_contact(facts: dict[str, Any], rule: Rule) -> None:
    (found,) = judge(call(**facts), PLAN)
    assert (found.rule, int(found.quantity)) == (rule, int(rule in BILLED))


def test_every_outcome_has_its_rule() -> None:
    for outcome in (None, *Outcome):
        for channel in Channel:
            assert judge(call(outcome=outcome, channel=channel), PLAN)


def test_what_a_plan_bills_besides() -> None:
    more = replace(PLAN, bills_messages=True, bills_our_calls=True, free=frozenset())
    assert [one.rule for one in judge(call(outcome=Outcome.VOICEMAIL), more)] == [Rule.MESSAGE]
    assert [one.rule for one in judge(call(inbound=False), more)] == [Rule.OUR_CALL]
    assert [one.rule for one in judge(call(nature=Nature.SALES), more)] == [Rule.ANSWERED]


@pytest.mark.parametrize(
    ("at", "units"),
    [
        ("2026-11-04T09:00", "1"), ("2026-11-04T17:59", "1"), ("2026-11-04T18:00", "1.25"),
        ("2026-11-04T08:59", "1.25"), ("2026-11-03T10:00", "1.5"), ("2026-11-03T23:00", "1.5"),
        ("2026-11-07T10:00", "1.5"),
    ],
)  # fmt: skip
def test_a_call_outside_of_the_standard_hours_counts_more(at: str, units: str) -> None:
    """Half-open hours; on a holiday (3 November) or a Saturday the holiday's percentage alone."""
    hours = Hours(
        opens=540, closes=1_080, after_hours_percent=125, holiday_percent=150, weekends_are_holidays=True
    )
    (found,) = judge(call(at), replace(PLAN, hours=hours))
    assert found.quantity == Decimal(units)
    (mail,) = judge(call(at, channel=Channel.MAIL, outcome=Outcome.REPLIED), replace(PLAN, hours=hours))
    assert mail.quantity == 1


def test_one_line_for_each_meter_that_the_plan_prices() -> None:
    meters = (Meter.CALL, Meter.MINUTE, Meter.HOUR, Meter.CASE)
    plan = Plan(name="", prices=tuple(MeterPrice(meter=one, tiers=ONE, step_s=36) for one in meters))
    found = judge(call(talk_s=61, handled_s=1_790, is_first_of_case=True), plan)
    assert [(one.meter, one.quantity) for one in found] == [
        (Meter.CALL, 1), (Meter.CASE, 1), (Meter.MINUTE, Decimal("1.2")), (Meter.HOUR, Decimal("0.5")),
    ]  # fmt: skip
    later = judge(call(), plan)
    assert [one.rule for one in later if one.meter is Meter.CASE] == [Rule.LATER_IN_CASE]


def test_nobody_is_left_out_without_a_price_or_an_agreement() -> None:
    assert [one.rule for one in judge(call(), None)] == [Rule.NO_AGREEMENT]
    assert [one.rule for one in judge(call(), Plan(name=""))] == [Rule.NOT_PRICED]
    assert [one.rule for one in judge(call(outcome=Outcome.ABANDONED), Plan(name=""))] == [Rule.ABANDONED]
