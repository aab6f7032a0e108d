"""From the log to the ledger and to charges, in the database."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from billing.charges import Charge, ChargeKind, TaxRate
from billing.invoices.document import lines_of
from billing.invoices.statement import statement_rows
from billing.ledger.commands import Counted, count_month, give_credit, seal_month
from billing.ledger.errors import MonthSealed
from billing.ledger.models import Credit, UsageLine
from billing.ledger.queries import charges_of, tax_is_inside
from billing.plans.commands import Signed, agree, make_plan
from billing.plans.judging import Rule
from billing.plans.plan import MeterPrice, Plan, Tier
from billing.plans.promise import Promise, Step
from billing.plans.queries import agreements_of
from billing.plans.values import Meter
from interactions.commands import set_reason
from interactions.models import Interaction
from interactions.values import EventKind, Outcome, PartyKind
from nanori.actors import Role
from nanori.words import register_catalogues, words_for
from reports.closing.commands import close_month
from reports.errors import MonthAhead
from tests.billing.invoices.documents import a_document
from tests.reports.logged import MONDAY, OCTOBER, ShopLog, an_open_shop
from tests.reports.months import at
from tests.support.people import an_account

register_catalogues(["billing"])

NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)
IN_NOVEMBER, IN_DECEMBER = (
    datetime.fromisoformat("2026-11-02T03:00Z"),
    datetime.fromisoformat("2026-12-02T03:00Z"),
)
PLAN = Plan(
    name="小", base_fee=3_000, free_below_s=10,
    prices=(MeterPrice(meter=Meter.CALL, included=2, tiers=(Tier(3, None, Decimal(190)),)),),
)  # fmt: skip


@pytest.fixture
async def book(session: AsyncSession) -> ShopLog:
    shop = await an_open_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    return ShopLog(session, shop, agent.id)


async def sign(book: ShopLog, plan: Plan = PLAN, first: date = OCTOBER, **more: object) -> None:
    tenant_id = book.shop.tenant_id
    row = await make_plan(book.session, plan, by=None, today=first, now=IN_NOVEMBER)
    signed = Signed(plan_id=row.id, valid_from=first, **more)  # type: ignore[arg-type]  # by its own names
    there = await agreements_of(book.session, tenant_id)
    await agree(book.session, tenant_id, signed, there, billed_until=None, by=None, now=IN_NOVEMBER)


async def count(book: ShopLog, month: date = OCTOBER, now: datetime = IN_NOVEMBER) -> Counted:
    return await count_month(book.session, book.shop.tenant_id, month, now=now)


async def charges(book: ShopLog, month: date = OCTOBER) -> Sequence[Charge]:
    return await charges_of(book.session, book.shop.tenant_id, month)


async def lines(book: ShopLog) -> list[UsageLine]:
    return list(await book.session.scalars(select(UsageLine).order_by(UsageLine.at, UsageLine.id)))


async def october(book: ShopLog) -> Interaction:
    """Four calls that count, and one of each kind that does not; the last of the four comes back."""
    day = at(MONDAY, 10)
    for hour in range(3):
        await book.answered(day + timedelta(hours=hour))
    await book.answered(day + timedelta(hours=3), talks=5)
    await book.answered(day + timedelta(hours=3), party=PartyKind.TEST)
    await book.call(day, (EventKind.QUEUED, 8), (EventKind.ABANDONED, 40), outcome=Outcome.ABANDONED)
    await book.mail(day, replied=day + timedelta(hours=1))
    return await book.answered(day + timedelta(hours=4))


async def test_each_contact_of_the_month_has_a_line_with_its_rule(book: ShopLog) -> None:
    await sign(book)
    await october(book)
    assert await count(book) == Counted(8, 0)
    found = await lines(book)
    assert sorted(one.rule for one in found) == sorted(
        [Rule.ANSWERED] * 4 + [Rule.TOO_SHORT, Rule.TEST, Rule.ABANDONED, Rule.NOT_PRICED]
    )
    assert all(one.is_billed is (one.rule is Rule.ANSWERED) for one in found)


async def test_counted_again_nothing_is_new(book: ShopLog) -> None:
    await sign(book)
    await october(book)
    await count(book)
    assert await count(book) == Counted(0, 0)


async def test_the_charges_name_the_lines_that_they_are_made_of(book: ShopLog) -> None:
    await sign(book)
    await october(book)
    await count(book)
    found = await charges(book)
    assert [(one.kind, int(one.quantity), one.amount) for one in found] == [
        (ChargeKind.BASE, 1, 3_000), (ChargeKind.USAGE, 2, 0), (ChargeKind.USAGE, 2, 380),
    ]  # fmt: skip
    billed = [str(one.id) for one in await lines(book) if one.is_billed]
    assert [key for one in found for key in one.ledger_ids] == billed


async def test_what_turns_out_otherwise_is_taken_back_and_written_anew(book: ShopLog) -> None:
    await sign(book)
    last = await october(book)
    await count(book)
    reason = await book.reason("wrong_number", "間違い電話", "Wrong number")
    await set_reason(book.session, last, reason.id)
    assert await count(book) == Counted(1, 1)
    of_last = [one for one in await lines(book) if one.interaction_id == last.id]
    assert sum(one.quantity for one in of_last) == 0
    assert sorted((one.revision, one.is_counter, one.rule) for one in of_last) == [
        (1, False, Rule.ANSWERED), (1, True, Rule.ANSWERED), (2, False, Rule.WRONG_NUMBER),
    ]  # fmt: skip
    assert sum(one.amount for one in await charges(book)) == 3_000 + 190


async def test_a_sealed_month_is_corrected_in_the_next_bill(book: ShopLog) -> None:
    await sign(book)
    last = await october(book)
    await count(book)
    await seal_month(book.session, book.shop.tenant_id, OCTOBER, now=IN_NOVEMBER)
    before = await charges(book)
    reason = await book.reason("sales", "営業電話", "Sales call")
    await set_reason(book.session, last, reason.id)
    assert await count(book) == Counted(1, 1)
    assert await charges(book) == before
    found = await charges(book, NOVEMBER)
    assert [(one.kind, one.amount) for one in found] == [
        (ChargeKind.BASE, 3_000),
        (ChargeKind.CREDIT, -190),
    ]
    of_last = [str(one.id) for one in await lines(book) if one.booked == NOVEMBER]
    assert found[-1].ledger_ids == tuple(of_last)


async def test_the_database_keeps_a_sealed_month(book: ShopLog) -> None:
    await sign(book)
    await seal_month(book.session, book.shop.tenant_id, OCTOBER, now=IN_NOVEMBER)
    credit = Credit(booked=OCTOBER, label="", amount_yen=1, rate=TaxRate.STANDARD, desk_id=None, made_by=None)
    with pytest.raises(MonthSealed):
        await give_credit(book.session, book.shop, credit, now=IN_NOVEMBER)
    credit.tenant_id, credit.made_at = book.shop.tenant_id, IN_NOVEMBER
    book.session.add(credit)
    with pytest.raises(IntegrityError, match="sealed"):
        await book.session.flush()


async def test_a_credit_stands_in_its_bill(book: ShopLog) -> None:
    await sign(book)
    credit = Credit(
        booked=OCTOBER, label="応答率未達", amount_yen=500, rate=TaxRate.OUTSIDE, desk_id=None, made_by=None
    )
    await give_credit(book.session, book.shop, credit, now=IN_NOVEMBER)
    last = (await charges(book))[-1]
    assert (last.kind, last.label, last.amount, last.rate) == (
        ChargeKind.CREDIT, "応答率未達", -500, TaxRate.OUTSIDE
    )  # fmt: skip


async def test_a_mail_that_is_still_open_when_the_month_ends_is_billed_once_it_is_answered(
    book: ShopLog,
) -> None:
    price = MeterPrice(meter=Meter.MAIL, tiers=(Tier(1, None, Decimal(300)),))
    await sign(book, Plan(name="メール", prices=(price,)))
    mail = await book.mail(at(MONDAY, 10))
    assert await count(book, now=at(MONDAY, 12)) == Counted(0, 0)
    assert await count(book) == Counted(1, 0)
    assert [one.rule for one in await lines(book)] == [Rule.STILL_OPEN]
    await seal_month(book.session, book.shop.tenant_id, OCTOBER, now=IN_NOVEMBER)
    await book.event(mail, EventKind.FIRST_REPLY, IN_NOVEMBER)
    mail.outcome, mail.ended_at = Outcome.REPLIED, IN_NOVEMBER
    await book.session.flush()
    assert await count(book, now=IN_NOVEMBER + timedelta(hours=1)) == Counted(1, 1)
    assert [(one.kind, one.amount) for one in await charges(book, NOVEMBER)] == [(ChargeKind.OTHER, 300)]


async def test_without_an_agreement_nothing_is_billed_and_nothing_is_left_out(book: ShopLog) -> None:
    await october(book)
    assert await count(book) == Counted(8, 0)
    assert {one.rule for one in await lines(book)} == {Rule.NO_AGREEMENT}
    assert await charges(book) == []
    assert not await tax_is_inside(book.session, book.shop.tenant_id, OCTOBER)


async def test_a_month_that_has_not_begun_is_not_counted(book: ShopLog) -> None:
    with pytest.raises(MonthAhead):
        await count(book, DECEMBER)


async def test_a_plan_from_the_middle_of_the_month_bills_its_days_only(book: ShopLog) -> None:
    """16 of 31 days: 3,000 × 16/31 = 1,549, and one call of the two included."""
    await sign(book, first=date(2026, 10, 16))
    await october(book)
    late = at(date(2026, 10, 20), 10)
    for minute in range(2):
        await book.answered(late + timedelta(minutes=5 * minute))
    await count(book)
    assert [(int(one.quantity), one.amount) for one in await charges(book)] == [(1, 1_549), (1, 0), (1, 190)]


async def test_unused_calls_are_used_in_the_month_after(book: ShopLog) -> None:
    """October has six and uses five; November has six and the one, and uses eight."""
    price = MeterPrice(meter=Meter.CALL, included=6, tiers=(Tier(7, None, Decimal(100)),), carries_over=True)
    await sign(book, Plan(name="繰越", base_fee=1_000, prices=(price,)))
    await october(book)
    for minute in range(8):
        await book.answered(at(date(2026, 11, 4), 10) + timedelta(minutes=5 * minute))
    await count(book)
    await count(book, NOVEMBER, IN_DECEMBER)
    assert sum(one.amount for one in await charges(book, NOVEMBER)) == 1_000 + 1 * 100


async def test_a_missed_service_level_comes_back_once_the_month_is_closed(book: ShopLog) -> None:
    await sign(book, promise=Promise((Step(90, 10),)))
    await october(book)  # five of six callers were answered, all in time
    await count(book)
    before = await charges(book)
    await close_month(book.session, book.shop.tenant_id, OCTOBER, now=IN_NOVEMBER)
    *same, credit = await charges(book)

    assert list(before) == same
    assert (credit.kind, credit.amount, credit.rate) == (ChargeKind.CREDIT, -300, TaxRate.STANDARD)
    assert credit.label == "サービスレベル83.3%（6件中5件、90%未満）：¥3,000の10%"
    document = a_document(lines_of(book.shop.tenant_id, book.shop.brand_name, await charges(book)))
    rows = await statement_rows(book.session, document, words_for("en"))
    assert rows[-1] == [book.shop.brand_name, "", "", "Credit", credit.label, -300, credit.label]
