"""What an agent can do: skills, languages, and how much at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from desks.people_models import AgentProfile
from nanori import live
from nanori.errors import InvalidInput
from nanori.words import N_

LANGUAGES: Mapping[str, str] = {
    "ja": N_("Japanese"), "en": N_("English"), "zh": N_("Chinese"), "ko": N_("Korean"),
    "vi": N_("Vietnamese"), "pt": N_("Portuguese"),
}  # fmt: skip
SKILL_LEVELS: Mapping[int, str] = {1: N_("learning"), 2: N_("alone"), 3: N_("teaches others")}
MOST_SKILLS, LONGEST_SKILL, MOST_MAILS = 6, 40, 50


@dataclass(frozen=True, slots=True)
class Skill:
    name: str
    level: int  # of SKILL_LEVELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    languages: Sequence[str] = ()
    skills: Sequence[Skill] = ()
    mails_at_once: int | None = None
    calls_interrupt: bool = True


async def profile_of(session: AsyncSession, agent_id: UUID) -> Profile:
    found = await session.get(AgentProfile, agent_id)
    return _read(found) if found else Profile()


async def profiles(session: AsyncSession) -> dict[UUID, Profile]:
    """Of everybody who has one."""
    return {row.agent_id: _read(row) for row in await session.scalars(select(AgentProfile))}


async def set_profile(session: AsyncSession, agent_id: UUID, profile: Profile) -> None:
    """From the next mail and the next call on.

    Raises:
        InvalidInput: an unknown language or level, a skill named twice, or a number that is none.
    """
    check(profile)
    values = {
        "languages": list(profile.languages),
        "skills": [{"name": one.name, "level": one.level} for one in profile.skills],
        "mails_at_once": profile.mails_at_once,
        "calls_interrupt": profile.calls_interrupt,
    }
    await session.execute(
        insert(AgentProfile)
        .values(agent_id=agent_id, **values)
        .on_conflict_do_update(index_elements=[AgentProfile.agent_id], set_=values)
    )
    await live.announce(session, live.WORK, "route")


def check(profile: Profile) -> None:
    """Nothing, when it can be kept.

    Raises:
        InvalidInput: with a sentence at each field.
    """
    wrong = {}
    if not set(profile.languages) <= set(LANGUAGES):
        wrong["languages"] = N_("Please choose from the list.")
    names = [one.name.casefold() for one in profile.skills]
    if len(set(names)) < len(names):
        wrong["skills"] = N_("A skill is named twice.")
    elif any(not one.name or one.level not in SKILL_LEVELS for one in profile.skills):
        wrong["skills"] = N_("Please name each skill and choose its level.")
    if profile.mails_at_once is not None and not 1 <= profile.mails_at_once <= MOST_MAILS:
        wrong["mails_at_once"] = N_("Please give a number from 1 to 50, or nothing for no limit.")
    if wrong:
        raise InvalidInput(wrong)


def _read(row: AgentProfile) -> Profile:
    return Profile(
        languages=tuple(row.languages),
        skills=tuple(Skill(one["name"], one["level"]) for one in row.skills),
        mails_at_once=row.mails_at_once,
        calls_interrupt=row.calls_interrupt,
    )
