"""``/knowledge/<shop>/rules``: who approves a shop's articles, and whether shoppers may read some of them."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from scripts_talk.knowledge import commands, queries
from scripts_talk.web.article_forms import RulesForm
from scripts_talk.web.articles import LEADERS
from tenants import queries as shops

AnyRequest = Request[Any, Any, State]


class KnowledgeRulesPage(Controller):
    path = "/knowledge/{tenant_id:uuid}/rules"
    opt = allow(*LEADERS)

    @get()
    async def show_rules(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        shop = await shops.shop(session, tenant_id)
        rules = await queries.rules_of(session, tenant_id)
        form = RulesForm(
            words=words_of(request), approves=rules.approves, has_public_page=rules.has_public_page,
            may_be_indexed=rules.may_be_indexed,
        )  # fmt: skip
        return render(request, "scripts_talk/knowledge/rules.html", shop=shop, form=form, rules=rules)

    @post()
    async def set_rules(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """From now on; what is in force stays in force."""
        form = RulesForm(await request.form(), words=words_of(request))
        await commands.set_rules(
            session, tenant_id, approves=form.approves.data, has_public_page=form.has_public_page.data,
            may_be_indexed=form.may_be_indexed.data,
        )  # fmt: skip
        await audit.record(session, context, "knowledge.rules_changed", shop_id=tenant_id)
        return go(request, f"/knowledge/{tenant_id}/rules", notice=N_("Saved."))
