"""One call's way through the script: what its agent was shown, kept with the call; what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.words import words_for
from scripts_talk.campaigns import advertisement, behind_a_call, campaigns_of
from scripts_talk.capturing import Read, Reading, read_value
from scripts_talk.conditions import Moment
from scripts_talk.models import Script, ScriptTalk, ScriptVersion
from scripts_talk.queries import TalkScript, for_desk, own_first, talk_script
from scripts_talk.shown import StepShown, shown_step
from scripts_talk.steps import Step, Talk
from scripts_talk.upsell import OUTCOMES, Advertisement, Outcome
from scripts_talk.values import END, ScriptState, Situation, StepKind
from scripts_talk.walking import following, held_back, way_from
from tenants.calendars import calendar_of
from tenants.hours import is_open
from tenants.models import Tenant
from tenants.phrases import situation_after
from tenants.values import Situation as Greeting

MOST_SHOWN = 500
"""Steps that one call keeps; a talk that goes on in circles keeps its first ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What the script may look at. ``number`` is the shop's, dialled by the shopper; empty when we call."""

    shop: Tenant
    interaction_id: UUID
    at: datetime
    waited: timedelta
    number: str = ""
    desk_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkNow:
    """The script of one call as it stands. ``trail`` is the way that was gone; the last of it is in sight."""

    script: TalkScript
    moment: Moment
    papers: Sequence[Advertisement]
    trail: Sequence[str]
    was_refused: bool
    kept: ScriptTalk | None = None

    @property
    def talk(self) -> Talk:
        return Talk(self.script.steps)

    @property
    def read_out(self) -> frozenset[str]:
        """Keys of the locked steps whose words were read out."""
        outcomes = self.kept.offers if self.kept else {}
        return frozenset(key for key, outcome in outcomes.items() if outcome == Outcome.READ_OUT.value)

    def held_back(self, to: str, captured: Mapping[str, str]) -> bool:
        """Are there words to be read out before the talk may come to this step?"""
        return bool(held_back(self.talk, self.way(captured), len(self.trail), self.read_out, to))

    def way(self, captured: Mapping[str, str]) -> list[str]:
        """The steps that were gone and those to come, each once."""
        gone = list(self.trail) or [self.talk.key_at(0)]
        ahead = way_from(self.talk, gone[-1], self.moment, captured)[1:]
        return gone + [key for key in ahead if key not in gone]

    def shown(self, key: str, captured: Mapping[str, str], locale: str) -> StepShown | None:
        return shown_step(
            self.talk, key, self.moment, captured, self.papers,
            was_refused=self.was_refused, words=words_for(locale),
        )  # fmt: skip

    def read(self, captured: Mapping[str, str]) -> dict[str, Read]:
        """Captured values in the shapes in which they are kept, by field key."""
        reading = Reading(order_pattern=self.script.order_pattern, today=self.moment.at.date())
        return {
            key: read_value(field, captured[key], reading)
            for key, field in self.talk.fields.items()
            if key in captured
        }


async def talk_of(session: AsyncSession, facts: CallFacts) -> TalkNow | None:
    """The version that this call began with, otherwise the one in force at its desk; None without any."""
    row = (await session.execute(_asked(facts))).first()
    if row is None:
        return None
    script, kept = talk_script(row[0], row[1]), row[2]
    day = facts.at.astimezone(ZoneInfo(facts.shop.zone))
    if kept is not None:
        moment = _moment_from(kept.moment)
        known = await campaigns_of(session, facts.shop.tenant_id) if _needs_campaigns(script.steps) else []
        papers = [advertisement(one) for one in known if one.code in moment.campaigns]
    else:
        papers = await _papers(session, facts, script.steps, day)
        moment = Moment(
            at=day,
            situations=await _situations(session, facts, script.steps),
            campaigns=frozenset(one.code for one in papers),
        )
    return TalkNow(
        script=script, moment=moment, papers=papers, kept=kept, trail=_trail(kept),
        was_refused=kept is not None and Outcome.REFUSED.value in kept.offers.values(),
    )  # fmt: skip


async def keep_shown(
    session: AsyncSession,
    now: TalkNow,
    facts: CallFacts,
    key: str,
    captured: Mapping[str, str],
    *,
    at: datetime,
) -> TalkNow:
    """Write down that the agent was shown this step, in these words."""
    kept = now.kept or _begun(session, now, facts, at)
    step = now.shown(key, captured, facts.shop.locale)
    last = kept.shown[-1] if kept.shown else {}
    line = {"step": key, "said": step.said if step else "", "at": at.isoformat()}
    if len(kept.shown) < MOST_SHOWN and (last.get("step"), last.get("said")) != (key, line["said"]):
        kept.shown = [*kept.shown, line]
    await session.flush()
    return replace(now, kept=kept, trail=_trail(kept))


