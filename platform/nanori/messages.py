"""Messages: work and news that commit together with the data they are about.

A room declares messages at its bottom (``jobs.py``, ``events.py``) and handles them at its top
(``worker.py``). That is what keeps ``commands`` from importing the code that will call it back.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec
import procrastinate
from psycopg import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.db import Sessions, unit_of_work


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One tenant's order or fact. Subclass as a frozen dataclass of ids and other plain fields.

    Arguments are readable to every role that works the queue: never put personal data in.
    """

    tenant_id: UUID


class House(Protocol):
    """What the worker runs on: an ``Installation``, of which this module knows the sessions only."""

    @property
    def worker(self) -> Sessions: ...


M = TypeVar("M", bound=Message)
Handle = Callable[[Any, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that the worker runs for each message of one type: in a transaction of its own, or free."""

    name: str  # stored in the queue: renaming it orphans jobs already waiting
    message: type[Message]
    handle: Handle
    free: bool = False  # gets the installation instead of a session


def handles(message: type[M]) -> Callable[[Callable[[AsyncSession, M], Awaitable[None]]], Handler]:
    """Turn ``async def f(session, message)`` into a handler named ``<room>.<f>``."""

    def decorate(function: Callable[[AsyncSession, M], Awaitable[None]]) -> Handler:
        return Handler(_named(function), message, function)

    return decorate


def works_on(message: type[M]) -> Callable[[Callable[[Any, M], Awaitable[None]]], Handler]:
    """Turn ``async def f(installation, message)`` into a handler that opens its own transactions.

    For work that takes long or leaves the database: no transaction stays open meanwhile. It may be run
    again after it was cut off anywhere.
    """

    def decorate(function: Callable[[Any, M], Awaitable[None]]) -> Handler:
        return Handler(_named(function), message, function, free=True)

    return decorate


class Post:
    """Carries messages from the transaction that sends them to the handlers that want them."""

    def __init__(self, queue: procrastinate.App, handlers: Iterable[Handler]) -> None:
        self.queue = queue
        self.handlers = tuple(handlers)

    async def send(self, session: AsyncSession, message: Message) -> None:
        """Queue ``message`` for every handler; nothing is queued unless the session commits."""
        wanted = [handler for handler in self.handlers if handler.message is type(message)]
        if not wanted:
            return
        connection = await _driver_connection(session)
        for handler in wanted:
            task = self.queue.configure_task(handler.name, connection=connection)
            await task.defer_async(message=msgspec.to_builtins(message))

    def register(self, house: House) -> None:
        """Teach the queue to run every handler, inside its tenant's unit of work unless it is free."""
        for handler in self.handlers:
            self.queue.task(name=handler.name, retry=procrastinate.RetryStrategy(max_attempts=5, wait=5))(
                _runner(handler, house)
            )


async def send(session: AsyncSession, message: Message) -> None:
    """Send ``message`` when, and only when, the session's transaction commits."""
    post: Post = session.info["post"]
    await post.send(session, message)


def _named(function: Callable[..., object]) -> str:
    return f"{function.__module__.partition('.')[0]}.{function.__name__}"


def _runner(handler: Handler, house: House) -> Callable[..., Awaitable[None]]:
    async def run(message: dict[str, Any]) -> None:
        decoded = msgspec.convert(message, handler.message)
        if handler.free:
            await handler.handle(house, decoded)
            return
        async with unit_of_work(house.worker, [decoded.tenant_id]) as session:
            await handler.handle(session, decoded)

    return run


async def _driver_connection(session: AsyncSession) -> AsyncConnection[Any]:
    raw = await (await session.connection()).get_raw_connection()
    connection: Any = raw.driver_connection
    if not isinstance(connection, AsyncConnection):
        raise TypeError("messages need the psycopg driver")
    return connection
