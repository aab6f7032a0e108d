"""``/my-shops``: an agent's shops, what is left to do before each, and what is said there."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from desks import profiles
from desks.onboarding_facts import confirm_reading, facts_of
from desks.values import Reading
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import NotFound
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from nanori_app.pages.agents.view import TO_DO, languages_in, shop_cards, skills_in
from scripts_talk.queries import published_script
from tenants import queries as shops
from tenants.phrase_rows import DAY_PARTS, SITUATIONS

AnyRequest = Request[Any, Any, State]


class MyShops(Controller):
    path = "/my-shops"
    opt = allow(Role.AGENT)

    @get("/")
    async def show_mine(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        words, me = words_of(request), context.account_id
        facts = await facts_of(session, now=context.now, agent_id=me)
        profile = await profiles.profile_of(session, me)
        return render(
            request,
            "nanori_app/agents/mine.html",
            mine=True,
            cards=shop_cards(facts, await shops.shops(session), me, TO_DO),
            profile=profile,
            languages=languages_in(words, profile),
            skills=skills_in(words, profile),
        )

    @get("/{tenant_id:uuid}")
    async def show_words(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        """The shop's phrases and its talk script, to read before the first call."""
        shop = await shops.shop(session, tenant_id)
        order = list(SITUATIONS)
        phrases = sorted(
            await shops.phrases_of(session, tenant_id), key=lambda one: order.index(one.situation)
        )
        facts = await facts_of(session, now=context.now, agent_id=context.account_id)
        cards = shop_cards(facts, [shop], context.account_id, TO_DO)
        return render(
            request,
            "nanori_app/agents/words.html",
            shop=shop,
            done={step.key for card in cards for step in card.steps if step.done},
            phrases=[(SITUATIONS[one.situation][0], DAY_PARTS[one.day_part], one.text) for one in phrases],
            script=await published_script(session, tenant_id),
        )

    @post("/{tenant_id:uuid}/reading")
    async def confirm(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """The agent has read it as it stands now."""
        await shops.shop(session, tenant_id)
        what = str((await request.form()).get("what", ""))
        if what not in set(Reading):
            raise NotFound
        await confirm_reading(session, tenant_id, context.account_id, Reading(what), now=context.now)
        await audit.record(session, context, "shop.read", shop_id=tenant_id, detail={"what": what})
        return go(request, f"/my-shops/{tenant_id}", notice=N_("Saved."))
