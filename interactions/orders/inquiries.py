"""Investigations of parcels: cases of their own kind, opened from an order, settled by a decision."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.cases import close_case, locked_case, open_case
from interactions.models import Case, Interaction
from interactions.orders import cells
from interactions.orders.errors import InquiryNotFound, InquirySettled
from interactions.orders.models import Parcel, ParcelInquiry, ShopOrder
from interactions.orders.queries import order_by_id
from interactions.orders.values import InquiryReason, ParcelCompany, ParcelDecision, ParcelState
from interactions.values import CaseState
from nanori.db import among
from nanori.errors import InvalidInput
from nanori.words import N_
from tenants.models import Tenant

DAYS = 7
"""As long as companies keep a parcel that could not be delivered, as a rule."""
PAGE_SIZE = 50
REASONS = {
    ParcelState.MOVED: InquiryReason.MOVED,
    ParcelState.UNKNOWN_ADDRESS: InquiryReason.UNKNOWN_ADDRESS,
}
"""Why a parcel is looked for, by its state; nobody at home otherwise."""
SUBJECTS = {
    InquiryReason.ABSENT: N_("Parcel: nobody at home"),
    InquiryReason.MOVED: N_("Parcel: moved away"),
    InquiryReason.UNKNOWN_ADDRESS: N_("Parcel: address unknown"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What an agent has found out so far."""

    parcel_number: str
    company: ParcelCompany
    reason: InquiryReason
    postal_code: str
    address: str  # as the shopper has confirmed it
    decision: ParcelDecision
    deadline: date


@dataclass(frozen=True, slots=True)
class InquiryRow:
    inquiry: ParcelInquiry
    case: Case
    order: ShopOrder


async def open_inquiry(
    session: AsyncSession,
    interaction: Interaction,
    *,
    order_id: UUID,
    parcel_id: UUID | None,
    shop: Tenant,
    subject: str,
    by: UUID,
    now: datetime,
) -> ParcelInquiry:
    """Begin to look for a parcel, or for an order that has none; one that is open stays the only one.

    Raises:
        OrderNotFound: no such order in the shop of the contact.
        InquiryNotFound: the parcel is none of the order's.
    """
    tenant_id = interaction.tenant_id
    order = await order_by_id(session, tenant_id, order_id)
    parcel = await _parcel(session, order, parcel_id)
    await session.refresh(order, with_for_update=True)  # who opens at the same time waits and finds it
    there = await _open_one(session, order, parcel_id)
    if there is not None:
        return there
    deadline = now.astimezone(ZoneInfo(shop.zone)).date() + timedelta(days=DAYS)
    case = await open_case(
        session, tenant_id, subject=subject, shopper_id=interaction.shopper_id,
        due_at=end_of(deadline, shop), now=now,
    )  # fmt: skip
    case.assigned_to = by
    inquiry = _begun(case, order, parcel, interaction, deadline)
    session.add(inquiry)
    if interaction.case_id is None:
        interaction.case_id = case.id
    await session.flush()
    return inquiry


def _begun(
    case: Case, order: ShopOrder, parcel: Parcel | None, interaction: Interaction, deadline: date
) -> ParcelInquiry:
    """An investigation that knows what the order and the parcel tell."""
    return ParcelInquiry(
        tenant_id=order.tenant_id,
        id=uuid7(),
        case_id=case.id,
        order_id=order.id,
        parcel_id=parcel.id if parcel else None,
        interaction_id=interaction.id,
        parcel_number=parcel.number if parcel else "",
        company=parcel.company if parcel else ParcelCompany.OTHER,
        reason=reason_of(parcel),
        postal_code=order.postal_code,
        address="",
        decision=ParcelDecision.OPEN,
        deadline=deadline,
        opened_at=case.opened_at,
    )


def reason_of(parcel: Parcel | None) -> InquiryReason:
    return REASONS.get(parcel.state, InquiryReason.ABSENT) if parcel else InquiryReason.ABSENT


async def save_findings(
    session: AsyncSession,
    inquiry: ParcelInquiry,
    findings: Findings,
    shop: Tenant,
    *,
    settles: bool,
    now: datetime,
) -> None:
    """Keep what was found out; with ``settles`` the case is done.

    Raises:
        InvalidInput: a sentence at each field that is wrong; nothing is changed.
        InquirySettled: it is over.
    """
    case = await locked_case(session, inquiry.tenant_id, inquiry.case_id)
    if inquiry.settled_at is not None:
        raise InquirySettled
    today = now.astimezone(ZoneInfo(shop.zone)).date()
    good = checked(findings, today=today if findings.deadline != inquiry.deadline else None, settles=settles)
    for name in Findings.__dataclass_fields__:
        setattr(inquiry, name, getattr(good, name))
    case.due_at = end_of(good.deadline, shop)
    if settles:
        inquiry.settled_at = now
        await close_case(session, case, CaseState.DONE, now=now)
    await session.flush()


