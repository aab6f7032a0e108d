"""The page about what happens on the line: recording, supervisors, hold music."""

from collections.abc import AsyncGenerator

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.actors import Role
from nanori.alerts import open_alerts
from nanori.installation import Installation
from telephony.web.music import OURS
from tenants.models import Tenant
from tenants.music import piece_of
from tests.support.people import Client, a_shop, an_account, signed_in
from tests.tenants.test_music import a_wav

NOTICE = "この通話は録音いたします。"


@pytest.fixture
async def minato(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def owner(app: Litestar, session: AsyncSession, minato: Tenant) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.OPERATOR)
    async with signed_in(app, account) as client:
        yield client


async def test_recording_is_switched_on_with_the_words_that_announce_it(
    owner: Client, session: AsyncSession, minato: Tenant
) -> None:
    page = f"/shops/{minato.tenant_id}/phone"
    saved = await owner.post(
        page, data={"records_calls": "y", "recording_notice": NOTICE}, follow_redirects=False
    )
    shown = await owner.get(page)
    await session.refresh(minato)

    assert saved.status_code == 303
    assert (minato.records_calls, minato.recording_notice) == (True, NOTICE)
    assert not minato.tells_agent_when_supervised
    assert NOTICE in shown.text


async def test_nobody_is_recorded_without_being_told(
    owner: Client, session: AsyncSession, minato: Tenant
) -> None:
    refused = await owner.post(f"/shops/{minato.tenant_id}/phone", data={"records_calls": "y"})
    await session.refresh(minato)

    assert refused.status_code == 422
    assert "録音することをお客様にお伝えください" in refused.text
    assert not minato.records_calls


async def test_uploaded_music_is_what_the_carrier_gets(
    owner: Client, session: AsyncSession, minato: Tenant
) -> None:
    music = a_wav(45)
    saved = await owner.post(
        f"/shops/{minato.tenant_id}/phone/music", files={"music": ("朝.wav", music)}, follow_redirects=False
    )
    await session.refresh(minato)
    address = f"/music/{minato.tenant_id}/{minato.hold_music_file_id}"
    whole, piece = await owner.get(address), await owner.get(f"{address}/1")
    page = await owner.get(f"/shops/{minato.tenant_id}/phone")

    assert saved.status_code == 303
    assert whole.content == music
    assert piece.content == piece_of(music, "audio/wav", 1)
    assert piece.headers["content-type"] == "audio/wav"
    assert "朝.wav" in page.text
    await owner.post(f"/shops/{minato.tenant_id}/phone/music/removal")
    await session.refresh(minato)
    assert minato.hold_music_file_id is None


async def test_what_is_no_music_is_refused_beside_the_field(owner: Client, minato: Tenant) -> None:
    refused = await owner.post(
        f"/shops/{minato.tenant_id}/phone/music", files={"music": ("a.mp3", b"%PDF-1.7" + bytes(900))}
    )

    assert refused.status_code == 422
    assert "WAV（PCM）またはMP3" in refused.text


async def test_music_that_is_lost_is_replaced_by_ours_and_told(
    owner: Client, session: AsyncSession, minato: Tenant, installation: Installation
) -> None:
    await owner.post(f"/shops/{minato.tenant_id}/phone/music", files={"music": ("a.wav", a_wav(30))})
    await session.refresh(minato)
    assert minato.hold_music_file_id is not None
    installation.files.path(minato.tenant_id, minato.hold_music_file_id).unlink()
    answer = await owner.get(f"/music/{minato.tenant_id}/{minato.hold_music_file_id}/3")
    page = await owner.get(f"/shops/{minato.tenant_id}")

    assert answer.content == OURS.read_bytes()
    assert [alert.kind for alert in await open_alerts(session)] == ["music_missing"]
    assert "保留音のファイルが失われ" in page.text


async def test_only_music_is_served_to_everybody(owner: Client, minato: Tenant) -> None:
    assert (await owner.get(f"/music/{minato.tenant_id}/{uuid7()}")).status_code == 404
