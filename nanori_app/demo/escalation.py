"""One shop's escalation: whom to ask and when, who is on call, what may be decided, a question that waits."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.questions.commands import Asked, answer, ask, close_question
from interactions.questions.values import Verdict
from nanori.actors import SYSTEM, Actor, ActorKind
from nanori_app.demo.shops import SET_UPS
from tenants.contacts import set_contacts
from tenants.escalation.commands import LimitFacts, Period, StepFacts, add_period, set_limits, set_policy
from tenants.escalation.values import Days, Medium
from tenants.models import Tenant
from tenants.queries import contacts_of

SHOP = "minato-coffee"
NINE, SIX = 9 * 60, 18 * 60
LIMITS = (
    LimitFacts(subject="送料の返金", amount_yen=1000),
    LimitFacts(subject="破損品の代替品送付", amount_yen=5000, note="写真を確認できた場合"),
)
DECIDED = (("返金", 1800), ("返金", 2400), ("返金", 2980))
WAITING = Asked(
    subject="返品", amount_yen=6480,
    text="開封済みの豆3袋について返品のご希望です。味が違うとのことで、着払いで受け付けてよいでしょうか。",
)  # fmt: skip


async def arrange_escalation(session: AsyncSession, shop: Tenant, *, now: datetime) -> None:
    """A text first, so that no telephone rings by itself; then telephone, mail, the shop's page."""
    tenant_id = shop.tenant_id
    people = SET_UPS[SHOP].contacts
    mails = (f"kentaro@{SHOP}.example", f"yuki@{SHOP}.example")
    with_mail = [replace(person, mail=mail) for person, mail in zip(people, mails, strict=True)]
    await set_contacts(session, tenant_id, with_mail, now=now)
    owner, deputy = [one.id for one in await contacts_of(session, tenant_id)]
    phone = StepFacts(
        medium=Medium.PHONE, contacts=(owner, deputy), days=Days.WORKING, opens=NINE, closes=SIX, times=2
    )
    steps = [
        StepFacts(medium=Medium.SMS, contacts=(owner,), wait_minutes=120),
        phone,
        StepFacts(medium=Medium.MAIL, on_call=True, wait_minutes=30),
        StepFacts(medium=Medium.PORTAL, wait_minutes=120),
    ]
    await set_policy(session, tenant_id, None, steps, now=now)
    await set_limits(session, tenant_id, None, LIMITS)
    week = timedelta(days=7)
    for number, contact in enumerate((owner, deputy)):
        starts = now.replace(minute=0, second=0, microsecond=0) + number * week
        await add_period(session, tenant_id, Period(contact_id=contact, starts=starts, ends=starts + week))
    await _ask(session, tenant_id, now=now)


async def _ask(session: AsyncSession, tenant_id: UUID, *, now: datetime) -> None:
    """Three refunds that the shop has approved, and a question that waits, about calls before."""
    latest = await session.scalars(
        select(Interaction)
        .where(Interaction.tenant_id == tenant_id, Interaction.ended_at < now - timedelta(hours=10))
        .order_by(Interaction.arrived_at.desc(), Interaction.id.desc())
        .limit(len(DECIDED) + 1)
    )
    shop_says = Actor(kind=ActorKind.CONTACT)
    asks = [Asked(subject=said, text="ご返金してよいでしょうか。", amount_yen=yen) for said, yen in DECIDED]
    asks.append(WAITING)
    for number, (interaction, asked) in enumerate(zip(latest.all(), asks, strict=False)):
        at = now - timedelta(hours=9 - 2 * number)
        question = await ask(session, interaction, asked, actor=SYSTEM, now=at)
        if asked is not WAITING:
            key = (session, tenant_id, question.id)
            await answer(*key, Verdict.APPROVED, "", actor=shop_says, now=at + timedelta(minutes=50))
            await close_question(*key, actor=SYSTEM, now=at + timedelta(minutes=65))
