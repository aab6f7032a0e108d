"""How one season is shown: its plan as a form, its gate beside it, its life below."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import State
from litestar.response import Template
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import queries
from desks.errors import SeasonNotFound
from desks.gates import Asked, Item, look
from desks.models import Desk
from desks.planning import lock_plan
from desks.season_models import GateProof, Season
from desks.season_queries import moves_of, proofs_of
from desks.start_gate import TESTED
from desks.values import DeskState
from desks.wording import DESK_STATES
from nanori.actors import Role
from nanori.errors import InvalidInput
from nanori.identity.models import Account
from nanori.text import phone_for_people
from nanori.web.page import context_of, render, words_of
from nanori_app.pages.season import forms
from nanori_app.pages.season.differences import Difference, differences
from nanori_app.pages.season.drafting import model_of, plan_of
from nanori_app.pages.season.forms import Typed
from nanori_app.pages.season.parts import BADGES, lines_to_choose
from nanori_app.pages.season.stored import OVER, stored_of
from nanori_app.pages.season.view import curve, gate_lines, move_lines
from tenants import promises
from tenants.models import LinePromise, Tenant
from tenants.queries import contacts_to_call, terms_on
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]
LONGEST_TEST = timedelta(minutes=2)
"""Then its result is not waited for any more; a process that starts later may still bring it."""
ENDING = (DeskState.OPEN, DeskState.PAUSED, DeskState.CLOSING, DeskState.CLOSED)
"""The close gate can be looked at from the first day on."""


@dataclass(frozen=True, slots=True)
class Held:
    """A seasonal desk with its plan and its shop."""

    shop: Tenant
    desk: Desk
    season: Season


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """A number or address of the desk, and what its last test call heard."""

    line: str
    until: str  # the last day on which it rests
    proof: GateProof | None
    is_stale: bool  # the plan was changed since
    is_under_way: bool = False  # it is being called now
    is_broken_off: bool = False  # its test call was asked for and never told anything

    @property
    def is_number(self) -> bool:
        return "@" not in self.line


async def held(session: AsyncSession, tenant_id: UUID, season_id: UUID, *, lock: bool = False) -> Held:
    """The season of an address.

    Raises:
        SeasonNotFound: not among the shops bound.
    """
    season = await session.get(Season, (tenant_id, season_id), populate_existing=True)
    if season is None:
        raise SeasonNotFound
    shop = await shop_by_id(session, tenant_id)
    if lock:
        return Held(shop, await lock_plan(session, tenant_id, season.desk_id), season)
    desk = await session.get_one(Desk, (tenant_id, season.desk_id), populate_existing=True)
    return Held(shop, desk, season)


async def start_gate(request: AnyRequest, session: AsyncSession, found: Held) -> list[Item]:
    return await look(session, _asked(request, found), request.app.state.start_gate)


async def close_gate(request: AnyRequest, session: AsyncSession, found: Held) -> list[Item]:
    return await look(session, _asked(request, found), request.app.state.close_gate)


async def season_page(
    request: AnyRequest,
    session: AsyncSession,
    found: Held,
    *,
    typed: Typed | None = None,
    problem: InvalidInput | None = None,
    status: int = 200,
) -> Template:
    """The page; a form that was refused comes back with what was typed."""
    words, context = words_of(request), context_of(request)
    shop, desk, season = found.shop, found.desk, found.season
    plan = await plan_of(session, desk, season)
    agents = await queries.possible_agents(session)
    lines = await lines_to_choose(session, shop.tenant_id, desk_id=desk.id)
    is_ending = desk.state in ENDING
    gate = gate_lines(await (close_gate if is_ending else start_gate)(request, session, found), words)
    shown = typed or forms.shown(plan, agents, lines=lines, words=words)
    terms = await terms_on(session, shop.tenant_id, season.opens_on)
    return render(
        request,
        "nanori_app/season/page.html",
        status=422 if typed or problem else status,
        shop=shop, desk=desk, season=season, typed=shown, form=shown.form,
        base=f"/seasons/{shop.tenant_id}/{season.id}",
        action=f"/seasons/{shop.tenant_id}/{season.id}",
        state=words.gettext(DESK_STATES[desk.state]), badge_kind=BADGES.get(desk.state, ""),
        gate=gate, red=sum(not line.done for line in gate), is_ending=is_ending,
        curve=None if is_ending else curve(plan, shop, terms, words),
        may_change=desk.state not in {DeskState.CLOSING, DeskState.CLOSED},
        may_overrule=context.may(Role.OPERATOR),
        problem=problem.fields and _sentence(problem, request) if problem else "",
        lines=await _lines(session, found, request),
        contact=next(iter(await contacts_to_call(session, shop.tenant_id)), None),
        sketch=False,
        stored=await stored_of(session, desk, season) if is_ending else None,
        is_over=desk.state in OVER,
        moves=await _moves(session, found, request),
        differences=await _differences(session, found, request),
    )  # fmt: skip


def _asked(request: AnyRequest, found: Held) -> Asked:
    return Asked(shop=found.shop, desk=found.desk, season=found.season, now=context_of(request).now)


def _sentence(problem: InvalidInput, request: AnyRequest) -> str:
    words = words_of(request)
    return " ".join(words.gettext(msgid).format(**problem.params) for msgid in problem.fields.values())


async def _lines(session: AsyncSession, found: Held, request: AnyRequest) -> list[LineShown]:
    words, zone = words_of(request), found.shop.zone
    rows: Sequence[LinePromise] = await promises.promises_to(session, found.shop.tenant_id, found.desk.id)
    proofs: Mapping[str, GateProof] = await proofs_of(session, found.desk, TESTED)
    shown, now = [], context_of(request).now
    for one in rows:
        proof, is_number = proofs.get(one.line), one.line.startswith("+")
        asked_at = _asked_at(found.season, proof) if is_number else None
        is_late = asked_at is not None and asked_at + LONGEST_TEST < now
        has_failed = asked_at is None and proof is not None and "failed" in proof.detail
        shown.append(
            LineShown(
                line=phone_for_people(one.line) if is_number else one.line,
                until=words.date(one.free_at, zone) if one.from_pool else "",
                proof=proof,
                is_stale=proof is not None and proof.at < found.season.changed_at,
                is_under_way=asked_at is not None and not is_late,
                is_broken_off=is_late or has_failed,
            )
        )
    return shown


def _asked_at(season: Season, proof: GateProof | None) -> datetime | None:
    """When a test call was asked for that has told nothing yet."""
    since = season.testing_since
    return since if since is None or proof is None or proof.at < since else None


async def _moves(session: AsyncSession, found: Held, request: AnyRequest) -> list[Any]:
    moves = await moves_of(session, found.desk)
    ids = {one.account_id for one in moves if one.account_id}
    rows = await session.execute(select(Account.id, Account.name).where(Account.id.in_(ids)))
    return move_lines(moves, {row.id: row.name for row in rows}, words_of(request), found.shop.zone)


async def _differences(session: AsyncSession, found: Held, request: AnyRequest) -> list[Difference]:
    """Against the desk that it was made like; nothing for a season from nothing."""
    model = await model_of(session, found.shop, found.season.copied_from, now=context_of(request).now)
    if model is None:
        return []
    return await differences(session, found.shop, model, found.desk, found.season, words=words_of(request))
