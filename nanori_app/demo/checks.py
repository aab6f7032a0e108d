"""A supervisor has checked some calls of each month."""

import random
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.checks import DRAWN, Check, check, drawn
from interactions.values import Fault
from nanori.actors import Actor, ActorKind
from nanori.identity.models import Account
from nanori_app.demo.cast import SUPERVISORS
from tenants.models import Tenant

WEEKS: Final = 8
RATES: Final = {Fault.NAME: 0.06, Fault.CUSTOMER: 0.08, Fault.BUSINESS: 0.03, Fault.COMPLIANCE: 0.03}
NOTES: Final = {
    Fault.NAME: "第一声で社名が聞き取りにくいです。画面の文言どおり、語尾まではっきりとお願いします。",
    Fault.CUSTOMER: "お届け日のご案内が記事と違っていました。回答の前に、記事の日付を確かめてください。",
    Fault.BUSINESS: "返送先の復唱が抜けていました。手配の前に復唱をお願いします。",
    Fault.COMPLIANCE: "ご注文内容をお伝えする前に、本人確認を2項目とも済ませてください。",
}


async def check_calls(session: AsyncSession, shop: Tenant, *, now: datetime) -> None:
    """Each week the calls that the lot drew, on its last evening."""
    login = SUPERVISORS[0][0]
    who = await session.scalar(select(Account.id).where(Account.login == login))
    actor = Actor(kind=ActorKind.SUPERVISOR, account_id=who)
    dice = random.Random(20_261_123)  # noqa: S311 - repeatable on purpose
    for week in range(WEEKS, 0, -1):
        start = now - timedelta(weeks=week)
        end = start + timedelta(days=6)
        calls = await drawn(session, shop.tenant_id, start, end, seed=f"{week}")
        for one in calls[:DRAWN]:
            faults = frozenset(fault for fault, rate in RATES.items() if dice.random() < rate)
            note = next((NOTES[fault] for fault in Fault if fault in faults), "")
            await check(session, one.tenant_id, one.id, Check(faults=faults, note=note), actor=actor, now=end)
