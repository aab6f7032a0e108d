"""Files of carts: encodings, headings, cells, rows. Pure."""

import csv
import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.orders import cells
from interactions.orders.columns import MEANINGS, guessed, missing, remembered
from interactions.orders.errors import UnreadableTable
from interactions.orders.preview import rest_as_csv
from interactions.orders.rows import (
    NO_DAY,
    NOT_YET,
    OTHER_ROW,
    OTHER_SHOP,
    PROBLEMS,
    Ground,
    Rows,
    plain_name,
    read_rows,
)
from interactions.orders.table import read_table
from interactions.orders.values import (
    Column,
    Encoding,
    FileKind,
    Item,
    OrderFacts,
    OrderState,
    ParcelCompany,
    ParcelFacts,
    ParcelState,
)
from interactions.orders.words_of_shops import order_state, parcel_state

TOKYO = ZoneInfo("Asia/Tokyo")
GROUND = Ground(
    shop_names=frozenset({plain_name("ミナト珈琲"), "minato-coffee"}), zone=TOKYO,
    now=datetime(2026, 11, 22, 12, tzinfo=TOKYO),
)  # fmt: skip
RAKUTEN = (
    "注文番号,注文日時,注文者姓,注文者名,注文者電話番号1,注文者電話番号2,注文者電話番号3,請求金額,商品名,個数"
)
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r\n\"'"), max_size=12)


def as_csv(*rows: list[str], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding, errors="replace")


def read(text: str, kind: FileKind = FileKind.ORDERS) -> Rows:
    table = read_table(text.encode())
    return read_rows(table, kind, guessed(kind, table.headings), GROUND)


def orders(rows: Rows) -> list[OrderFacts]:
    return [one.fact for one in rows.told if isinstance(one.fact, OrderFacts)]


@pytest.mark.parametrize("encoding", list(Encoding))
def test_the_encodings_of_japanese_shops_are_told_apart(encoding: Encoding) -> None:
    content = "注文番号,お名前\nA-1,髙橋 ①郎\n".encode(encoding)
    table = read_table(content)
    assert table.encoding is encoding
    assert table.headings == ("注文番号", "お名前")
    assert table.lines[0].cells == ("A-1", "髙橋 ①郎")


@given(st.lists(st.text(st.sampled_from("注文番号配送済みアイウｱｲ髙﨑①～ーABC09"), min_size=1), min_size=1))
def test_shift_jis_is_read_as_it_was_written(texts: list[str]) -> None:
    rows = [["注文番号"] * len(texts), texts]
    table = read_table(as_csv(*rows, encoding="cp932"))
    assert list(table.lines[0].cells) == [text.encode("cp932", "replace").decode("cp932") for text in texts]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("注文番号\nA-1\n".encode("utf-16"), "neither UTF-8 nor Shift_JIS"),
        ("注文番号,名前\nA,橋本花子\n".encode("euc_jp"), "neither UTF-8 nor Shift_JIS"),
        (b"PK\x03\x04rest", "Excel workbook"),
        ("注文番号\n".encode(), "no rows"),
        (b"", "no rows"),
    ],
)
def test_a_file_that_means_nothing_is_refused_with_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableTable) as refusal:
        read_table(content)
    assert said in refusal.value.said


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_the_reading(content: bytes) -> None:
    try:
        table = read_table(content)
    except UnreadableTable:
        return
    assert len(set(table.headings)) == len(table.headings)
    for kind in FileKind:
        read_rows(table, kind, guessed(kind, table.headings), GROUND)


