"""How we get into a shop's own Shopify: set, taken away, and asked for what is new, by hand or regularly."""

import re
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.orders.errors import NotConnected, SourceRefused
from interactions.orders.models import OrderReading, ShopifyConnection
from interactions.orders.ports import ShopLogin
from interactions.orders.values import FileKind, ReadingState, Source
from nanori.errors import InvalidInput
from nanori.sealed import SealBroken, seal, unseal
from nanori.text import half_width
from nanori.words import N_

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,60}\.myshopify\.com")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,200}")
BAD_DOMAIN = N_("This is not a shop's address at Shopify. Example: minato-coffee.myshopify.com")
BAD_TOKEN = N_(
    "This is not an access token. It begins with shpat_ and stands in the app that the shop has made."
)
TAKEN = N_("Another shop is connected with this address.")
NO_LONGER = N_("Shopify is not connected any more.")
UNOPENED = N_("The stored token cannot be opened any more. Enter it again.")

LATE = timedelta(minutes=10)
"""Shopify's search may learn of a change so much later: the last minutes are always read again."""
LOST = timedelta(hours=3)
"""A reading that has taken so long has died with its worker: another one may begin."""
AFTER_REFUSAL = timedelta(hours=6)
"""Where a person has to act first, the regular reading tries again so rarely."""
GOING = (ReadingState.QUEUED, ReadingState.RUNNING)


async def connect(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    domain: str,
    token: str,
    secret_key: str,
    by: UUID,
    now: datetime,
) -> None:
    """Store a shop's address and token. Under a new address everything is read from the beginning.

    Raises:
        InvalidInput: the address or the token is none, or another shop has the address; nothing is stored.
    """
    domain, token = plain_domain(domain), half_width(token).strip()
    wrong = {} if _DOMAIN.fullmatch(domain) else {"domain": BAD_DOMAIN}
    wrong |= {} if _TOKEN.fullmatch(token) else {"token": BAD_TOKEN}
    if wrong:
        raise InvalidInput(wrong)
    before = await connection_of(session, tenant_id)
    read_to = before.read_to if before is not None and before.domain == domain else None
    values = {
        "domain": domain, "sealed_token": seal(secret_key, _purpose(tenant_id), token), "set_by": by,
        "set_at": now, "read_to": read_to, "due_at": now,
    }  # fmt: skip
    try:
        async with session.begin_nested():
            await session.execute(
                insert(ShopifyConnection)
                .values(tenant_id=tenant_id, **values)
                .on_conflict_do_update(index_elements=[ShopifyConnection.tenant_id], set_=values)
            )
    except IntegrityError as problem:
        raise InvalidInput({"domain": TAKEN}) from problem


def plain_domain(text: str) -> str:
    """As people paste it: with or without ``https://``, what follows the host, and capitals."""
    plain = half_width(text).strip().lower()
    return plain.removeprefix("https://").removeprefix("http://").partition("/")[0]


async def disconnect(session: AsyncSession, tenant_id: UUID) -> bool:
    """Forget address and token; the orders stay. False when there was nothing to forget."""
    found = await session.execute(
        delete(ShopifyConnection)
        .where(ShopifyConnection.tenant_id == tenant_id)
        .returning(ShopifyConnection.tenant_id)
    )
    return found.first() is not None


async def connection_of(session: AsyncSession, tenant_id: UUID) -> ShopifyConnection | None:
    found: ShopifyConnection | None = await session.get(ShopifyConnection, tenant_id, populate_existing=True)
    return found


async def login_of(session: AsyncSession, tenant_id: UUID, *, secret_key: str) -> ShopLogin:
    """What the adapter needs.

    Raises:
        SourceRefused: there is no connection any more, or the secret key is another one by now.
    """
    found = await connection_of(session, tenant_id)
    if found is None:
        raise SourceRefused(NO_LONGER)
    try:
        return ShopLogin(found.domain, unseal(secret_key, _purpose(tenant_id), found.sealed_token))
    except SealBroken as problem:
        raise SourceRefused(UNOPENED) from problem


async def ask_shopify(
    session: AsyncSession, tenant_id: UUID, *, by: UUID | None, now: datetime
) -> OrderReading:
    """Have everything read that is new; the reading that is under way where there is one.

    Raises:
        NotConnected: nobody has told us where.
    """
    connection = await session.get(ShopifyConnection, tenant_id, with_for_update=True, populate_existing=True)
    if connection is None:
        raise NotConnected
    going = await session.scalar(
        select(OrderReading)
        .where(
            OrderReading.tenant_id == tenant_id,
            OrderReading.source == Source.SHOPIFY,
            OrderReading.state.in_(GOING),
            OrderReading.asked_at > now - LOST,
        )
        .limit(1)
    )
    if going is not None:
        return going
    reading = OrderReading(
        tenant_id=tenant_id, id=uuid7(), source=Source.SHOPIFY, kind=FileKind.ORDERS, file_name="",
        mapping={}, state=ReadingState.QUEUED, asked_by=by, asked_at=now,
        since=connection.read_to - LATE if connection.read_to else None,
    )  # fmt: skip
    session.add(reading)
    await session.flush()
    return reading


async def ask_due(session: AsyncSession, *, every: timedelta, now: datetime) -> None:
    """Each shop whose regular reading is due. The transaction is bound to every shop."""
    due = await session.scalars(
        select(ShopifyConnection)
        .where(ShopifyConnection.due_at <= now)
        .order_by(ShopifyConnection.due_at)
        .limit(20)
        .with_for_update(skip_locked=True)
    )
    for connection in due.all():
        connection.due_at = now + every
        await session.flush()
        await ask_shopify(session, connection.tenant_id, by=None, now=now)


async def note_told(session: AsyncSession, reading: OrderReading, *, to: datetime) -> None:
    """The shop's system has told everything until then, unless it was connected anew meanwhile."""
    await session.execute(
        update(ShopifyConnection)
        .where(
            ShopifyConnection.tenant_id == reading.tenant_id,
            ShopifyConnection.set_at <= reading.asked_at,
            ShopifyConnection.read_to.is_(None) | (ShopifyConnection.read_to < to),
        )
        .values(read_to=to)
    )


async def put_off(session: AsyncSession, tenant_id: UUID, *, now: datetime) -> None:
    """Until somebody acts there is little sense in asking."""
    await session.execute(
        update(ShopifyConnection)
        .where(ShopifyConnection.tenant_id == tenant_id)
        .values(due_at=now + AFTER_REFUSAL)
    )


def _purpose(tenant_id: UUID) -> str:
    return f"Shopify token of {tenant_id}"
