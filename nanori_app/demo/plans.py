"""The demo's price plans and which shop has which. All prices are invented."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.commands import count_since
from billing.plans.commands import Signed, agree, make_plan
from billing.plans.plan import Hours, MeterPrice, Option, Plan, Tier
from billing.plans.promise import Promise, Step
from billing.plans.values import Meter
from nanori_app.demo.shops import ZONE
from tenants.models import Tenant


def _price(
    meter: Meter, included: int, *tiers: tuple[int, int | None, str], **more: int | bool
) -> MeterPrice:
    rows = tuple(Tier(first, last, Decimal(yen)) for first, last, yen in tiers)
    return MeterPrice(meter=meter, included=included, tiers=rows, **more)  # type: ignore[arg-type]  # by its own names


NUMBER = Option(code="number", name="番号追加", monthly=1_100, set_up=3_000)
SMS = Option(code="sms", name="SMS通知", monthly=2_000)
PLANS = (
    Plan(
        name="すずめ600", base_fee=105_000, set_up=30_000, seasonal_set_up=20_000, free_below_s=10,
        prices=(_price(Meter.CALL, 600, (601, None, "220")), _price(Meter.MAIL, 200, (201, None, "280"))),
        options=(NUMBER, SMS),
    ),
    Plan(
        name="ひばり450", base_fee=88_000, set_up=30_000, seasonal_set_up=20_000, free_below_s=10,
        prices=(
            replace(_price(Meter.CALL, 450, (451, 800, "200"), (801, None, "180")), carries_over=True),
            _price(Meter.MAIL, 240, (241, None, "240")),
        ),
        options=(NUMBER, SMS),
    ),
    Plan(
        name="つばめ従量", base_fee=5_000, minimum=20_000, set_up=15_000, free_below_s=10,
        prices=(
            _price(Meter.CALL, 0, (1, 200, "320"), (201, 500, "260"), (501, None, "220")),
            _price(Meter.MAIL, 0, (1, None, "300")),
        ),
        hours=Hours(opens=540, closes=1_080, after_hours_percent=125, holiday_percent=150),
        options=(NUMBER,),
    ),
    Plan(
        name="かもめ分課金", base_fee=60_000, base_in_advance=True, set_up=15_000,
        prices=(replace(_price(Meter.MINUTE, 1_200, (1_201, None, "58.5")), step_s=6, least_s=30),
                _price(Meter.MAIL, 0, (1, None, "320"))),
    ),
    Plan(
        name="ふくろう案件", base_fee=8_000, set_up=15_000,
        prices=(_price(Meter.CASE, 0, (1, 300, "420"), (301, None, "380")),),
    ),
)  # fmt: skip
AGREED: Mapping[str, str] = {
    "minato-coffee": "ひばり450",
    "hanakage": "すずめ600",
    "tsukimi-kimono": "つばめ従量",
    "kodama-outdoor": "すずめ600",
    "shirokuma-kids": "ふくろう案件",
    "northwind-tea": "かもめ分課金",
}
"""By the shops' short names."""
PROMISED: Mapping[str, Promise] = {
    "hanakage": Promise((Step(90, 5), Step(80, 10), Step(70, 20)), most_yen=20_000),
}
"""What a shop gets back of its base fee for a month with too few calls answered in time."""


async def agree_on_plans(
    session: AsyncSession, shops: Mapping[str, Tenant], *, since: datetime, now: datetime
) -> None:
    """Each shop has its plan since the demo's history begins; the worker counts the months."""
    first = since.astimezone(ZONE).date()
    made: dict[str, UUID] = {}
    for plan in PLANS:
        made[plan.name] = (await make_plan(session, plan, by=None, today=first, now=since)).id
    for slug, shop in shops.items():
        await _agree(session, shop, made[AGREED[slug]], first, since=since)
        await count_since(session, shop.tenant_id, first, now=now)


async def _agree(session: AsyncSession, shop: Tenant, plan_id: UUID, first: date, *, since: datetime) -> None:
    signed = Signed(
        plan_id=plan_id, valid_from=first, with_set_up=True, promise=PROMISED.get(shop.slug)
    )  # fmt: skip
    await agree(session, shop.tenant_id, signed, [], billed_until=None, by=None, now=since)
