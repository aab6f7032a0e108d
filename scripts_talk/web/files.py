"""A shop's script saved as a file, and read from one."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import State, UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.context import Context
from nanori.errors import NotFound
from nanori.text import one_line
from nanori.web.access import allow
from nanori.web.page import go, words_of
from nanori.words import N_
from scripts_talk import commands, queries
from scripts_talk.addresses import script_asked, script_path, whose
from scripts_talk.filing import FileProblem, ScriptFile, UnreadableFile, read_file, write_file
from scripts_talk.policy import READERS, WRITERS
from scripts_talk.values import ScriptState
from scripts_talk.wording import FIRST_NAME
from tenants import queries as shops
from tenants.frame import show

AnyRequest = Request[Any, Any, State]
LARGEST = 1_000_000


class ScriptFiles(Controller):
    path = "/shops/{tenant_id:uuid}/script"

    @get("/file", opt=allow(*READERS))
    async def save_file(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Response[bytes]:
        """The draft when there is one, otherwise what is published."""
        shop = await shops.shop(session, tenant_id)
        known = await queries.scripts_by_state(session, tenant_id, script_asked(request))
        script = known.get(ScriptState.DRAFT) or known.get(ScriptState.PUBLISHED)
        if script is None:
            raise NotFound
        told = ScriptFile(name=script.name, order_pattern=script.order_pattern, steps=script.steps)
        name = quote(f"{shop.slug}-script-v{script.number}.json")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
        return Response(write_file(told).encode(), media_type="application/json", headers=headers)

    @get("/import", opt=allow(*WRITERS))
    async def choose_file(
        self, request: AnyRequest, tenant_id: FromPath[UUID], session: NamedDependency[AsyncSession]
    ) -> Template:
        return await _page(request, session, tenant_id)

    @post("/import", opt=allow(*WRITERS))
    async def take_file(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Template | Redirect:
        """The file becomes the draft as a whole, or nothing of it."""
        await shops.shop(session, tenant_id)
        upload = (await request.form()).get("file")
        try:
            script = read_file(await _content(upload))
        except UnreadableFile as refusal:
            words = words_of(request)
            wrong = [problem.in_words(words) for problem in refusal.problems]
            return await _page(request, session, tenant_id, wrong=wrong)
        name = one_line(script.name)[:60] or words_of(request).gettext(FIRST_NAME)
        await commands.save_draft(
            session, tenant_id, name, script.steps, order_pattern=script.order_pattern,
            script_id=script_asked(request), now=context.now,
        )  # fmt: skip
        await audit.record(session, context, "script.read_from_file", shop_id=tenant_id)
        return go(
            request, script_path(tenant_id, script_asked(request)), notice=N_("Read. It is a draft now.")
        )


async def _content(upload: object) -> bytes:
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise UnreadableFile([FileProblem(said=N_("Please choose a file."))])
    content = await upload.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise UnreadableFile([FileProblem(said=N_("The file is too large: at most 1 MB."))])
    return content


async def _page(
    request: AnyRequest, session: AsyncSession, tenant_id: UUID, *, wrong: list[str] | None = None
) -> Template:
    return await show(
        request,
        session,
        await shops.shop(session, tenant_id),
        "scripts_talk/import.html",
        tab="script",
        status=422 if wrong else 200,
        wrong=wrong or [],
        may_write=True,
        whose=whose(script_asked(request)),
        has_draft=await queries.draft_script(session, tenant_id, script_asked(request)) is not None,
    )
