"""Drafts, numbers without gaps, and documents that never change, on a real database."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.charges import TaxRate
from billing.invoices.books import booked_between
from billing.invoices.commands import composed, draft, draft_correction, give_back, issue
from billing.invoices.document import Document, Kind, Line, State
from billing.invoices.due import END_OF_NEXT_MONTH
from billing.invoices.errors import (
    AlreadyBilled,
    AlreadyReplaced,
    IssuerMissing,
    NothingToBill,
    NotIssued,
    PayerHasNoAddress,
    PayerMissing,
    ReasonMissing,
    ReturnTooLarge,
    RoundingIsFixed,
)
from billing.invoices.models import Invoice, InvoiceLine
from billing.invoices.parties import billing_of, issuer_on, set_issuer, set_payer
from billing.invoices.queries import Search, document_of, invoice_by_id, replaced_among, search_issued
from billing.invoices.tax import Rounding
from nanori.db import bind_all_shops, unit_of_work
from nanori.installation import Installation
from tenants.models import Tenant
from tests.billing.invoices.documents import ISSUER, OCTOBER, PAYER, a_line
from tests.support.people import a_shop

NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
TODAY = date(2026, 11, 2)


@dataclass
class Office:
    """The operator's accounts with one shop that pays for itself."""

    session: AsyncSession
    shop: Tenant

    async def compose(self, lines: Sequence[Line] | None = None, month: date = OCTOBER) -> Document:
        billing = await billing_of(self.session, self.shop.tenant_id)
        given = [a_line(shop_id=self.shop.tenant_id)] if lines is None else lines
        return await composed(self.session, billing, month, given, with_tax=False, now=NOW)

    async def draft(self, lines: Sequence[Line] | None = None, month: date = OCTOBER) -> Invoice:
        document = await self.compose(lines, month)
        return await draft(self.session, self.shop.tenant_id, document, now=NOW)

    async def issue(self, invoice: Invoice) -> Invoice:
        return await issue(self.session, invoice.tenant_id, invoice.id, by=None, now=NOW)


async def an_office(session: AsyncSession) -> Office:
    shop = await a_shop(session)
    await set_issuer(session, ISSUER, valid_from=date(2026, 1, 1), by=None, now=NOW)
    await set_payer(session, PAYER, shops=[shop.tenant_id], due=END_OF_NEXT_MONTH)
    return Office(session, shop)


@pytest.fixture
async def office(session: AsyncSession) -> Office:
    return await an_office(session)


async def test_an_invoice_keeps_what_it_was_made_of(office: Office) -> None:
    lines = [a_line(amount) for amount in (333, 333, 333)] + [a_line(1005, ledger_ids=("a", "b"))]
    issued = await office.issue(await office.draft(lines))
    await set_payer(
        office.session, replace(PAYER, name="別名"), shops=[office.shop.tenant_id], due=END_OF_NEXT_MONTH
    )
    document = await document_of(office.session, issued)

    assert (issued.net, issued.tax, issued.total) == (2004, 200, 2204)
    assert (issued.number, issued.issued_on, issued.due_on) == ("2026-000001", TODAY, date(2027, 1, 4))
    assert document.lines == tuple(lines)
    assert (document.payer, document.issuer) == (PAYER, ISSUER)
    assert document.summary.gross == issued.total


async def test_a_draft_is_made_anew_and_an_issued_month_is_not(office: Office) -> None:
    first = await office.draft()
    second = await office.draft([a_line(1), a_line(2)])
    assert [one.id for one in await office.session.scalars(select(Invoice))] == [second.id] != [first.id]
    issued = await office.issue(second)
    again = await office.issue(second)

    assert again.number == issued.number == "2026-000001"
    with pytest.raises(AlreadyBilled, match="2026-000001"):
        await office.draft()


async def test_numbers_have_no_gap_even_where_issuing_failed(office: Office) -> None:
    await office.issue(await office.draft())
    lost = await office.draft(month=date(2026, 8, 1))
    async with office.session.begin_nested() as attempt:
        assert (await office.issue(lost)).number == "2026-000002"
        await attempt.rollback()
    other = await office.issue(await office.draft(month=date(2026, 9, 1)))

    assert other.number == "2026-000002"


