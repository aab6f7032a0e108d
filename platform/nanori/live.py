"""Pushes to browsers and wake-up calls to processes, carried by LISTEN/NOTIFY.

A command announces inside its transaction; PostgreSQL delivers on commit, to each process. Payloads
are ids and words of the product: who receives one reads again under its own binding.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import psycopg
import structlog
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, SessionTransaction

CHANNEL = "nanori_live"
WORK = "work"
"""Audience of processes, not people: something is due now (an offer to make, a carrier order to send)."""
FLOOR = "floor"
"""Audience of supervisors and operators."""
RECONNECT_SECONDS = 1.0
BACKLOG = 100
UNTOLD, BEFORE = "news to tell", "news before savepoints"
NOTIFY = text("SELECT pg_notify(:channel, payload) FROM unnest(CAST(:payloads AS text[])) AS payload")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class News:
    """One announcement: ``audience`` is ``agent:<id>``, ``shop:<id>``, ``floor`` or ``work``."""

    audience: str
    event: str
    ids: dict[str, str] = field(default_factory=dict)


def agent(account_id: UUID) -> str:
    """The audience of one agent's browsers."""
    return f"agent:{account_id}"


async def announce(session: AsyncSession, audience: str, event: str, **ids: UUID | str) -> None:
    """Tell ``audience`` when, and only when, the transaction commits."""
    await announce_all(session, [payload(audience, event, **ids)])


async def announce_all(session: AsyncSession, payloads: Sequence[str]) -> None:
    """Many announcements; see :func:`payload`. A transaction sends all of its own in one statement, last."""
    session.info.setdefault(UNTOLD, {}).update(dict.fromkeys(payloads))


@event.listens_for(Session, "before_commit")
def _tell(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint: what is around it may still be rolled back
    untold = session.info.pop(UNTOLD, None)
    if untold:
        session.execute(NOTIFY, {"channel": CHANNEL, "payloads": list(untold)})


@event.listens_for(Session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(BEFORE, {})[transaction] = dict(session.info.get(UNTOLD, {}))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    """After a savepoint, what was announced before it is still to be told."""
    before = session.info.get(BEFORE, {})
    if transaction in before:
        session.info[UNTOLD] = before[transaction]
    elif transaction.parent is None:
        session.info.pop(UNTOLD, None)


@event.listens_for(Session, "after_transaction_end")
def _end(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(BEFORE, None)


def payload(audience: str, event: str, **ids: UUID | str) -> str:
    """What to notify ``CHANNEL`` of, for a statement that announces by itself."""
    return json.dumps({"a": audience, "e": event, "i": {name: str(value) for name, value in ids.items()}})


class Hub:
    """One process's ear: a single LISTEN connection, fanned out to whoever subscribed.

    After a lost connection each subscriber hears ``refresh``: it cannot know what it missed.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._subscribers: dict[asyncio.Queue[News], frozenset[str]] = {}
        self._task: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()

    async def start(self) -> None:
        """Begin to listen; returns when the first connection listens."""
        self._task = asyncio.create_task(self._listen())
        await self.listening.wait()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @asynccontextmanager
    async def subscription(self, *audiences: str) -> AsyncGenerator[asyncio.Queue[News]]:
        """A queue of news for these audiences; a reader too slow for ``BACKLOG`` hears ``refresh``."""
        queue: asyncio.Queue[News] = asyncio.Queue(BACKLOG)
        self._subscribers[queue] = frozenset(audiences)
        try:
            yield queue
        finally:
            del self._subscribers[queue]

    def deliver(self, news: News) -> None:
        """Hand news to every subscriber of its audience."""
        for queue, audiences in self._subscribers.items():
            if news.audience in audiences:
                _put(queue, news)

    async def _listen(self) -> None:
        while True:
            try:
                await self._listen_once()
            except psycopg.OperationalError as error:
                log.warning("live.connection_lost", error=type(error).__name__)
                await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen_once(self) -> None:
        async with await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}".encode())
            for queue, audiences in self._subscribers.items():
                _put(queue, News(next(iter(audiences), ""), "refresh"))
            self.listening.set()
            async for notice in connection.notifies():
                told = json.loads(notice.payload)
                self.deliver(News(told["a"], told["e"], told["i"]))


def _put(queue: asyncio.Queue[News], news: News) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        news = News(news.audience, "refresh")
    queue.put_nowait(news)
