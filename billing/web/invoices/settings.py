"""Who issues the invoices, and who pays for a shop."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State as RequestState
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.invoices.parties import billings, issuers, set_issuer, set_payer
from billing.invoices.registration import check_digit_fits, registration_number
from billing.web.invoices.forms import issuer_form, payer_form
from billing.web.invoices.policy import MAKERS
from nanori import audit
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.forms import Posted
from nanori.web.page import go, render, words_of
from nanori.words import N_
from tenants.queries import shop as shop_by_id
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, RequestState]
LOOK_AGAIN = N_("Saved. The first figure of the registration number does not fit the others: look again.")


class InvoiceSettings(Controller):
    path = "/invoices"

    @get("/issuer", opt=allow(*MAKERS))
    async def show_issuer(self, request: AnyRequest, session: NamedDependency[AsyncSession]) -> Template:
        return await _draw_issuer(request, session)

    @post("/issuer", opt=allow(*MAKERS))
    async def save_issuer(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template | Redirect:
        """Say who issues from a day on; what is issued keeps what it says."""
        posted = await request.form()
        form = issuer_form(posted, words_of(request), None)
        if not form.validate() or form.valid_from.data is None:
            return await _draw_issuer(request, session, posted)
        try:
            await set_issuer(
                session, form.value(), valid_from=form.valid_from.data, by=context.account_id, now=context.now
            )
        except InvalidInput as refusal:
            return await _draw_issuer(request, session, posted, refusal)
        await audit.record(session, context, "invoice.issuer_set")
        return _saved(request, "/invoices/issuer", form.registration.value)

    @get("/payers/{tenant_id:uuid}", opt=allow(*MAKERS))
    async def show_payer(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        return await _draw_payer(request, session, tenant_id)

    @post("/payers/{tenant_id:uuid}", opt=allow(*MAKERS))
    async def save_payer(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:  # fmt: skip
        """Say who pays for the shop and its sisters; invoices will lie with this shop."""
        posted = await request.form()
        shop = await shop_by_id(session, tenant_id)
        others = [one for one in await shops_bound(session) if one.tenant_id != tenant_id]
        form = payer_form(posted, words_of(request), shop, None, others)
        if not form.validate():
            return await _draw_payer(request, session, tenant_id, posted)
        sisters = [UUID(one) for one in form.sisters.data or ()]
        try:
            await set_payer(session, form.value(), shops=[tenant_id, *sisters], due=form.due)
        except InvalidInput as refusal:
            return await _draw_payer(request, session, tenant_id, posted, refusal)
        await audit.record(session, context, "invoice.payer_set", shop_id=tenant_id)
        return _saved(request, "/invoices/month", form.registration.value)


async def _draw_issuer(
    request: AnyRequest, session: AsyncSession, posted: Posted | None = None,
    refusal: InvalidInput | None = None,
) -> Template:  # fmt: skip
    history = await issuers(session)
    form = issuer_form(posted, words_of(request), history[0] if history else None)
    if posted is not None:
        form.validate()
    if refusal is not None:
        form.refuse(refusal)
    words = words_of(request)
    return render(
        request, "billing/invoices/issuer.html", status=200 if posted is None else 422, form=form,
        history=[(words.date(one.valid_from), one.name, one.registration) for one in history],
    )  # fmt: skip


async def _draw_payer(
    request: AnyRequest, session: AsyncSession, tenant_id: UUID, posted: Posted | None = None,
    refusal: InvalidInput | None = None,
) -> Template:  # fmt: skip
    shop = await shop_by_id(session, tenant_id)
    others = [one for one in await shops_bound(session) if one.tenant_id != tenant_id]
    form = payer_form(posted, words_of(request), shop, (await billings(session)).get(tenant_id), others)
    if posted is not None:
        form.validate()
    if refusal is not None:
        form.refuse(refusal)
    return render(
        request, "billing/invoices/payer.html", status=200 if posted is None else 422, form=form, shop=shop
    )


def _saved(request: AnyRequest, path: str, registration: str) -> Redirect:
    """The number was accepted; a check digit that does not fit is only a reason to look again."""
    if registration and not check_digit_fits(registration_number(registration)):
        return go(request, path, notice=LOOK_AGAIN, kind="warn")
    return go(request, path, notice=N_("Saved."))
