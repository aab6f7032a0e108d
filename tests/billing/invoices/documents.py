"""Invoices for tests, invented."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from billing.charges import ChargeKind, TaxRate
from billing.invoices.document import Document, Issuer, Kind, Line, Payer, Reference
from billing.invoices.tax import Rounding

OCTOBER = date(2026, 10, 1)
COFFEE, FLOWERS = UUID(int=1), UUID(int=2)
DESK = "長い名前の季節限定ギフト相談窓口"
ISSUER = Issuer(
    name="株式会社なのりセンター", registration="T8000000000001", postal_code="100-0000",
    address="東京都千代田区架空町1-2-3 なのりビル4階", phone="03-0000-0000",
    bank_account="あかね銀行 本店営業部\n普通 0000000\nカ）ナノリセンター", rounding=Rounding.FLOOR,
)  # fmt: skip
PAYER = Payer(
    name="株式会社ミナト珈琲", department="経理部", postal_code="231-0000",
    address="神奈川県横浜市中区架空町5-6-7", registration="", locale="ja",
)  # fmt: skip


def a_line(amount: int = 10_000, **changed: object) -> Line:
    line = Line(
        shop_id=COFFEE, shop="ミナト珈琲", desk="", kind=ChargeKind.BASE, label="基本料金", first=OCTOBER,
        end=date(2026, 11, 1), quantity=Decimal(1), unit="か月", unit_price=Decimal(amount), amount=amount,
        rate=TaxRate.STANDARD,
    )  # fmt: skip
    return replace(line, **changed)  # type: ignore[arg-type]  # fields of a line


def a_document(lines: Sequence[Line] | None = None, **changed: object) -> Document:
    """An issued invoice of October."""
    document = Document(
        kind=Kind.INVOICE, month=OCTOBER, number="2026-000042", issued_on=date(2026, 11, 2),
        due_on=date(2027, 1, 4), issuer=ISSUER, payer=PAYER,
        lines=tuple([a_line()] if lines is None else lines), with_tax=False,
    )  # fmt: skip
    return replace(document, **changed)  # type: ignore[arg-type]  # fields of a document


def a_full_document() -> Document:
    """Two shops, every rate, a credit."""
    return a_document(
        [
            a_line(30_000),
            a_line(
                41_600, kind=ChargeKind.USAGE, label="電話応対（41件目から）", desk="年末ギフト窓口",
                quantity=Decimal(208), unit="件", unit_price=Decimal(200),
            ),
            a_line(
                -3_000, kind=ChargeKind.CREDIT, label="応答率のお返し（9月分）", quantity=Decimal(1), unit="",
                unit_price=Decimal(-3_000), first=date(2026, 9, 1), end=OCTOBER,
            ),
            a_line(1_080, label="試飲用の珈琲豆", rate=TaxRate.REDUCED, kind=ChargeKind.OTHER),
            a_line(12_345, shop_id=FLOWERS, shop="花影フラワー", unit_price=Decimal("12345.4")),
            a_line(
                -500, shop_id=FLOWERS, shop="花影フラワー", label="破損の弁償", rate=TaxRate.OUTSIDE,
                kind=ChargeKind.CREDIT, quantity=Decimal(1), unit_price=Decimal(-500),
            ),
        ]
    )  # fmt: skip


def a_long_document(lines: int = 60) -> Document:
    """Many lines over pages, long names."""
    name = "架空県立地域特産品振興協同組合連合会オンラインショップ事業部株式会社"
    return a_document(
        [
            a_line(1_000 + number, label=f"電話応対 {number:03}", desk=DESK * (number % 7 == 0))
            for number in range(lines)
        ],
        payer=replace(PAYER, name=name),
    )  # fmt: skip


REFERENCE = Reference("2026-000041", date(2026, 11, 1))
