"""What the log does when something happened below."""

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.models import Reason
from interactions.questions.forgetting import forget_people
from nanori.messages import handles
from tenants.events import ContactsChanged, ShopAdded

FIRST_REASONS = (
    ("order", "ご注文", "Order"),
    ("delivery", "配送状況", "Delivery"),
    ("change", "変更・キャンセル", "Change or cancel"),
    ("return", "返品・交換", "Return or exchange"),
    ("defect", "不良・破損", "Defect or damage"),
    ("product", "商品のお問い合わせ", "Question about a product"),
    ("payment", "お支払い・領収書", "Payment or receipt"),
    ("other", "その他", "Other"),
)
"""Code, Japanese and English: what shoppers of a web shop call about."""


@handles(ShopAdded)
async def give_reasons(session: AsyncSession, news: ShopAdded) -> None:
    """A new shop starts with the usual reasons; one that has its own list keeps it."""
    if await session.scalar(select(exists().where(Reason.tenant_id == news.tenant_id))):
        return
    session.add_all(
        Reason(
            tenant_id=news.tenant_id,
            id=uuid7(),
            code=code,
            label_ja=label_ja,
            label_en=label_en,
            position=position,
        )
        for position, (code, label_ja, label_en) in enumerate(FIRST_REASONS, start=1)
    )
    await session.flush()


@handles(ContactsChanged)
async def forget_contacts(session: AsyncSession, news: ContactsChanged) -> None:
    """Whoever is a contact no more is not kept in what is closed either."""
    await forget_people(session, news.tenant_id)
