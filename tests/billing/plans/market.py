"""The price plans of the market, each as published."""

from collections.abc import Mapping
from decimal import Decimal

from billing.plans.plan import MeterPrice, Option, Plan, Tier
from billing.plans.values import Meter


def calls(included: int, *tiers: tuple[int, int | None, int]) -> MeterPrice:
    rows = tuple(Tier(first, last, Decimal(price)) for first, last, price in tiers)
    return MeterPrice(meter=Meter.CALL, included=included, tiers=rows)


def package(name: str, fee: int, included: int, overage: int | None, *, with_tax: bool = False) -> Plan:
    """A base fee with so many calls, and one price for each further call."""
    tiers = [] if overage is None else [(included + 1, None, overage)]
    return Plan(name=name, base_fee=fee, prices=(calls(included, *tiers),), with_tax=with_tax)


SHIBUYA = tuple(
    package(f"Shibuya {n}", fee, n, over)
    for fee, n, over in (
        (3_000, 20, 190), (5_000, 40, 190), (10_000, 80, 200), (25_000, 120, 250), (50_000, 160, 250),
    )
)  # fmt: skip
KS_CHANNEL = tuple(
    Plan(
        name=f"K's {n}", base_fee=fee, prices=(calls(n, (n + 1, None, over)),), with_tax=True,
        options=(Option(code="number", name="番号追加", monthly=1_100),),
    )
    for fee, n, over in ((2_960, 20, 148), (5_720, 40, 143), (11_040, 80, 138))
)  # fmt: skip
VILLNESS = Plan(
    name="Villness", base_fee=8_800, prices=(calls(40, (41, 80, 450), (81, 120, 550), (121, None, 650)),)
)
IMITSU_FIXED = tuple(package(f"imitsu {fee}", fee, 100, over) for fee, over in ((10_000, 100), (20_000, 250)))
IMITSU_METERED = tuple(
    Plan(name=f"imitsu {price}", prices=(calls(0, (1, None, price)),), set_up=set_up)
    for price, set_up in ((300, 15_000), (1_000, 50_000))
)
IMITSU_RELAY = Plan(name="取次", base_fee=20_000)
RD_OPTIONS = (
    Option(code="number", name="専用番号", monthly=500, set_up=1_000),
    Option(code="number_plus", name="専用番号 0120", monthly=1_500, set_up=5_000),
    Option(code="notice", name="SMS通知", monthly=2_000),
    Option(code="screen", name="管理画面", monthly=1_000),
)
CALLCENTER_NEWS = (package("50", 10_000, 50, None), package("100", 20_000, 100, None))
YEAR_END = Plan(
    name="年末年始", base_fee=31_000, seasonal_set_up=20_000, prices=(calls(31, (32, None, 300)),)
)
LOGISTICS = tuple(
    Plan(name=f"物流 {scope}", base_fee=fee, prices=(calls(0, (1, None, price)),))
    for scope, fee, price in (("受付", 5_000, 180), ("標準", 15_000, 160), ("全部", 30_000, 140))
)


def by_the_minute(step_s: int, *, added_s: int = 0) -> Plan:
    price = MeterPrice(
        meter=Meter.MINUTE, tiers=(Tier(1, None, Decimal(100)),), step_s=step_s, added_s=added_s
    )
    return Plan(name=f"{step_s} s", base_in_advance=True, base_fee=30_000, prices=(price,))


def priced(prices: Mapping[Meter, int], *, free_below_s: int = 0) -> Plan:
    """So much for each unit, time in steps of six seconds."""
    rows = tuple(
        MeterPrice(meter=meter, tiers=(Tier(1, None, Decimal(yen)),), step_s=6)
        for meter, yen in prices.items()
    )
    return Plan(name="従量", prices=rows, free_below_s=free_below_s)


ALL = (
    *SHIBUYA, *KS_CHANNEL, VILLNESS, *IMITSU_FIXED, *IMITSU_METERED, IMITSU_RELAY, *CALLCENTER_NEWS, YEAR_END,
    *LOGISTICS, by_the_minute(6), by_the_minute(30), by_the_minute(60, added_s=60),
)  # fmt: skip
