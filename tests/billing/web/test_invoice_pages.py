"""The pages of invoices, each role as it signs in."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import unquote

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices.commands import composed, draft, issue
from billing.invoices.document import Kind, State
from billing.invoices.due import END_OF_NEXT_MONTH
from billing.invoices.filing import Drawn, _keep
from billing.invoices.models import Invoice, InvoicePayer
from billing.invoices.parties import billing_of, set_issuer, set_payer
from billing.invoices.queries import document_of, invoice_by_id
from billing.plans.commands import Signed, agree, make_plan
from billing.plans.plan import Plan
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.installation import Installation
from tenants.models import Tenant
from tests.billing.invoices.documents import ISSUER, OCTOBER, PAYER, a_line
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

DRAWN = Drawn(pdf=b"%PDF-", xml=b"<?xml", statement="店舗".encode())


@dataclass
class Office:
    session: AsyncSession
    house: Installation
    coffee: Tenant
    flowers: Tenant

    async def issued(
        self, month: date = OCTOBER, amount: int = 10_000, shop: Tenant | None = None
    ) -> Invoice:
        invoice = await self.draft(month, amount, shop)
        made = await issue(self.session, invoice.tenant_id, invoice.id, by=None, now=START)
        await self.session.commit()
        return made

    async def draft(self, month: date = OCTOBER, amount: int = 10_000, shop: Tenant | None = None) -> Invoice:
        tenant_id = (shop or self.coffee).tenant_id
        lines = [a_line(amount, shop_id=tenant_id)]
        billing = await billing_of(self.session, tenant_id)
        document = await composed(self.session, billing, month, lines, with_tax=False, now=START)
        made = await draft(self.session, tenant_id, document, now=START)
        await self.session.commit()
        return made

    async def file(self, invoice: Invoice) -> None:
        document = await document_of(self.session, invoice)
        await _keep(
            self.session, self.house.files, invoice.id, invoice.tenant_id, document, DRAWN, now=START
        )  # fmt: skip
        await self.session.commit()


def place(invoice: Invoice) -> str:
    return f"/invoices/{invoice.tenant_id}/{invoice.id}"


@pytest.fixture
async def office(session: AsyncSession, installation: Installation) -> Office:
    coffee, flowers = await a_shop(session, slug="minato-coffee"), await a_shop(session, brand="花影フラワー")
    await set_issuer(session, ISSUER, valid_from=date(2026, 1, 1), by=None, now=START)
    await set_payer(session, PAYER, shops=[coffee.tenant_id], due=END_OF_NEXT_MONTH)
    await session.commit()
    return Office(session, installation, coffee, flowers)


@pytest.fixture
async def operator(app: Litestar, office: Office) -> AsyncGenerator[Client]:
    account = await an_account(office.session, Role.OPERATOR)
    await office.session.commit()
    async with signed_in(app, account) as client:
        yield client


@pytest.fixture
async def merchant(app: Litestar, office: Office) -> AsyncGenerator[Client]:
    account = await an_account(office.session, Role.MERCHANT, shops=[office.coffee.tenant_id])
    await office.session.commit()
    async with signed_in(app, account) as client:
        yield client


async def test_the_archive_is_searched_in_a_counted_number_of_statements(
    office: Office, operator: Client
) -> None:
    assert "まだ請求書がありません" in (await operator.get("/invoices")).text
    await office.issued()
    with statements(office.session) as few:
        one = await operator.get(
            "/invoices?counterparty=ミナト&first=2026-11-01&last=2026-11-30&least=1&most="
        )
    for month in range(1, 6):
        await office.issued(date(2026, month, 1), 100)
    with statements(office.session) as many:
        all_of_them = await operator.get("/invoices")

    assert "2026-000001" in one.text
    assert "¥11,000" in one.text
    assert all_of_them.text.count('data-label="取引先"') == 6
    assert len(many) <= len(few)
    nothing = await operator.get("/invoices?least=999999")
    assert "条件に合う請求書はありません" in nothing.text
    wrong = await operator.get("/invoices?least=abc")
    assert (wrong.status_code, "aria-invalid" in wrong.text) == (422, True)


async def test_a_merchant_sees_the_own_issued_invoices_and_no_drafts(
    office: Office, merchant: Client
) -> None:
    await set_payer(
        office.session, replace(PAYER, name="花影"), shops=[office.flowers.tenant_id], due=END_OF_NEXT_MONTH
    )  # fmt: skip
    foreign, own = await office.issued(shop=office.flowers), await office.issued()
    draft = await office.draft(date(2026, 9, 1))
    await office.file(own)
    page = (await merchant.get("/invoices")).text

    assert own.number is not None
    assert own.number in page
    assert str(foreign.number) not in page
    assert "/invoices/month" not in page
    assert (await merchant.get(place(own))).status_code == 200
    assert "訂正" not in (await merchant.get(place(own))).text
    for path in (place(foreign), place(draft), f"{place(foreign)}/invoice.pdf", "/invoices/month"):
        assert (await merchant.get(path)).status_code == 404, path
    assert (await merchant.post(f"{place(own)}/correction", data={"reason": "x"})).status_code == 404


async def test_files_carry_day_amount_and_counterparty_and_are_written_down(
    office: Office, merchant: Client
) -> None:
    invoice = await office.issued()
    assert (await merchant.get(f"{place(invoice)}/invoice.pdf")).status_code == 409
    await office.file(invoice)
    answer = await merchant.get(f"{place(invoice)}/invoice.pdf")

    assert answer.content == DRAWN.pdf
    name = unquote(answer.headers["content-disposition"].partition("UTF-8''")[2])
    assert name == "20261102_11000_株式会社ミナト珈琲_2026-000001.pdf"
    assert (await merchant.get(f"{place(invoice)}/else.txt")).status_code == 404
    deeds = await office.session.scalars(
        select(AuditEntry.detail).where(AuditEntry.action == "invoice.downloaded")
    )
    assert list(deeds) == [{"as": "invoice.pdf"}]


async def test_money_is_given_back_and_what_is_too_much_is_said_at_the_field(
    office: Office, operator: Client
) -> None:
    invoice = await office.issued()
    refused = await operator.post(
        f"{place(invoice)}/return", data={"amount": "10001", "rate": "standard", "reason": "応答率"}
    )
    assert refused.status_code == 422
    assert "あと 10,000 円まで" in refused.text
    assert (await operator.post(f"{place(invoice)}/return", data={"amount": "5"})).status_code == 422
    done = await operator.post(
        f"{place(invoice)}/return", data={"amount": "2,500", "rate": "standard", "reason": "応答率"}
    )
    assert "適格返還請求書" in done.text
    back = await office.session.scalar(select(Invoice).where(Invoice.kind == Kind.RETURN))
    assert back is not None
    assert (back.total, back.state) == (-2_750, State.DRAFT)
    await operator.post(f"{place(back)}/issue")
    assert (await invoice_by_id(office.session, back.tenant_id, back.id, locked=True)).number == "2026-000002"


async def test_the_books_of_a_period_come_in_both_encodings(office: Office, operator: Client) -> None:
    await office.issued()
    asked = "/invoices/books.csv?first=2026-11-01&last=2026-11-30&encoding="
    books = {one: (await operator.get(asked + one)).content for one in ("utf-8", "shift-jis")}

    assert books["utf-8"].decode("utf-8-sig") == books["shift-jis"].decode("cp932")
    head, row = books["shift-jis"].decode("cp932").splitlines()
    assert head.startswith("発行日,番号")
    assert row.startswith("2026-11-02,2026-000001,請求書,株式会社ミナト珈琲,2026-10,10%対象,10000,1000,11000")
    assert (await operator.get("/invoices/books.csv?first=x")).status_code == 422


async def test_a_month_is_prepared_for_all_and_payers_are_named_on_the_way(
    office: Office, operator: Client
) -> None:
    row = await make_plan(office.session, Plan(name="小", base_fee=3_000), by=None, today=OCTOBER, now=START)
    signed = Signed(plan_id=row.id, valid_from=OCTOBER)
    await agree(office.session, office.coffee.tenant_id, signed, [], billed_until=None, by=None, now=START)
    await office.session.commit()
    page = (await operator.get("/invoices/month")).text
    assert "請求先を登録" in page
    assert page.count("未作成") == 2
    asked = {"month": "2026-10", "shop": "all"}
    answer = await operator.post("/invoices/month", data=asked, follow_redirects=False)
    with statements(office.session) as seen:
        part = await operator.get("/invoices/month?month=2026-10", headers={"HX-Request": "true"})

    assert answer.status_code == 303
    assert part.text.count("作成中") >= 2
    assert "<html" not in part.text
    assert len(seen) <= 12
    assert (await operator.post("/invoices/month", data=asked | {"month": "2026-11"})).status_code == 409
    assert (await operator.post("/invoices/month", data=asked | {"shop": "x"})).status_code == 404


async def test_who_issues_and_who_pays_is_checked_at_the_fields(office: Office, operator: Client) -> None:
    issuer = {
        "valid_from": "2027-01-01", "name": "新社名", "registration": "T123", "postal_code": "100-0000",
        "address": "東京都", "bank_account": "あかね銀行", "rounding": "floor",
    }  # fmt: skip
    wrong = await operator.post("/invoices/issuer", data=issuer)
    assert (wrong.status_code, "T8000000000001" in wrong.text) == (422, True)
    doubtful = await operator.post("/invoices/issuer", data=issuer | {"registration": "Ｔ1000000000001"})
    assert "先頭の数字" in doubtful.text
    long = await operator.post("/invoices/issuer", data=issuer | {"name_en": "N" * 121})
    assert (long.status_code, 'id="name_en-error"' in long.text) == (422, True)
    assert "120文字以内" in long.text
    await operator.post(
        "/invoices/issuer", data=issuer | {"registration": "T8000000000001", "name_en": "New Name Ltd."}
    )
    assert 'value="New Name Ltd."' in (await operator.get("/invoices/issuer")).text
    path = f"/invoices/payers/{office.flowers.tenant_id}"
    assert "花影フラワー" in (await operator.get(path)).text
    payer = {
        "name": "花影株式会社", "address": "横浜市", "locale": "ja", "due_months": "1", "due_day": "31",
        "due_shift": "next", "sisters": str(office.coffee.tenant_id),
    }  # fmt: skip
    assert (await operator.post(path, data=payer | {"due_day": "32"})).status_code == 422
    await operator.post(path, data=payer)
    billing = await billing_of(office.session, office.flowers.tenant_id)
    assert billing.shop_ids == [office.flowers.tenant_id, office.coffee.tenant_id]
    assert len(list(await office.session.scalars(select(InvoicePayer)))) == 2
