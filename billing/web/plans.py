"""``/billing/plans``: the plans, what they cost, and their versions."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.reading import billed_until_of_plan, shops_with_plan
from billing.plans import commands
from billing.plans.models import PlanVersion
from billing.plans.queries import in_force, plan_by_id, plans, versions_of
from billing.plans.stored import read
from billing.web.plan_form import PlanForm
from billing.web.plan_view import curve, plan_facts, plan_line, samples
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_
from tenants.queries import shops as shops_bound

AnyRequest = Request[Any, Any, State]


class PlanPages(Controller):
    path = "/billing/plans"
    opt = allow(Role.OPERATOR)

    @get()
    async def list_plans(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template:
        words, today = words_of(request), _today(context)
        rows = await plans(session)
        versions = await versions_of(session, [row.id for row in rows])
        used = await shops_with_plan(session, today)
        lines = [
            plan_line(row, versions[row.id], used.get(row.id, ()), today=today, words=words) for row in rows
        ]
        return render(request, "billing/plans.html", lines=lines)

    @get("/new")
    async def new_plan(self, request: AnyRequest) -> Template:
        return _form_page(request, PlanForm(words=words_of(request)))

    @post("/")
    async def make_plan(
        self, request: AnyRequest, session: NamedDependency[AsyncSession], context: NamedDependency[Context]
    ) -> Template | Redirect:
        form = PlanForm(await request.form(), words=words_of(request))
        plan = form.plan()
        if plan is not None:
            try:
                row = await commands.make_plan(
                    session, plan, by=context.account_id, today=_today(context), now=context.now
                )
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                await audit.record(session, context, "plan.made", subject_id=row.id)
                return go(
                    request,
                    f"/billing/plans/{row.id}",
                    notice=N_("The plan is made. Shops can have it from today."),
                )
        return _form_page(request, form, status=422)

    @get("/{plan_id:uuid}")
    async def show_plan(
        self,
        request: AnyRequest,
        plan_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        row, words, today = await plan_by_id(session, plan_id), words_of(request), _today(context)
        versions = (await versions_of(session, [row.id]))[row.id]
        current = in_force(versions, today)
        plan = read(current.terms)
        shops = {one.tenant_id: one for one in await shops_bound(session)}
        used = (await shops_with_plan(session, today)).get(row.id, ())
        return render(
            request, "billing/plan.html", row=row, facts=plan_facts(plan, words), plan=plan,
            samples=samples(plan, words), chart=curve(plan, words),
            versions=[_version(one, current) for one in reversed(versions)],
            shops=[shops[one] for one in used if one in shops],
        )  # fmt: skip

    @get("/{plan_id:uuid}/revision")
    async def revise(
        self,
        request: AnyRequest,
        plan_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
    ) -> Template:
        row = await plan_by_id(session, plan_id)
        versions = (await versions_of(session, [row.id]))[row.id]
        form = PlanForm(words=words_of(request), plan=read(versions[-1].terms))
        return _form_page(request, form, plan_id=plan_id)

    @post("/{plan_id:uuid}/revision")
    async def save_revision(
        self,
        request: AnyRequest,
        plan_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """A further version; those before it stay as they are."""
        row = await plan_by_id(session, plan_id)
        form = PlanForm(await request.form(), words=words_of(request))
        plan = form.plan()
        if plan is not None:
            try:
                await commands.revise_plan(
                    session, row, plan, valid_from=form.valid_from.data or _today(context),
                    billed_until=await billed_until_of_plan(session, plan_id), by=context.account_id,
                    today=_today(context), now=context.now,
                )  # fmt: skip
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                await audit.record(session, context, "plan.revised", subject_id=plan_id)
                return go(request, f"/billing/plans/{plan_id}", notice=N_("The new version is kept."))
        return _form_page(request, form, status=422, plan_id=plan_id)


def _form_page(
    request: AnyRequest, form: PlanForm, *, status: int = 200, plan_id: UUID | None = None
) -> Template:
    return render(request, "billing/plan_form.html", status=status, form=form, plan_id=plan_id)


def _version(one: PlanVersion, current: PlanVersion) -> dict[str, object]:
    return {
        "number": one.number,
        "valid_from": one.valid_from,
        "announced_on": one.announced_on,
        "is_current": one is current,
    }


def _today(context: Context) -> date:
    return context.now.astimezone(context.zone).date()
