"""A shop that has a mail address, and mails to it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.adapters.sink import Sink
from mailroom.ports import POSTMAN
from mailroom.receiving import Receipt, receive
from nanori import directory
from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from tenants.models import MailAddress, Tenant
from tests.mailroom.samples import mail
from tests.support.people import a_shop, an_account

Receives = Callable[[bytes], Awaitable[Receipt]]


@dataclass(frozen=True)
class MailShop:
    """A shop, its address, and an agent who answers for it."""

    tenant: Tenant
    address: str
    agent: Account

    @property
    def id(self) -> UUID:
        return self.tenant.tenant_id

    def letter(self, *headers: str, body: str | bytes = "届きません。", number: int = 1) -> bytes:
        """A mail of the shopper Tanaka; the n-th is another mail."""
        return mail(
            "From: =?utf-8?B?55Sw5Lit?= <tanaka@x.example>",
            f"To: {self.address}",
            f"Message-ID: <{number}@x.example>",
            "Subject: =?utf-8?B?5rOo5paH44Gu5Lu2?=",
            "Content-Type: text/plain; charset=utf-8",
            *headers,
            body=body,
        )


@pytest.fixture
def postman() -> Sink:
    return Sink()


@pytest.fixture
def house(installation: Installation, postman: Sink) -> Installation:
    """The test's installation with a postman who keeps what he takes."""
    return replace(installation, plugged={POSTMAN: postman})


@pytest.fixture
async def shop(session: AsyncSession) -> MailShop:
    return await a_mail_shop(session)


async def a_mail_shop(session: AsyncSession, *, brand: str = "ミナト珈琲") -> MailShop:
    tenant = await a_shop(session, brand=brand)
    address = f"support@{tenant.slug}.example"
    await directory.promise(session, directory.Kind.MAIL_ADDRESS, address, shop_id=tenant.tenant_id)
    session.add(MailAddress(tenant_id=tenant.tenant_id, address=address))
    agent = await an_account(session, Role.AGENT, shops=[tenant.tenant_id])
    await session.commit()
    await bind_all_shops(session)
    return MailShop(tenant, address, agent)


@pytest.fixture
def receives(house: Installation) -> Receives:
    """Take a mail in as the pipe does."""

    async def take(raw: bytes) -> Receipt:
        return await receive(house, raw)

    return take
