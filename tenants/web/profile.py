"""Who a shop is: brand, reading, legal name, colour, logo."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import files
from nanori.context import Context
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.words import N_, words_for
from tenants import commands, queries
from tenants.frame import saved, show
from tenants.logo import LARGEST_UPLOAD, MEDIA_TYPE, clean_logo
from tenants.models import Tenant
from tenants.policy import READERS, WRITERS
from tenants.web.brand import ROOM
from tenants.web.forms import ProfileForm, uploaded
from tenants.web.shops import verdict_on

AnyRequest = Request[Any, Any, State]


class BrandPages(Controller):
    path = "/shops/{tenant_id:uuid}"

    @get("/profile", opt=allow(*READERS))
    async def show_profile(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        form = ProfileForm(words=words_for(context.locale), **_profile_of(shop))
        return await _profile_page(request, session, shop, form)

    @post("/profile", opt=allow(*WRITERS))
    async def save_profile(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await queries.shop(session, tenant_id)
        form = ProfileForm(await request.form(), words=words_for(context.locale))
        if not form.validate():
            return await _profile_page(request, session, shop, form, status=422)
        await commands.change_profile(session, tenant_id, form.profile())
        return await saved(request, session, context, tenant_id, "profile")

    @post("/logo", opt=allow(*WRITERS))
    async def save_logo(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template | Redirect:
        shop = await queries.shop(session, tenant_id)
        try:
            name, picture = await _uploaded_logo(request)
        except InvalidInput as refusal:
            form = ProfileForm(words=words_for(context.locale), **_profile_of(shop))
            error = refusal.fields["logo"]
            return await _profile_page(request, session, shop, form, status=422, logo_error=error)
        file = await files.keep(
            session, tenant_id, store=installation.files, room=ROOM, name=name, media_type=MEDIA_TYPE,
            content=picture, now=context.now,
        )  # fmt: skip
        await commands.set_logo(session, tenant_id, file.id)
        return await saved(request, session, context, tenant_id, "profile")


async def _uploaded_logo(request: AnyRequest) -> tuple[str, bytes]:
    nothing = N_("Please choose a PNG, JPEG or WebP picture.")
    name, content = await uploaded(request, "logo", at_most=LARGEST_UPLOAD, nothing=nothing)
    return name, await asyncio.to_thread(clean_logo, content)


def _profile_of(shop: Tenant) -> dict[str, Any]:
    return {
        "brand_name": shop.brand_name,
        "brand_reading": shop.brand_reading,
        "legal_name": shop.legal_name,
        "trade": shop.trade,
        "colour": shop.colour,
        "locale": shop.locale,
    }


async def _profile_page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    form: ProfileForm,
    *,
    status: int = 200,
    logo_error: str = "",
) -> Template:
    verdict = await verdict_on(session, shop.colour, str(shop.tenant_id))
    return await show(
        request, session, shop, "tenants/profile.html", tab="profile", status=status, form=form,
        verdict=verdict, logo_error=logo_error,
    )  # fmt: skip
