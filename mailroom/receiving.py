"""The way of one mail into the house: raw bytes stored and committed first, understood in a second step.

``nanori mail receive`` and every later gate (LMTP, webhooks) call ``receive``. Once it answers with a stored
mail the sender need not keep it: what the second step cannot do now, the worker does later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from uuid import UUID

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncSession

from mailroom.addresses import recipient_addresses
from mailroom.commands.filing import Mailbox, file_raw, quarantine, store_raw
from mailroom.composing import split_reply_address
from mailroom.headers import read_headers
from mailroom.mime import MAX_BYTES
from mailroom.queries import left_over
from nanori import directory
from nanori.db import across_shops, bind_tenants, unit_of_work
from nanori.installation import Installation

log = structlog.get_logger()

PATIENCE = timedelta(seconds=60)
"""How long a stored mail waits for its own process before the worker files it."""

PASSING = (OperationalError, InterfaceError, PoolTimeout, OSError)
"""Failures of the moment: the database is away, a lock is held, the disk is full."""


class ExitCode(IntEnum):
    """sysexits.h, as mail transfer agents read it."""

    OK = 0
    USAGE = 64
    DATA = 65  # no mail, or one beyond the limits
    NO_USER = 67  # no shop has this address
    TEMPORARY = 75  # keep the mail and try again


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one mail. ``is_new`` is False for one that was stored before."""

    exit_code: ExitCode
    said: str  # one English sentence for the log of whoever delivered
    tenant_id: UUID | None = None
    raw_id: UUID | None = None
    is_new: bool = False


async def receive(installation: Installation, raw: bytes, *, envelope_to: str | None = None) -> Receipt:
    """Take one mail in. Never raises for what a mail may contain or a database may be unable to do just now.

    Args:
        envelope_to: the address of the envelope; without it Delivered-To, X-Original-To, To and Cc are asked
            in that order, and the first address of a shop counts.
    """
    if not raw.strip():
        return Receipt(exit_code=ExitCode.DATA, said="There is no mail on the input.")
    if len(raw) > MAX_BYTES:
        return Receipt(exit_code=ExitCode.DATA, said=f"The mail is larger than {MAX_BYTES} bytes.")
    try:
        stored = await _take_in(installation, raw, envelope_to)
    except PASSING as problem:
        log.warning("mail.not_stored", error=type(problem).__name__)
        return Receipt(exit_code=ExitCode.TEMPORARY, said="The mail could not be stored; try again later.")
    if stored is None:
        return Receipt(exit_code=ExitCode.NO_USER, said="No shop has this address.")
    await file_one(installation, stored.tenant_id, stored.raw_id)
    return Receipt(
        exit_code=ExitCode.OK,
        said="Stored." if stored.is_new else "Stored before; nothing has changed.",
        tenant_id=stored.tenant_id,
        raw_id=stored.raw_id,
        is_new=stored.is_new,
    )


async def file_one(installation: Installation, tenant_id: UUID, raw_id: UUID) -> bool:
    """Make a stored mail part of its case. False when that did not work: it stays stored, or is set aside."""
    try:
        async with unit_of_work(installation.worker, [tenant_id]) as session:
            await file_raw(session, tenant_id, raw_id, store=installation.files)
    except PASSING as problem:
        log.warning("mail.not_filed_yet", raw_id=str(raw_id), error=type(problem).__name__)
        return False
    except Exception as problem:
        log.exception("mail.quarantined", raw_id=str(raw_id))
        await _set_aside(installation, tenant_id, raw_id, type(problem).__name__)
        return False
    return True


async def file_left_over(installation: Installation, now: datetime) -> None:
    """File what was stored by a process that did not live to file it."""
    async with across_shops(installation.worker) as session:
        waiting = await left_over(session, before=now - PATIENCE)
    for tenant_id, raw_id in waiting:
        await file_one(installation, tenant_id, raw_id)


@dataclass(frozen=True, slots=True)
class _Stored:
    tenant_id: UUID
    raw_id: UUID
    is_new: bool


async def _take_in(installation: Installation, raw: bytes, envelope_to: str | None) -> _Stored | None:
    """Find the shop and commit the raw bytes; None when no shop has any of the addresses."""
    headers, _ = read_headers(raw, 0, len(raw))
    candidates = recipient_addresses(headers, envelope_to)
    async with installation.worker.begin() as session:
        mailbox = await _mailbox(session, candidates)
        if mailbox is None:
            return None
        await bind_tenants(session, [mailbox.tenant_id])
        raw_id, is_new = await store_raw(session, mailbox, raw, now=installation.clock.now())
    return _Stored(mailbox.tenant_id, raw_id, is_new)


async def _mailbox(session: AsyncSession, candidates: Sequence[str]) -> Mailbox | None:
    """The first address that belongs to a shop; one with ``+anything`` counts as the one without."""
    for address in dict.fromkeys(form for given in candidates for form in _forms(given)):
        found = await directory.look_up(session, directory.Kind.MAIL_ADDRESS, address)
        if found is not None:
            return Mailbox(found.shop_id, address)
    return None


def _forms(given: str) -> tuple[str, str]:
    address, _token = split_reply_address(given)
    local, _, domain = address.rpartition("@")
    return address, f"{local.partition('+')[0]}@{domain}"


async def _set_aside(installation: Installation, tenant_id: UUID, raw_id: UUID, failure: str) -> None:
    try:
        async with unit_of_work(installation.worker, [tenant_id]) as session:
            await quarantine(session, tenant_id, raw_id, failure)
    except PASSING as problem:
        log.warning("mail.not_set_aside_yet", raw_id=str(raw_id), error=type(problem).__name__)
