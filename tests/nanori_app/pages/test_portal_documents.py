"""What the portal's pages say about one thing is handed out as JSON: to the shop's own people alone."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from billing.charges import TaxRate
from billing.invoices.commands import draft_correction, give_back, issue
from billing.invoices.models import Invoice
from billing.invoices.queries import document_of, invoice_by_id
from interactions.orders import readings
from interactions.orders.models import OrderProblem, OrderReading
from interactions.orders.readings import NewFile
from interactions.orders.rows import UNKNOWN_ORDER
from interactions.orders.table import read_table
from interactions.orders.values import Column, FileKind, ReadingState
from nanori import files
from nanori.db import across_shops
from nanori.files import File
from nanori.installation import Installation
from nanori_app.pages.portal_documents import DOCUMENTS
from scripts_talk import commands, versions
from scripts_talk.conditions import Answer, Condition
from scripts_talk.knowledge import commands as articles
from scripts_talk.knowledge.commands import Wording as ArticleWording
from scripts_talk.knowledge.queries import article as article_by_id
from scripts_talk.knowledge.queries import versions_of
from scripts_talk.knowledge.values import ArticleKind, RemarkKind
from scripts_talk.steps import Branch, CapturedField, Step, Wording
from scripts_talk.values import END
from tests.billing.invoices.documents import a_line
from tests.interactions.orders.test_keeping import ORDERS
from tests.support.clock import START
from tests.support.portal import PortalHouse, portal_house
from tests.support.world import Side, Who

AT = "2026-11-02T10:00:00+09:00"
STATEMENTS = 14
PAGES = {
    "invoices": "/invoices/{tenant_id}/{key}",
    "order-files": "/orders/{tenant_id}/readings/{key}",
    "scripts": "/scripts/{tenant_id}/{key}",
    "articles": "/knowledge/{tenant_id}/{key}",
}


@pytest.fixture
async def house(clone: Installation) -> AsyncGenerator[PortalHouse]:
    async with portal_house(clone) as opened:
        yield opened


async def test_each_document_is_the_shops_own_and_nobody_elses(house: PortalHouse) -> None:
    async with across_shops(house.house.staff) as session:
        mine, other = [await _ids(session, side) for side in (house.world.mine, house.world.other)]
    said, agent = house.statements(), house.world.mine.stage.agent.name
    assert mine.keys() == DOCUMENTS.keys() == PAGES.keys()
    for what, key in mine.items():
        file, before = f"{what}/{key}.json", said()
        status, body = await house.file(file)
        assert (status, said() - before <= STATEMENTS) == (200, True), (file, said() - before)
        assert agent not in body.decode(), file
        refused = [
            await house.file(file, Who.FOREIGN_MERCHANT), await house.file(file, Who.AGENT),
            await house.file(file, Who.OPERATOR), await house.file(f"{what}/{other[what]}.json"),
            await house.file(f"{what}/{other[what]}.json", theirs=True), await house.file(f"{what}/{key}"),
            await house.file(f"{what}/{key}.csv"), await house.file(f"{what}/{uuid7()}.json"),
            await house.file(f"{what}/x.json"),
        ]  # fmt: skip
        assert {status for status, _ in refused} == {404}, file
        ids = {"tenant_id": house.world.mine.ids["tenant_id"], "key": key}
        link = f'href="/portal/{ids["tenant_id"]}/files/{file}"'
        pages = [await house.page(PAGES[what].format(**ids), who) for who in (Who.MERCHANT, Who.OPERATOR)]
        assert [link in page for _, page in pages] == [True, False], "it would lead an operator nowhere"
    assert (await house.file(f"month/{mine['articles']}.json"))[0] == 404

    assert await house.handed_out() == sorted(f"{what}/{key}.json" for what, key in mine.items())


async def test_an_invoice_says_its_lines_its_tax_by_rate_and_what_it_replaces(house: PortalHouse) -> None:
    side = house.world.mine
    async with across_shops(house.house.staff) as session:
        old = await invoice_by_id(session, side.shop.tenant_id, side.ids["invoice_id"])
        new = await _corrected(session, old)
        draft = await give_back(
            session, new, amount=1_000, rate=TaxRate.STANDARD, reason="値引き", now=START
        )  # fmt: skip
    before = (await house.told(f"invoices/{old.id}"))["invoice"]
    after = (await house.told(f"invoices/{new.id}"))["invoice"]

    assert (before["number"], before["is_replaced"], before["refers_to"]) == (old.number, True, None)
    assert before["referred_to_by"] == [{"number": new.number, "kind": "corrected", "total_yen": 22_960}]
    assert before["lines"][0] == {
        "shop": "ミナト珈琲", "desk": "", "label": "基本料金", "first": "2026-10-01", "last": "2026-10-31",
        "quantity": 1, "unit": "か月", "unit_price": 10_000, "rate": "standard", "amount_yen": 10_000,
    }  # fmt: skip
    assert (after["kind"], after["month"], after["issued_on"]) == ("corrected", "2026-10", "2026-11-02")
    assert (after["total_yen"], after["with_tax"], after["is_replaced"]) == (22_960, False, False)
    assert after["refers_to"] == {"number": old.number, "grounds": "数量の誤り"}
    assert after["referred_to_by"] == [], "a draft is the operator's"
    assert after["taxes"] == [
        {"rate": "standard", "percent": 10, "net_yen": 20_000, "tax_yen": 2_000, "total_yen": 22_000},
        {"rate": "reduced", "percent": 8, "net_yen": 889, "tax_yen": 71, "total_yen": 960},
    ]
    assert [(one["quantity"], one["unit_price"]) for one in after["lines"]] == [(1, 20_000), (2.5, 355.6)]
    assert (await house.file(f"invoices/{draft.id}.json"))[0] == 404


async def test_an_order_file_says_its_columns_and_first_rows_while_they_are_chosen(
    house: PortalHouse,
) -> None:
    async with across_shops(house.house.staff) as session:
        reading = await _taken(session, house)
    told = await house.told(f"order-files/{reading.id}")
    one = told["reading"]

    assert (told["shop"], told["on"]) == (house.world.mine.shop.slug, "2026-11-02")
    assert (one["file"], one["state"], one["encoding"], one["rows_total"]) == (
        "受注.csv", "mapping", "cp932", 3,
    )  # fmt: skip
    assert one["headings"][:3] == ["注文番号", "注文日", "注文者名"]
    columns = {column["column"]: column for column in one["columns"]}
    assert columns["name"] == {
        "column": "name", "is_required": False, "headings": ["注文者名"], "first": "花村 一郎",
    }  # fmt: skip
    assert columns["mail"]["headings"] == []
    assert (one["preview"]["tried"], one["preview"]["wrong"]) == (3, 1)
    first, _, last = one["preview"]["rows"]
    assert (first["row"], first["cells"]["number"], first["wrong"], first["said"]) == (2, "A-1", None, "")
    assert (last["row"], last["cells"]["ordered_at"], last["wrong"]) == (4, "2026/11/xx", "ordered_at")
    assert last["said"].startswith("日付として")
    assert one["not_kept"] == []


async def test_an_order_file_says_every_row_that_was_not_kept_as_long_as_it_is_there(
    house: PortalHouse,
) -> None:
    async with across_shops(house.house.staff) as session:
        reading = await _taken(session, house)
        reading.state, reading.rows_read, reading.added, reading.refused = ReadingState.DONE, 3, 2, 1
        session.add(
            OrderProblem(
                tenant_id=reading.tenant_id, id=uuid7(), reading_id=reading.id, row_number=4,
                said=UNKNOWN_ORDER, about=Column.NUMBER, typed="A-3",
            )
        )  # fmt: skip
    one = (await house.told(f"order-files/{reading.id}"))["reading"]
    async with across_shops(house.house.staff) as session:
        await session.execute(update(File).where(File.id == reading.file_id).values(removed_at=START))
    later = (await house.told(f"order-files/{reading.id}"))["reading"]

    assert (one["rows_read"], one["added"], one["refused"]) == (3, 2, 1)
    assert "preview" not in one
    (row,) = one["not_kept"]
    assert (row["row"], row["column"], row["typed"]) == (4, "number", "A-3")
    assert row["said"] != UNKNOWN_ORDER, "in the reader's words"
    assert dict(zip(one["headings"], row["cells"], strict=True))["商品名"] == "ミル"
    assert later["headings"] is None
    assert later["not_kept"] == [row | {"cells": None}]


async def test_a_script_is_compared_with_the_one_in_force(house: PortalHouse) -> None:
    greeting, order = (
        Step(key="a", title="挨拶", say="お電話ありがとうございます。"),
        Step(key="b", title="受注", say="承ります。"),
    )
    said = Wording(say="お待たせしました。", when=Condition(weekdays=frozenset({0})))
    asked = CapturedField(key="wish", label="ご希望")
    ways = (
        Branch(to="c", when=Condition(answer=Answer(field="wish", value="再度"))),
        Branch(to=END, when=Condition(answer=Answer(field="wish", value="終了"))),
    )
    changed = Step(
        key="a", title="挨拶", say="お電話をありがとうございます。", hint="明るく", wordings=(said,),
        fields=(asked,), branches=ways,
    )  # fmt: skip
    added = Step(key="c", title="お礼", say="失礼します。")
    side = house.world.mine
    async with across_shops(house.house.staff) as session:
        await versions.put_in_force(session, side.shop.tenant_id, "受注", [greeting, order], now=START)
        key = await _submitted(session, side, [changed, added])
        answered = await _submitted(session, house.world.other, [greeting])
    script = (await house.told(f"scripts/{key}"))["script"]
    async with across_shops(house.house.staff) as session:
        await versions.approve_script(session, side.shop.tenant_id, key, by=side.stage.agent.id, now=START)

    assert (script["name"], script["number"], script["compared_with"]) == ("受注", 3, 2)
    assert script["submitted_at"] == AT
    first, second, gone = script["steps"]
    assert [one["change"] for one in script["steps"]] == ["changed", "added", "removed"]
    assert first["say"] == [
        {"kind": "same", "text": "お電話"}, {"kind": "added", "text": "を"},
        {"kind": "same", "text": "ありがとうございます。"},
    ]  # fmt: skip
    assert first["hint"] == [{"kind": "added", "text": "明るく"}]
    assert (first["other_words"], first["written_down"]) == (["お待たせしました。"], ["ご希望"])
    assert first["may_lead_to"] == ["お礼", "end"]
    assert (second["title"], gone["title"], gone["may_lead_to"]) == ("お礼", "受注", [])
    for one in (key, answered):
        assert (await house.file(f"scripts/{one}.json"))[0] == 404, "it waits for this shop no more"


async def test_an_article_keeps_what_is_being_written_from_the_shop(house: PortalHouse) -> None:
    side = house.world.mine
    tenant_id, article_id, by = side.shop.tenant_id, side.ids["article_id"], side.stage.agent.id
    async with across_shops(house.house.staff) as session:
        article = await article_by_id(session, tenant_id, article_id)
        (*_, published) = await versions_of(session, article)
        await articles.say(session, published, RemarkKind.COMMENT, "30日までです。", by=by, now=START)
        wording = ArticleWording(title="年末の出荷", body="秘密の下書き")
        await articles.save_draft(session, tenant_id, article_id, wording, by=by, now=START)
        unseen = await articles.add_article(
            session, tenant_id, ArticleKind.FAQ, wording, by=by, now=START
        )  # fmt: skip
    hidden = (await house.told(f"articles/{article_id}"))["article"]
    async with across_shops(house.house.staff) as session:
        await articles.submit_draft(session, tenant_id, article_id)
    shown = (await house.told(f"articles/{article_id}"))["article"]

    assert hidden == {
        "article_id": str(article_id), "kind": "notice", "is_public": False, "is_retired": False,
        "versions": [
            {"number": 1, "state": "published", "title": "年末の出荷", "body": "29日まで出荷します。",
             "written_at": AT, "published_at": AT}
        ],
        "remarks": [{"version": 1, "kind": "comment", "text": "30日までです。", "said_at": AT}],
    }  # fmt: skip
    assert [(one["number"], one["state"]) for one in shown["versions"]] == [
        (2, "submitted"),
        (1, "published"),
    ]
    assert shown["versions"][0]["body"] == "秘密の下書き"
    assert (await house.file(f"articles/{unseen.article_id}.json"))[0] == 404


async def _ids(session: AsyncSession, side: Side) -> Mapping[str, UUID]:
    """One of everything that a shop's people may have."""
    return {
        "invoices": side.ids["invoice_id"],
        "order-files": side.ids["reading_id"],
        "scripts": await _submitted(session, side, [Step(key="a", title="挨拶", say="はい")]),
        "articles": side.ids["article_id"],
    }


