"""What shops and delivery companies write in their files, made into our own states. Pure.

Rules are tried in order; the first whose word is part of the text decides. What no rule knows is ``OTHER``,
and the shop's own words are kept beside it.
"""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from interactions.orders.values import OrderState, ParcelCompany, ParcelState

Kind = TypeVar("Kind", bound=StrEnum)
Rules = Sequence[tuple[Kind, str]]

_ORDERS: Rules[OrderState] = (
    (OrderState.CANCELLED, "キャンセル|取消|取り消し|cancel|voided"),
    (OrderState.RETURNED, "返品|返金|返送|refund|return"),
    (OrderState.PLACED, "未発送|未出荷|未処理|未対応|未入金|未確認|待ち|unfulfilled|unshipped|partial"),
    (OrderState.DELIVERED, "配達完了|配達済|お届け済|受取済|delivered"),
    (OrderState.SHIPPED, "発送済|出荷済|発送完了|出荷完了|発送しました|処理済|完了|fulfilled|shipped"),
    (OrderState.PLACED, "新規|受付|受注|処理中|準備|入金済|確認|保留|pending|paid|open|processing|new"),
)
_PARCELS: Rules[ParcelState] = (
    (ParcelState.DELIVERED, "配達完了|配達済|お届け済|お届け完了|投函完了|受取済|delivered"),
    (ParcelState.UNKNOWN_ADDRESS, "住所不明|あて所|宛所|あて名不完全|尋ねあたり|unknown address|bad address"),
    (ParcelState.MOVED, "転居|転送|moved"),
    (ParcelState.ABSENT, "不在|absent|attempted|not home"),
    (ParcelState.RETURNED, "返送済|返品済|返送完了|差出人に返|returned"),
    (ParcelState.RETURNING, "返送|返品|return"),
    (ParcelState.HELD, "保管|留置|調査中|held|hold"),
    (ParcelState.OUT_FOR_DELIVERY, "配達中|持出|持ち出し|out for delivery|out_for_delivery"),
    (ParcelState.PREPARING, "準備|未発送|未出荷|受付前|登録|preparing|pending|label"),
    (ParcelState.ON_ITS_WAY, "発送|輸送|出荷|荷物受付|引受|通過|到着|中継|作業店|shipped|transit|on its way"),
)
_COMPANIES: Rules[ParcelCompany] = (
    (ParcelCompany.YAMATO, "ヤマト|クロネコ|yamato|宅急便"),
    (ParcelCompany.SAGAWA, "佐川|sagawa|飛脚"),
    (ParcelCompany.JAPAN_POST, "郵便|ゆうパック|ゆうパケット|japan post|japanpost|日本郵便|yu-pack"),
    (ParcelCompany.SEINO, "西濃|seino|カンガルー"),
    (ParcelCompany.FUKUYAMA, "福山|fukuyama|フクツー"),
)


def order_state(said: str) -> OrderState:
    return _first(_ORDERS, said) or OrderState.OTHER


def parcel_state(said: str) -> ParcelState:
    return _first(_PARCELS, said) or ParcelState.OTHER


def parcel_company(said: str) -> ParcelCompany:
    return _first(_COMPANIES, said) or ParcelCompany.OTHER


def _first(rules: Rules[Kind], said: str) -> Kind | None:
    plain = unicodedata.normalize("NFKC", said).casefold()
    for kind, alternatives in rules:
        if any(word in plain for word in alternatives.split("|")):
            return kind
    return None