def test_headings_of_usual_carts_are_known() -> None:
    found = guessed(FileKind.ORDERS, RAKUTEN.split(","))
    assert found[Column.NAME] == ("注文者姓", "注文者名")
    assert found[Column.PHONE] == ("注文者電話番号1", "注文者電話番号2", "注文者電話番号3")
    assert found[Column.TOTAL] == ("請求金額",)
    shopify = ["Name", "Email", "Fulfillment Status", "Total", "Created at", "Lineitem name", "Billing Name"]
    found = guessed(FileKind.ORDERS, shopify)
    assert (found[Column.NUMBER], found[Column.NAME]) == (("Name",), ("Billing Name",))
    shipped = guessed(FileKind.SHIPMENTS, ["受注番号", "お問合せ番号", "配送会社", "出荷日"])
    assert missing(FileKind.SHIPMENTS, shipped) == []
    assert shipped[Column.PARCEL] == ("お問合せ番号",)


@given(st.lists(CELL, max_size=8), st.sampled_from(FileKind))
def test_a_guess_names_only_what_is_there_and_nothing_twice(headings: list[str], kind: FileKind) -> None:
    known = [" ".join(part.split()) for part in RAKUTEN.split(",")]
    there = list(dict.fromkeys([*headings, *known]))
    chosen = [part for parts in guessed(kind, there).values() for part in parts]
    assert set(chosen) <= set(there)
    assert len(set(chosen)) == len(chosen)


def test_what_a_shop_has_chosen_before_goes_before_the_guess() -> None:
    before = {Column.NUMBER: ("管理番号",), Column.NAME: ("氏名",), Column.MAIL: ("gone",)}
    found = remembered(FileKind.ORDERS, ["管理番号", "注文番号", "注文日", "氏名"], before)
    assert found == {
        Column.NUMBER: ("管理番号",), Column.NAME: ("氏名",), Column.ORDERED_AT: ("注文日",),
    }  # fmt: skip


def test_rows_of_one_order_are_joined() -> None:
    rows = read(
        f'{RAKUTEN}\n＃a-1,2026/11/03 9:05,花村,一郎,０９０,1234,5678,"3,980円",珈琲豆,2\n'
        "A-1,2026/11/03 9:05,花村,一郎,090,1234,5678,3980,ミル,1\n"
    )
    assert rows.problems == []
    (order,) = orders(rows)
    assert (order.number, order.name, order.phone, order.total) == ("A-1", "花村 一郎", "+819012345678", 3980)
    assert order.items == (Item("珈琲豆", 2), Item("ミル", 1))
    assert order.ordered_at == datetime(2026, 11, 3, 9, 5, tzinfo=TOKYO)
    assert rows.told[0].rows == (2, 3)


def test_what_is_wrong_is_said_at_its_row_and_the_rest_is_read() -> None:
    rows = read(
        "注文番号,注文日,合計金額,郵便番号,店舗名\n"
        "A-1,2026/11/01,100,1500001,ミナト 珈琲\n"
        "A-2,2026/13/01,100,,\n"
        "A-3,2026/11/01,12x,,\n"
        "A-4,2026/11/01,1,15-1,\n"
        "A-5,2026/11/01,1,,花影フラワー\n"
        "A-6,,1,,\n"
        "A-7,2027/11/01,1,,\n"
        "A-8,2026/11/01,1,,\n"
        "A-8,2026/11/01,?,,\n"
    )
    assert [order.number for order in orders(rows)] == ["A-1"]
    assert [(one.row, one.said) for one in rows.problems] == [
        (3, PROBLEMS[Column.ORDERED_AT]), (4, PROBLEMS[Column.TOTAL]), (5, PROBLEMS[Column.POSTAL_CODE]),
        (6, OTHER_SHOP), (7, NO_DAY), (8, NOT_YET), (9, OTHER_ROW), (10, PROBLEMS[Column.TOTAL]),
    ]  # fmt: skip


