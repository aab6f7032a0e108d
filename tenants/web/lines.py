"""Numbers that ring and addresses that shoppers write to."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.text import phone_for_people
from nanori.web.access import allow
from nanori.web.page import installation_of
from nanori.words import words_for
from tenants import commands, queries
from tenants.frame import saved, show
from tenants.models import Tenant
from tenants.policy import READERS, WRITERS
from tenants.web.forms import AddressForm, NumberForm

AnyRequest = Request[Any, Any, State]


class LinePages(Controller):
    path = "/shops/{tenant_id:uuid}/lines"

    @get("/", opt=allow(*READERS))
    async def show_lines(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        words = words_for(context.locale)
        return await _page(request, session, shop, (NumberForm(words=words), AddressForm(words=words)))

    @post("/numbers", opt=allow(*WRITERS))
    async def add_number(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await queries.shop(session, tenant_id)
        words = words_for(context.locale)
        form = NumberForm(await request.form(), words=words)
        if form.validate():
            try:
                await commands.add_number(
                    session, tenant_id, form.number.value, label=form.number_label.value, now=context.now
                )
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                return await saved(request, session, context, tenant_id, "lines")
        return await _page(request, session, shop, (form, AddressForm(words=words)), status=422)

    @post("/numbers/{number_id:uuid}/removal", opt=allow(*WRITERS))
    async def remove_number(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        number_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await queries.shop(session, tenant_id)
        quarantine = timedelta(days=installation_of(request).settings.number_quarantine_days)
        await commands.remove_number(session, tenant_id, number_id, free_at=context.now + quarantine)
        return await saved(request, session, context, tenant_id, "lines")

    @post("/addresses", opt=allow(*WRITERS))
    async def add_address(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await queries.shop(session, tenant_id)
        words = words_for(context.locale)
        form = AddressForm(await request.form(), words=words)
        if form.validate():
            try:
                await commands.add_address(
                    session, tenant_id, form.address.value, label=form.address_label.value
                )
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                return await saved(request, session, context, tenant_id, "lines")
        return await _page(request, session, shop, (NumberForm(words=words), form), status=422)

    @post("/addresses/{address_id:uuid}/removal", opt=allow(*WRITERS))
    async def remove_address(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        address_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await queries.shop(session, tenant_id)
        await commands.remove_address(session, tenant_id, address_id)
        return await saved(request, session, context, tenant_id, "lines")


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    forms: tuple[NumberForm, AddressForm],
    *,
    status: int = 200,
) -> Template:
    number_form, address_form = forms
    numbers = await queries.numbers_of(session, shop.tenant_id)
    return await show(
        request,
        session,
        shop,
        "tenants/lines.html",
        tab="lines",
        status=status,
        numbers=[(row, phone_for_people(row.number)) for row in numbers],
        addresses=await queries.addresses_of(session, shop.tenant_id),
        number_form=number_form,
        address_form=address_form,
    )
