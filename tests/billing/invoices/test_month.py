"""A month of two payers from the ledger to the files, each login role under its own name."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

import pytest

from billing.invoices import runs, worker
from billing.invoices.document import State
from billing.invoices.due import END_OF_NEXT_MONTH
from billing.invoices.errors import DraftOutdated, FiguresNotClosed, MonthNotOver, PayerMissing, PricesMixed
from billing.invoices.filing import file_invoice
from billing.invoices.gathering import gathered, issue_draft, prepare
from billing.invoices.jobs import DrawInvoice, IssueInvoice
from billing.invoices.models import Invoice, InvoiceRun
from billing.invoices.parties import set_issuer, set_payer
from billing.invoices.queries import drafts, invoices_of_month, paper_of, runs_of
from billing.invoices.values import RunState
from billing.invoices.worker import board
from billing.ledger.queries import sealed_months
from billing.plans.commands import Signed, agree, make_plan
from billing.plans.plan import Plan
from nanori.alerts import open_alerts
from nanori.db import across_shops
from nanori.errors import UNEXPECTED
from nanori.installation import Installation
from nanori.messages import Post, send
from reports.closing.commands import close_month
from tests.billing.invoices.documents import ISSUER, OCTOBER, PAYER
from tests.support.clock import TestClock
from tests.support.people import a_shop

PLAN = Plan(name="小", base_fee=3_000)


@dataclass
class House:
    """Two shops with a plan each; nobody pays for the second."""

    house: Installation
    clock: TestClock
    coffee: UUID
    flowers: UUID

    async def ask(self) -> None:
        async with across_shops(self.house.staff) as session:
            await runs.request_drafts(session, await runs.leads(session), OCTOBER, now=self.clock.now())

    async def work(self) -> None:
        post: Post = self.house.worker.kw["info"]["post"]
        await post.queue.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)

    async def runs(self) -> dict[UUID, InvoiceRun]:
        async with across_shops(self.house.staff) as session:
            return dict(await runs_of(session, OCTOBER))

    async def invoices(self) -> dict[UUID, Invoice]:
        async with across_shops(self.house.staff) as session:
            return dict(await invoices_of_month(session, OCTOBER))

    async def alerts(self) -> set[tuple[UUID | None, str]]:
        async with self.house.staff.begin() as session:
            return {(one.shop_id, one.detail) for one in await open_alerts(session)}

    async def name_payer(self, *shops: UUID) -> None:
        async with across_shops(self.house.staff) as session:
            await set_payer(session, PAYER, shops=shops, due=END_OF_NEXT_MONTH)

    async def close(self) -> None:
        async with across_shops(self.house.staff) as session:
            for shop in (self.coffee, self.flowers):
                await close_month(session, shop, OCTOBER, now=self.clock.now())

    async def issue_all(self) -> None:
        async with across_shops(self.house.staff) as session:
            for one in await drafts(session):
                await send(session, IssueInvoice(tenant_id=one.tenant_id, invoice_id=one.id, issued_by=None))


@pytest.fixture
async def house(clone: Installation, clock: TestClock) -> House:
    now = clock.now()
    async with across_shops(clone.staff) as session:
        coffee, flowers = await a_shop(session), await a_shop(session, brand="花影フラワー")
        await set_issuer(session, ISSUER, valid_from=date(2026, 1, 1), by=None, now=now)
        await set_payer(session, PAYER, shops=[coffee.tenant_id], due=END_OF_NEXT_MONTH)
        for shop in (coffee, flowers):
            plan = replace(PLAN, name=shop.brand_name, with_tax=shop is flowers)
            row = await make_plan(session, plan, by=None, today=OCTOBER, now=now)
            signed = Signed(plan_id=row.id, valid_from=OCTOBER)
            await agree(session, shop.tenant_id, signed, [], billed_until=None, by=None, now=now)
    post: Post = clone.worker.kw["info"]["post"]
    post.register(clone)
    return House(clone, clock, coffee.tenant_id, flowers.tenant_id)


async def test_one_payers_failure_stops_no_other_and_can_be_run_again(house: House) -> None:
    await house.ask()
    await house.work()
    found = await house.runs()
    assert found[house.coffee].state is RunState.DRAFTED
    assert (found[house.flowers].state, found[house.flowers].failure) == (
        RunState.FAILED, PayerMissing.message,
    )  # fmt: skip

    assert await house.alerts() == {(house.flowers, PayerMissing.message)}

    await house.issue_all()
    await house.work()
    assert (await house.runs())[house.coffee].failure == FiguresNotClosed.message
    assert (house.coffee, FiguresNotClosed.message) in await house.alerts()
    assert (await house.invoices())[house.coffee].number is None
    await house.close()
    await house.issue_all()
    await house.work()
    await house.name_payer(house.flowers)
    await house.ask()
    await house.work()
    found, invoices = await house.runs(), await house.invoices()
    assert found[house.coffee].state is RunState.ISSUED
    assert found[house.flowers].state is RunState.DRAFTED
    assert await house.alerts() == set()
    assert (invoices[house.coffee].number, invoices[house.coffee].total) == ("2026-000001", 3_300)
    assert (invoices[house.flowers].state, invoices[house.flowers].total) == (State.DRAFT, 3_000)

    async with across_shops(house.house.staff) as session:
        assert await sealed_months(session, house.coffee) == [OCTOBER]
        assert await sealed_months(session, house.flowers) == []
        paper = await paper_of(session, invoices[house.coffee])
    assert paper is not None
    kept = [
        house.house.files.read(house.coffee, one)
        for one in (paper.pdf_file_id, paper.xml_file_id, paper.statement_file_id)
    ]
    assert [one[:3] for one in kept] == [b"%PD", b"<?x", b"\xef\xbb\xbf"]
    await draw_again(house, invoices[house.coffee])


async def test_a_crash_is_told_on_the_run_and_gone_when_a_later_try_succeeds(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.close()
    async with across_shops(house.house.staff) as session:
        draft = await prepare(session, house.coffee, OCTOBER, now=house.clock.now())
        await runs.request_drafts(session, [house.coffee], OCTOBER, now=house.clock.now())
    order = IssueInvoice(tenant_id=house.coffee, invoice_id=draft.id, issued_by=None)
    paper = DrawInvoice(tenant_id=house.coffee, invoice_id=draft.id)

    async def crash(*_: object, **__: object) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(worker, "issue_draft", crash)
        with pytest.raises(OSError, match=r"^$"):
            await worker.issue_invoice.handle(house.house, order)
    run = (await house.runs())[house.coffee]
    assert (run.state, run.failure) == (RunState.FAILED, UNEXPECTED)
    assert await house.alerts() == {(house.coffee, UNEXPECTED)}

    await worker.issue_invoice.handle(house.house, order)
    assert ((await house.runs())[house.coffee].state, await house.alerts()) == (RunState.ISSUED, set())
    with monkeypatch.context() as patch:
        patch.setattr(worker, "file_invoice", crash)
        with pytest.raises(OSError, match=r"^$"):
            await worker.draw_invoice.handle(house.house, paper)
    assert await house.alerts() == {(house.coffee, "OSError")}
    await worker.draw_invoice.handle(house.house, paper)
    assert await house.alerts() == set()


async def draw_again(house: House, invoice: Invoice) -> None:
    """Nothing happens: the files are there."""
    at = house.house
    await file_invoice(at.worker, at.files, board, invoice.tenant_id, invoice.id, now=house.clock.now())


async def test_a_draft_that_is_outdated_is_not_issued(house: House) -> None:
    await house.close()
    async with across_shops(house.house.staff) as session:
        draft = await prepare(session, house.coffee, OCTOBER, now=house.clock.now())
        await set_payer(
            session, replace(PAYER, name="別の会社"), shops=[house.coffee], due=END_OF_NEXT_MONTH
        )  # fmt: skip
        with pytest.raises(DraftOutdated):
            await issue_draft(session, house.coffee, draft.id, by=None, now=house.clock.now())
        again = await prepare(session, house.coffee, OCTOBER, now=house.clock.now())
        issued = await issue_draft(session, house.coffee, again.id, by=None, now=house.clock.now())
    assert issued.counterparty == "別の会社"


async def test_one_invoice_has_prices_of_one_kind_and_a_month_that_is_over(house: House) -> None:
    await house.name_payer(house.coffee, house.flowers)
    async with across_shops(house.house.staff) as session:
        with pytest.raises(PricesMixed):
            await gathered(session, house.coffee, OCTOBER, now=house.clock.now())
        with pytest.raises(MonthNotOver):
            await gathered(session, house.coffee, date(2026, 11, 1), now=house.clock.now())
        assert await runs.leads(session) == [house.coffee]
