"""The rows of what the portal hands out, alike as CSV and as JSON."""

from collections.abc import AsyncGenerator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.models import UsageLine
from billing.plans.judging import Rule
from billing.plans.values import Meter
from interactions import commands as log
from interactions.commands import Opening
from interactions.orders.models import OrderReading
from interactions.orders.readings import AWAY
from interactions.orders.values import ReadingState
from interactions.questions import commands as asking
from interactions.questions.commands import Asked
from interactions.questions.values import Verdict
from interactions.values import Channel, Direction, Outcome, PartyKind
from nanori.actors import Actor, ActorKind
from nanori.db import across_shops
from nanori.installation import Installation
from scripts_talk import commands, versions
from scripts_talk.steps import Step
from scripts_talk.values import StepKind
from tenants.escalation.commands import LimitFacts, set_limits
from tests.support.clock import START
from tests.support.portal import PortalHouse, portal_house
from tests.support.world import Side

FORMULA = "=1+1"
ENOUGH_QUESTIONS = 4


@pytest.fixture
async def house(clone: Installation) -> AsyncGenerator[PortalHouse]:
    async with portal_house(clone) as opened:
        yield opened


async def both(house: PortalHouse, name: str, key: str, query: str = "") -> list[dict[str, object]]:
    """The rows of JSON, when those of CSV say the same."""
    told = (await house.told(name))[key]
    table = await house.rows(name)
    assert [{head: _cell(value) for head, value in row.items()} for row in told] == table
    found: list[dict[str, object]] = told
    return found


def _cell(value: object) -> str:
    """As a spreadsheet gets it: nothing is empty, and no text is run as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith("=") else text


async def test_limits_are_those_agreed_and_those_proposed(house: PortalHouse) -> None:
    async with across_shops(house.house.staff) as session:
        agreed = [LimitFacts(subject="返金", amount_yen=3000, note=FORMULA), LimitFacts(subject="送料")]
        await set_limits(session, house.world.mine.shop.tenant_id, None, agreed)
        await set_limits(session, house.world.other.shop.tenant_id, None, [LimitFacts(subject="花瓶")])
        for amount in range(1, ENOUGH_QUESTIONS):
            await _approved(session, house.world.mine, "交換", amount * 1000)

    refund, postage, proposed = await both(house, "limits", "limits")
    assert refund == {
        "state": "agreed", "subject": "返金", "amount_yen": 3000, "note": FORMULA, "approved": None,
        "asked": None,
    }  # fmt: skip
    assert (postage["subject"], postage["amount_yen"]) == ("送料", None)
    assert (proposed["state"], proposed["subject"], proposed["amount_yen"]) == ("proposed", "交換", 3000)
    assert (proposed["approved"], proposed["asked"]) == (3, 3)


async def test_scripts_are_the_steps_of_what_waits_for_the_shop(house: PortalHouse) -> None:
    greeting = Step(title="挨拶", say=FORMULA, hint="明るく")
    offer = Step(title="ご提案", say="珈琲はいかがですか。", kind=StepKind.TALK)
    async with across_shops(house.house.staff) as session:
        for side, steps in ((house.world.mine, [greeting, offer]), (house.world.other, [greeting])):
            await commands.save_draft(session, side.shop.tenant_id, "受注", steps, now=START)
            await versions.submit_script(session, side.shop.tenant_id, now=START)

    first, second = await both(house, "scripts", "steps")
    assert (first["script"], first["place"], first["title"], first["say"]) == ("受注", 1, "挨拶", FORMULA)
    assert (first["hint"], first["kind"], first["submitted_at"]) == (
        "明るく", "talk", "2026-11-02T10:00:00+09:00",
    )  # fmt: skip
    assert (second["place"], second["key"], second["title"]) == (2, "s2", "ご提案")


async def test_order_files_say_what_came_of_each(house: PortalHouse) -> None:
    side = house.world.mine
    async with across_shops(house.house.staff) as session:
        read = await session.get_one(OrderReading, (side.shop.tenant_id, side.ids["reading_id"]))
        read.state, read.rows_read, read.added, read.refused = ReadingState.FAILED, 9, 7, 2
        read.failure, read.ended_at = AWAY, START + timedelta(minutes=3)

    (one,) = await both(house, "order-files", "readings")
    assert one["id"] == str(side.ids["reading_id"])
    assert (one["source"], one["kind"], one["file"], one["state"]) == (
        "file", "orders", "orders.csv", "failed",
    )  # fmt: skip
    assert (one["rows_total"], one["rows_read"], one["added"], one["refused"]) == (1, 9, 7, 2)
    assert str(one["failure"]).startswith("ショップのシステムが")
    assert (one["asked_at"], one["ended_at"]) == ("2026-11-02T10:00:00+09:00", "2026-11-02T10:03:00+09:00")


async def test_usage_lines_are_those_booked_in_the_month(house: PortalHouse) -> None:
    async with across_shops(house.house.staff) as session:
        for side, month in (
            (house.world.mine, date(2026, 11, 1)), (house.world.mine, date(2026, 10, 1)),
            (house.world.other, date(2026, 11, 1)),
        ):  # fmt: skip
            await _line(session, side, month)

    (line,) = await both(house, "usage-lines", "lines")
    assert (line["channel"], line["meter"], line["rule"], line["is_billed"]) == (
        "phone", "minute", "answered", True,
    )  # fmt: skip
    assert (line["quantity"], line["weight_percent"], line["talk_s"]) == (2.5, 125, 150)
    assert (line["at"], line["month_of_contact"]) == ("2026-11-02T10:00:00+09:00", "2026-11")
    status, body = await house.file("usage-lines.csv?month=2026-10")
    assert (status, b"2026-10" in body, b"2026-11" in body) == (200, True, True)


async def _approved(session: AsyncSession, side: Side, subject: str, amount: int) -> None:
    """A question that the shop said yes to."""
    tenant_id, desk, shop = side.shop.tenant_id, Actor(kind=ActorKind.SYSTEM), Actor(kind=ActorKind.MERCHANT)
    about = await log.open_interaction(session, tenant_id, Opening(channel=Channel.MAIL), now=START)
    asked = Asked(subject=subject, text="よいですか。", amount_yen=amount)
    question = await asking.ask(session, about, asked, actor=desk, now=START)
    await asking.answer(session, tenant_id, question.id, Verdict.APPROVED, "はい", actor=shop, now=START)


async def _line(session: AsyncSession, side: Side, booked: date) -> None:
    tenant_id = side.shop.tenant_id
    about = await log.open_interaction(session, tenant_id, Opening(channel=Channel.PHONE), now=START)
    session.add(
        UsageLine(
            tenant_id=tenant_id, interaction_id=about.id, meter=Meter.MINUTE, month=booked, booked=booked,
            at=START, rule=Rule.ANSWERED, is_billed=True, quantity=Decimal("2.5"), weight=125,
            number=about.number, channel=Channel.PHONE, direction=Direction.INBOUND,
            party=PartyKind.HUMAN, outcome=Outcome.ANSWERED, talk_s=150,
            handled_s=180, is_first_of_case=True, answered_together=False, written_at=START,
        )
    )  # fmt: skip
    await session.flush()
