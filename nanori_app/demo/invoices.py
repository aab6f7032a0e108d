"""Who bills and who pays in the demo, and the first invoice: its files are the worker's to draw."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices.document import Issuer, Payer
from billing.invoices.due import END_OF_NEXT_MONTH
from billing.invoices.gathering import issue_draft, prepare
from billing.invoices.parties import set_issuer, set_payer
from billing.invoices.tax import Rounding
from nanori_app.demo.cast import OUTSOURCER
from reports.closing.commands import close_month
from tenants.models import Tenant

ISSUER = Issuer(
    name=OUTSOURCER, registration="T8000000000001", postal_code="100-0000",
    address="東京都千代田区架空町1-2-3 なのりビル4階", phone="03-0000-0000",
    bank_account="あかね銀行 本店営業部\n普通 0000000\nナノリコンタクト（カ", rounding=Rounding.FLOOR,
    name_en="Nanori Contact Ltd.", address_en="Nanori Building 4F, 1-2-3 Kakuu, Chiyoda-ku, Tokyo",
    bank_account_en="Akane Bank, Head Office\nOrdinary account 0000000\nNanori Contact Ltd.",
)  # fmt: skip
ADDRESSES = {
    "minato-coffee": ("231-0000", "神奈川県横浜市中区架空町5-6-7", "経理部"),
    "hanakage": ("604-0000", "京都府京都市中京区架空通8", ""),
    "tsukimi-kimono": ("604-0000", "京都府京都市中京区架空通21 月見ビル2階", "総務部"),
    "kodama-outdoor": ("390-0000", "長野県松本市架空3-4", ""),
    "northwind-tea": ("106-0000", "9-9 Kakuu, Minato-ku, Tokyo", "Accounts"),
}
"""One shop is missing: its row says in the month's run what to do about it."""


async def bill(session: AsyncSession, shops: Mapping[str, Tenant], *, first: date, now: datetime) -> None:
    """Name issuer and payers, and close and bill the coffee shop's month that begins on ``first``."""
    await set_issuer(session, ISSUER, valid_from=first, by=None, now=now)
    for slug, (postal_code, address, department) in ADDRESSES.items():
        shop = shops[slug]
        payer = Payer(
            name=shop.legal_name, department=department, postal_code=postal_code, address=address,
            registration="", locale=shop.locale,
        )  # fmt: skip
        await set_payer(session, payer, shops=[shop.tenant_id], due=END_OF_NEXT_MONTH)
    coffee = shops["minato-coffee"].tenant_id
    await close_month(session, coffee, first, now=now)
    draft = await prepare(session, coffee, first, now=now)
    await issue_draft(session, coffee, draft.id, by=None, now=now)
