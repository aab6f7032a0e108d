"""The worker as a real process: it works off the queue, outlives its connections, and leaves when told."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import select

from desks.models import Desk
from nanori.db import across_shops
from nanori.installation import Installation, plain_url
from nanori.settings import LoginKind, Settings
from tenants.commands import Profile, create_shop

SOON = 30.0


@contextmanager
def worker(settings: Settings) -> Iterator["subprocess.Popen[bytes]"]:
    told = {
        "NANORI_DATABASE_URL": settings.owner_url(),
        "NANORI_SECRET_KEY": settings.secret_key,
        "NANORI_DATA_DIR": str(settings.data_dir),
        "NANORI_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "nanori_app.cli", "worker"]
    with subprocess.Popen(command, env=os.environ | told) as running:
        try:
            yield running
        finally:
            running.kill()


async def test_the_worker_handles_messages_again_after_its_connections_were_cut(clone: Installation) -> None:
    with worker(clone.settings) as running:
        await has_desk(clone, await add_shop(clone, "first-shop"))
        cut_connections(clone.settings)
        await has_desk(clone, await add_shop(clone, "second-shop"))
        running.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(running.wait, SOON) == 0


async def add_shop(house: Installation, slug: str) -> UUID:
    """A new shop; the message that it is there waits for the worker."""
    profile = Profile(
        legal_name="株式会社ミナト珈琲",
        brand_name="ミナト珈琲",
        brand_reading="みなとこーひー",
        colour="#7a3e1d",
    )
    async with house.staff.begin() as session:
        return (await create_shop(session, slug, profile, now=house.clock.now())).tenant_id


async def has_desk(house: Installation, tenant_id: UUID) -> None:
    """The worker has given the shop its desk, soon."""
    async with asyncio.timeout(SOON):
        while True:
            async with across_shops(house.staff) as session:
                if await session.scalar(select(Desk.id).where(Desk.tenant_id == tenant_id)):
                    return
            await asyncio.sleep(0.1)


def cut_connections(settings: Settings) -> None:
    """As a restart of the server would, but the worker's alone."""
    with psycopg.connect(plain_url(settings.owner_url()), autocommit=True) as admin:
        cut = admin.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = %s",
            [settings.role_for(LoginKind.WORKER)],
        ).fetchone()
        if cut is None or not cut[0]:
            pytest.fail("the worker had no connection to cut")
