"""``/seasons``: every seasonal desk, and the one page on which a new one is planned."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import life, planning, queries
from desks.season_queries import SeasonPlace, season_of, seasons_page
from desks.values import DeskKind
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.page import context_of, go, installation_of, render, words_of
from nanori.words import N_
from nanori_app.pages.season import forms
from nanori_app.pages.season.drafting import Model, first_plan, model_of, worded
from nanori_app.pages.season.forms import Typed
from nanori_app.pages.season.parts import lines_to_choose, refused, season_lines, sketch
from nanori_app.pages.season.proposal import AS_MANY, NOTHING, Proposal, proposal_of, proposed
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]
WHO = (Role.SUPERVISOR, Role.OPERATOR)
CHECK = "check"
"""The button that reserves the numbers at once; the other one keeps a draft."""


class SeasonList(Controller):
    path = "/seasons"
    opt = allow(*WHO)

    @get()
    async def show_seasons(self, request: AnyRequest, session: NamedDependency[AsyncSession]) -> Template:
        shops = {one.tenant_id: one for one in await shops_bound(session)}
        page = await seasons_page(session, before=_place(request.query_params.get("before", "")))
        lines = season_lines(page.rows, shops, words_of(request))
        return render(
            request, "nanori_app/season/list.html", seasons=lines, earlier=_beyond(page.earlier),
            is_first="before" not in request.query_params,
        )  # fmt: skip

    @get("/new")
    async def choose_model(self, request: AnyRequest, session: NamedDependency[AsyncSession]) -> Template:
        """Which shop, and like which of its desks."""
        desks = await queries.desks_of(session)
        choices = [
            (shop, [(one, one.kind is DeskKind.SEASONAL) for one in desks if one.tenant_id == shop.tenant_id])
            for shop in await shops_bound(session)
        ]
        return render(request, "nanori_app/season/choose.html", choices=choices)


class NewSeason(Controller):
    path = "/shops/{tenant_id:uuid}/seasons"
    opt = allow(*WHO)

    @get("/new")
    async def show_form(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        like: FromQuery[UUID | None] = None,
    ) -> Template:
        shop = await shop_by_id(session, tenant_id)
        words = words_of(request)
        model = await model_of(session, shop, like, now=context.now)
        plan = await first_plan(session, shop, model, now=context.now, words=words)
        proposal = await proposal_of(session, shop, model, now=context.now)
        plan = proposed(plan, proposal)
        agents = await queries.possible_agents(session)
        lines = await lines_to_choose(session, tenant_id)
        typed = forms.shown(plan, agents, lines=lines, words=words)
        typed.plan = plan
        if proposal is None:
            typed.form.busy_calls.data = None
        return await _page(request, session, shop, typed, model, proposal)

    @post("/sketch")
    async def sketch_gate(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        """What is still missing of what stands on the form; nothing is kept."""
        shop = await shop_by_id(session, tenant_id)
        typed = await _posted(request, session, tenant_id)
        found = await sketch(session, shop, typed, words=words_of(request), now=context_of(request).now)
        return render(
            request,
            "nanori_app/season/_gate.html",
            gate=found.lines,
            curve=found.curve,
            sketch=True,
            is_ending=False,
        )

    @post("/new")
    async def create(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        like: FromQuery[UUID | None] = None,
    ) -> Template | Redirect:
        """Plan the desk, and reserve its numbers in the same transaction; refused, nothing of it is there."""
        shop = await shop_by_id(session, tenant_id)
        model = await model_of(session, shop, like, now=context.now)
        typed = await _posted(request, session, tenant_id)
        if typed.plan is None:
            return await self._again(request, session, shop, typed, model)
        try:
            async with session.begin_nested():
                season_id = await self._create(request, session, shop, typed, model)
        except InvalidInput as problem:
            await session.refresh(shop)
            refused(typed, problem)
            return await self._again(request, session, shop, typed, model)
        await audit.record(session, context, "season.planned", shop_id=tenant_id, subject_id=season_id)
        return go(request, f"/seasons/{tenant_id}/{season_id}", notice=N_("Saved."))

    async def _again(
        self, request: AnyRequest, session: AsyncSession, shop: Tenant, typed: Typed, model: Model | None
    ) -> Template:
        """The form as it was typed, with what is wrong."""
        proposal = await proposal_of(session, shop, model, now=context_of(request).now)
        uplift = str((await request.form()).get("uplift", AS_MANY))
        return await _page(request, session, shop, typed, model, proposal, uplift=uplift, status=422)

    async def _create(
        self, request: AnyRequest, session: AsyncSession, shop: Tenant, typed: Typed, model: Model | None
    ) -> UUID:
        context = context_of(request)
        if typed.plan is None:
            raise InvalidInput
        desk = await planning.plan_desk(
            session,
            shop,
            worded(typed.plan, shop),
            actor=context.actor,
            now=context.now,
            quarantine_days=installation_of(request).settings.number_quarantine_days,
            like=model.desk if model else None,
        )
        season = await season_of(session, shop.tenant_id, desk.id)
        if CHECK in (await request.form()).getall("then", []):
            await life.reserve(session, shop, desk, season, actor=context.actor, now=context.now)
        return season.id


def _beyond(place: SeasonPlace | None) -> str:
    if place is None:
        return ""
    return f"/seasons?{urlencode({'before': f'{place.opens_at.isoformat()}~{place.id}'})}"


def _place(text: str) -> SeasonPlace | None:
    """What an address says; anything else is the beginning."""
    at, _, key = text.partition("~")
    try:
        place = SeasonPlace(datetime.fromisoformat(at), UUID(key))
    except ValueError:
        return None
    return place if place.opens_at.tzinfo else None


async def _posted(request: AnyRequest, session: AsyncSession, tenant_id: UUID) -> Typed:
    lines = await lines_to_choose(session, tenant_id)
    agents = await queries.possible_agents(session)
    return forms.posted(await request.form(), agents, lines=lines, words=words_of(request))


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    typed: Typed,
    model: Model | None,
    proposal: Proposal | None,
    *,
    uplift: str = AS_MANY,
    status: int = 200,
) -> Template:
    words = words_of(request)
    found = await sketch(session, shop, typed, words=words, now=context_of(request).now)
    like = f"?like={model.desk.id}" if model else ""
    return render(
        request,
        "nanori_app/season/new.html",
        status=status,
        shop=shop,
        typed=typed,
        form=typed.form,
        model=model,
        proposal=proposal,
        proposal_said=proposal.said(words) if proposal else words.gettext(NOTHING),
        uplift=uplift,
        may_change=True,
        action=f"/shops/{shop.tenant_id}/seasons/new{like}",
        sketch_url=f"/shops/{shop.tenant_id}/seasons/sketch",
        gate=found.lines,
        curve=found.curve,
        spare=found.spare,
        sketch=True,
        is_ending=False,
    )
