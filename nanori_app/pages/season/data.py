"""The files of a season that is over: handed to the shop as one archive, or deleted for good."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Request, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Stream
from litestar.status_codes import HTTP_200_OK
from sqlalchemy.ext.asyncio import AsyncSession

from desks.errors import SeasonIsNotOver
from desks.values import DataEnd
from interactions.questions.forgetting import forget_people
from nanori import audit, files
from nanori.actors import Role
from nanori.context import Context
from nanori.files import File, FileStore
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import go, words_of
from nanori.words import N_
from nanori_app.pages.season.page import Held, held
from nanori_app.pages.season.stored import OVER, files_of, log_of, pack

AnyRequest = Request[Any, Any, State]
CHUNK = 256 * 1024


class SeasonData(Controller):
    path = "/seasons/{tenant_id:uuid}/{season_id:uuid}/data"
    opt = allow(Role.SUPERVISOR, Role.OPERATOR)

    @post("/archive", status_code=HTTP_200_OK)
    async def give_back(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Stream:
        """Everything in one ZIP file, the desk's log as a table with it; it is returned herewith."""
        found = await _over(session, tenant_id, season_id)
        listed = await files_of(session, found.desk, found.season)
        log = await log_of(session, found.desk, ZoneInfo(found.shop.zone), words_of(request))
        await _done(session, context, found, DataEnd.RETURNED, files=len(listed))
        name = quote(f"{found.shop.slug}-{found.season.opens_on:%Y-%m-%d}.zip")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
        pieces = _archive(installation.files, listed, log)
        return Stream(pieces, media_type="application/zip", headers=headers)

    @post("/deletion")
    async def delete(
        self,
        request: AnyRequest,
        tenant_id: FromPath[UUID],
        season_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Redirect:
        """Each file goes, with its row in the audit trail, and so do the copies of whom the desk reached."""
        found = await _over(session, tenant_id, season_id)
        listed = await files_of(session, found.desk, found.season)
        await files.remove(session, context, listed, why="season")
        await forget_people(session, tenant_id, desk_id=found.desk.id)
        await _done(session, context, found, DataEnd.DELETED, files=len(listed))
        return go(request, f"/seasons/{tenant_id}/{season_id}#data", notice=N_("Deleted for good."))


async def _archive(store: FileStore, listed: Sequence[File], log: bytes) -> AsyncGenerator[bytes]:
    """Packed when the first piece is asked for: the transaction is over by then, however long it takes."""
    with tempfile.TemporaryFile() as archive:
        await asyncio.to_thread(pack, archive, store, listed, log)
        while piece := await asyncio.to_thread(archive.read, CHUNK):
            yield piece


async def _over(session: AsyncSession, tenant_id: UUID, season_id: UUID) -> Held:
    found = await held(session, tenant_id, season_id, lock=True)
    if found.desk.state not in OVER:
        raise SeasonIsNotOver
    return found


async def _done(session: AsyncSession, context: Context, found: Held, end: DataEnd, **detail: int) -> None:
    """Written down; the gate is content once what was decided is done."""
    if found.season.data_end is end:
        found.season.data_ended_at = context.now
        await session.flush()
    await audit.record(
        session, context, f"season.data_{end.value}", shop_id=found.shop.tenant_id,
        subject_id=found.season.id, detail=dict(detail),
    )  # fmt: skip
