"""Investigations of parcels: opened once, checked field by field, settled by a decision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession

from interactions import commands as log
from interactions.commands import Opening
from interactions.models import Case
from interactions.orders.errors import InquiryNotFound, InquirySettled
from interactions.orders.inquiries import (
    Findings,
    checked,
    inquiries_page,
    inquiry_by_id,
    open_inquiry,
    save_findings,
)
from interactions.orders.keeping import keep_orders, keep_parcels
from interactions.orders.models import ParcelInquiry, ShopOrder
from interactions.orders.queries import orders_page, parcels_of
from interactions.orders.values import (
    InquiryReason,
    OrderFacts,
    ParcelCompany,
    ParcelDecision,
    ParcelFacts,
    ParcelState,
    Told,
)
from interactions.values import CaseState, Channel
from nanori.actors import Role
from nanori.errors import InvalidInput
from nanori.identity.models import Account
from tenants.models import Tenant
from tests.nanori_app.pages.test_desk_view import statements
from tests.support.clock import START
from tests.support.people import a_shop, an_account, signed_in

TODAY = date(2026, 11, 2)
FOUND = Findings(
    parcel_number="1234-5678",
    company=ParcelCompany.YAMATO,
    reason=InquiryReason.MOVED,
    postal_code="1500001",
    address="東京都渋谷区神宮前0-1",
    decision=ParcelDecision.RESEND,
    deadline=TODAY + timedelta(days=3),
)
MOST_STATEMENTS = 9


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def agent(session: AsyncSession, shop: Tenant) -> Account:
    return await an_account(session, Role.AGENT, shops=[shop.tenant_id])


async def an_order(session: AsyncSession, shop: Tenant, number: str = "A-1") -> ShopOrder:
    """An order whose parcel could not be delivered: the shopper has moved away."""
    await keep_orders(session, shop.tenant_id, [OrderFacts(number=number, ordered_at=START)], now=START)
    parcel = ParcelFacts(
        order_number=number, number="12345678", company=ParcelCompany.SAGAWA, state=ParcelState.MOVED
    )
    await keep_parcels(session, shop.tenant_id, [Told(parcel)], now=START)
    return (await orders_page(session, shop.tenant_id, asked=number))[0]


async def opened(session: AsyncSession, shop: Tenant, agent: Account, order: ShopOrder) -> ParcelInquiry:
    (parcel,) = await parcels_of(session, shop.tenant_id, [order])
    call = await log.open_interaction(session, shop.tenant_id, Opening(channel=Channel.PHONE), now=START)
    return await open_inquiry(
        session, call, order_id=order.id, parcel_id=parcel.id, shop=shop, subject="荷物調査：転居",
        by=agent.id, now=START,
    )  # fmt: skip


async def test_it_is_opened_once_with_what_the_parcel_tells(
    session: AsyncSession, shop: Tenant, agent: Account
) -> None:
    order = await an_order(session, shop)
    inquiry = await opened(session, shop, agent, order)
    assert (inquiry.parcel_number, inquiry.company, inquiry.reason) == (
        "12345678", ParcelCompany.SAGAWA, InquiryReason.MOVED,
    )  # fmt: skip
    assert (await opened(session, shop, agent, order)).id == inquiry.id
    (row,) = await inquiries_page(session, is_settled=False)
    assert (row.case.number, row.case.state, row.case.assigned_to) == (1, CaseState.OPEN, agent.id)
    assert row.case.due_at == row.case.opened_at.replace(hour=15, minute=0) + timedelta(days=7)


async def test_a_decision_settles_it_and_its_case(
    session: AsyncSession, shop: Tenant, agent: Account
) -> None:
    inquiry = await opened(session, shop, agent, await an_order(session, shop))
    await save_findings(session, inquiry, FOUND, shop, settles=True, now=START)
    case = await session.get(Case, (shop.tenant_id, inquiry.case_id))
    assert case is not None
    assert (case.state, inquiry.parcel_number, inquiry.postal_code) == (
        CaseState.DONE,
        "12345678",
        "150-0001",
    )
    with pytest.raises(InquirySettled):
        await save_findings(session, inquiry, FOUND, shop, settles=False, now=START)
    assert await inquiries_page(session, is_settled=False) == []
    assert len(await inquiries_page(session, is_settled=True)) == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"parcel_number": "???"}, "parcel_number"),
        ({"parcel_number": ""}, "parcel_number"),
        ({"postal_code": "15-1"}, "postal_code"),
        ({"address": ""}, "address"),
        ({"decision": ParcelDecision.OPEN}, "decision"),
        ({"deadline": TODAY - timedelta(days=1)}, "deadline"),
    ],
)
async def test_each_field_is_refused_alone(changed: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        checked(replace(FOUND, **changed), today=TODAY, settles=True)  # type: ignore[arg-type] # by its own names
    assert set(refusal.value.fields) == {field}


@given(st.builds(Findings, deadline=st.dates()), st.booleans())
def test_what_is_settled_is_decided_and_what_is_sent_again_has_an_address(
    findings: Findings, settles: bool
) -> None:
    try:
        good = checked(findings, today=TODAY, settles=settles)
    except InvalidInput:
        return
    assert good.deadline >= TODAY
    assert good.address or good.decision is not ParcelDecision.RESEND
    assert not settles or (good.decision is not ParcelDecision.OPEN and good.parcel_number)
    assert checked(good, today=TODAY, settles=settles) == good


async def test_a_parcel_of_another_order_or_shop_is_none(
    session: AsyncSession, shop: Tenant, agent: Account
) -> None:
    mine, other = await an_order(session, shop), await an_order(session, shop, "A-2")
    (parcel,) = await parcels_of(session, shop.tenant_id, [other])
    call = await log.open_interaction(session, shop.tenant_id, Opening(channel=Channel.PHONE), now=START)
    with pytest.raises(InquiryNotFound):
        await open_inquiry(
            session,
            call,
            order_id=mine.id,
            parcel_id=parcel.id,
            shop=shop,
            subject="",
            by=agent.id,
            now=START,
        )
    inquiry = await opened(session, shop, agent, mine)
    stranger = await a_shop(session)
    with pytest.raises(InquiryNotFound):
        await inquiry_by_id(session, stranger.tenant_id, inquiry.id)


async def test_the_pages_open_refuse_and_settle(
    app: Litestar, session: AsyncSession, shop: Tenant, agent: Account
) -> None:
    order = await an_order(session, shop)
    call = await log.open_interaction(session, shop.tenant_id, Opening(channel=Channel.PHONE), now=START)
    await session.commit()
    contact = f"/orders/{shop.tenant_id}/contacts/{call.id}"
    async with signed_in(app, agent) as client:
        panel = await client.get(f"{contact}/found?q=A-1")
        parcel = panel.text.partition('name="parcel" value="')[2].partition('"')[0]
        form = {"order": str(order.id), "parcel": parcel}
        page = await client.post(f"{contact}/inquiries", data=form, follow_redirects=True)
        assert 'value="12345678"' in page.text
        assert "調査中" in (await client.get(f"{contact}/found?q=A-1")).text
        address, typed = page.url.path, {
            "reason": "moved", "company": "sagawa", "parcel_number": "12345678", "decision": "resend",
            "deadline": "2026-11-09", "then": "settle",
        }  # fmt: skip
        refused = await client.post(address, data=typed)
        assert refused.status_code == 422
        assert 'id="address-error"' in refused.text
        saved = await client.post(address, data=typed | {"address": "東京都"}, follow_redirects=True)
        assert "disabled" in saved.text
        with statements(session) as asked:
            listed = await client.get("/inquiries?state=settled")
        assert "A-1" in listed.text
        assert len(asked) <= MOST_STATEMENTS, asked
