"""How each shop of the cast is set up: hours, words, contacts, terms, reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tenants.commands import SpecialDate, Terms
from tenants.contacts import ContactPerson
from tenants.hours import Calendar, Span, open_intervals
from tenants.values import HOLIDAY, DayPart, ServiceLevelLetter, Situation

ZONE = ZoneInfo("Asia/Tokyo")
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
WEEKDAYS = range(MON, SAT)
Week = Mapping[int, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class ReasonPart:
    """Why shoppers call; ``weight`` of a hundred contacts in history."""

    code: str
    ja: str
    en: str
    weight: int


@dataclass(frozen=True, slots=True)
class SpecialDesk:
    """A desk for one subject, with the agents (by number) who know it, and the menu that leads there.

    Key 1 is the shop's first desk, 2 this one, 3 reads out ``answer``.
    """

    name: str
    agents: tuple[int, ...]
    menu: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What an operator would have entered for one shop; ``calls_a_day`` and ``wares`` are for history."""

    desk: str
    recording_notice: str
    closed_message: str
    week: Week
    contacts: tuple[ContactPerson, ...]
    terms: Terms
    reasons: tuple[ReasonPart, ...]
    wares: tuple[str, ...]
    order_prefix: str
    calls_a_day: int
    phrases: Mapping[tuple[Situation, DayPart], str] = field(default_factory=dict)
    special_desk: SpecialDesk | None = None


ORDER = ReasonPart("order", "注文", "Order", 24)
DELIVERY = ReasonPart("delivery", "配送状況", "Where is my parcel", 22)
CHANGE = ReasonPart("change", "変更・キャンセル", "Change or cancel", 16)
RETURN = ReasonPart("return", "返品・交換", "Return or exchange", 10)
PRODUCT = ReasonPart("product", "商品のお問い合わせ", "Product question", 15)
PAYMENT = ReasonPart("payment", "お支払い・領収書", "Payment or receipt", 7)
DEFECT = ReasonPart("defect", "不良・破損", "Damaged goods", 4)
OTHER = ReasonPart("other", "その他", "Something else", 4)
WRONG_NUMBER = ReasonPart("wrong_number", "間違い電話", "Wrong number", 0)
SALES_CALL = ReasonPart("sales", "営業電話", "Sales call", 0)
UNBILLED = (WRONG_NUMBER, SALES_CALL)
"""Reasons that the plans leave unbilled; nobody gave one of them in the past."""
USUAL = (ORDER, DELIVERY, CHANGE, RETURN, PRODUCT, PAYMENT, DEFECT, OTHER, *UNBILLED)
BOOKING = (
    ReasonPart("booking", "予約", "Booking", 30),
    ReasonPart("change", "日程変更・キャンセル", "Change or cancel", 20),
    ReasonPart("fitting", "着付け・来店", "Fitting or visit", 16),
    ReasonPart("delivery", "発送・到着", "Delivery", 12),
    ReasonPart("return", "返却", "Return", 12),
    ReasonPart("defect", "汚れ・破損", "Stain or damage", 5),
    OTHER,
    *UNBILLED,
)


def _hours(opens: int, closes: int) -> tuple[Span, ...]:
    """Whole hours."""
    return (Span(opens * 60, closes * 60),)


AROUND_THE_CLOCK: Week = dict.fromkeys(range(HOLIDAY + 1), (Span(0, 24 * 60),))
"""Two shops never close, so that whoever tries the demo finds one open at any time of any day."""


def _contacts(block: int, *people: tuple[str, str]) -> tuple[ContactPerson, ...]:
    """Numbers of the block that the invented shops have theirs from: real forms accept them."""
    return tuple(
        ContactPerson(name=name, reading=reading, phone=f"+8150319601{block}{place}", ring_seconds=20)
        for place, (name, reading) in enumerate(people, start=1)
    )


RECORDED = "この通話は、応対の品質を保つため録音しております。"

