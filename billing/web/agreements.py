"""``/billing/…/agreement``: which plan a shop, or one of its desks, has from when until when."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from billing.ledger.commands import count_since
from billing.ledger.queries import sealed_months
from billing.ledger.reading import billed_until
from billing.plans.commands import agree, end_agreement
from billing.plans.promise import read as read_promise
from billing.plans.queries import Held, agreement_by_id, agreements_of, in_force, plans, versions_of
from billing.plans.stored import read
from billing.web.agreement_form import A_DAY, AgreementForm, Offer
from desks.queries import desks_of
from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.web.access import allow
from nanori.web.page import go, render, words_of
from nanori.words import N_, Words
from tenants.frame import logo_url
from tenants.models import Tenant
from tenants.queries import shop as shop_by_id

AnyRequest = Request[Any, Any, State]


class AgreementPages(Controller):
    path = "/billing/{tenant_id:uuid}"
    opt = allow(Role.OPERATOR)

    @get("/agreement")
    async def show_agreements(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await shop_by_id(session, tenant_id)
        today = _today(shop, context)
        offer = await offer_to(session, tenant_id, today)
        desk = request.query_params.get("desk", "")
        form = AgreementForm(words=words_of(request), offer=offer, valid_from=today, desk_id=desk)
        return await _page(request, session, shop, form, offer)

    @post("/agreement")
    async def add_agreement(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """A plan from a day on; the one before ends there, and the month is counted anew."""
        shop = await shop_by_id(session, tenant_id)
        offer = await offer_to(session, tenant_id, _today(shop, context))
        form = AgreementForm(await request.form(), words=words_of(request), offer=offer)
        if form.validate():
            signed, there = form.signed(), await agreements_of(session, tenant_id)
            until = billed_until(await sealed_months(session, tenant_id), there)
            try:
                row = await agree(
                    session,
                    tenant_id,
                    signed,
                    there,
                    billed_until=until,
                    by=context.account_id,
                    now=context.now,
                )
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                await count_since(session, tenant_id, signed.valid_from, now=context.now)
                await audit.record(session, context, "agreement.made", shop_id=tenant_id, subject_id=row.id)
                return go(request, f"/billing/{tenant_id}/agreement", notice=N_("The agreement is kept."))
        return await _page(request, session, shop, form, offer, status=422)

    @post("/agreement/{agreement_id:uuid}/end")
    async def end(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        agreement_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        row = await agreement_by_id(session, tenant_id, agreement_id)
        there = await agreements_of(session, tenant_id)
        until = billed_until(await sealed_months(session, tenant_id), there)
        path = f"/billing/{tenant_id}/agreement"
        try:
            last = date.fromisoformat(str((await request.form()).get("last_day", "")))
        except ValueError:
            return go(request, path, notice=N_("Please give the last day."), kind="bad")
        try:
            await end_agreement(session, row, last, billed_until=until)
        except InvalidInput as refusal:
            said = words_of(request).gettext(next(iter(refusal.fields.values())), **refusal.params)
            return go(request, path, notice=said, kind="bad")
        await audit.record(session, context, "agreement.ended", shop_id=tenant_id, subject_id=row.id)
        return go(request, path, notice=N_("The agreement ends on that day."))


async def offer_to(session: AsyncSession, tenant_id: UUID, today: date) -> Offer:
    """Plans that are offered, the shop's desks, and every option of those plans."""
    rows = [row for row in await plans(session) if row.retired_at is None]
    versions = await versions_of(session, [row.id for row in rows])
    options = {one.code: one for row in rows for one in read(in_force(versions[row.id], today).terms).options}
    desks = [(one.id, one.name) for one in await desks_of(session) if one.tenant_id == tenant_id]
    return Offer([(row.id, row.name) for row in rows], desks, list(options.values()))


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    form: AgreementForm,
    offer: Offer,
    *,
    status: int = 200,
) -> Template:
    held = await agreements_of(session, shop.tenant_id)
    return render(
        request, "billing/agreement.html", status=status, shop=shop, logo_url=logo_url(shop), form=form,
        options=offer.options, has_plans=bool(offer.plans), base=f"/billing/{shop.tenant_id}",
        held=[_line(one, words_of(request)) for one in reversed(held)],
    )  # fmt: skip


def _line(one: Held, words: Words) -> dict[str, object]:
    until = one.row.valid_until
    return {
        "id": one.row.id, "plan": one.versions[-1].plan.name, "plan_id": one.row.plan_id,
        "desk": one.desk.name if one.desk else "", "first": one.row.valid_from,
        "last": until - A_DAY if until else None, "seats": one.row.seats, "set_up": one.row.with_set_up,
        "shows_others": one.row.shows_others, "promised": _promised(one, words),
    }  # fmt: skip


def _promised(one: Held, words: Words) -> list[str]:
    """The steps of its credit in words, then the most that it gives."""
    promise = read_promise(one.row.promise)
    if promise is None:
        return []
    said = N_("under {below}%: {gives}% of the base fee back")
    steps = [words.gettext(said, below=step.below, gives=step.gives) for step in promise.steps]
    if promise.most_yen is not None:
        steps.append(words.gettext(N_("at most {amount}"), amount=words.money(promise.most_yen)))
    return steps


def _today(shop: Tenant, context: Context) -> date:
    return context.now.astimezone(ZoneInfo(shop.zone)).date()
