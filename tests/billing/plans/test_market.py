"""Every row of the market's price table, to the yen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.charges import ChargeKind
from billing.plans.bill import billed_charges, month_charges
from billing.plans.checks import problems_of
from billing.plans.plan import Plan
from billing.plans.pricing import billed_quantity
from billing.plans.values import Meter
from tests.billing.plans import market
from tests.billing.plans.bills import DECEMBER, NOTHING, NOVEMBER, SAY, of_kind, total, under, units


def month_of(plan: Plan, calls: int) -> int:
    return total(month_charges(under(plan), units(calls), NOVEMBER, SAY))


@pytest.mark.parametrize("plan", market.ALL, ids=lambda plan: plan.name)
def test_every_plan_of_the_market_can_be_written_down(plan: Plan) -> None:
    assert problems_of(plan) == []


@pytest.mark.parametrize(
    ("calls", "yen"),
    [(0, 8_800), (40, 8_800), (41, 9_250), (80, 26_800), (81, 27_350), (120, 48_800), (135, 58_550)],
)
def test_villness_rising_tiers(calls: int, yen: int) -> None:
    assert month_of(market.VILLNESS, calls) == yen


def test_villness_line_by_line() -> None:
    """8,800 + 40 × 450 + 40 × 550 + 15 × 650 = 58,550."""
    charges = month_charges(under(market.VILLNESS), units(135), NOVEMBER, SAY)
    assert [(one.label, int(one.quantity), int(one.unit_price), one.amount) for one in charges] == [
        ("Base fee, Villness", 1, 8_800, 8_800),
        ("Calls handled, included", 40, 0, 0),
        ("Calls handled, 41 to 80", 40, 450, 18_000),
        ("Calls handled, 81 to 120", 40, 550, 22_000),
        ("Calls handled, from 121 on", 15, 650, 9_750),
    ]


@pytest.mark.parametrize(
    ("plan", "calls", "yen"),
    [
        (market.SHIBUYA[0], 20, 3_000), (market.SHIBUYA[0], 35, 5_850), (market.SHIBUYA[1], 55, 7_850),
        (market.SHIBUYA[2], 100, 14_000), (market.SHIBUYA[3], 130, 27_500), (market.SHIBUYA[4], 170, 52_500),
    ],
)  # fmt: skip
def test_shibuya_office(plan: Plan, calls: int, yen: int) -> None:
    assert month_of(plan, calls) == yen


@pytest.mark.parametrize(
    ("plan", "calls", "yen"),
    [
        (market.KS_CHANNEL[0], 30, 4_440), (market.KS_CHANNEL[1], 50, 7_150),
        (market.KS_CHANNEL[2], 100, 13_800),
    ],
)  # fmt: skip
def test_ks_channel_with_the_tax_inside(plan: Plan, calls: int, yen: int) -> None:
    assert plan.with_tax
    assert month_of(plan, calls) == yen


def test_ks_channel_with_two_further_numbers() -> None:
    agreed = under(market.KS_CHANNEL[0], options={"number": 2})
    assert total(month_charges(agreed, NOTHING, NOVEMBER, SAY)) == 2_960 + 2 * 1_100


@pytest.mark.parametrize(
    ("plan", "calls", "yen"),
    [
        (market.IMITSU_FIXED[0], 120, 12_000), (market.IMITSU_FIXED[1], 120, 25_000),
        (market.IMITSU_METERED[0], 50, 15_000), (market.IMITSU_METERED[1], 50, 50_000),
        (market.IMITSU_RELAY, 300, 20_000),
    ],
)  # fmt: skip
def test_imitsu_guide(plan: Plan, calls: int, yen: int) -> None:
    """Fixed at 100 to 200 a call with 100 to 250 beyond, metered at 300 to 1,000, relaying at 20,000."""
    assert month_of(plan, calls) == yen


@pytest.mark.parametrize(("plan", "yen"), list(zip(market.IMITSU_METERED, (15_000, 50_000), strict=True)))
def test_imitsu_set_up_is_billed_once(plan: Plan, yen: int) -> None:
    agreed = under(plan, NOVEMBER, with_set_up=True)
    first = billed_charges(agreed, NOTHING, NOVEMBER, SAY)
    assert [(one.kind, one.amount) for one in first] == [(ChargeKind.SET_UP, yen)]
    assert billed_charges(agreed, NOTHING, DECEMBER, SAY) == []


def test_options_by_the_month_and_their_set_up() -> None:
    plan = replace(market.SHIBUYA[0], options=market.RD_OPTIONS)
    agreed = under(plan, NOVEMBER, options={"number": 1, "number_plus": 1, "notice": 1}, with_set_up=True)
    first = billed_charges(agreed, NOTHING, NOVEMBER, SAY)
    assert sum(one.amount for one in of_kind(first, ChargeKind.SET_UP)) == 1_000 + 5_000
    assert sum(one.amount for one in of_kind(first, ChargeKind.OPTION)) == 500 + 1_500 + 2_000


@pytest.mark.parametrize(("plan", "calls", "yen"), [(market.CALLCENTER_NEWS[0], 50, 10_000),
                                                    (market.CALLCENTER_NEWS[1], 100, 20_000)])  # fmt: skip
def test_callcenter_news(plan: Plan, calls: int, yen: int) -> None:
    assert month_of(plan, calls) == yen


def test_a_year_end_desk_pays_its_days_and_its_set_up() -> None:
    """Twelve of December's 31 days: 31,000 × 12/31 = 12,000; 31 × 12/31 = 12 calls belong to it."""
    desk = under(
        market.YEAR_END, date(2026, 12, 20), date(2027, 1, 7), desk="年末年始窓口",
        with_set_up=True, is_seasonal=True,
    )  # fmt: skip
    days = {Meter.CALL: [replace(one, day=date(2026, 12, 28)) for one in units(15)[Meter.CALL]]}
    december = billed_charges(desk, days, DECEMBER, SAY)
    assert [(one.label, one.amount) for one in december] == [
        ("Set-up of a seasonal desk, 年末年始", 20_000),
        ("Base fee, 年末年始 (12 of 31 days)", 12_000),
        ("Calls handled, included", 0),
        ("Calls handled, from 13 on", 900),
    ]
    january = billed_charges(desk, NOTHING, date(2027, 1, 1), SAY)
    assert [one.amount for one in january] == [6_000]