@pytest.mark.parametrize(
    "change",
    [
        update(Invoice).values(total=Invoice.total + 1, tax=Invoice.tax + 1),
        update(Invoice).values(state=State.DRAFT, number=None),
        delete(Invoice),
        delete(InvoiceLine),
        update(InvoiceLine).values(label="…"),
    ],
    ids=["total", "back to draft", "delete", "delete lines", "change a line"],
)  # fmt: skip
async def test_the_database_lets_nobody_change_what_is_issued(office: Office, change: object) -> None:
    issued = await office.issue(await office.draft())
    with pytest.raises(IntegrityError, match="never change"):
        async with office.session.begin_nested():
            await office.session.execute(change)  # type: ignore[call-overload]  # update or delete
    assert (await invoice_by_id(office.session, issued.tenant_id, issued.id)).total == 11_000


async def test_a_line_cannot_be_added_and_a_total_must_be_the_lines(office: Office) -> None:
    issued = await office.issue(await office.draft())
    line = await office.session.scalar(select(InvoiceLine))
    assert line is not None
    values = {column.name: getattr(line, column.name) for column in InvoiceLine.__table__.columns}
    with pytest.raises(IntegrityError, match="never change"):
        async with office.session.begin_nested():
            await office.session.execute(
                InvoiceLine.__table__.insert().values(values | {"id": uuid7(), "position": 2})  # type: ignore[attr-defined]  # a table
            )
    wrong = await office.draft(month=date(2026, 9, 1))
    await office.session.execute(
        update(Invoice).where(Invoice.id == wrong.id).values(net=1, tax=0, total=1)
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="sum of its lines"):
        async with office.session.begin_nested():
            await office.issue(wrong)
    assert issued.state is State.ISSUED


async def test_a_correction_names_the_old_one_and_takes_it_out_of_the_books(office: Office) -> None:
    old = await office.issue(await office.draft())
    right = await office.compose([a_line(8_000)])
    with pytest.raises(ReasonMissing):
        await draft_correction(office.session, old, right, reason=" ", now=NOW)
    await draft_correction(office.session, old, right, reason="a first try", now=NOW)
    new = await office.issue(
        await draft_correction(office.session, old, right, reason="件数の誤り", now=NOW)
    )  # fmt: skip
    document = await document_of(office.session, new)
    booked = await booked_between(office.session, TODAY, TODAY)

    assert (new.kind, new.number, new.reason) == (Kind.CORRECTED, "2026-000002", "件数の誤り")
    assert document.refers_to is not None
    assert (document.refers_to.number, document.refers_to.issued_on) == (old.number, TODAY)
    assert [(one.number, one.summary.gross) for one in booked] == [
        ("2026-000001", 11_000), ("2026-000001", -11_000), ("2026-000002", 8_800),
    ]  # fmt: skip
    assert await replaced_among(office.session, [old, new]) == {old.id}
    with pytest.raises(AlreadyReplaced):
        await draft_correction(office.session, old, right, reason="again", now=NOW)
    with pytest.raises(AlreadyReplaced):
        await give_back(
            office.session, old, amount=1, rate=TaxRate.STANDARD, reason="late", now=NOW
        )  # fmt: skip


async def test_no_more_is_returned_than_was_billed(office: Office) -> None:
    supply = await office.issue(await office.draft([a_line(30_000), a_line(1_000, rate=TaxRate.REDUCED)]))
    back = await give_back(
        office.session, supply, amount=20_005, rate=TaxRate.STANDARD, reason="応答率", now=NOW
    )  # fmt: skip
    issued = await office.issue(back)
    document = await document_of(office.session, issued)

    assert (issued.kind, issued.net, issued.tax, issued.due_on) == (Kind.RETURN, -20_005, -2_000, None)
    assert document.refers_to is not None
    assert document.refers_to.number == supply.number
    for amount, rate in ((9_996, TaxRate.STANDARD), (1_001, TaxRate.REDUCED), (0, TaxRate.REDUCED)):
        with pytest.raises(ReturnTooLarge):
            await give_back(office.session, supply, amount=amount, rate=rate, reason="…", now=NOW)
    with pytest.raises(NotIssued):
        await give_back(office.session, issued, amount=1, rate=TaxRate.STANDARD, reason="…", now=NOW)


