"""``/agents``: who is ready for which shop, and what each agent can do."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import profiles
from desks.onboarding_facts import facts_of
from desks.profiles import SKILL_LEVELS
from desks.queries import possible_agents
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from nanori_app.pages.agents.forms import ProfileForm, SkillRow, posted_skills, skill_rows
from nanori_app.pages.agents.view import TO_HELP, agent_rows, columns, shop_cards
from nanori_app.pages.floor.agent import agent_by_id
from reports.brand_load import loads_of_late
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]
PAGE_SIZE = 50


class AgentPages(Controller):
    path = "/agents"
    opt = allow(Role.SUPERVISOR, Role.OPERATOR)

    @get("/")
    async def show_agents(
        self,
        request: AnyRequest,
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template:
        """Agents by name against shops; ``?after=`` an agent's id goes on from there."""
        words = words_of(request)
        known = await shops.shops(session)
        agents = list(await possible_agents(session))
        places = {str(one.id): place for place, one in enumerate(agents, start=1)}
        first = places.get(request.query_params.get("after", ""), 0)
        page, rest = agents[first : first + PAGE_SIZE], agents[first + PAGE_SIZE :]
        facts = await facts_of(session, now=context.now)
        return render(
            request,
            "nanori_app/agents/list.html",
            columns=columns(facts, known),
            rows=agent_rows(
                page,
                facts,
                known,
                await profiles.profiles(session),
                await loads_of_late(session, now=context.now),
                words,
                limit=installation.settings.shops_per_hour_limit,
            ),
            more=f"/agents?after={page[-1].id}" if rest else "",
        )

    @get("/{agent_id:uuid}")
    async def show_agent(
        self, request: AnyRequest, agent_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        profile = await profiles.profile_of(session, agent_id)
        form = ProfileForm.of(profile, words_of(request))
        return await _page(request, session, agent_id, form, skill_rows(profile))

    @post("/{agent_id:uuid}")
    async def set_profile(
        self,
        request: AnyRequest,
        agent_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        await agent_by_id(session, agent_id)
        posted = await request.form()
        form, rows = ProfileForm(posted, words=words_of(request)), posted_skills(posted)
        if not form.validate():
            return await _page(request, session, agent_id, form, rows, status=422)
        try:
            await profiles.set_profile(session, agent_id, form.profile(rows))
        except InvalidInput as refusal:
            form.skills_wrong = [refusal.fields["skills"]] if "skills" in refusal.fields else []
            form.refuse(refusal)
            return await _page(request, session, agent_id, form, rows, status=422)
        await audit.record(session, context, "agent.profile_changed", subject_id=agent_id)
        return go(request, f"/agents/{agent_id}", notice=N_("Saved."))


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    agent_id: UUID,
    form: ProfileForm,
    rows: list[SkillRow],
    *,
    status: int = 200,
) -> Template:
    agent, words = await agent_by_id(session, agent_id), words_of(request)
    facts = await facts_of(session, now=context_of(request).now, agent_id=agent_id)
    return render(
        request,
        "nanori_app/agents/agent.html",
        status=status,
        agent=agent,
        form=form,
        rows=rows,
        levels=[(level, words.gettext(said)) for level, said in SKILL_LEVELS.items()],
        mine=False,
        cards=shop_cards(facts, await shops.shops(session), agent_id, TO_HELP),
    )