async def _corrected(session: AsyncSession, old: Invoice) -> Invoice:
    """An issued one in its place."""
    document = await document_of(session, old)
    goods = a_line(
        889, shop_id=old.tenant_id, label="試飲用の珈琲豆", rate=TaxRate.REDUCED, quantity=Decimal("2.5"),
        unit_price=Decimal("355.6"),
    )  # fmt: skip
    lines = (a_line(20_000, shop_id=old.tenant_id), goods)
    new = await draft_correction(
        session, old, replace(document, lines=lines), reason="数量の誤り", now=START
    )  # fmt: skip
    return await issue(session, old.tenant_id, new.id, by=None, now=START)


async def _taken(session: AsyncSession, house: PortalHouse) -> OrderReading:
    """A file of three orders, its columns as they are guessed; the day of the last cannot be read."""
    side, content = house.world.mine, ORDERS.encode("cp932")
    file = await files.keep(
        session, side.shop.tenant_id, store=house.house.files, room=readings.ROOM, name="受注.csv",
        media_type="text/csv", content=content, now=START,
    )  # fmt: skip
    new = NewFile(file_id=file.id, name=file.name, kind=FileKind.ORDERS, table=read_table(content))
    return await readings.take_file(session, side.shop.tenant_id, new, by=side.stage.agent.id, now=START)


async def _submitted(session: AsyncSession, side: Side, steps: Sequence[Step]) -> UUID:
    """A version that waits for the shop's word."""
    await commands.save_draft(session, side.shop.tenant_id, "受注", steps, now=START)
    return (await versions.submit_script(session, side.shop.tenant_id, now=START)).id
