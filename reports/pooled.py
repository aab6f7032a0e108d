"""What each shop gains by sharing agents in a month: one ledger of all shops, made once for many reports."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from desks.staffing.errors import TooManyCalls
from desks.staffing.ledger import Ledger, Member, hundredths, reckon
from nanori.db import Sessions, across_shops
from reports.beside import PoolShare
from reports.demand import USUAL_HANDLING, promise_of
from reports.volumes import SATURDAY, Weekdays, weekday_calls
from tenants.models import ContractTerms
from tenants.queries import terms_of_shops

AN_HOUR = 3600.0
KEPT = timedelta(minutes=15)


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
    """By shop; read in two statements, reckoned beside the event loop."""
    end = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    async with across_shops(sessions) as session:
        counted = await weekday_calls(session, month, end)
        terms = await terms_of_shops(session, month)
    weekdays = sum((month + timedelta(n)).isoweekday() < SATURDAY for n in range((end - month).days))
    members = {
        tenant_id: member_of(calls, terms.get(tenant_id), weekdays)
        for tenant_id, calls in sorted(counted.items())
        if any(calls.hours)
    }
    return await asyncio.to_thread(shares_of, members)


def member_of(counted: Weekdays, terms: ContractTerms | None, weekdays: int) -> Member:
    """A shop's mean weekday by the hour, of a month that has so many."""
    return Member(
        name="", calls=[calls / weekdays for calls in counted.hours],
        handling=counted.handling or USUAL_HANDLING, promise=promise_of(terms),
    )  # fmt: skip


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
