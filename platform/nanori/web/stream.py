"""``/live``: server-sent events for whoever is signed in. Ids only; the page reads again by itself."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import msgspec
from litestar import Controller, Request, get
from litestar.datastructures import State
from litestar.response import ServerSentEvent
from litestar.response.sse import ServerSentEventMessage

from nanori import live
from nanori.actors import Role
from nanori.context import Context
from nanori.identity.queries import SignedIn, signed_in
from nanori.installation import Installation
from nanori.web.access import allow
from nanori.web.page import context_of, installation_of

PING_SECONDS = 15.0


class LiveStream(Controller):
    @get("/live", opt=allow(*Role, stream=True))
    async def stream(self, request: Request[Any, Any, State]) -> ServerSentEvent:
        """Push this person's news until the browser leaves or the session ends.

        A browser that comes back (``Last-Event-ID``) hears ``refresh`` first: what it missed is read again,
        not repeated.
        """
        person: SignedIn = request.scope["state"]["person"]
        returning = request.headers.get("last-event-id") is not None
        news = _news(installation_of(request), person, audiences_of(context_of(request)), returning=returning)
        return ServerSentEvent(news)


def audiences_of(context: Context) -> tuple[str, ...]:
    """Which news a person may hear: an agent's own, the floor for supervisors, a merchant's own shop."""
    heard = []
    if context.may(Role.AGENT):
        heard.append(live.agent(context.account_id))
    if context.may(Role.SUPERVISOR, Role.OPERATOR):
        heard.append("floor")
    if context.may(Role.MERCHANT):
        heard.extend(f"shop:{shop}" for shop in sorted(context.shops))
    return tuple(heard)


async def _news(
    house: Installation, person: SignedIn, audiences: tuple[str, ...], *, returning: bool
) -> AsyncGenerator[ServerSentEventMessage]:
    async with house.hub.subscription(*audiences) as queue:
        yield ServerSentEventMessage(event="refresh" if returning else "hello", data="{}", id=_mark(house))
        while True:
            try:
                news = await asyncio.wait_for(queue.get(), PING_SECONDS)
            except TimeoutError:
                if not await _still_signed_in(house, person):
                    yield ServerSentEventMessage(event="signed-out", data="{}")
                    return
                yield ServerSentEventMessage(comment="still here")
                continue
            yield ServerSentEventMessage(
                event=news.event, data=msgspec.json.encode(news.ids).decode(), id=_mark(house)
            )


def _mark(house: Installation) -> str:
    return str(int(house.clock.now().timestamp() * 1000))


async def _still_signed_in(house: Installation, person: SignedIn) -> bool:
    async with house.staff() as session:
        return await signed_in(session, person.id_hash, now=house.clock.now()) is not None
