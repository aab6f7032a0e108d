"""One running process's connections to the world: databases by login role, clock, files, live news."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from nanori.clock import Clock, SystemClock
from nanori.db import Sessions
from nanori.files import FileStore
from nanori.live import Hub
from nanori.messages import Post
from nanori.pooling import watch_connections
from nanori.settings import LoginKind, Settings

T = TypeVar("T")


@runtime_checkable
class Closing(Protocol):
    """Something that holds connections of its own."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Port(Generic[T]):
    """The name of something that a room needs from outside; the roof plugs an implementation in."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What ``build_app`` and the worker are made from; tests and rehearsals bring their own."""

    settings: Settings
    clock: Clock
    staff: Sessions
    merchant: Sessions
    worker: Sessions
    files: FileStore
    hub: Hub
    engines: tuple[AsyncEngine, ...] = ()
    plugged: Mapping[Port[Any], Any] = field(default_factory=dict)

    def port(self, port: Port[T]) -> T:
        """What is plugged in there. Raises ``KeyError`` when the roof has forgotten it."""
        implementation: T = self.plugged[port]
        return implementation

    async def close(self) -> None:
        """Let go of every connection, those of what is plugged in too."""
        for implementation in self.plugged.values():
            if isinstance(implementation, Closing):
                await implementation.close()
        await self.hub.stop()
        for engine in self.engines:
            await engine.dispose()


def connect(
    settings: Settings,
    post: Post,
    clock: Clock | None = None,
    plugged: Mapping[Port[Any], Any] | None = None,
) -> Installation:
    """Prepare engines for each login role. Nothing connects until it is used."""
    engines = {kind: _engine(settings, kind) for kind in LoginKind}
    sessions: dict[LoginKind, Sessions] = {
        kind: async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False, info={"post": post})
        for kind, engine in engines.items()
    }
    return Installation(
        settings=settings,
        clock=clock or SystemClock(),
        staff=sessions[LoginKind.STAFF],
        merchant=sessions[LoginKind.MERCHANT],
        worker=sessions[LoginKind.WORKER],
        files=FileStore(settings.data_dir / "files"),
        hub=Hub(plain_url(settings.url_for(LoginKind.STAFF))),
        engines=tuple(engines.values()),
        plugged=plugged or {},
    )


def plain_url(url: str) -> str:
    """The URL as libpq and psycopg take it, without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def _engine(settings: Settings, kind: LoginKind) -> AsyncEngine:
    engine = create_async_engine(
        settings.url_for(kind),
        pool_size=settings.pool_size,
        max_overflow=settings.pool_overflow,
        pool_timeout=5,
        connect_args={"options": "-c lock_timeout=2000 -c idle_in_transaction_session_timeout=60000"},
    )
    watch_connections(engine)
    return engine
