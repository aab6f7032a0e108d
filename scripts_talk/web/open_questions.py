"""``/knowledge/questions``: what nobody could answer, asked most often first; a press makes a draft of it."""

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
from nanori.identity.queries import names_of
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from scripts_talk.knowledge import usage
from scripts_talk.web.articles import LEADERS
from tenants import queries as shops
from tenants.frame import logo_url

AnyRequest = Request[Any, Any, State]
SHOWN_OF_A_GROUP = 5


class OpenQuestions(Controller):
    path = "/knowledge"
    opt = allow(*LEADERS)

    @get("/questions")
    async def list_questions(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        words = words_of(request)
        by_id = {shop.tenant_id: shop for shop in await shops.shops(session)}
        groups = await usage.open_questions(session, frozenset(by_id))
        names = await names_of(session, [one.agent_id for group in groups for one in group.questions])
        rows = [
            {
                "shop": (shop := by_id[group.first.tenant_id]),
                "logo_url": logo_url(shop),
                "asked": group.first.asked,
                "count": len(group.questions),
                "base": f"/knowledge/{shop.tenant_id}/questions/{group.first.id}",
                "search": f"/knowledge?shop={shop.tenant_id}",
                "questions": [
                    {
                        "asked": one.asked,
                        "who": names.get(one.agent_id, ""),
                        "at": words.moment(one.asked_at, context.zone),
                        "href": f"/interactions/{one.tenant_id}/{one.interaction_id}"
                        if one.interaction_id
                        else "",
                    }
                    for one in group.questions[:SHOWN_OF_A_GROUP]
                ],
            }
            for group in groups
        ]
        return render(request, "scripts_talk/knowledge/questions.html", rows=rows)

    @post("/{tenant_id:uuid}/questions/{question_id:uuid}/draft")
    async def answer(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        question_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Begin the article that answers it, and all that ask the same."""
        draft = await usage.answer_questions(
            session, tenant_id, question_id, by=context.account_id, now=context.now
        )
        await audit.record(session, context, "question.answered", shop_id=tenant_id, subject_id=question_id)
        notice = N_("A draft with the question as its title. Write the answer, then publish it.")
        return go(request, f"/knowledge/{tenant_id}/{draft.article_id}/draft", notice=notice)

    @post("/{tenant_id:uuid}/questions/{question_id:uuid}/dismissal")
    async def dismiss(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        question_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await usage.dismiss_questions(session, tenant_id, question_id, by=context.account_id, now=context.now)
        await audit.record(session, context, "question.dismissed", shop_id=tenant_id, subject_id=question_id)
        return go(request, "/knowledge/questions", notice=N_("Taken off the list."))
