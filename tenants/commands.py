"""Writes about shops: one function per intent. They flush and never commit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import directory
from nanori.db import bind_all_shops
from nanori.directory import AlreadyPromised, Kind
from nanori.errors import InvalidInput
from nanori.messages import send
from nanori.words import N_
from tenants import phrases, queries
from tenants.changes.models import ChangedSpan, ChangeKind, ChangeState, ShopChange
from tenants.errors import ShopNotFound
from tenants.events import ShopAdded
from tenants.hours import Span, overlaps
from tenants.models import (
    AnswerPhrase,
    ContractTerms,
    MailAddress,
    OpeningSpan,
    PhoneNumber,
    SpecialDay,
    Tenant,
)
from tenants.values import DayPart, ServiceLevelLetter, Situation

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Who the shop is, as callers and agents meet it. Values are cleaned by the form."""

    legal_name: str
    brand_name: str
    brand_reading: str
    colour: str
    locale: str = "ja"
    trade: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheLine:
    """What happens during calls."""

    records_calls: bool = False
    recording_notice: str = ""  # spoken after the greeting
    tells_agent_when_supervised: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDate:
    """One date with its own hours; without spans it is closed."""

    on: date
    spans: tuple[Span, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed about speed."""

    letter: ServiceLevelLetter = ServiceLevelLetter.A
    second_letter: ServiceLevelLetter | None = None
    answer_within_seconds: int = 20
    target_percent: int = 80
    short_abandon_seconds: int = 5
    mail_within_minutes: int = 24 * 60
    counts_out_of_hours: bool = False


async def create_shop(
    session: AsyncSession, slug: str, profile: Profile, *, now: datetime, zone: str = "Asia/Tokyo"
) -> Tenant:
    """Add a shop, bind the transaction to every shop, the new one included, and announce ``ShopAdded``.

    Raises:
        InvalidInput: the slug is badly formed or taken.
    """
    if not SLUG.fullmatch(slug):
        raise InvalidInput({"slug": N_("Use 3 to 40 small letters, figures and hyphens.")})
    tenant_id = uuid7()
    try:
        await directory.promise(session, Kind.SHOP, slug, shop_id=tenant_id)
    except AlreadyPromised as taken:
        raise InvalidInput({"slug": N_("This short name is already in use.")}) from taken
    await bind_all_shops(session)
    facts = {field.name: getattr(profile, field.name) for field in fields(profile)}
    shop = Tenant(tenant_id=tenant_id, slug=slug, zone=zone, created_at=now, **facts)
    session.add(shop)
    await session.flush()
    await send(session, ShopAdded(tenant_id=tenant_id, at=now))
    return shop


async def lock_shop(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """Hold the shop until the transaction ends, so that two people who set it up take turns.

    Raises:
        ShopNotFound: not among the tenants bound.
    """
    found = await session.scalar(
        select(Tenant)
        .where(Tenant.tenant_id == tenant_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise ShopNotFound
    return found


async def change_profile(session: AsyncSession, tenant_id: UUID, profile: Profile) -> Tenant:
    shop = await lock_shop(session, tenant_id)
    for field in fields(profile):
        setattr(shop, field.name, getattr(profile, field.name))
    await session.flush()
    return shop


async def set_logo(session: AsyncSession, tenant_id: UUID, file_id: UUID | None) -> None:
    """Show this stored picture as the shop's logo; None goes back to the initial."""
    shop = await lock_shop(session, tenant_id)
    shop.logo_file_id = file_id
    await session.flush()


async def set_closed_message(session: AsyncSession, tenant_id: UUID, closed_message: str) -> None:
    """What is said out of hours."""
    shop = await lock_shop(session, tenant_id)
    shop.closed_message = closed_message
    await session.flush()


async def set_on_the_line(session: AsyncSession, tenant_id: UUID, policy: OnTheLine) -> None:
    """Whether calls are recorded, and what is told to whom. Calls that are running go on as they began.

    Raises:
        InvalidInput: calls would be recorded without anybody saying so.
    """
    if policy.records_calls and not policy.recording_notice:
        raise InvalidInput({"recording_notice": N_("Callers must be told that calls are recorded.")})
    shop = await lock_shop(session, tenant_id)
    for field in fields(policy):
        setattr(shop, field.name, getattr(policy, field.name))
    await session.flush()


async def set_hold_music(session: AsyncSession, tenant_id: UUID, file_id: UUID | None) -> None:
    """Play this stored file to who waits or is on hold; None goes back to the standard music."""
    shop = await lock_shop(session, tenant_id)
    shop.hold_music_file_id = file_id
    await session.flush()


async def set_phrase(
    session: AsyncSession,
    tenant_id: UUID,
    situation: Situation,
    day_part: DayPart,
    *,
    text: str,
    now: datetime,
    desk_id: UUID | None = None,
) -> int | None:
    """Put a wording of the shop or a desk into force and return its version; the same again changes nothing.

    An empty text retires the phrase and returns None. Versions never change, so that the log can say which
    words were shown.
    """
    await lock_shop(session, tenant_id)
    slot = (
        AnswerPhrase.tenant_id == tenant_id,
        AnswerPhrase.desk_id.is_not_distinct_from(desk_id),
        AnswerPhrase.situation == situation,
        AnswerPhrase.day_part == day_part,
    )
    current = await session.scalar(select(AnswerPhrase).where(*slot, AnswerPhrase.retired_at.is_(None)))
    if current is not None and current.text == text:
        return current.version
    if current is not None:
        current.retired_at = now
    if not text:
        await session.flush()
        return None
    latest = await session.scalar(select(func.max(AnswerPhrase.version)).where(*slot)) or 0
    session.add(
        AnswerPhrase(
            tenant_id=tenant_id, desk_id=desk_id, situation=situation, day_part=day_part,
            version=latest + 1, text=text, created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    return latest + 1


async def adopt_first_phrases(session: AsyncSession, shop: Tenant, *, now: datetime) -> None:
    """Give a new shop ordinary phrases with its name, for the operator to reword."""
    for situation, text in phrases.first_phrases(shop.brand_name, shop.locale).items():
        await set_phrase(session, shop.tenant_id, situation, DayPart.ANY, text=text, now=now)


async def set_hours(
    session: AsyncSession,
    tenant_id: UUID,
    week: Mapping[int, tuple[Span, ...]],
    days: Sequence[SpecialDate] = (),
    *,
    today: date | None = None,
) -> None:
    """Replace the weekly opening times and the single dates of the set-up.

    ``today``: where the shop has changed its week by then, it is that week which is replaced.

    Raises:
        InvalidInput: spans of one day overlap or end before they start, or a date comes twice; the field is
            ``day-<weekday>`` or ``special-<date>``.
    """
    check_hours(week, days)
    await lock_shop(session, tenant_id)
    changed = await _change_in_force(session, tenant_id, today) if today else None
    kept = OpeningSpan if changed is None else ChangedSpan
    of_change = {} if changed is None else {"change_id": changed}
    await session.execute(delete(kept).filter_by(tenant_id=tenant_id, **of_change))
    await session.execute(delete(SpecialDay).where(SpecialDay.tenant_id == tenant_id))
    session.add_all(
        kept(tenant_id=tenant_id, weekday=day, opens=span.opens, closes=span.closes, **of_change)
        for day, spans in week.items()
        for span in sorted(spans)
    )
    session.add_all(row for day in days for row in _special_rows(tenant_id, day))
    await session.flush()


def check_hours(week: Mapping[int, tuple[Span, ...]], days: Sequence[SpecialDate] = ()) -> None:
    """Nothing, when each day's times are in order.

    Raises:
        InvalidInput: as :func:`set_hours` does.
    """
    wrong = {f"day-{day}": problem for day, spans in week.items() if (problem := _span_problem(spans))}
    wrong |= {f"special-{day.on}": problem for day in days if (problem := _span_problem(day.spans))}
    dates = [day.on for day in days]
    wrong |= {f"special-{on}": N_("This date is in the list twice.") for on in dates if dates.count(on) > 1}
    if wrong:
        raise InvalidInput(wrong)


async def add_number(
    session: AsyncSession, tenant_id: UUID, number: str, *, label: str = "", now: datetime | None = None
) -> PhoneNumber:
    """Let an E.164 number ring for this shop.

    Raises:
        InvalidInput: it rings for a shop already, or did lately; which one is not said.
    """
    await lock_shop(session, tenant_id)
    if any(known.number == number for known in await queries.numbers_of(session, tenant_id)):
        raise InvalidInput({"number": N_("This number is in the list already.")})
    try:
        await directory.promise(session, Kind.NUMBER, number, shop_id=tenant_id, now=now)
    except AlreadyPromised as taken:
        raise InvalidInput({"number": AlreadyPromised.message}) from taken
    row = PhoneNumber(tenant_id=tenant_id, number=number, label=label)
    session.add(row)
    await session.flush()
    return row


async def remove_number(
    session: AsyncSession, tenant_id: UUID, number_id: UUID, *, free_at: datetime | None = None
) -> None:
    """Stop the number from ringing for this shop; removing it twice is no error.

    Until ``free_at`` it can come back to this shop, but not ring for another.

    Raises:
        LineIsPromised: a seasonal desk has it, or will.
    """
    row = await session.get(PhoneNumber, (tenant_id, number_id))
    if row is None:
        return
    await queries.check_not_promised(session, tenant_id, row.number)
    await directory.release(session, Kind.NUMBER, row.number, shop_id=tenant_id, free_at=free_at)
    await session.delete(row)
    await session.flush()


async def add_address(
    session: AsyncSession, tenant_id: UUID, address: str, *, label: str = ""
) -> MailAddress:
    """Take mails to an address, in lower case, for this shop.

    Raises:
        InvalidInput: it belongs to a shop already; which one is not said.
    """
    await lock_shop(session, tenant_id)
    if any(known.address == address for known in await queries.addresses_of(session, tenant_id)):
        raise InvalidInput({"address": N_("This address is in the list already.")})
    try:
        await directory.promise(session, Kind.MAIL_ADDRESS, address, shop_id=tenant_id)
    except AlreadyPromised as taken:
        raise InvalidInput({"address": AlreadyPromised.message}) from taken
    row = MailAddress(tenant_id=tenant_id, address=address, label=label)
    session.add(row)
    await session.flush()
    return row


async def remove_address(session: AsyncSession, tenant_id: UUID, address_id: UUID) -> None:
    """Stop taking mails to the address for this shop; removing it twice is no error."""
    row = await session.get(MailAddress, (tenant_id, address_id))
    if row is None:
        return
    await queries.check_not_promised(session, tenant_id, row.address)
    await directory.release(session, Kind.MAIL_ADDRESS, row.address, shop_id=tenant_id)
    await session.delete(row)
    await session.flush()


async def agree_terms(session: AsyncSession, shop: Tenant, terms: Terms, *, now: datetime) -> ContractTerms:
    """Let these terms hold from today of the shop on; earlier months keep the terms they had.

    Terms that began today are replaced; the same terms again change nothing.
    """
    await lock_shop(session, shop.tenant_id)
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    current = await queries.terms_on(session, shop.tenant_id, today)
    facts = {field.name: getattr(terms, field.name) for field in fields(terms)}
    if current is not None and all(getattr(current, name) == value for name, value in facts.items()):
        return current
    if current is not None and current.valid_from == today:
        for name, value in facts.items():
            setattr(current, name, value)
        await session.flush()
        return current
    until = None
    if current is not None:
        until, current.valid_until = current.valid_until, today
        await session.flush()
    agreed = ContractTerms(tenant_id=shop.tenant_id, valid_from=today, valid_until=until, **facts)
    session.add(agreed)
    await session.flush()
    return agreed


async def _change_in_force(session: AsyncSession, tenant_id: UUID, today: date) -> UUID | None:
    """The shop's own change by which the week of this day goes; None when it goes by the set-up."""
    one = ShopChange
    found: UUID | None = await session.scalar(
        select(one.id)
        .where(
            one.tenant_id == tenant_id, one.kind == ChangeKind.WEEK, one.state == ChangeState.STANDS,
            one.holds_from <= today,
        )
        .order_by(one.holds_from.desc())
        .limit(1)
    )  # fmt: skip
    return found


def _special_rows(tenant_id: UUID, day: SpecialDate) -> list[SpecialDay]:
    if not day.spans:
        return [SpecialDay(tenant_id=tenant_id, on=day.on, label=day.label)]
    return [
        SpecialDay(tenant_id=tenant_id, on=day.on, label=day.label, opens=span.opens, closes=span.closes)
        for span in sorted(day.spans)
    ]


def _span_problem(spans: tuple[Span, ...]) -> str:
    """What is wrong with the spans of one day, as a msgid; empty when nothing is."""
    if any(span.opens >= span.closes for span in spans):
        return N_("The end must be later than the start.")
    return N_("Two of the times overlap.") if overlaps(spans) else ""
