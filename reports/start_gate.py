"""Whether the shifts of a seasonal desk's first days cover what is forecast, before it opens."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from desks.gates import Asked, Item
from desks.queries import takers
from desks.seasons import first_moment
from desks.shifts.queries import shifts_between
from desks.staffing.errors import TooManyCalls
from nanori.actors import Role
from nanori.words import N_
from reports.day_plan import Slot, on_shift, plan_day
from reports.demand import Demand, demands

NEAR = timedelta(days=3)
"""Shifts are planned some days ahead, seasons months: only days that begin so soon are asked for."""


async def shift_items(session: AsyncSession, asked: Asked) -> Sequence[Item]:
    """Nothing while the season is far, or while nobody knows its calls (the roster's item says so)."""
    zone = ZoneInfo(asked.shop.zone)
    days = near_days(asked.season.opens_on, asked.season.closes_on, asked.now.astimezone(zone).date())
    if not days:
        return []
    found = await demands(session, {asked.shop.tenant_id: asked.shop}, [asked.desk], now=asked.now)
    demand = found[asked.desk.id]
    if not isinstance(demand, Demand):
        return []
    start, end = first_moment(days[0], zone), first_moment(days[-1] + timedelta(days=1), zone)
    entries = await takers(session, at=max(asked.now, start))
    pieces = on_shift(await shifts_between(session, start, end), entries, {asked.desk.id})
    page = f"/staffing/shifts?week={days[0]}&desk={asked.desk.id}"
    try:
        slots = [slot for day in days for slot in plan_day(day, zone, [demand], pieces).slots]
    except TooManyCalls:
        return []
    coming = [slot for slot in slots if slot.start >= asked.now]
    return [shift_item(coming, zone, page=page)]


def near_days(opens_on: date, closes_on: date, today: date) -> list[date]:
    """The season's days among today and the next ones."""
    days = (today + timedelta(days=number) for number in range(NEAR.days))
    return [day for day in days if opens_on <= day <= closes_on]


def shift_item(slots: Sequence[Slot], zone: ZoneInfo, *, page: str) -> Item:
    """Done when in no half hour anybody is missing."""
    gap = next((slot for slot in slots if slot.missing), None)
    params: dict[str, object] = {}
    if gap is not None:
        params = {
            "at": gap.start.astimezone(zone),
            "needed": str(gap.need.rostered),
            "there": f"{gap.there:g}",
        }
    return Item(
        key="shifts", done=gap is None, mends=Role.SUPERVISOR, page=page, params=params,
        there=N_("The shifts of its first days cover the calls expected"),
        lacking=N_("At {at} the calls expected need {needed} agents on shift; {there} are planned"),
    )  # fmt: skip
