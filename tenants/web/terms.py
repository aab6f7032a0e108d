"""What was agreed about speed."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.web.access import allow
from nanori.words import words_for
from tenants import commands, queries
from tenants.frame import saved, show
from tenants.models import ContractTerms, Tenant
from tenants.policy import READERS, WRITERS
from tenants.web.forms import TermsForm

AnyRequest = Request[Any, Any, State]
MINUTES_AN_HOUR = 60


class TermsPages(Controller):
    path = "/shops/{tenant_id:uuid}/terms"

    @get("/", opt=allow(*READERS))
    async def show_terms(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        agreed = await _agreed(session, shop, context)
        form = TermsForm(words=words_for(context.locale), **_values_of(agreed or commands.Terms()))
        return await show(request, session, shop, "tenants/terms.html", tab="terms", form=form, agreed=agreed)

    @post("/", opt=allow(*WRITERS))
    async def save_terms(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """New terms hold from today on; closed months keep theirs."""
        shop = await queries.shop(session, tenant_id)
        form = TermsForm(await request.form(), words=words_for(context.locale))
        if not form.validate():
            agreed = await _agreed(session, shop, context)
            return await show(
                request,
                session,
                shop,
                "tenants/terms.html",
                tab="terms",
                status=422,
                form=form,
                agreed=agreed,
            )
        await commands.agree_terms(session, shop, form.terms(), now=context.now)
        return await saved(request, session, context, tenant_id, "terms")


async def _agreed(session: AsyncSession, shop: Tenant, context: Context) -> ContractTerms | None:
    today = context.now.astimezone(ZoneInfo(shop.zone)).date()
    return await queries.terms_on(session, shop.tenant_id, today)


def _values_of(terms: ContractTerms | commands.Terms) -> dict[str, Any]:
    return {
        "letter": terms.letter.value,
        "second_letter": terms.second_letter.value if terms.second_letter else "",
        "answer_within_seconds": terms.answer_within_seconds,
        "target_percent": terms.target_percent,
        "short_abandon_seconds": terms.short_abandon_seconds,
        "mail_within_hours": terms.mail_within_minutes // MINUTES_AN_HOUR,
        "counts_out_of_hours": terms.counts_out_of_hours,
    }