def checked(findings: Findings, *, today: date | None, settles: bool) -> Findings:
    """The findings in their stored shape. ``today``: a new deadline must not be before it. Pure.

    Raises:
        InvalidInput: by field.
    """
    wrong: dict[str, str] = {}
    number, postal_code = findings.parcel_number, findings.postal_code
    if number and not (number := cells.or_nothing(cells.parcel_number, number)):
        wrong["parcel_number"] = N_("This is not a parcel number.")
    if settles and not findings.parcel_number:
        wrong["parcel_number"] = N_("The parcel number is missing.")
    if postal_code and not (postal_code := cells.or_nothing(cells.postal_code, postal_code)):
        wrong["postal_code"] = N_("A postal code has seven figures. Example: 150-0001")
    if findings.decision is ParcelDecision.RESEND and not findings.address:
        wrong["address"] = N_("To send it again we need the address that the shopper has confirmed.")
    if settles and findings.decision is ParcelDecision.OPEN:
        wrong["decision"] = N_("Please choose what becomes of the parcel before it is settled.")
    if today is not None and findings.deadline < today:
        wrong["deadline"] = N_("This day is over.")
    if wrong:
        raise InvalidInput(wrong)
    return replace(findings, parcel_number=number, postal_code=postal_code)


def end_of(day: date, shop: Tenant) -> datetime:
    """The last moment of a day by the shop's clock."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(shop.zone))


async def inquiry_by_id(session: AsyncSession, tenant_id: UUID, inquiry_id: UUID) -> InquiryRow:
    """Raises ``InquiryNotFound`` when it is not among the shops bound."""
    row = (
        await session.execute(
            _rows().where(ParcelInquiry.tenant_id == tenant_id, ParcelInquiry.id == inquiry_id)
        )
    ).one_or_none()
    if row is None:
        raise InquiryNotFound
    return InquiryRow(*row)


async def inquiries_page(
    session: AsyncSession, *, is_settled: bool, after: tuple[date, UUID] | None = None
) -> Sequence[InquiryRow]:
    """Over all shops bound, by deadline; one more than a page shows when there are more."""
    wanted = _rows().where(
        ParcelInquiry.settled_at.is_not(None) if is_settled else ParcelInquiry.settled_at.is_(None)
    )
    place = tuple_(ParcelInquiry.deadline, ParcelInquiry.id)
    if after is not None:
        wanted = wanted.where(place > after if not is_settled else place < after)
    order = (ParcelInquiry.deadline, ParcelInquiry.id)
    ordered = [column.desc() for column in order] if is_settled else order
    rows = await session.execute(wanted.order_by(*ordered).limit(PAGE_SIZE + 1))
    return [InquiryRow(*row) for row in rows]


async def open_inquiries_of(
    session: AsyncSession, tenant_id: UUID, orders: Sequence[ShopOrder]
) -> Sequence[ParcelInquiry]:
    """What is being looked for of these orders."""
    if not orders:
        return []
    found = await session.scalars(
        select(ParcelInquiry).where(
            ParcelInquiry.tenant_id == tenant_id,
            among(ParcelInquiry.order_id, [order.id for order in orders]),
            ParcelInquiry.settled_at.is_(None),
        )
    )
    return found.all()


async def _parcel(session: AsyncSession, order: ShopOrder, parcel_id: UUID | None) -> Parcel | None:
    if parcel_id is None:
        return None
    parcel = await session.get(Parcel, (order.tenant_id, parcel_id))
    if parcel is None or parcel.order_id != order.id:
        raise InquiryNotFound
    return parcel


async def _open_one(session: AsyncSession, order: ShopOrder, parcel_id: UUID | None) -> ParcelInquiry | None:
    known = await open_inquiries_of(session, order.tenant_id, [order])
    return next((one for one in known if one.parcel_id == parcel_id), None)


def _rows() -> Select[ParcelInquiry, Case, ShopOrder]:
    return (
        select(ParcelInquiry, Case, ShopOrder)
        .join(Case, and_(Case.tenant_id == ParcelInquiry.tenant_id, Case.id == ParcelInquiry.case_id))
        .join(
            ShopOrder,
            and_(ShopOrder.tenant_id == ParcelInquiry.tenant_id, ShopOrder.id == ParcelInquiry.order_id),
        )
    )