async def keep_outcome(session: AsyncSession, now: TalkNow, key: str, outcome: Outcome) -> TalkNow:
    """What came of a step; a refusal closes every further solicitation of the call."""
    step = now.talk.step(key)
    if now.kept is None or step is None or outcome not in OUTCOMES[step.kind]:
        return now
    now.kept.offers = {**now.kept.offers, key: outcome.value}
    await session.flush()
    return replace(now, was_refused=Outcome.REFUSED.value in now.kept.offers.values())


def next_step(now: TalkNow, key: str, captured: Mapping[str, str]) -> str:
    """The step after this one; the last one stays in sight."""
    to = following(now.talk, key, now.moment, captured)
    return key if to == END else to


async def told_of(
    session: AsyncSession, tenant_id: UUID, interaction_id: UUID
) -> tuple[TalkScript, ScriptTalk] | None:
    """What an agent was shown in a call, with the version that it was."""
    asked = (
        select(ScriptVersion, Script, ScriptTalk)
        .join(Script, and_(Script.tenant_id == ScriptVersion.tenant_id, Script.id == ScriptVersion.script_id))
        .join(
            ScriptTalk,
            and_(ScriptTalk.tenant_id == ScriptVersion.tenant_id, ScriptTalk.version_id == ScriptVersion.id),
        )
        .where(ScriptTalk.tenant_id == tenant_id, ScriptTalk.interaction_id == interaction_id)
    )
    row = (await session.execute(asked)).one_or_none()
    return (talk_script(row[0], row[1]), row[2]) if row else None


def _asked(facts: CallFacts) -> Any:
    own = and_(
        ScriptTalk.tenant_id == ScriptVersion.tenant_id, ScriptTalk.interaction_id == facts.interaction_id
    )
    return (
        select(ScriptVersion, Script, ScriptTalk)
        .join(Script, and_(Script.tenant_id == ScriptVersion.tenant_id, Script.id == ScriptVersion.script_id))
        .outerjoin(ScriptTalk, own)
        .where(
            ScriptVersion.tenant_id == facts.shop.tenant_id,
            or_(
                ScriptTalk.version_id == ScriptVersion.id,
                and_(
                    ScriptTalk.id.is_(None),
                    ScriptVersion.state == ScriptState.PUBLISHED,
                    for_desk(facts.desk_id),
                ),
            ),
        )
        .order_by(*own_first())
        .limit(1)
    )


def _begun(session: AsyncSession, now: TalkNow, facts: CallFacts, at: datetime) -> ScriptTalk:
    moment = {
        "at": now.moment.at.isoformat(),
        "situations": sorted(one.value for one in now.moment.situations),
        "campaigns": sorted(now.moment.campaigns),
    }
    kept = ScriptTalk(
        tenant_id=facts.shop.tenant_id, id=uuid7(), interaction_id=facts.interaction_id,
        version_id=now.script.version_id, moment=moment, shown=[], offers={}, started_at=at,
    )  # fmt: skip
    session.add(kept)
    return kept


def _moment_from(stored: Mapping[str, Any]) -> Moment:
    return Moment(
        at=datetime.fromisoformat(stored["at"]),
        situations=frozenset(Situation(one) for one in stored["situations"]),
        campaigns=frozenset(stored["campaigns"]),
    )


def _trail(kept: ScriptTalk | None) -> list[str]:
    """The way without its detours: who goes back to a step is there again, and not further."""
    trail: list[str] = []
    for one in kept.shown if kept else []:
        if one["step"] in trail:
            del trail[trail.index(one["step"]) + 1 :]
        else:
            trail.append(one["step"])
    return trail


async def _papers(
    session: AsyncSession, facts: CallFacts, steps: Sequence[Step], day: datetime
) -> list[Advertisement]:
    """Nobody calls us because of an advertisement when it is we who call."""
    if not facts.number or not _needs_campaigns(steps):
        return []
    known = await campaigns_of(session, facts.shop.tenant_id)
    return behind_a_call(known, number=facts.number, day=day.date())


async def _situations(session: AsyncSession, facts: CallFacts, steps: Sequence[Step]) -> frozenset[Situation]:
    found = {Situation.AFTER_WAIT} if situation_after(facts.waited) is Greeting.AFTER_WAIT else set()
    asks = any(Situation.OUTSIDE_HOURS in one.when.situations for step in steps for one in _conditional(step))
    if asks and not is_open(await calendar_of(session, facts.shop), facts.at):
        found.add(Situation.OUTSIDE_HOURS)
    return frozenset(found)


def _needs_campaigns(steps: Sequence[Step]) -> bool:
    return any(
        step.kind is StepKind.OFFER or any(one.when.campaign for one in _conditional(step)) for step in steps
    )


def _conditional(step: Step) -> Sequence[Any]:
    return (*step.branches, *step.wordings)
