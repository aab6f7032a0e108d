"""``/inquiries``: parcels that are looked for, opened beside a contact, each with its own fields."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession
from wtforms import DateField
from wtforms.validators import DataRequired

from interactions.orders.inquiries import (
    PAGE_SIZE,
    SUBJECTS,
    Findings,
    InquiryRow,
    inquiries_page,
    inquiry_by_id,
    open_inquiry,
    reason_of,
    save_findings,
)
from interactions.orders.models import Parcel, ParcelInquiry
from interactions.orders.policy import IN_CONTACT
from interactions.orders.values import InquiryReason, ParcelCompany, ParcelDecision
from interactions.orders.wording import COMPANIES, DECISIONS, INQUIRY_REASONS
from interactions.queries import interaction_by_id
from interactions.web.order_view import address_of, order_row
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.forms import AtMost, ChoiceField, Form, TextField
from nanori.web.page import go, render, words_of
from nanori.words import N_, Words, words_for
from tenants import queries as shops
from tenants.frame import logo_url
from tenants.models import Tenant

AnyRequest = Request[Any, Any, State]


class InquiryForm(Form):
    reason = ChoiceField(
        N_("Why it did not arrive"), [(one.value, said) for one, said in INQUIRY_REASONS.items()]
    )
    company = ChoiceField(N_("Delivery company"), [(one.value, said) for one, said in COMPANIES.items()])
    parcel_number = TextField(N_("Parcel number"), [AtMost(40)])
    postal_code = TextField(N_("Postal code"), [AtMost(10)])
    address = TextField(N_("Address that the shopper has confirmed"), [AtMost(200)])
    decision = ChoiceField(
        N_("What becomes of the parcel"), [(one.value, said) for one, said in DECISIONS.items()]
    )
    deadline = DateField(N_("Deadline"), [DataRequired()])

    def findings(self) -> Findings:
        return Findings(
            parcel_number=self.parcel_number.value,
            company=ParcelCompany(self.company.data),
            reason=InquiryReason(self.reason.data),
            postal_code=self.postal_code.value,
            address=self.address.value,
            decision=ParcelDecision(self.decision.data),
            deadline=self.deadline.data or date.min,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryLine:
    """One investigation in the list."""

    href: str
    shop: Tenant
    logo_url: str
    number: str
    order: str
    parcel: str
    company: str
    reason: str
    deadline: str
    is_late: bool
    state: str
    badge: str


class InquiryOpening(Controller):
    path = "/orders/{tenant_id:uuid}/contacts/{interaction_id:uuid}/inquiries"

    @post("/", opt=allow(*IN_CONTACT))
    async def open(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        interaction_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """From the panel of orders in one step; one that is open already is shown again."""
        posted = await request.form()
        interaction = await interaction_by_id(session, tenant_id, interaction_id)
        shop = await shops.shop(session, tenant_id)
        order_id, parcel_id = _id(posted.get("order")), _id(posted.get("parcel"))
        if order_id is None:
            raise InvalidInput
        parcel = await session.get(Parcel, (tenant_id, parcel_id)) if parcel_id else None
        subject = words_for(shop.locale).gettext(SUBJECTS[reason_of(parcel)])
        inquiry = await open_inquiry(
            session, interaction, order_id=order_id, parcel_id=parcel_id, shop=shop, subject=subject,
            by=context.account_id, now=context.now,
        )  # fmt: skip
        await audit.record(session, context, "inquiry.opened", shop_id=tenant_id, subject_id=inquiry.id)
        return go(request, f"/inquiries/{tenant_id}/{inquiry.id}")


class InquiryPages(Controller):
    path = "/inquiries"

    @get("/", opt=allow(*IN_CONTACT))
    async def list_inquiries(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        """Open ones by deadline, or those that are settled; of every shop that the reader answers for."""
        is_settled = request.query_params.get("state") == "settled"
        found = await inquiries_page(session, is_settled=is_settled, after=_place(request))
        known = {shop.tenant_id: shop for shop in await shops.shops(session)}
        words = words_of(request)
        shown = found[:PAGE_SIZE]
        lines = [_line(row, known[row.inquiry.tenant_id], context, words) for row in shown]
        more = urlencode(
            {"state": "settled" if is_settled else "open", "after": _place_of(shown[-1].inquiry)}
            if len(found) > PAGE_SIZE else {}
        )  # fmt: skip
        return render(
            request, "interactions/orders/inquiries.html", lines=lines, is_settled=is_settled, more=more
        )

    @get("/{tenant_id:uuid}/{inquiry_id:uuid}", opt=allow(*IN_CONTACT))
    async def show_inquiry(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        inquiry_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        row = await inquiry_by_id(session, tenant_id, inquiry_id)
        await audit.record(session, context, "inquiry.read", shop_id=tenant_id, subject_id=inquiry_id)
        there = row.inquiry
        form = InquiryForm(
            words=words_of(request), reason=there.reason.value, company=there.company.value,
            parcel_number=there.parcel_number, postal_code=there.postal_code, address=there.address,
            decision=there.decision.value, deadline=there.deadline,
        )  # fmt: skip
        return await _page(request, session, context, row, form)

    @post("/{tenant_id:uuid}/{inquiry_id:uuid}", opt=allow(*IN_CONTACT))
    async def save_inquiry(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        inquiry_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """Keep what was found out; with ``then=settle`` it is over."""
        row = await inquiry_by_id(session, tenant_id, inquiry_id)
        posted = await request.form()
        form = InquiryForm(posted, words=words_of(request))
        settles = posted.get("then") == "settle"
        if form.validate():
            shop = await shops.shop(session, tenant_id)
            try:
                await save_findings(
                    session, row.inquiry, form.findings(), shop, settles=settles, now=context.now
                )
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                deed = "inquiry.settled" if settles else "inquiry.changed"
                await audit.record(session, context, deed, shop_id=tenant_id, subject_id=inquiry_id)
                return go(request, f"/inquiries/{tenant_id}/{inquiry_id}", notice=N_("Saved."))
        return await _page(request, session, context, row, form, status=422)


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    context: Context,
    row: InquiryRow,
    form: InquiryForm,
    *,
    status: int = 200,
) -> Template:
    words, shop = words_of(request), await shops.shop(session, row.inquiry.tenant_id)
    return render(
        request,
        "interactions/orders/inquiry.html",
        status=status,
        shop=shop,
        logo_url=logo_url(shop),
        form=form,
        line=_line(row, shop, context, words),
        order=order_row(row.order, shop, words),
        ordered_to=address_of(row.order),
        name=row.order.name,
        contact=f"/interactions/{row.inquiry.tenant_id}/{row.inquiry.interaction_id}",
        is_settled=row.inquiry.settled_at is not None,
    )


def _line(row: InquiryRow, shop: Tenant, context: Context, words: Words) -> InquiryLine:
    inquiry = row.inquiry
    settled = inquiry.settled_at is not None
    is_late = not settled and row.case.due_at is not None and row.case.due_at <= context.now
    return InquiryLine(
        href=f"/inquiries/{inquiry.tenant_id}/{inquiry.id}",
        shop=shop,
        logo_url=logo_url(shop),
        number=str(row.case.number),
        order=row.order.number,
        parcel=inquiry.parcel_number,
        company=words.gettext(COMPANIES[inquiry.company]),
        reason=words.gettext(INQUIRY_REASONS[inquiry.reason]),
        deadline=words.day(inquiry.deadline),
        is_late=is_late,
        state=words.gettext(DECISIONS[inquiry.decision]),
        badge="good" if settled else "warn" if inquiry.decision is ParcelDecision.OPEN else "accent",
    )


def _place_of(inquiry: ParcelInquiry) -> str:
    return f"{inquiry.deadline.isoformat()}.{inquiry.id}"


def _place(request: AnyRequest) -> tuple[date, UUID] | None:
    """Where the page before ended; what cannot be read is the beginning."""
    day, _, key = request.query_params.get("after", "").partition(".")
    try:
        return date.fromisoformat(day), UUID(key)
    except ValueError:
        return None


def _id(typed: object) -> UUID | None:
    try:
        return UUID(str(typed))
    except ValueError:
        return None
