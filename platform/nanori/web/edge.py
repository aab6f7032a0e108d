"""The edge: who asks, may they, and one transaction for the whole request.

Order: find the login session, refuse or let in, check that an unsafe request comes from our own page,
bind the tenants, run the handler, and commit *before* the first byte of a good answer leaves. A status of
400 and above rolls back; a commit that fails is a 500, never a success that was not stored.
"""

import time
from contextlib import AsyncExitStack
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from litestar import Request
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.actors import CARRIER, Actor, ActorKind, Role
from nanori.alerts import OPEN_COUNT
from nanori.context import Context
from nanori.db import ALL_SHOPS, bind_tenants
from nanori.errors import NotFound
from nanori.identity.commands import MERCHANT_IDLE, extend_session, session_hash
from nanori.identity.queries import SignedIn, signed_in
from nanori.installation import Installation
from nanori.web.access import Access, Door, declared
from nanori.web.cookies import session_cookie_name
from nanori.web.csrf import check_origin, check_token
from nanori.web.errors import SignInFirst
from nanori.words import preferred_locale

AnyRequest = Request[object, object, State]
FIRST_FAILURE_STATUS = 400
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_ALL_SHOPS_AND_ALERTS = text(f"{ALL_SHOPS.text} AS shops, ({OPEN_COUNT}) AS open_alerts")

log = structlog.get_logger()


class Edge(ASGIMiddleware):
    """Everything between the socket and a handler."""

    scopes = (ScopeType.HTTP,)

    def __init__(self, installation: Installation) -> None:
        self.installation = installation

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        access = declared(scope["route_handler"])
        if access.door is Door.OPEN:
            await next_app(scope, receive, send)
            return
        started = time.perf_counter()
        request: AnyRequest = Request(scope, receive)
        async with AsyncExitStack() as stack:
            session = await self._let_in(request, access, stack)
            scope["state"]["session"] = session

            async def send_after_settling(message: Message) -> None:
                if message["type"] == "http.response.start":
                    undo = scope["state"].get("undo", False)
                    await _settle(session, FIRST_FAILURE_STATUS if undo else message["status"])
                    _log(request, message["status"], started)
                await send(message)

            await next_app(scope, receive, send_after_settling)

    async def _let_in(
        self, request: AnyRequest, access: Access, stack: AsyncExitStack
    ) -> AsyncSession | None:
        """Identify, refuse, bind; the session that the request may use, or None for a stream."""
        house = self.installation
        session = await stack.enter_async_context(house.staff())
        if access.door is Door.CARRIER:
            request.scope["state"]["context"] = _context(house, request, None)
            return session
        person = await self._person(request, session)
        context = _context(house, request, person)
        request.scope["state"]["context"] = context
        request.scope["state"]["person"] = person
        _refuse(access, context)
        if request.method not in SAFE_METHODS:
            check_origin(request, house.settings)
            await check_token(request, house.settings, person)
        if access.stream:
            await session.close()
            return None
        if Role.MERCHANT in context.roles:
            await self._keep_awake(session, person, context)
            await session.close()
            session = await stack.enter_async_context(house.merchant())
        await _bind(session, request, context)
        return session

    async def _person(self, request: AnyRequest, session: AsyncSession) -> SignedIn | None:
        cookie = request.cookies.get(session_cookie_name(self.installation.settings))
        if not cookie:
            return None
        return await signed_in(session, session_hash(cookie), now=self.installation.clock.now())

    async def _keep_awake(self, session: AsyncSession, person: SignedIn | None, context: Context) -> None:
        """A merchant's idle limit moves with use, at most once in five minutes."""
        if person and person.idle_until - context.now < MERCHANT_IDLE - timedelta(minutes=5):
            await extend_session(session, person.id_hash, idle_until=context.now + MERCHANT_IDLE)
            await session.commit()


def _context(house: Installation, request: AnyRequest, person: SignedIn | None) -> Context:
    known = person.locale if person else request.cookies.get("nanori_locale")
    asked = request.headers.get("accept-language", "")
    default = preferred_locale(asked, otherwise=house.settings.locale)
    return Context(
        actor=_actor(person),
        name=person.name if person else "",
        roles=person.roles if person else frozenset(),
        shops=person.shops if person else frozenset(),
        locale=known if known in {"ja", "en"} else default,
        zone=ZoneInfo(house.settings.zone),
        now=house.clock.now(),
        request_id=uuid7(),
    )


def _actor(person: SignedIn | None) -> Actor:
    if person is None:
        return CARRIER
    for role in (Role.OPERATOR, Role.SUPERVISOR, Role.AGENT, Role.MERCHANT):
        if role in person.roles:
            return Actor(kind=ActorKind(role.value), account_id=person.account_id)
    return Actor(kind=ActorKind.SYSTEM, account_id=person.account_id)


def _refuse(access: Access, context: Context) -> None:
    """Deny by default. To the wrong role a page does not exist: a refusal would tell that it does."""
    if access.door is not Door.ROLES:
        return
    if not context.roles:
        raise SignInFirst
    if not context.may(*access.roles):
        raise NotFound


async def _bind(session: AsyncSession, request: AnyRequest, context: Context) -> None:
    """Bind supervisors and operators to every shop, agents and merchants to those of their grants."""
    if not context.may(Role.SUPERVISOR, Role.OPERATOR):
        await bind_tenants(session, context.shops)
        return
    bound = (await session.execute(_ALL_SHOPS_AND_ALERTS)).one()
    shops = frozenset(UUID(one) for one in bound.shops.strip("{}").split(",") if one)
    request.scope["state"]["context"] = _with_shops(context, shops)
    request.scope["state"]["open_alerts"] = bound.open_alerts


def _with_shops(context: Context, shops: frozenset[UUID]) -> Context:
    return Context(
        actor=context.actor, name=context.name, roles=context.roles, shops=shops, locale=context.locale,
        zone=context.zone, now=context.now, request_id=context.request_id,
    )  # fmt: skip


async def _settle(session: AsyncSession | None, status: int) -> None:
    if session is None:
        return
    if status < FIRST_FAILURE_STATUS:
        await session.commit()
    else:
        await session.rollback()


def _log(request: AnyRequest, status: int, started: float) -> None:
    scope = request.scope
    context: Context = scope["state"]["context"]
    log.info(
        "request",
        method=request.method,
        route=scope["path_template"],
        status=status,
        ms=round((time.perf_counter() - started) * 1000, 1),
        request_id=str(context.request_id),
        account_id=str(context.actor.account_id or ""),
    )
