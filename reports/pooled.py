"""What each shop gains by sharing agents in a month: one ledger of all shops, made once for many reports."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

from desks.staffing.errors import TooManyCalls
from desks.staffing.ledger import Ledger, Member, hundredths, reckon
from nanori.db import Sessions, across_shops
from reports.beside import PoolShare
from reports.demand import USUAL_HANDLING, promise_of
from reports.volumes import Counted, counted_calls, of_shop
from tenants.models import ContractTerms
from tenants.queries import shops, terms_of_shops

AN_HOUR = 3600.0
KEPT = timedelta(minutes=15)
_HALF_A_DAY = timedelta(hours=14)  # no zone is farther from UTC
_SATURDAY = 5


class PoolLedgers:
    """The shares of a month, kept for a quarter of an hour: a run of three hundred reports reckons once."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._found: dict[date, tuple[datetime, Mapping[UUID, PoolShare]]] = {}

    async def share(
        self, sessions: Sessions, tenant_id: UUID, month: date, *, now: datetime
    ) -> PoolShare | None:
        """One shop's part; None when it had no call, shares with nobody, or no number of seats is enough."""
        async with self._one_at_a_time:
            at, shares = self._found.get(month, (None, {}))
            if at is None or not timedelta() <= now - at < KEPT:
                shares = await pool_shares(sessions, month)
                self._found = {month: (now, shares)}
        return shares.get(tenant_id)


async def pool_shares(sessions: Sessions, month: date) -> Mapping[UUID, PoolShare]:
    """By shop; read in three statements, reckoned beside the event loop."""
    end = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    async with across_shops(sessions) as session:
        known = await shops(session)
        counted = await counted_calls(
            session, [shop.tenant_id for shop in known], _utc(month) - _HALF_A_DAY, _utc(end) + _HALF_A_DAY
        )
        terms = await terms_of_shops(session, month)
    members = {
        shop.tenant_id: member
        for shop in known
        if (member := member_of(of_shop(counted, shop.tenant_id), terms.get(shop.tenant_id), month, end))
    }
    return await asyncio.to_thread(shares_of, members)


def member_of(counted: Counted, terms: ContractTerms | None, month: date, end: date) -> Member | None:
    """A shop's mean weekday by the hour; None without a call on any."""
    days = [calls for day, calls in counted.days.items() if month <= day < end and day.weekday() < _SATURDAY]
    if not any(map(any, days)):
        return None
    weekdays = sum((month + timedelta(n)).weekday() < _SATURDAY for n in range((end - month).days))
    hours = [sum(day[at] + day[at + 1] for day in days) / weekdays for at in range(0, 48, 2)]
    return Member(
        name="", calls=hours, handling=counted.handling or USUAL_HANDLING, promise=promise_of(terms)
    )


def shares_of(members: Mapping[UUID, Member]) -> dict[UUID, PoolShare]:
    """Nobody shares alone: one shop, or none, has no share."""
    if len(members) <= 1:
        return {}
    try:
        ledger = reckon(_named(members), AN_HOUR)
    except TooManyCalls:
        return {}
    saved = hundredths({line.name: line.share for line in ledger.lines})
    return {
        tenant_id: _share(ledger, member, number, saved[str(number)])
        for number, (tenant_id, member) in enumerate(members.items())
    }


def _named(members: Mapping[UUID, Member]) -> Sequence[Member]:
    """By number: two shops may have one name, and a ledger needs nobody's."""
    return [
        Member(name=str(number), calls=one.calls, handling=one.handling, promise=one.promise)
        for number, one in enumerate(members.values())
    ]


def _share(ledger: Ledger, member: Member, number: int, saved: Fraction) -> PoolShare:
    busiest = Member(name="", calls=[max(member.calls)], handling=member.handling, promise=member.promise)
    return PoolShare(
        shops=len(ledger.lines),
        alone=ledger.lines[number].alone,
        saved=saved,
        most_at_once=reckon([busiest], AN_HOUR).alone,
    )


def _utc(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC"))
