"""What is kept of a season besides the log: its files, and the log as a table to go with them."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.season_models import Season
from desks.values import DeskState
from interactions.models import Interaction, Reason
from interactions.orders.models import OrderReading
from interactions.wording import CHANNELS, outcome_in
from mailroom.models import Attachment, MailMessage
from nanori.files import TO_DELETE, File, FileStore
from nanori.words import N_, Words
from reports.adhoc import Sheet, as_csv
from telephony.models import Call, Recording

OVER = frozenset({DeskState.CLOSING, DeskState.CLOSED})
"""Then its data can go."""
HEADS = (N_("Number"), N_("Arrived"), N_("Channel"), N_("Outcome"), N_("Reason"), N_("Notes"))


@dataclass(frozen=True, slots=True)
class Stored:
    """What there is still of a season, and how far its deletion is."""

    count: int
    size: int  # bytes
    removed: int  # files
    to_delete: int  # of those that were removed
    nameless: int  # tables of orders that came in its days and name no desk


async def stored_of(session: AsyncSession, desk: Desk, season: Season) -> Stored:
    """How much of it is there; one statement."""
    there = select(func.count().label("files"), func.coalesce(func.sum(File.size), 0).label("size"))
    gone = select(func.count().label("removed"), func.count().filter(TO_DELETE).label("to_delete"))
    theirs = (File.tenant_id == desk.tenant_id, File.removal_id == season.id)
    here, away = there.where(of_season(desk)).subquery(), gone.where(*theirs).subquery()
    others = _nameless(desk, season).subquery()
    asked = select(here, away, others).select_from(here.join(away, true()).join(others, true()))
    row = (await session.execute(asked)).one()
    return Stored(row.files, int(row.size), row.removed, row.to_delete, row.nameless)


async def files_of(session: AsyncSession, desk: Desk) -> Sequence[File]:
    """What is there of a season, in the order of its coming."""
    asked = select(File).where(of_season(desk)).order_by(File.stored_at, File.id)
    return (await session.scalars(asked)).all()


async def log_of(session: AsyncSession, desk: Desk, zone: ZoneInfo, words: Words) -> bytes:
    """The contacts of its desk as a table, without any agent's name."""
    of_reason = and_(Reason.tenant_id == Interaction.tenant_id, Reason.id == Interaction.reason_id)
    rows = await session.execute(
        select(Interaction, Reason)
        .outerjoin(Reason, of_reason)
        .where(Interaction.tenant_id == desk.tenant_id, Interaction.desk_id == desk.id)
        .order_by(Interaction.number)
    )
    lines = [
        (
            one.number, _local(one.arrived_at, zone), words.gettext(CHANNELS[one.channel]),
            outcome_in(words, one.outcome), _label(reason, words), one.notes,
        )
        for one, reason in rows
    ]  # fmt: skip
    return as_csv([Sheet(desk.name, [words.gettext(head) for head in HEADS], lines)])


def pack(archive: IO[bytes], store: FileStore, listed: Sequence[File], log: bytes) -> None:
    """Write a ZIP file by folders of rooms and go back to its start; whose bytes are missing is left out."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("log.csv", log)
        for number, file in enumerate(listed, start=1):
            if store.has(file.tenant_id, file.id):
                packed.write(
                    store.path(file.tenant_id, file.id), f"{file.room}/{number:05}-{_flat(file.name)}"
                )
    archive.seek(0)


def _flat(name: str) -> str:
    """A name that leads into no folder."""
    return "".join("_" if sign in '/\\:*?"<>|' or not sign.isprintable() else sign for sign in name)[-120:]


def of_season(desk: Desk) -> ColumnElement[bool]:
    """Files of a season: tables of orders that name its desk, recordings and attachments of its desk."""
    tenant = desk.tenant_id
    uploaded = select(OrderReading.file_id).where(
        OrderReading.tenant_id == tenant, OrderReading.desk_id == desk.id, OrderReading.file_id.is_not(None)
    )
    recorded = (
        select(Recording.file_id)
        .join(Call, and_(Call.tenant_id == Recording.tenant_id, Call.id == Recording.call_id))
        .where(Recording.tenant_id == tenant, Recording.file_id.is_not(None), Call.desk_id == desk.id)
    )
    of_mail = and_(MailMessage.tenant_id == Attachment.tenant_id, MailMessage.id == Attachment.message_id)
    of_log = and_(
        Interaction.tenant_id == MailMessage.tenant_id, Interaction.id == MailMessage.interaction_id
    )
    attached = (
        select(Attachment.file_id)
        .join(MailMessage, of_mail)
        .join(Interaction, of_log)
        .where(Attachment.tenant_id == tenant, Interaction.desk_id == desk.id)
    )
    of_it = or_(File.id.in_(uploaded), File.id.in_(recorded), File.id.in_(attached))
    return and_(File.tenant_id == tenant, File.removed_at.is_(None), of_it)


def _nameless(desk: Desk, season: Season) -> Select[Any]:
    """Tables that are the shop's own, although they came in the season's days."""
    of_file = and_(File.tenant_id == OrderReading.tenant_id, File.id == OrderReading.file_id)
    return (
        select(func.count().label("nameless"))
        .select_from(OrderReading)
        .join(File, of_file)
        .where(
            OrderReading.tenant_id == desk.tenant_id, OrderReading.desk_id.is_(None),
            OrderReading.asked_at >= season.opens_at, OrderReading.asked_at < season.closes_at,
            File.removed_at.is_(None),
        )
    )  # fmt: skip


def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _label(reason: Reason | None, words: Words) -> str:
    if reason is None:
        return ""
    return reason.label_ja if words.locale == "ja" else reason.label_en
