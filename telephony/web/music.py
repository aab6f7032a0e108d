"""A shop's hold music for the carrier: the whole file, or one piece of it."""

import asyncio
from pathlib import Path
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import files
from nanori.alerts import raise_alert
from nanori.context import Context
from nanori.db import bind_tenants
from nanori.installation import Installation
from nanori.web.access import anyone
from telephony.alarms import MUSIC_MISSING
from tenants.music import ROOM, WAV, piece_of

OURS = Path(__file__).parent / "static" / "hold.wav"
FOR_A_DAY = {"Cache-Control": "public, max-age=86400, immutable"}


class Music(Controller):
    """A file never changes: another upload has another address."""

    path = "/music/{tenant_id:uuid}/{file_id:uuid}"
    opt = anyone("the carrier fetches it without an account, and every caller hears it")

    @get()
    async def whole(
        self,
        tenant_id: FromPath[UUID],
        file_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        return await _music(session, context, installation, (tenant_id, file_id), number=None)

    @get("/{number:int}")
    async def piece(
        self,
        tenant_id: FromPath[UUID],
        file_id: FromPath[UUID],
        number: FromPath[int],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        installation: NamedDependency[Installation],
    ) -> Response[bytes]:
        return await _music(session, context, installation, (tenant_id, file_id), number=max(0, number))


async def _music(
    session: AsyncSession,
    context: Context,
    house: Installation,
    key: tuple[UUID, UUID],
    *,
    number: int | None,
) -> Response[bytes]:
    """Ours, and an alert, when the shop's file is not where it should be: callers never hear silence."""
    await bind_tenants(session, [key[0]])
    file = await files.find(session, *key, room=ROOM)
    if not house.files.has(*key):
        await raise_alert(session, MUSIC_MISSING, str(key[1]), now=context.now, shop_id=key[0])
        return Response(OURS.read_bytes(), media_type=WAV, headers={"Cache-Control": "no-store"})
    content = await asyncio.to_thread(_read, house, key, file.media_type, number)
    return Response(content, media_type=file.media_type, headers=FOR_A_DAY)


def _read(house: Installation, key: tuple[UUID, UUID], media_type: str, number: int | None) -> bytes:
    content = house.files.read(*key)
    return content if number is None else piece_of(content, media_type, number)