SET_UPS: Mapping[str, SetUp] = {
    "minato-coffee": SetUp(
        desk="注文・配送デスク",
        recording_notice=RECORDED,
        closed_message=(
            "お電話ありがとうございます。ミナト珈琲でございます。本日の営業は終了いたしました。"
            "営業時間は、月曜から土曜の午前9時から午後6時まででございます。"
            "ご用件をお話しくだされば、翌営業日に折り返しご連絡いたします。"
        ),
        week={**dict.fromkeys(WEEKDAYS, _hours(9, 18)), SAT: _hours(9, 18), HOLIDAY: _hours(10, 17)},
        contacts=_contacts(1, ("港 健太郎", "みなと けんたろう"), ("水野 由紀", "みずの ゆき")),
        terms=Terms(letter=ServiceLevelLetter.A, second_letter=ServiceLevelLetter.C),
        reasons=USUAL,
        wares=(
            "深煎りブレンド200g",
            "モカシダモ",
            "ドリップバッグ30個入り",
            "水出しパック",
            "定期便（月2袋）",
            "ギフト缶",
        ),
        order_prefix="MC",
        calls_a_day=26,
        phrases={
            (Situation.NORMAL, DayPart.MORNING): (
                "おはようございます。お電話ありがとうございます。ミナト珈琲でございます。"
            ),
        },
    ),
    "hanakage": SetUp(
        desk="お花のご注文デスク",
        recording_notice="",
        closed_message=(
            "花影フラワーでございます。ただいまの時間は、お電話をお受けしておりません。"
            "営業時間は午前10時から午後7時まで、水曜は定休日でございます。"
            "お急ぎのお客様は、お名前とご用件を発信音のあとにお話しください。"
        ),
        week={
            **{day: _hours(10, 19) for day in (MON, TUE, THU, FRI, SAT, SUN)},
            HOLIDAY: _hours(10, 17),
        },
        contacts=_contacts(
            2, ("花岡 千影", "はなおか ちかげ"), ("森 誠", "もり まこと"), ("花影 本店", "はなかげ ほんてん")
        ),
        terms=Terms(letter=ServiceLevelLetter.A, target_percent=85, mail_within_minutes=12 * 60),
        reasons=USUAL,
        wares=(
            "開店祝いスタンド花",
            "季節の花束",
            "胡蝶蘭3本立ち",
            "アレンジメントM",
            "バラ24本",
            "お供えの花",
        ),
        order_prefix="HK",
        calls_a_day=21,
    ),
    "tsukimi-kimono": SetUp(
        desk="ご予約デスク",
        recording_notice=RECORDED,
        closed_message=(
            "月見着物レンタルでございます。ただいまは営業時間外、またはお昼の休み時間でございます。"
            "平日は午前9時半から正午、午後1時から午後5時半まで承ります。"
            "お名前とお電話番号、ご用件をお話しください。折り返しご連絡いたします。"
        ),
        week={
            **dict.fromkeys(WEEKDAYS, (Span(9 * 60 + 30, 12 * 60), Span(13 * 60, 17 * 60 + 30))),
            SAT: _hours(10, 15),
        },
        contacts=_contacts(3, ("月見 小夜子", "つきみ さよこ"), ("着付け室 西村", "きつけしつ にしむら")),
        terms=Terms(letter=ServiceLevelLetter.B, answer_within_seconds=30),
        reasons=BOOKING,
        wares=("振袖Aプラン", "訪問着セット", "袴（卒業式）", "七五三（3歳）", "浴衣プラン", "黒留袖"),
        order_prefix="TK",
        calls_a_day=17,
    ),
    "kodama-outdoor": SetUp(
        desk="お客様サポート",
        special_desk=SpecialDesk(
            "修理デスク",
            agents=(2, 6, 8, 11),
            menu="ご注文とお届けは1を、修理のご相談は2を、受付時間のご案内は3を押してください。",
            answer="お電話は、24時間、年中無休で承っております。修理工房の作業は、平日の午前10時から午後5時まででございます。",
        ),
        recording_notice=RECORDED,
        closed_message=(
            "こだまアウトドアでございます。年末年始は、お休みをいただいております。"
            "山での緊急のご連絡は、警察または消防へお願いいたします。"
            "伝言をお預かりいたします。発信音のあとにお話しください。"
        ),
        week=AROUND_THE_CLOCK,
        contacts=_contacts(4, ("児玉 岳", "こだま がく"), ("修理工房 原田", "しゅうりこうぼう はらだ")),
        terms=Terms(letter=ServiceLevelLetter.C, answer_within_seconds=30, target_percent=80),
        reasons=USUAL,
        wares=("2人用テント", "登山靴 26.5cm", "ダウン寝袋", "40Lザック", "レインジャケット", "ガスバーナー"),
        order_prefix="KD",
        calls_a_day=24,
    ),
    "shirokuma-kids": SetUp(
        desk="しろくまデスク",
        recording_notice="",
        closed_message=(
            "お電話ありがとうございます。しろくまキッズです。受付時間は、平日の午前9時から午後5時までです。"
            "メッセージを残していただければ、次の営業日にお電話いたします。"
        ),
        week=dict.fromkeys(WEEKDAYS, _hours(9, 17)),
        contacts=_contacts(5, ("白熊 美雪", "しらくま みゆき"), ("出荷担当 岸", "しゅっかたんとう きし")),
        terms=Terms(letter=ServiceLevelLetter.A, target_percent=75, short_abandon_seconds=10),
        reasons=USUAL,
        wares=(
            "ベビーカー",
            "抱っこひも",
            "積み木セット",
            "出産祝いギフト",
            "おむつポーチ",
            "子ども用レインコート",
        ),
        order_prefix="SK",
        calls_a_day=18,
        phrases={
            (Situation.NORMAL, DayPart.ANY): "お電話ありがとうございます。しろくまキッズです。",
            (Situation.AFTER_WAIT, DayPart.ANY): "お待たせいたしました。しろくまキッズです。",
        },
    ),
    "northwind-tea": SetUp(
        desk="Customer care",
        recording_notice="This call is recorded to help us look after you.",
        closed_message=(
            "Thank you for calling Northwind Tea. We are closed for the New Year. Please leave your name "
            "and number after the tone, and we will call you back."
        ),
        week=AROUND_THE_CLOCK,
        contacts=_contacts(6, ("Oliver North", ""), ("Hana Ishii", "いしい はな")),
        terms=Terms(letter=ServiceLevelLetter.A, second_letter=ServiceLevelLetter.D, target_percent=80),
        reasons=USUAL,
        wares=(
            "Darjeeling first flush",
            "Earl Grey 100 g",
            "Sencha sampler",
            "Tea advent calendar",
            "Glass teapot",
            "Monthly tea box",
        ),
        order_prefix="NW",
        calls_a_day=13,
        phrases={
            (Situation.NORMAL, DayPart.MORNING): (
                "Good morning, thank you for calling Northwind Tea. How may I help you?"
            ),
            (Situation.NORMAL, DayPart.EVENING): (
                "Good evening, thank you for calling Northwind Tea. How may I help you?"
            ),
        },
    ),
}


@cache
def calendar_for(slug: str, year: int) -> Calendar:
    """Opening times as they are set up, for dates of that year."""
    special = {day.on: day.spans for day in special_days("", year)}
    return Calendar(zone=ZONE, week=SET_UPS[slug].week, special=special)


def is_open_at(slug: str, at: datetime) -> bool:
    """Whether the shop was open then."""
    return any(start <= at < end for start, end in _open_on(slug, at.astimezone(ZONE).date()))


@cache
def _open_on(slug: str, day: date) -> tuple[tuple[datetime, datetime], ...]:
    midnight = datetime.combine(day, time(), ZONE)
    return tuple(open_intervals(calendar_for(slug, day.year), midnight, midnight + timedelta(days=1)))


def special_days(locale: str, year: int) -> Sequence[SpecialDate]:
    """The days around New Year, when every shop is closed."""
    label = "年末年始" if locale == "ja" else "New Year"
    days = [date(year, 12, day) for day in (30, 31)] + [date(year + 1, 1, day) for day in (1, 2, 3)]
    return [SpecialDate(on=day, label=label) for day in days]
