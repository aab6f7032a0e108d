"""``/figures/views``: keep what is shown under a name, have it mailed to staff, take it away."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput, NotFound
from nanori.web.access import allow
from nanori.web.page import go
from nanori.words import N_
from reports.policy import MAKERS
from reports.views.commands import keep_view, plan_view, remove_view
from reports.views.queries import address_of, asked_on
from reports.views.values import Span
from reports.web.adhoc import choice_of, figures_page

AnyRequest = Request[Any, Any, State]
HOME = "/figures"


class ViewPages(Controller):
    path = "/figures/views"
    opt = allow(*MAKERS)

    @post("/")
    async def keep(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template | Redirect:
        """Save the figures on the page; its days too, or a week or a month that moves."""
        posted = {name: str(value) for name, value in (await request.form()).items()}
        choice = await choice_of(session, context, posted)
        if choice.shop is None:
            raise NotFound
        name, span = posted.get("name", ""), _span(posted.get("span", ""))
        try:
            asked = choice.asked()
            view = await keep_view(
                session, choice.shop.tenant_id, name, span, asked, by=context.account_id, now=context.now
            )
        except InvalidInput as refusal:
            return await figures_page(request, session, context, choice, wrong=refusal.fields, name=name)
        await audit.record(session, context, "figures.view_kept", shop_id=view.tenant_id, subject_id=view.id)
        shown = asked_on(view, context.now.astimezone(context.zone).date())
        return go(request, address_of(choice.shop, shown), notice=N_("Saved."))

    @post("/{tenant_id:uuid}/{view_id:uuid}/readers")
    async def plan(
        self, request: AnyRequest, tenant_id: FromPath[UUID], view_id: FromPath[UUID],
        session: NamedDependency[AsyncSession], context: NamedDependency[Context],
    ) -> Redirect:  # fmt: skip
        """Mail it to those ticked; to nobody stops it."""
        ticked = (await request.form()).getall("reader", [])
        view = await plan_view(session, tenant_id, view_id, _ids(ticked), now=context.now)
        await audit.record(
            session, context, "figures.view_planned", shop_id=tenant_id, subject_id=view_id,
            detail={"readers": len(view.readers)},
        )  # fmt: skip
        return go(request, HOME, notice=N_("Saved."))

    @post("/{tenant_id:uuid}/{view_id:uuid}/removal")
    async def remove(
        self, request: AnyRequest, tenant_id: FromPath[UUID], view_id: FromPath[UUID],
        session: NamedDependency[AsyncSession], context: NamedDependency[Context],
    ) -> Redirect:  # fmt: skip
        await remove_view(session, tenant_id, view_id, now=context.now)
        await audit.record(session, context, "figures.view_removed", shop_id=tenant_id, subject_id=view_id)
        return go(request, HOME, notice=N_("The view is gone."))


def _span(text: str) -> Span:
    return Span(text) if text in set(Span) else Span.DAYS


def _ids(texts: list[Any]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found
