"""Credits: money given back in a bill."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.ext.asyncio import AsyncSession

from billing.charges import TaxRate
from billing.ledger.commands import give_credit
from billing.ledger.models import Credit
from billing.web.agreement_form import CreditForm
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import Error
from nanori.web.access import allow
from nanori.web.page import go, words_of
from nanori.words import N_
from reports.values import parse_month
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]


class CreditPages(Controller):
    path = "/billing/{tenant_id:uuid}"
    opt = allow(Role.OPERATOR)

    @post("/credits")
    async def add_credit(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Money given back in a bill that is not written yet."""
        shop, words = await shop_by_id(session, tenant_id), words_of(request)
        form = CreditForm(await request.form(), words=words)
        path = f"/billing/{tenant_id}"
        if not form.validate():
            said = " ".join(f"{words.gettext(label)}: {problem}" for _, label, problem in form.wrong)
            return go(request, path, notice=said, kind="bad")
        month = parse_month(form.month.value)
        credit = Credit(
            desk_id=None, booked=month, label=form.label.value, amount_yen=form.amount_yen.data or 0,
            rate=TaxRate.OUTSIDE if form.is_damages.data else TaxRate.STANDARD, made_by=context.account_id,
        )  # fmt: skip
        try:
            await give_credit(session, shop, credit, now=context.now)
        except Error as refusal:
            return go(request, path, notice=refusal.said_in(words), kind="bad")
        await audit.record(session, context, "credit.given", shop_id=tenant_id, subject_id=credit.id)
        return go(request, f"{path}?month={form.month.value}", notice=N_("The credit is kept."))