@pytest.mark.parametrize(("plan", "yen"), list(zip(market.LOGISTICS, (23_000, 31_000, 44_000), strict=True)))
def test_three_scopes_beside_logistics(plan: Plan, yen: int) -> None:
    assert month_of(plan, 100) == yen


@pytest.mark.parametrize(
    ("plan", "minutes"),
    [
        (market.by_the_minute(6), "1.1"), (market.by_the_minute(30), "1.5"),
        (market.by_the_minute(60, added_s=60), "3"),
    ],
    ids=["6 seconds", "30 seconds", "whole minutes and one for the wrap-up"],
)  # fmt: skip
def test_a_call_of_61_seconds_in_the_united_states(plan: Plan, minutes: str) -> None:
    price = plan.price_of(Meter.MINUTE)
    assert price is not None
    assert billed_quantity(price, 61) == Decimal(minutes)


def test_base_in_advance_and_usage_in_arrears() -> None:
    plan = market.by_the_minute(60)
    agreed = under(plan, NOVEMBER)
    november = billed_charges(agreed, units(10, meter=Meter.MINUTE), NOVEMBER, SAY)
    assert [(one.kind, one.first, one.amount) for one in november] == [
        (ChargeKind.BASE, NOVEMBER, 30_000), (ChargeKind.BASE, DECEMBER, 30_000),
        (ChargeKind.USAGE, NOVEMBER, 1_000),
    ]  # fmt: skip
    december = billed_charges(agreed, NOTHING, DECEMBER, SAY)
    assert [(one.kind, one.first) for one in december] == [(ChargeKind.BASE, date(2027, 1, 1))]
