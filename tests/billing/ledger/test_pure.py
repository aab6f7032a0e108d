"""Meters and the comparison of plans."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from uuid_utils.compat import uuid7

from billing.ledger.compare import quotes, usage_under
from billing.ledger.meters import reached, readings
from billing.plans.bill import month_charges
from billing.plans.judging import Contact
from billing.plans.plan import Plan
from billing.plans.values import Meter
from interactions.values import Channel, Outcome
from tests.billing.plans import market
from tests.billing.plans.bills import NOVEMBER, SAY, total, under, units

TOKYO = ZoneInfo("Asia/Tokyo")


def calls(count: int) -> list[Contact]:
    start = datetime(2026, 11, 1, 9, tzinfo=TOKYO)
    return [
        Contact(
            arrived=start + timedelta(hours=number), channel=Channel.PHONE, outcome=Outcome.ANSWERED,
            talk_s=61, handled_s=120,
        )
        for number in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("percent", "threshold"), [(None, 0), (79, 0), (80, 80), (99, 80), (100, 100), (119, 100), (500, 120)]
)
def test_thresholds(percent: int | None, threshold: int) -> None:
    assert reached(percent) == threshold


def test_a_meter_says_how_far_the_included_calls_reach_at_this_pace() -> None:
    agreed = under(market.SHIBUYA[1])
    (one,) = readings(agreed, units(16), NOVEMBER, date(2026, 11, 12))
    assert (int(one.used), one.included, one.percent, str(one.expected)) == (16, 40, 40, "40.0")
    (over,) = readings(agreed, units(16), NOVEMBER, date(2026, 12, 1))
    assert over.expected is None


def test_half_a_month_has_half_of_the_included_calls_and_what_was_carried() -> None:
    price = replace(market.SHIBUYA[1].prices[0], carries_over=True)
    agreed = under(replace(market.SHIBUYA[1], prices=(price,)), date(2026, 11, 16))
    (one,) = readings(agreed, {}, NOVEMBER, date(2026, 11, 20), {Meter.CALL: 7})
    assert (one.included, one.carried, one.percent) == (27, 7, 0)


def test_what_135_calls_would_have_cost_on_each_plan_with_tax() -> None:
    plans = {uuid7(): plan for plan in (market.VILLNESS, *market.SHIBUYA, market.KS_CHANNEL[2])}
    found = quotes(calls(135), under(market.VILLNESS), plans, NOVEMBER, SAY)
    assert [(one.plan.name, one.yen) for one in found] == [
        ("K's 80", 18_630),  # 11,040 + 55 × 138, the tax inside
        ("Shibuya 80", 23_100),  # (10,000 + 55 × 200) × 1.1
        ("Shibuya 40", 25_355),  # (5,000 + 95 × 190) × 1.1
        ("Shibuya 20", 27_335),  # (3,000 + 115 × 190) × 1.1
        ("Shibuya 120", 31_625),  # (25,000 + 15 × 250) × 1.1
        ("Shibuya 160", 55_000),
        ("Villness", 64_405),  # 58,550 × 1.1
    ]


def test_the_own_plan_costs_what_its_month_costs() -> None:
    for plan in market.ALL:
        contacts, agreed = calls(57), under(plan)
        (own,) = quotes(contacts, agreed, {uuid7(): plan}, NOVEMBER, SAY)
        usage, billed = usage_under(contacts, plan)
        costs = total(month_charges(agreed, usage, NOVEMBER, SAY))
        assert own.yen == (costs if plan.with_tax else costs + costs // 10)
        assert billed == (57 if plan.prices else 0)


def test_six_seconds_against_whole_minutes() -> None:
    """100 calls of 61 s: 110, 150 and 300 minutes."""
    plans = [market.by_the_minute(6), market.by_the_minute(30), market.by_the_minute(60, added_s=60)]
    counted = [usage_under(calls(100), plan)[0][Meter.MINUTE] for plan in plans]
    assert [sum(one.quantity for one in each) for each in counted] == [110, 150, 300]
    assert Decimal("1.1") == counted[0][0].quantity


def test_a_plan_without_prices_bills_nobody() -> None:
    assert usage_under(calls(3), Plan(name="")) == ({}, 0)