def test_parcels_are_read_with_what_companies_write() -> None:
    rows = read(
        "受注番号,送り状番号,配送会社,配送状況,出荷日\n"
        "A-1,1234-5678-9012,ヤマト運輸,ご不在のため持ち戻り,2026/11/01\n"
        "A-1,123456789012,佐川急便,配達完了,2026/11/02\n"
        "A-2,77,ﾔﾏﾄ,,2026-11-01\n",
        FileKind.SHIPMENTS,
    )
    assert [one.fact for one in rows.told] == [
        ParcelFacts(
            order_number="A-1", number="123456789012", company=ParcelCompany.SAGAWA, company_said="佐川急便",
            state=ParcelState.DELIVERED, state_said="配達完了", shipped_on=date(2026, 11, 2),
        ),
        ParcelFacts(
            order_number="A-2", number="77", company=ParcelCompany.YAMATO, company_said="ﾔﾏﾄ",
            state=ParcelState.ON_ITS_WAY, shipped_on=date(2026, 11, 1),
        ),
    ]  # fmt: skip


@given(st.lists(st.lists(CELL, min_size=4, max_size=4), min_size=1, max_size=12), st.sampled_from(FileKind))
def test_each_row_is_read_or_told_exactly_once(lines: list[list[str]], kind: FileKind) -> None:
    heads = [meaning.label for meaning in MEANINGS[kind]][:4]
    try:
        table = read_table(as_csv(heads, *lines))
    except UnreadableTable:
        return
    mapped = {meaning.column: (meaning.label,) for meaning in MEANINGS[kind][:4]}
    rows = read_rows(table, kind, mapped, GROUND)
    told = [number for one in rows.told for number in one.rows]
    numbers = told + [problem.row for problem in rows.problems]
    assert sorted(numbers) == [line.number for line in table.lines]


@given(st.dates(date(2000, 1, 1), date(2026, 11, 22)), st.sampled_from(["-", "/", "."]))
def test_days_are_read_however_they_are_written(day: date, sign: str) -> None:
    assert cells.day(f"{day.year}{sign}{day.month}{sign}{day.day}") == day
    assert cells.day(f"{day.year}年{day.month}月{day.day}日") == day
    assert cells.day(f"{day:%Y%m%d}") == day


@given(st.integers(0, 10**10))
def test_amounts_are_read_however_they_are_written(yen: int) -> None:
    for text in (str(yen), f"{yen:,}", f"¥{yen:,}", f"{yen}円", f"{yen}.00", f"￥{yen:,}"):
        assert cells.amount(text) == yen


def test_moments_keep_the_zone_that_they_name() -> None:
    assert cells.moment("2026-11-03 09:05:10 +0900", TOKYO) == datetime(2026, 11, 3, 9, 5, 10, tzinfo=TOKYO)
    assert cells.moment("2026-11-03T00:05:10Z", TOKYO) == datetime(2026, 11, 3, 9, 5, 10, tzinfo=TOKYO)
    assert cells.moment("2026/11/03", TOKYO) == datetime(2026, 11, 3, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("said", "state"),
    [("未発送", OrderState.PLACED), ("発送済み", OrderState.SHIPPED), ("キャンセル済", OrderState.CANCELLED),
     ("unfulfilled", OrderState.PLACED), ("fulfilled", OrderState.SHIPPED), ("謎", OrderState.OTHER)],
)  # fmt: skip
def test_states_of_orders_are_understood(said: str, state: OrderState) -> None:
    assert order_state(said) is state


def test_states_of_parcels_are_understood() -> None:
    said = {
        "配達中": "out_for_delivery",
        "持戻（転居）": "moved",
        "あて所に尋ねあたりません": "unknown_address",
    }
    assert {text: parcel_state(text).value for text in said} == said


def test_rows_not_kept_come_back_as_a_file_that_can_be_read_again() -> None:
    table = read_table("注文番号,電話番号\nA-1,+81 90-1\n=A2,090\nA-3,1\n".encode())
    again = read_table(rest_as_csv(table, {2: "違います", 3: "違います"}, ("行", "問題")))
    assert again.encoding is Encoding.UTF_8_BOM
    assert again.headings == ("行", "問題", "注文番号", "電話番号")
    assert [line.cells[2:] for line in again.lines] == [line.cells for line in table.lines[:2]]
    assert b",'=A2" in rest_as_csv(table, {3: ""}, ("a", "b"))
