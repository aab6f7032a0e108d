"""The people and shops of the demo, the tests and the documents. All of them are invented."""

from dataclasses import dataclass

PASSWORD = "nanori-demo-2026"  # noqa: S105 - printed at the start of each demo
OUTSOURCER = "ナノリ・コンタクト株式会社"


@dataclass(frozen=True, slots=True)
class ShopPart:
    """One client shop as it appears on stage."""

    slug: str
    brand_name: str
    brand_reading: str
    legal_name: str
    trade: str
    colour: str
    locale: str
    number: str  # E.164

    @property
    def mail_address(self) -> str:
        return f"support@{self.slug}.example"

    @property
    def owner(self) -> str:
        """The merchant's login."""
        return f"owner@{self.slug}.example"


SHOPS = (
    ShopPart(
        "minato-coffee", "ミナト珈琲", "みなとこーひー", "株式会社ミナト珈琲", "コーヒー豆の通信販売",
        "#7a3e1d", "ja", "+815031960001",
    ),
    ShopPart(
        "hanakage", "花影フラワー", "はなかげふらわー", "有限会社花影", "生花とギフト",
        "#b3266b", "ja", "+815031960002",
    ),
    ShopPart(
        "tsukimi-kimono", "月見着物レンタル", "つきみきものれんたる", "株式会社月見", "着物のレンタル",
        "#4b3a8f", "ja", "+815031960003",
    ),
    ShopPart(
        "kodama-outdoor", "こだまアウトドア", "こだまあうとどあ", "こだま山荘株式会社", "登山用品",
        "#1f6b45", "ja", "+815031960004",
    ),
    ShopPart(
        "shirokuma-kids", "しろくまキッズ", "しろくまきっず", "合同会社しろくま", "子ども用品",
        "#0f6ea8", "ja", "+815031960005",
    ),
    ShopPart(
        "northwind-tea", "Northwind Tea", "のーすうぃんどてぃー", "Northwind Tea K.K.", "Tea by mail",
        "#a35a00", "en", "+815031960006",
    ),
)  # fmt: skip

OPERATOR = ("ops@nanori.example", "岡田 運用")
SUPERVISORS = (("sato@nanori.example", "佐藤 美咲"), ("tanaka@nanori.example", "田中 健一"))
AGENT_NAMES = (
    "青木 はるか", "石川 大輔", "上田 菜々", "遠藤 拓海", "大野 結衣", "加藤 翔",
    "木村 彩", "久保 直樹", "小林 さくら", "斎藤 亮", "Emily Carter", "清水 香織",
)  # fmt: skip
AGENTS = tuple((f"agent{number:02}@nanori.example", name) for number, name in enumerate(AGENT_NAMES, start=1))

_INITIALS = {shop.slug[0]: shop.slug for shop in SHOPS}
_SKILLS = ("mhtksn", "mkh", "hts", "kmn", "nmt", "ks", "hsm", "nkt", "ths", "mkhn", "nmk", "sthm")
SKILLS = {
    number: tuple(_INITIALS[letter] for letter in letters) for number, letters in enumerate(_SKILLS, start=1)
}
"""The shops that each agent (numbered from 1) answers for, in the order of preference."""
MAIN_SHOPS = 3
"""For so many of them an agent is asked first, for the others when nobody else is free."""
SKILLS_OF = {
    shop.slug: {
        number: slugs.index(shop.slug) // MAIN_SHOPS for number, slugs in SKILLS.items() if shop.slug in slugs
    }
    for shop in SHOPS
}
"""The agents of each shop, with 0 for those who are asked first."""

LOGINS = [
    ("オペレーター / Agent", AGENTS[0][0], PASSWORD),
    ("スーパーバイザー / Supervisor", SUPERVISORS[0][0], PASSWORD),
    ("運用担当 / Operator", OPERATOR[0], PASSWORD),
    ("委託元 / Merchant", SHOPS[0].owner, PASSWORD),
]
"""Label, login and password, shown on the demo's login page."""
