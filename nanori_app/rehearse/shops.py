"""What a shop of the rehearsal is: the set-up as values, of the cast's shops and of invented ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nanori_app.demo.cast import SHOPS, ShopPart
from scripts_talk.steps import CapturedField, Step
from scripts_talk.values import FieldKind
from tenants.commands import Profile, SpecialDate, Terms
from tenants.contacts import ContactPerson
from tenants.hours import Span
from tenants.phrases import first_phrases
from tenants.values import HOLIDAY, DayPart, ServiceLevelLetter, Situation

OFFICE = (Span(9 * 60, 18 * 60),)
WITH_A_BREAK = (Span(9 * 60 + 30, 12 * 60), Span(13 * 60, 17 * 60 + 30))
SATURDAY, SUNDAY = 5, 6
FAMILIES = (
    dict.fromkeys(range(SATURDAY), OFFICE) | {SATURDAY: (Span(10 * 60, 17 * 60),)},
    dict.fromkeys(range(SATURDAY), WITH_A_BREAK),
    {day: (Span(10 * 60, 20 * 60),) for day in (*range(SUNDAY + 1), HOLIDAY)},
)
"""Opening times that differ from shop to shop: a short Saturday, a midday break, never closed."""

REASONS = (
    ("order", "注文", "Order"),
    ("delivery", "配送状況", "Where is my parcel"),
    ("change", "変更・取消", "Change or cancel"),
    ("return", "返品・交換", "Return or exchange"),
    ("other", "その他", "Something else"),
)
STEPS = (
    Step(title="名のり", say="ご用件を承ります。"),
    Step(
        title="確認",
        say="恐れ入りますが、ご注文番号を伺えますでしょうか。",
        fields=(CapturedField(key="order", label="ご注文番号", kind=FieldKind.ORDER_NUMBER),),
    ),
    Step(title="締め", say="お電話ありがとうございました。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskTimes:
    ring_seconds: int = 15
    wrapup_seconds: int = 120
    max_wait_seconds: int = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSetup:
    """Everything that the operator of a shop has set up."""

    slug: str
    profile: Profile
    zone: str = "Asia/Tokyo"
    recording_notice: str = ""
    closed_message: str = ""
    phrases: Sequence[tuple[Situation, DayPart, str]] = ()
    week: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    days: Sequence[SpecialDate] = ()
    numbers: Sequence[str] = ()
    addresses: Sequence[str] = ()
    contacts: Sequence[ContactPerson] = ()
    terms: Terms = field(default_factory=Terms)
    steps: Sequence[Step] = ()
    reasons: Sequence[tuple[str, str, str]] = REASONS
    desk_name: str = "受付"
    desk: DeskTimes = field(default_factory=DeskTimes)


def invented_shops(count: int) -> list[ShopSetup]:
    """The cast's shops first, then as many more as are wanted."""
    parts = [*SHOPS, *(_another(number) for number in range(len(SHOPS) + 1, count + 1))]
    return [_setup(part, number) for number, part in enumerate(parts[:count])]


def _another(number: int) -> ShopPart:
    return ShopPart(
        slug=f"shop-{number:03}",
        brand_name=f"試演商店{number}",
        brand_reading=f"しえんしょうてん{number}",
        legal_name=f"株式会社試演商店{number}",
        trade="雑貨の通信販売",
        colour=f"#{(number * 0x35A1) % 0x808080:06x}",
        locale="ja",
        number=f"+8150319{60000 + number}",
    )


def _setup(part: ShopPart, number: int) -> ShopSetup:
    japanese = part.locale == "ja"
    return ShopSetup(
        slug=part.slug,
        profile=Profile(
            legal_name=part.legal_name,
            brand_name=part.brand_name,
            brand_reading=part.brand_reading,
            colour=part.colour,
            locale=part.locale,
            trade=part.trade,
        ),
        recording_notice=("この通話は録音しております。" if japanese else "This call is recorded.")
        if number % 2
        else "",
        closed_message=_closed(part),
        phrases=[
            (situation, DayPart.ANY, text)
            for situation, text in first_phrases(part.brand_name, part.locale).items()
        ],
        week=FAMILIES[number % len(FAMILIES)],
        numbers=[part.number],
        addresses=[part.mail_address],
        contacts=[
            ContactPerson(name=name, phone=f"+819033{number:03}{one:03}", ring_seconds=20)
            for one, name in enumerate(("店長", "副店長"), start=1)
        ],
        terms=Terms(
            letter=list(ServiceLevelLetter)[number % len(ServiceLevelLetter)],
            second_letter=ServiceLevelLetter.F if number % 2 == 0 else None,
            mail_within_minutes=8 * 60,
        ),
        steps=STEPS,
    )


def _closed(part: ShopPart) -> str:
    if part.locale == "en":
        return f"Thank you for calling {part.brand_name}. We are closed at the moment."
    return f"お電話ありがとうございます。{part.brand_name}でございます。ただいま営業時間外です。"