async def test_what_is_missing_is_said_in_a_sentence(session: AsyncSession) -> None:
    shop = await a_shop(session)
    office = Office(session, shop)
    with pytest.raises(PayerMissing):
        await office.draft()
    await set_payer(session, replace(PAYER, address=""), shops=[shop.tenant_id], due=END_OF_NEXT_MONTH)
    with pytest.raises(IssuerMissing):
        await office.draft()
    await set_issuer(session, ISSUER, valid_from=TODAY, by=None, now=NOW)
    with pytest.raises(PayerHasNoAddress):
        await office.draft()
    await set_payer(session, PAYER, shops=[shop.tenant_id], due=END_OF_NEXT_MONTH)
    with pytest.raises(NothingToBill):
        await office.draft([])


async def test_the_issuer_changes_by_date_and_its_rounding_not_at_all(office: Office) -> None:
    session = office.session
    await set_issuer(session, replace(ISSUER, name="新社名"), valid_from=date(2027, 1, 1), by=None, now=NOW)
    assert [(await issuer_on(session, day)).name for day in (TODAY, date(2027, 1, 1))] == [
        ISSUER.name,
        "新社名",
    ]
    await office.issue(await office.draft())
    with pytest.raises(RoundingIsFixed):
        await set_issuer(session, replace(ISSUER, rounding=Rounding.CEIL), valid_from=TODAY, by=None, now=NOW)


async def test_an_archive_is_searched_by_day_amount_and_counterparty(office: Office) -> None:
    for month, amount in ((7, 1_000), (8, 20_000), (9, 300_000)):
        await office.issue(await office.draft([a_line(amount)], date(2026, month, 1)))
    await office.draft()

    async def found(**wanted: object) -> list[int]:
        page = await search_issued(office.session, Search(**wanted))  # type: ignore[arg-type]  # its fields
        return [one.total for one in page.rows]

    assert await found() == [330_000, 22_000, 1_100]
    assert await found(least=1_101, most=22_000) == [22_000]
    assert await found(first=date(2026, 11, 3)) == await found(last=date(2026, 11, 1)) == []
    assert await found(counterparty="ミナト", first=TODAY, last=TODAY, after="2026-000003") == [22_000, 1_100]
    assert await found(counterparty="%") == []
    page = await search_issued(office.session, Search(), size=2)
    assert (len(page.rows), page.after) == (2, "2026-000002")


async def test_whoever_issues_at_the_same_moment_gets_the_next_number(clone: Installation) -> None:
    """Six at once, each in a transaction of its own; two of them roll back."""
    async with clone.staff.begin() as session:
        office = await an_office(session)
        drafts = [await office.draft(month=date(2026, month, 1)) for month in range(1, 7)]
    tenant_id = office.shop.tenant_id

    async def one(number: int, invoice: Invoice) -> None:
        async with unit_of_work(clone.staff, [tenant_id]) as session:
            await issue(session, tenant_id, invoice.id, by=None, now=NOW)
            await asyncio.sleep(0.01 * (number % 3))
            if number in {1, 4}:
                raise RuntimeError

    done = await asyncio.gather(
        *(one(n, invoice) for n, invoice in enumerate(drafts)), return_exceptions=True
    )
    assert sum(isinstance(one, RuntimeError) for one in done) == 2
    async with clone.staff.begin() as session:
        await bind_all_shops(session)
        numbers = [
            one async for one in await session.stream_scalars(select(Invoice.number).order_by(Invoice.number))
        ]
    assert numbers == [*(f"2026-{n:06}" for n in (1, 2, 3, 4)), None, None]


async def test_a_line_cannot_slip_in_while_its_invoice_is_issued(clone: Installation) -> None:
    """It waits for whoever issues, and is refused then."""
    async with clone.staff.begin() as session:
        office = await an_office(session)
        invoice = await office.draft()
        line = (await session.scalars(select(InvoiceLine))).one()
        more = {column.key: getattr(line, column.key) for column in InvoiceLine.__table__.columns}
    more |= {"id": uuid7(), "position": 2}

    async def slips_in() -> None:
        async with unit_of_work(clone.staff, [invoice.tenant_id]) as session:
            session.add(InvoiceLine(**more))

    async with unit_of_work(clone.staff, [invoice.tenant_id]) as session:
        await issue(session, invoice.tenant_id, invoice.id, by=None, now=NOW)
        late = asyncio.create_task(slips_in())
        done, _ = await asyncio.wait([late], timeout=0.3)
        assert not done
    with pytest.raises(IntegrityError, match="never change"):
        await late
