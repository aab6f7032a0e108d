"""What the demo's agents can do, and what of their shops they have read."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from desks.onboarding_facts import confirm_reading, facts_of
from desks.profiles import Profile, Skill, set_profile
from desks.values import Reading

PROFILES = {
    1: Profile(languages=("ja",), skills=(Skill("返品・交換", 2), Skill("定期便", 3)), mails_at_once=3),
    2: Profile(languages=("ja", "en"), skills=(Skill("クレーム対応", 3),), mails_at_once=5),
    3: Profile(languages=("ja", "zh"), skills=(Skill("ギフト", 1),), mails_at_once=2, calls_interrupt=False),
}
"""By the agent's number in the cast; the others have the defaults."""
BEHIND = (1, 7)
"""Who has yet to read what is said in the shops' names."""


async def introduce_agents(session: AsyncSession, agents: Mapping[int, UUID], *, now: datetime) -> None:
    for number, profile in PROFILES.items():
        await set_profile(session, agents[number], profile)
    behind = {agents[number] for number in BEHIND}
    for tenant_id, agent_id in await facts_of(session, now=now):
        if agent_id not in behind:
            for what in Reading:
                await confirm_reading(session, tenant_id, agent_id, what, now=now)
