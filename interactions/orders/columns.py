"""What each column of a file means: what there can be, and a guess by the headings of usual carts. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from interactions.orders.values import Column, FileKind
from nanori.words import N_

Mapped = Mapping[Column, tuple[str, ...]]
"""Which headings of the file make up a column, in the order in which they are joined."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that a column can hold. ``parts``: over how many columns of a file it may be spread."""

    column: Column
    label: str
    required: bool = False
    parts: int = 1


MEANINGS: Mapping[FileKind, tuple[Meaning, ...]] = {
    FileKind.ORDERS: (
        Meaning(Column.NUMBER, N_("Order number"), required=True),
        Meaning(Column.ORDERED_AT, N_("Ordered on"), required=True),
        Meaning(Column.STATE, N_("State of the order")),
        Meaning(Column.NAME, N_("Name of the shopper"), parts=2),
        Meaning(Column.PHONE, N_("Phone of the shopper"), parts=3),
        Meaning(Column.MAIL, N_("Mail address of the shopper")),
        Meaning(Column.POSTAL_CODE, N_("Postal code"), parts=2),
        Meaning(Column.ADDRESS, N_("Address"), parts=4),
        Meaning(Column.TOTAL, N_("Total (yen)")),
        Meaning(Column.ITEM, N_("Product")),
        Meaning(Column.QUANTITY, N_("Quantity")),
        Meaning(Column.SHOP, N_("Shop")),
    ),
    FileKind.SHIPMENTS: (
        Meaning(Column.NUMBER, N_("Order number"), required=True),
        Meaning(Column.PARCEL, N_("Parcel number"), required=True),
        Meaning(Column.COMPANY, N_("Delivery company")),
        Meaning(Column.STATE, N_("State of the parcel")),
        Meaning(Column.SHIPPED_ON, N_("Shipped on")),
        Meaning(Column.DELIVERED_ON, N_("Delivered on")),
        Meaning(Column.SHOP, N_("Shop")),
    ),
}

