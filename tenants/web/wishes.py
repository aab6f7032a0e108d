"""``/wishes``: what shops want changed, for whoever is responsible for the desks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import tidied
from nanori.web.access import allow
from nanori.web.page import context_of, go, render, words_of
from nanori.words import N_
from tenants.changes.commands import hold_back
from tenants.changes.queries import Change, coming_changes, decided_changes
from tenants.changes.view import ChangeView, change_view
from tenants.queries import shops as shops_bound
from tenants.wishes.commands import answer_wish, wishes
from tenants.wishes.view import wish_view

AnyRequest = Request[Any, Any, State]
HOME = "/wishes"
MOST_OPEN = 200


class WishPages(Controller):
    path = HOME
    opt = allow(Role.SUPERVISOR, Role.OPERATOR)

    @get("/")
    async def show_wishes(self, request: AnyRequest, session: NamedDependency[AsyncSession]) -> Template:
        """Those that wait first, the oldest on top."""
        return await _page(request, session)

    @post("/{tenant_id:uuid}/{wish_id:uuid}/answer")
    async def answer(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        wish_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        form = await request.form()
        said, is_done = tidied(str(form.get("answer", ""))), form.get("verdict") == "done"
        try:
            await answer_wish(session, tenant_id, wish_id, is_done=is_done, answer=said, now=context.now)
        except InvalidInput as refusal:
            return await _page(request, session, about=wish_id, wrong=refusal.fields["answer"])
        detail = {"done": is_done}
        await audit.record(
            session, context, "wish.answered", shop_id=tenant_id, subject_id=wish_id, detail=detail
        )
        return go(request, HOME, notice=N_("The shop reads your answer on its page."))

    @post("/{tenant_id:uuid}/changes/{change_id:uuid}/hold")
    async def hold_change_back(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        change_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """A change of the shop's own does not come into force; the shop reads why."""
        form = await request.form()
        said = tidied(str(form.get("reason", "")))
        try:
            await hold_back(session, tenant_id, change_id, reason=said, now=context.now)
        except InvalidInput as refusal:
            return await _page(request, session, about=change_id, wrong=refusal.fields["reason"])
        await audit.record(session, context, "change.held", shop_id=tenant_id, subject_id=change_id)
        return go(request, HOME, notice=N_("Held back. The shop reads why on its page."))


async def _page(
    request: AnyRequest, session: AsyncSession, *, about: UUID | None = None, wrong: str = ""
) -> Template:
    words, now = words_of(request), context_of(request).now
    shops = {shop.tenant_id: shop for shop in await shops_bound(session)}

    def views(found: Sequence[Change]) -> list[ChangeView]:
        return [change_view(one, shops[one.row.tenant_id], words, now) for one in found]

    waiting = await wishes(session, are_open=True, limit=MOST_OPEN)
    answered = await wishes(session, are_open=False)
    return render(
        request, "tenants/wishes.html", status=422 if wrong else 200, about=about, wrong=wrong,
        waiting=[wish_view(one, shops, words) for one in waiting],
        coming=[one for one in views(await coming_changes(session, today=now.date())) if one.is_coming],
        decided=views(await decided_changes(session)),
        answered=[wish_view(one, shops, words) for one in answered],
    )  # fmt: skip
