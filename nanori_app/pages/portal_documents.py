"""The documents that a shop's people are handed out: each page of the portal about one thing has its own.

Each says what its page says, by the queries of that page, in a number of statements that never grows.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from billing.invoices.document import State
from billing.invoices.errors import InvoiceNotFound
from billing.invoices.queries import document_of, invoice_by_id, later_ones
from billing.listed import invoice_listed
from interactions.orders.listed import columns_listed, reading_listed
from interactions.orders.models import OrderReading
from interactions.orders.preview import preview
from interactions.orders.queries import problems_of, reading_by_id
from interactions.orders.readings import stored_mapping, table_of
from interactions.orders.table import Table
from interactions.orders.values import ReadingState
from interactions.orders.worker import ground_of
from nanori.errors import NotFound
from nanori_app.pages.portal_asked import Asked
from scripts_talk.knowledge.errors import ArticleNotFound
from scripts_talk.knowledge.queries import article as article_by_id
from scripts_talk.knowledge.queries import remarks_of, versions_of
from scripts_talk.listed import article_listed, script_listed
from scripts_talk.queries import submitted_with_published

Document = dict[str, Any]


async def invoice(asked: Asked, key: UUID) -> Document:
    """An issued one: drafts are the operator's."""
    found = await invoice_by_id(asked.session, asked.shop.tenant_id, key)
    if found.state is not State.ISSUED:
        raise InvoiceNotFound
    later = [one for one in await later_ones(asked.session, found) if one.state is State.ISSUED]
    return {"invoice": invoice_listed(found, await document_of(asked.session, found), later)}


async def order_file(asked: Asked, key: UUID) -> Document:
    """A reading with its rows that were not kept; while its columns are chosen, these and the first rows."""
    found = await reading_by_id(asked.session, asked.shop.tenant_id, key)
    problems = await problems_of(asked.session, found, limit=None) if found.refused else []
    is_mapping = found.state is ReadingState.MAPPING
    table = await _table(asked, found) if problems or is_mapping else None
    told = reading_listed(found, problems, table, asked.shop.zone, asked.words)
    if table is not None and is_mapping:
        mapped = stored_mapping(found.mapping)
        shown = preview(table, found.kind, mapped, ground_of(asked.shop, asked.now))
        told |= columns_listed(found, table, mapped, shown, asked.words)
    return {"reading": told}


async def script(asked: Asked, key: UUID) -> Document:
    """A version that waits for the shop's word."""
    found, before = await submitted_with_published(asked.session, asked.shop.tenant_id, key)
    return {"script": script_listed(found, before, asked.shop.zone)}


async def article(asked: Asked, key: UUID) -> Document:
    found = await article_by_id(asked.session, asked.shop.tenant_id, key)
    versions = [one for one in await versions_of(asked.session, found) if one.is_for_the_shop]
    if not versions:
        raise ArticleNotFound
    remarks = await remarks_of(asked.session, found)
    return {"article": article_listed(found, versions, remarks, asked.shop.zone)}


async def _table(asked: Asked, reading: OrderReading) -> Table | None:
    """The file, if it is there: what came of it is told without it."""
    try:
        return await table_of(asked.session, asked.files, reading)
    except (NotFound, FileNotFoundError):
        return None


DOCUMENTS: Mapping[str, Callable[[Asked, UUID], Awaitable[Document]]] = {
    "invoices": invoice,
    "order-files": order_file,
    "scripts": script,
    "articles": article,
}
"""By the name of the table that lists them."""
