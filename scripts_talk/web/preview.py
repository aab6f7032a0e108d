"""The script as an agent walks through it, in a situation that the reader makes up. Nothing is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.errors import NotFound
from nanori.text import one_line
from nanori.web.access import allow
from nanori.words import Words, words_for
from scripts_talk import queries
from scripts_talk.addresses import script_asked, whose
from scripts_talk.campaigns import advertisement, campaigns_of
from scripts_talk.capturing import Read, Reading, read_value
from scripts_talk.conditions import Moment
from scripts_talk.policy import READERS
from scripts_talk.queries import TalkScript
from scripts_talk.shown import StepShown, shown_step
from scripts_talk.steps import Talk
from scripts_talk.upsell import Advertisement
from scripts_talk.values import END, ScriptState, Situation
from scripts_talk.walking import following, way_from
from scripts_talk.web.editor import choices
from tenants import queries as shops
from tenants.frame import show

AnyRequest = Request[Any, Any, State]
NEWEST_FIRST = (ScriptState.DRAFT, ScriptState.SUBMITTED, ScriptState.APPROVED, ScriptState.PUBLISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """Where the reader stands. ``at`` is local, as the browser's picker writes it."""

    at: str
    situations: frozenset[Situation]
    campaign: str
    trail: Sequence[str]
    step: StepShown | None  # None: the talk is over
    ahead: Sequence[str]  # titles
    read: Mapping[str, Read]  # by field key, of all steps


class ScriptPreview(Controller):
    path = "/shops/{tenant_id:uuid}/script/preview"

    @get("/", opt=allow(*READERS))
    async def play(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """One step at a time; everything that was chosen and typed travels in the address."""
        shop = await shops.shop(session, tenant_id)
        known = await queries.scripts_by_state(session, tenant_id, script_asked(request))
        script = next((known[state] for state in NEWEST_FIRST if state in known), None)
        if script is None or not script.steps:
            raise NotFound
        campaigns = await campaigns_of(session, tenant_id)
        now = context.now.astimezone(ZoneInfo(shop.zone))
        asked = request.query_params
        papers = [advertisement(one) for one in campaigns if one.code == asked.get("campaign")]
        played = _play(script, asked, papers, now, words_for(shop.locale))
        return await show(
            request,
            session,
            shop,
            "scripts_talk/preview.html",
            tab="script",
            may_write=True,
            script=script,
            whose=whose(script_asked(request)),
            script_id=script_asked(request),
            played=played,
            campaigns=[(one.code, one.name) for one in campaigns],
            **choices(),
        )


def _play(
    script: TalkScript, asked: Any, papers: Sequence[Advertisement], now: datetime, words: Words
) -> Played:
    """``go`` is ``on``, ``back`` or nothing; without a trail the talk begins."""
    talk = Talk(script.steps)
    at = _moment(asked.get("at", ""), now)
    situations = frozenset(Situation(one) for one in asked.getall("situation", []) if one in set(Situation))
    moment = Moment(at=at, situations=situations, campaigns=frozenset(one.code for one in papers))
    reading = Reading(order_pattern=script.order_pattern, today=at.date())
    read = {
        key: read_value(field, one_line(str(asked.get(f"value-{key}", ""))), reading)
        for key, field in talk.fields.items()
    }
    captured = {key: one.value for key, one in read.items()}
    trail = [key for key in str(asked.get("trail", "")).split(",") if key in talk.places or key == END]
    trail = _moved(talk, trail or [talk.key_at(0)], asked.get("go", ""), moment, captured)
    step = talk.step(trail[-1])
    ahead = way_from(talk, trail[-1], moment, captured)[1:]
    return Played(
        at=at.strftime("%Y-%m-%dT%H:%M"),
        situations=situations,
        campaign=str(asked.get("campaign", "")),
        trail=trail,
        step=shown_step(talk, trail[-1], moment, captured, papers, was_refused=False, words=words)
        if step
        else None,
        ahead=[found.title for key in ahead if (found := talk.step(key))],
        read=read,
    )


def _moved(talk: Talk, trail: list[str], go: str, moment: Moment, captured: Mapping[str, str]) -> list[str]:
    if go == "back" and len(trail) > 1:
        return trail[:-1]
    if go == "on" and trail[-1] != END:
        return [*trail, following(talk, trail[-1], moment, captured)]
    return trail


def _moment(text: str, now: datetime) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=now.tzinfo)
    except ValueError:
        return now