_USUAL: Mapping[Column, str] = {
    Column.NUMBER: """
        注文番号 | 受注番号 | ご注文番号 | オーダー番号 | 注文ID | 受注ID | 注文No | 受注No
        受注コード | 伝票番号 | お客様管理番号 | Order number | Order ID | Order No | Order
        Name
    """,
    Column.ORDERED_AT: """
        注文日時 | 受注日時 | ご注文日時 | 購入日時 | 注文日 | 受注日 | ご注文日 | 購入日
        Created at | Order date | Purchase date | Ordered on | Date
    """,
    Column.STATE: """
        ステータス | 注文ステータス | 受注ステータス | 受注状態 | 注文状態 | 対応状況 | 処理状況
        状態 | 配送状況 | 配達状況 | 配送ステータス | 配達ステータス | 荷物状況 | 最新の状況
        Fulfillment Status | Order status | Shipment status | Status | State
    """,
    Column.NAME: """
        注文者姓+注文者名 | お名前(姓)+お名前(名) | 氏(請求先)+名(請求先) | 姓+名 | 注文者氏名
        注文者名 | ご注文者名 | ご注文者氏名 | 購入者名 | 購入者氏名 | お客様名 | お客様氏名
        顧客名 | 注文者 | 氏名 | お名前 | 名前 | Billing Name | Customer name | Buyer name
        Shipping Name | Name
    """,
    Column.PHONE: """
        注文者電話番号1+注文者電話番号2+注文者電話番号3 | 電話番号1+電話番号2+電話番号3
        TEL1+TEL2+TEL3 | 注文者電話番号 | ご注文者電話番号 | 購入者電話番号 | 電話番号
        お電話番号 | 電話 | TEL | 電話番号(請求先) | Billing Phone | Phone | Phone number
        Buyer phone number | Shipping Phone
    """,
    Column.MAIL: """
        注文者メールアドレス | 購入者メールアドレス | メールアドレス | 注文者メール | メール
        E-Mail | Email | Mail | Mail address | Buyer email
    """,
    Column.POSTAL_CODE: """
        注文者郵便番号1+注文者郵便番号2 | 郵便番号1+郵便番号2 | 注文者郵便番号 | 購入者郵便番号
        郵便番号 | 郵便番号(請求先) | お届け先郵便番号 | 〒 | Billing Zip | Zip | Postal code
        Shipping Zip
    """,
    Column.ADDRESS: """
        注文者住所都道府県+注文者住所郡市区+注文者住所それ以降の住所
        都道府県+市区町村+番地+建物名 | 都道府県+市区町村+住所 | 都道府県+住所1+住所2
        住所1+住所2+住所3 | 住所1+住所2 | 都道府県+住所 | 注文者住所 | 購入者住所 | ご住所
        住所 | お届け先住所 | Billing Street | Address | Shipping Street
    """,
    Column.TOTAL: """
        合計金額 | 請求金額 | ご請求金額 | 請求合計 | お支払い合計 | 総合計 | 総額 | 合計
        注文合計 | 支払金額 | Total | Total (yen) | Order total | Amount
    """,
    Column.ITEM: """
        商品名 | 商品 | 品名 | アイテム名 | Lineitem name | Product | Product name | Item
        Item name
    """,
    Column.QUANTITY: """
        個数 | 数量 | 注文個数 | 購入数 | Lineitem quantity | Quantity | Qty
    """,
    Column.PARCEL: """
        お荷物伝票番号 | 荷物伝票番号 | 送り状番号 | お問い合わせ番号 | お問合せ番号
        お問い合わせ送り状No | お問合せ送り状No | 問い合わせ番号 | 追跡番号 | 配送伝票番号
        伝票番号 | Tracking number | Tracking numbers | Parcel number | Waybill
    """,
    Column.COMPANY: """
        配送会社 | 運送会社 | 配送業者 | 配送会社名 | 運送会社名 | 配送業者名 | Carrier
        Delivery company | Tracking company | Company
    """,
    Column.SHIPPED_ON: """
        出荷日 | 発送日 | 出荷日時 | 発送日時 | 出荷完了日 | 発送完了日 | 出荷予定日
        Fulfilled at | Shipped on | Ship date | Shipped at
    """,
    Column.DELIVERED_ON: """
        配達完了日 | 配達日 | お届け日 | 配達完了日時 | 配達日時 | 到着日 | Delivered on
        Delivered at | Delivery date
    """,
    Column.SHOP: """
        店舗名 | ショップ名 | 店舗 | ショップ | モール店舗名 | サイト名 | 店舗コード | Shop
        Shop name | Store | Store name
    """,
}
"""Headings by column, the first that is there wins; ``+`` joins columns."""

_SIGNS = re.compile(r"[\s_・:：*※/\\\-()（）\[\]【】「」\"'.]+")


def guessed(kind: FileKind, headings: Sequence[str]) -> dict[Column, tuple[str, ...]]:
    """The likely meaning of headings. No heading is given to two columns; what is unknown is left out."""
    there: dict[str, str] = {}
    for heading in headings:
        there.setdefault(_plain(heading), heading)
    found: dict[Column, tuple[str, ...]] = {}
    taken: set[str] = set()
    for meaning in MEANINGS[kind]:
        for choice in _choices(meaning.column):
            chosen = tuple(there.get(_plain(part), "") for part in choice)
            if all(chosen) and not taken & set(chosen) and len(chosen) <= meaning.parts:
                found[meaning.column] = chosen
                taken.update(chosen)
                break
    return found


def remembered(kind: FileKind, headings: Sequence[str], before: Mapped) -> dict[Column, tuple[str, ...]]:
    """The shop's last mapping as far as this file has its headings, the rest by guess."""
    there = set(headings)
    known = {meaning.column for meaning in MEANINGS[kind]}
    kept = {
        column: parts for column, parts in before.items() if column in known and parts and there >= set(parts)
    }
    taken = {part for parts in kept.values() for part in parts}
    rest = guessed(kind, [heading for heading in headings if heading not in taken])
    return {column: parts for column, parts in rest.items() if column not in before} | kept


def missing(kind: FileKind, mapped: Mapped) -> list[Meaning]:
    """What must have a column and has none."""
    return [meaning for meaning in MEANINGS[kind] if meaning.required and not mapped.get(meaning.column)]


def _choices(column: Column) -> list[list[str]]:
    alternatives = _USUAL[column].replace("\n", "|").split("|")
    return [choice.split("+") for choice in alternatives if choice.strip()]


def _plain(heading: str) -> str:
    """Width, case, spaces and signs make no difference."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", heading)).casefold()
