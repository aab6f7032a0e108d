"""What happens on the line: recording by the shop's policy, supervisors, hold music."""

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
from nanori.words import words_for
from tenants import commands, queries
from tenants.commands import OnTheLine
from tenants.frame import saved, show
from tenants.models import Tenant
from tenants.music import LARGEST_UPLOAD, ROOM, WRONG, check_music
from tenants.policy import READERS, WRITERS
from tenants.web.forms import PhoneForm, uploaded

AnyRequest = Request[Any, Any, State]


class PhonePages(Controller):
    path = "/shops/{tenant_id:uuid}/phone"

    @get("/", opt=allow(*READERS))
    async def show_phone(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template:
        shop = await queries.shop(session, tenant_id)
        return await _page(request, session, shop, _form_of(shop, context))

    @post("/", opt=allow(*WRITERS))
    async def save_phone(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        shop = await queries.shop(session, tenant_id)
        form = PhoneForm(await request.form(), words=words_for(context.locale))
        if form.validate():
            policy = OnTheLine(
                records_calls=form.records_calls.data, recording_notice=form.recording_notice.value,
                tells_agent_when_supervised=form.tells_agent_when_supervised.data,
            )  # fmt: skip
            try:
                await commands.set_on_the_line(session, tenant_id, policy)
            except InvalidInput as refusal:
                form.refuse(refusal)
            else:
                return await saved(request, session, context, tenant_id, "phone")
        return await _page(request, session, shop, form, status=422)

    @post("/music", opt=allow(*WRITERS))
    async def save_music(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Template | Redirect:
        shop = await queries.shop(session, tenant_id)
        try:
            name, content, media_type = await _uploaded(request)
        except InvalidInput as refusal:
            form, error = _form_of(shop, context), refusal.fields["music"]
            return await _page(request, session, shop, form, status=422, music_error=error)
        file = await files.keep(
            session, tenant_id, store=installation.files, room=ROOM, name=name, media_type=media_type,
            content=content, now=context.now,
        )  # fmt: skip
        await commands.set_hold_music(session, tenant_id, file.id)
        return await saved(request, session, context, tenant_id, "phone")

    @post("/music/removal", opt=allow(*WRITERS))
    async def remove_music(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        await queries.shop(session, tenant_id)
        await commands.set_hold_music(session, tenant_id, None)
        return await saved(request, session, context, tenant_id, "phone")


async def _uploaded(request: AnyRequest) -> tuple[str, bytes, str]:
    name, content = await uploaded(request, "music", at_most=LARGEST_UPLOAD, nothing=WRONG)
    return name, content, await asyncio.to_thread(check_music, content)


def _form_of(shop: Tenant, context: Context) -> PhoneForm:
    return PhoneForm(
        words=words_for(context.locale), records_calls=shop.records_calls,
        recording_notice=shop.recording_notice,
        tells_agent_when_supervised=shop.tells_agent_when_supervised,
    )  # fmt: skip


async def _page(
    request: AnyRequest,
    session: AsyncSession,
    shop: Tenant,
    form: PhoneForm,
    *,
    status: int = 200,
    music_error: str = "",
) -> Template:
    file_id = shop.hold_music_file_id
    music = await files.find(session, shop.tenant_id, file_id, room=ROOM) if file_id else None
    return await show(
        request, session, shop, "tenants/phone.html", tab="phone", status=status, form=form, music=music,
        music_error=music_error,
    )  # fmt: skip
