"""The files of a season that is over: handed to the shop as one archive, or deleted for good."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
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
from nanori import audit, files, live
from nanori.actors import Role
from nanori.context import Context
from nanori.db import unit_of_work
from nanori.files import File
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import go, words_of
from nanori.words import N_
from nanori_app.pages.season.page import Held, held
from nanori_app.pages.season.stored import OVER, files_of, log_of, of_season, pack

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
        """Everything in one ZIP file, the desk's log with it; it is returned when its last byte is sent."""
        found = await _over(session, tenant_id, season_id)
        listed = await files_of(session, found.desk)
        log = await log_of(session, found.desk, ZoneInfo(found.shop.zone), words_of(request))
        await audit.record(
            session, context, "season.data_read", shop_id=tenant_id, subject_id=season_id,
            detail={"files": len(listed)},
        )  # fmt: skip
        name = quote(f"{found.shop.slug}-{found.season.opens_on:%Y-%m-%d}.zip")
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "Cache-Control": "no-store"}
        pieces = sent_archive(installation, context, (tenant_id, season_id), listed, log)
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
        """All files go in one statement; the worker deletes their bytes, and the page shows how far it is."""
        found = await _over(session, tenant_id, season_id)
        gone = await files.remove(session, of_season(found.desk), removal_id=season_id, now=context.now)
        await forget_people(session, tenant_id, desk_id=found.desk.id)
        await _done(session, context, found, DataEnd.DELETED, files=gone.count, bytes=gone.size)
        return go(request, f"/seasons/{tenant_id}/{season_id}#data", notice=N_("Deleted for good."))


async def sent_archive(
    house: Installation, context: Context, address: tuple[UUID, UUID], listed: Sequence[File], log: bytes
) -> AsyncGenerator[bytes]:
    """Packed when the first piece is asked for: the transaction is over by then, however long it takes.

    When all pieces are taken the season's data is returned; who breaks off has not got it.
    """
    with tempfile.TemporaryFile() as archive:
        await asyncio.to_thread(pack, archive, house.files, listed, log)
        while piece := await asyncio.to_thread(archive.read, CHUNK):
            yield piece
    ended = replace(context, now=house.clock.now())
    async with unit_of_work(house.staff, [address[0]]) as session:
        found = await held(session, *address, lock=True)
        await _done(session, ended, found, DataEnd.RETURNED, files=len(listed))
        await live.announce(session, live.FLOOR, "season", desk=found.desk.id)


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
