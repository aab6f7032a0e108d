"""The worker: works off the queue, and looks each second what is due. Any number may run on one database."""

import asyncio
import signal
from collections.abc import Coroutine

import procrastinate
import structlog
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from nanori.installation import Installation
from nanori.messages import Post
from nanori.settings import LoginKind, Settings
from nanori_app.background import ticks
from nanori_app.post import build_post
from nanori_app.processes import leave_alone_what_stays, leave_within
from nanori_app.rooms import ROOMS
from nanori_app.wiring import connected

AGAIN_SECONDS = 1.0
LAST_JOBS_SECONDS = 5.0
LAST_SECONDS = 8.0
"""When even the end of the jobs takes too long: the database is away, say."""
POLL_SECONDS = 2.0
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

log = structlog.get_logger()


async def work(settings: Settings) -> None:
    """Work until a signal comes; then jobs under way get a few seconds to finish."""
    told_to_stop = asyncio.Event()

    def stop() -> None:
        leave_within(LAST_SECONDS)
        told_to_stop.set()

    for number in STOP_SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    installation = connected(settings)
    post = build_post(settings.url_for(LoginKind.WORKER))
    post.register(installation)
    leave_alone_what_stays()
    log.info("worker.started")
    try:
        await _until(told_to_stop, ticks(installation, ROOMS).each_second(), work_off(installation, post))
    finally:
        await installation.close()
    log.info("worker.stopped")


async def work_off(installation: Installation, post: Post) -> None:
    """Take jobs from the queue until cancelled; a database that restarts is waited for."""
    while True:
        try:
            async with post.queue.open_async():
                await _take_jobs(post.queue, at_once=installation.settings.worker_concurrency)
        except (ConnectorException, OperationalError, PoolTimeout) as lost:
            log.warning("worker.queue_lost", error=type(lost).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


async def _take_jobs(queue: procrastinate.App, *, at_once: int) -> None:
    await queue.run_worker_async(
        concurrency=at_once,
        install_signal_handlers=False,
        fetch_job_polling_interval=POLL_SECONDS,
        shutdown_graceful_timeout=LAST_JOBS_SECONDS,
        delete_jobs="successful",
    )


async def _until(stop: asyncio.Event, *works: Coroutine[object, object, None]) -> None:
    """Run these side by side until told to stop, or until one of them breaks."""
    running = [asyncio.create_task(one) for one in works]
    waiting = asyncio.create_task(stop.wait())
    try:
        done, _ = await asyncio.wait([waiting, *running], return_when=asyncio.FIRST_COMPLETED)
        for task in done - {waiting}:
            task.result()
    finally:
        for task in [waiting, *running]:
            task.cancel()
        await asyncio.gather(waiting, *running, return_exceptions=True)
