"""Reads of the reports room: the reports that exist, and all that one month's report is made from.

A month is read with nine statements, whatever its size (one more where cases were joined, three more where
some were settled), as plain tuples: thousands of calls need no objects that a session watches.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import files
from reports.business_time import OpenSpans, opening_spans, reach_back
from reports.errors import ReportNotFound
from reports.facts import EscalationFact, Period, PhoneFact, Terms
from reports.log import LoggedMails, Only, calls_between, escalations_between, mails_around
from reports.models import MonthReport
from reports.month import MonthFacts
from reports.repeats import LOOKS_BACK
from tenants import queries as shops
from tenants.calendars import calendar_of
from tenants.hours import Calendar
from tenants.models import ContractTerms, Tenant

ROOM_OF_LOGOS = "tenants"


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    file_id: UUID
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopMonth:
    """What one report is made from. ``before`` is None when the log knows nothing of the month before."""

    shop: Tenant
    facts: MonthFacts
    before: MonthFacts | None
    business_time: OpenSpans


async def reports_of(
    session: AsyncSession, tenant_ids: Sequence[UUID], *, month: date | None = None
) -> list[MonthReport]:
    """The reports of these shops, newest month first; of one month where it is given."""
    asked = select(MonthReport).where(MonthReport.tenant_id.in_(tenant_ids))
    if month is not None:
        asked = asked.where(MonthReport.month == month)
    return list(await session.scalars(asked.order_by(MonthReport.month.desc(), MonthReport.tenant_id)))


async def report_of(
    session: AsyncSession, tenant_id: UUID, month: date, *, locked: bool = False
) -> MonthReport | None:
    """One shop's report of a month, if it was ever asked for; ``locked`` until the transaction ends."""
    asked = select(MonthReport).where(MonthReport.tenant_id == tenant_id, MonthReport.month == month)
    if locked:
        asked = asked.with_for_update().execution_options(populate_existing=True)
    found: MonthReport | None = await session.scalar(asked)
    return found


async def report_by_month(session: AsyncSession, tenant_id: UUID, month: date) -> MonthReport:
    """The same, for who expects it.

    Raises:
        ReportNotFound: nobody asked for it, or the shop is not among those bound.
    """
    found = await report_of(session, tenant_id, month)
    if found is None:
        raise ReportNotFound
    return found


async def month_of_shop(session: AsyncSession, tenant_id: UUID, month: date) -> ShopMonth:
    """Everything about one shop's month and the month before it, each counted by its own terms.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    shop = await shops.shop(session, tenant_id)
    period = Period.month(month.year, month.month, ZoneInfo(shop.zone))
    terms, terms_before = await _terms(session, tenant_id, period)
    calendar = await calendar_of(session, shop)
    start = period.before().starts_at
    calls = await calls_between(session, shop, start - LOOKS_BACK, period.ends_at)
    since = _since(calendar, start, terms_before)
    mails = await mails_around(session, shop, since, start, period.ends_at)
    escalations = await escalations_between(session, shop, start, period.ends_at)
    now = _facts(period, terms, calls, mails, escalations)
    before = _facts(period.before(), terms_before, calls, mails, escalations)
    return ShopMonth(
        shop=shop,
        facts=now,
        before=before if says_anything(before) else None,
        business_time=_business_time(calendar, now),
    )


async def facts_of_month(session: AsyncSession, shop: Tenant, month: date) -> tuple[MonthFacts, OpenSpans]:
    """What one month alone is counted from: for its close."""
    return await facts_of(session, shop, Period.month(month.year, month.month, ZoneInfo(shop.zone)))


async def facts_of(
    session: AsyncSession, shop: Tenant, period: Period, *only: Only
) -> tuple[MonthFacts, OpenSpans]:
    """What any period is counted from, by the terms that held last; ``only`` narrows it to a desk, say."""
    terms, _ = await _terms(session, shop.tenant_id, period)
    calendar = await calendar_of(session, shop)
    start, end = period.starts_at, period.ends_at
    calls = await calls_between(session, shop, start - LOOKS_BACK, end, *only)
    since = _since(calendar, start, terms)
    mails = await mails_around(session, shop, since, start, end, *only)
    escalations = await escalations_between(session, shop, start, end, *only)
    facts = _facts(period, terms, calls, mails, escalations)
    return facts, _business_time(calendar, facts)


def _facts(
    period: Period,
    terms: Terms,
    calls: Sequence[PhoneFact],
    mails: LoggedMails,
    escalations: Sequence[EscalationFact],
) -> MonthFacts:
    return MonthFacts(
        period=period,
        terms=terms,
        calls=[call for call in calls if period.contains(call.arrived_at)],
        mails=mails.seen_at(period.ends_at),
        settled=mails.settled_at(period.ends_at),
        escalations=[one for one in escalations if period.contains(one.started_at)],
        earlier=[
            call for call in calls if period.starts_at - LOOKS_BACK <= call.arrived_at < period.starts_at
        ],
    )


def _since(calendar: Calendar, start: datetime, terms: Terms) -> datetime:
    """From when on mails may fall due after ``start``, or be repeated then."""
    return min(reach_back(calendar, start, terms.mail_target_minutes), start - LOOKS_BACK)


def says_anything(facts: MonthFacts) -> bool:
    """Whether the log knows of any contact in the period."""
    mails = any(facts.period.contains(mail.received_at) for mail in facts.mails)
    return bool(facts.calls) or mails or bool(facts.escalations)


def _business_time(calendar: Calendar, facts: MonthFacts) -> OpenSpans:
    """Open hours from the oldest mail to the end of the month; what falls due later is not of this month."""
    oldest = min((mail.received_at for mail in facts.mails), default=facts.period.starts_at)
    return opening_spans(calendar, oldest, facts.period.ends_at)


async def _terms(session: AsyncSession, tenant_id: UUID, period: Period) -> tuple[Terms, Terms]:
    """The terms of the month and of the month before: the last that held, or the house's own."""
    first = period.before().first
    found = list(
        await session.scalars(
            select(ContractTerms)
            .where(ContractTerms.tenant_id == tenant_id, ContractTerms.valid_from < period.end)
            .where(or_(ContractTerms.valid_until.is_(None), ContractTerms.valid_until > first))
            .order_by(ContractTerms.valid_from)
        )
    )
    return _terms_in(found, period), _terms_in(found, period.before())


def _terms_in(agreed: Sequence[ContractTerms], period: Period) -> Terms:
    held = [
        one
        for one in agreed
        if one.valid_from < period.end and (one.valid_until is None or one.valid_until > period.first)
    ]
    if not held:
        return Terms()
    return terms_of(held[-1])


def terms_of(last: ContractTerms) -> Terms:
    """What a contract says about counting."""
    return Terms(
        service_level=last.letter,
        second_service_level=last.second_letter,
        answer_within_s=last.answer_within_seconds,
        service_level_target_percent=last.target_percent,
        short_abandon_s=last.short_abandon_seconds,
        out_of_hours_count_as_offered=last.counts_out_of_hours,
        mail_target_minutes=last.mail_within_minutes,
    )


async def logo_of(session: AsyncSession, shop: Tenant) -> Logo | None:
    """Where the shop's logo is kept, if it has one."""
    if shop.logo_file_id is None:
        return None
    file = await files.find(session, shop.tenant_id, shop.logo_file_id, room=ROOM_OF_LOGOS)
    return Logo(file_id=file.id, media_type=file.media_type)
