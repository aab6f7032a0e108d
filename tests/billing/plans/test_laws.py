"""What holds for every plan, month and way of splitting it."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from billing.charges import ChargeKind
from billing.plans.bill import Agreed, Segment, left_over, month_charges, recurring, used_charges
from billing.plans.checks import problems_of
from billing.plans.plan import MeterPrice, Plan, Tier
from billing.plans.pricing import bands, cost, parts, prorated
from billing.plans.revising import is_nowhere_dearer
from billing.plans.stored import read, stored
from billing.plans.typed import read_tiers, tiers_as_text
from billing.plans.values import Meter, TierMode
from tests.billing.plans.bills import DECEMBER, NOVEMBER, SAY, total, under, units
from tests.billing.plans.market import ALL

BILLS = settings(max_examples=40)
yen = st.integers(0, 2_000)


@st.composite
def prices(draw: st.DrawFn, *, mode: TierMode | None = None) -> MeterPrice:
    """Tiers without gaps, up to four, at any prices."""
    included = draw(st.integers(0, 60))
    lengths = draw(st.lists(st.integers(1, 50), max_size=3))
    ends = [included]
    for length in lengths:
        ends.append(ends[-1] + length)
    last: list[int | None] = [*ends[1:], None]
    tiers = tuple(Tier(start + 1, end, Decimal(draw(yen))) for start, end in zip(ends, last, strict=True))
    chosen = mode or draw(st.sampled_from(TierMode))
    return MeterPrice(meter=Meter.CALL, included=included, tiers=tiers, mode=chosen)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    return Plan(
        name="任意", base_fee=draw(st.integers(0, 100_000)), prices=(draw(prices()),),
        minimum=draw(st.integers(0, 50_000)),
    )  # fmt: skip


@BILLS
@given(prices())
def test_tiers_without_gaps_have_no_problem(price: MeterPrice) -> None:
    assert problems_of(Plan(name="", prices=(price,))) == []


@BILLS
@given(prices(mode=TierMode.GRADUATED), st.integers(0, 300))
def test_more_never_costs_less_and_the_next_unit_costs_its_tier(price: MeterPrice, count: int) -> None:
    step = cost(price, Decimal(count + 1)) - cost(price, Decimal(count))
    own = [one.price for one in price.tiers if one.first <= count + 1 and (one.last or 10**6) >= count + 1]
    assert step == (own[0] if count >= price.included else 0)


@BILLS
@given(prices(mode=TierMode.VOLUME), st.integers(0, 300))
def test_volume_prices_all_further_units_alike(price: MeterPrice, count: int) -> None:
    beyond = max(0, count - price.included)
    tier = next(one for one in price.tiers if one.last is None or count <= one.last)
    assert cost(price, Decimal(count)) == tier.price * beyond


@BILLS
@given(prices(), st.integers(0, 200), st.integers(0, 40), st.integers(1, 30))
def test_every_unit_stands_in_exactly_one_band(
    price: MeterPrice, count: int, carried: int, days: int
) -> None:
    found = parts(
        units(count)[Meter.CALL],
        bands(price, total=Decimal(count), share=Fraction(days, 30), carried=carried),
    )
    assert sum(one.quantity for one in found) == count
    assert [key for one in found for key in one.ids] == [str(number) for number in range(count)]


@BILLS
@given(st.integers(0, 1_000_000), st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.data())
def test_the_days_of_a_month_add_up_to_the_whole(amount: int, day: date, data: st.DataObject) -> None:
    month = day.replace(day=1)
    following = (month + timedelta(days=31)).replace(day=1)
    length = (following - month).days
    cuts = sorted(data.draw(st.sets(st.integers(1, length - 1), max_size=5)))
    edges = [month, *(month + timedelta(days=cut) for cut in cuts), following]
    pieces = [prorated(amount, month, *span) for span in pairwise(edges)]
    assert sum(pieces) == amount
    assert min(pieces, default=0) >= 0


@BILLS
@given(plans(), st.integers(0, 200), st.integers(1, 29))
def test_a_version_that_changes_nothing_changes_no_bill(plan: Plan, count: int, day: int) -> None:
    """The month is split between two versions: tiers count on, fees add up."""
    cut = NOVEMBER + timedelta(days=day)
    split = Agreed(segments=(Segment(plan, date(2026, 1, 1), cut), Segment(plan, cut)))
    usage = units(count)
    whole, parted = (
        month_charges(under(plan), usage, NOVEMBER, SAY),
        month_charges(split, usage, NOVEMBER, SAY),
    )
    assert total(parted) == total(whole)


@BILLS
@given(plans(), st.integers(0, 100))
def test_the_month_comes_to_the_minimum_at_least(plan: Plan, count: int) -> None:
    charges = month_charges(under(plan), units(count), NOVEMBER, SAY)
    costs = total([one for one in charges if one.kind is not ChargeKind.COMMITMENT])
    assert total(charges) == max(costs, plan.minimum)


@BILLS
@given(plans(), st.integers(0, 120), st.integers(0, 120))
def test_carried_units_are_at_most_what_was_left_and_never_make_it_dearer(
    plan: Plan, before: int, count: int
) -> None:
    carrying = replace(plan, prices=(replace(plan.prices[0], carries_over=True, mode=TierMode.GRADUATED),))
    agreed = under(carrying)
    left = left_over(agreed, units(before), NOVEMBER)
    assert left.get(Meter.CALL, 0) == max(0, carrying.prices[0].included - before)
    usage = units(count, DECEMBER)
    with_carried = total(used_charges(agreed, usage, DECEMBER, SAY, left))
    further = max(0, count - left.get(Meter.CALL, 0))
    assert with_carried == cost(carrying.prices[0], Decimal(further))


@BILLS
@given(plans())
def test_a_plan_is_read_as_it_was_stored_and_typed(plan: Plan) -> None:
    assert read(stored(plan)) == plan
    price = plan.prices[0]
    assert read_tiers(tiers_as_text(price), price.included) == price.tiers


@BILLS
@given(plans(), plans(), st.integers(0, 300))
def test_a_version_called_no_dearer_is_no_dearer(before: Plan, new: Plan, count: int) -> None:
    assert is_nowhere_dearer(before, before)
    if is_nowhere_dearer(before, new):
        bills = [total(month_charges(under(one), units(count), NOVEMBER, SAY)) for one in (before, new)]
        assert bills[1] <= bills[0]


def test_the_plans_of_the_market_are_read_as_they_were_stored() -> None:
    assert [read(stored(plan)) for plan in ALL] == list(ALL)


def test_seats_options_and_base_are_divided_by_days() -> None:
    seats = MeterPrice(
        meter=Meter.SEAT, tiers=(Tier(1, 2, Decimal(300_000)), Tier(3, None, Decimal(270_000)))
    )
    agreed = under(Plan(name="専属", prices=(seats,)), date(2026, 11, 16), seats=3)
    assert [one.amount for one in recurring(agreed, NOVEMBER, SAY)] == [435_000]
    assert [one.amount for one in recurring(agreed, DECEMBER, SAY)] == [870_000]
