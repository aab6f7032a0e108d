"""``/portal/…/hours.csv``, ``/portal/…/files/month.csv`` and their like: what a shop sees, for programs."""

import json
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Role
from nanori.context import Context
from nanori.errors import NotFound
from nanori.sheets import csv_of
from nanori.web.access import allow
from nanori.web.downloads import download
from nanori_app.pages.portal_tables import TABLES, Asked
from tenants.calendars import calendar_of
from tenants.changes.listed import (
    HOUR_HEADS,
    PEOPLE_HEADS,
    Looked,
    contacts_listed,
    hour_rows,
    hours_listed,
    people_rows,
)
from tenants.changes.queries import MOST_COMING, changes_of_shop
from tenants.models import Tenant
from tenants.queries import contacts_of, special_days
from tenants.queries import shop as shop_by_id


class PortalFiles(Controller):
    path = "/portal/{tenant_id:uuid}"
    opt = allow(Role.MERCHANT)

    @get("/hours.json")
    async def hours(
        self,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Response[bytes]:
        """The week, single days and the changes of both, whole."""
        shop = await shop_by_id(session, tenant_id)
        return await _as_json(session, context, shop, "hours", await _hours(session, context, shop))

    @get("/hours.csv")
    async def hours_table(
        self,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Response[bytes]:
        shop = await shop_by_id(session, tenant_id)
        rows = hour_rows(await _hours(session, context, shop))
        return await _handed_out(session, context, shop, "hours.csv", csv_of([HOUR_HEADS, *rows]))

    @get("/contacts.json")
    async def contacts(
        self,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Response[bytes]:
        """Whom the desk reaches, and who it will be."""
        shop = await shop_by_id(session, tenant_id)
        return await _as_json(session, context, shop, "contacts", await _contacts(session, context, shop))

    @get("/contacts.csv")
    async def contacts_table(
        self,
        tenant_id: FromPath[UUID],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
    ) -> Response[bytes]:
        shop = await shop_by_id(session, tenant_id)
        rows = people_rows(await _contacts(session, context, shop))
        return await _handed_out(session, context, shop, "contacts.csv", csv_of([PEOPLE_HEADS, *rows]))

    @get("/files/{name:str}")
    async def table(
        self,
        tenant_id: FromPath[UUID],
        name: FromPath[str],
        session: NamedDependency[AsyncSession],
        context: NamedDependency[Context],
        month: FromQuery[str] = "",
    ) -> Response[bytes]:
        """One of the tables of ``portal_tables`` as CSV or JSON, by its ending; ``month`` where it is of one.

        Raises:
            NotFound: no such table, ending or month.
        """
        what, _, ending = name.rpartition(".")
        if what not in TABLES or ending not in ("csv", "json"):
            raise NotFound
        shop = await shop_by_id(session, tenant_id)
        asked = Asked.of(session, shop, context.now, month)
        found = await TABLES[what](asked)
        if ending == "csv":
            return await _handed_out(session, context, shop, name, found.table.as_csv())
        told = {"shop": shop.slug, "zone": shop.zone, "on": asked.today.isoformat(), **found.more}
        told[found.table.name] = found.table.as_records()
        return await _as_json(session, context, shop, what, told)


async def _hours(session: AsyncSession, context: Context, shop: Tenant) -> dict[str, Any]:
    looked = await _looked(session, context, shop)
    days = await special_days(session, shop.tenant_id)
    return hours_listed(looked, await calendar_of(session, shop), days)


async def _contacts(session: AsyncSession, context: Context, shop: Tenant) -> dict[str, Any]:
    looked = await _looked(session, context, shop)
    return contacts_listed(looked, await contacts_of(session, shop.tenant_id))


async def _looked(session: AsyncSession, context: Context, shop: Tenant) -> Looked:
    today = context.now.astimezone(ZoneInfo(shop.zone)).date()
    found = await changes_of_shop(session, shop.tenant_id, today=today, limit=MOST_COMING)
    return Looked(shop=shop, changes=found, now=context.now)


async def _as_json(
    session: AsyncSession, context: Context, shop: Tenant, what: str, told: dict[str, Any]
) -> Response[bytes]:
    body = json.dumps(told, ensure_ascii=False, indent=1).encode()
    return await _handed_out(session, context, shop, f"{what}.json", body)


async def _handed_out(
    session: AsyncSession, context: Context, shop: Tenant, name: str, body: bytes
) -> Response[bytes]:
    await audit.record(session, context, "portal.downloaded", shop_id=shop.tenant_id, detail={"file": name})
    return download(body, f"{shop.slug}-{name}")
