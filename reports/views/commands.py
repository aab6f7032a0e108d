"""Writes of saved views: keep, plan, remove, and mail. They flush and never commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from mailroom.addresses import Address
from mailroom.posting import Enclosure, Notice, post_notice
from nanori.identity.models import Account
from nanori.identity.queries import leaders
from nanori.live import WORK, announce
from nanori.text import tidied
from nanori.words import N_, words_for
from reports.adhoc import XLSX, Asked, as_xlsx, facts_asked, sheets
from reports.delivery.errors import NoSender
from reports.month import MonthFigures, month_figures
from reports.views.errors import DoesNotMove, NameMissing, NameTaken, ViewNotFound
from reports.views.models import FigureLetter, FigureView
from reports.views.queries import address_of, asked_on
from reports.views.values import Span, next_due
from tenants.models import Tenant
from tenants.queries import addresses_of
from tenants.queries import shop as shop_by_id

LONGEST_NAME = 80


async def keep_view(
    session: AsyncSession, tenant_id: UUID, name: str, span: Span, asked: Asked, *, by: UUID, now: datetime
) -> FigureView:
    """Save what is asked for under a name. Of a span that moves the days are not kept.

    Raises:
        NameMissing, NameTaken: it cannot be found again by that name.
    """
    name = tidied(name)[:LONGEST_NAME].strip()
    if not name:
        raise NameMissing
    one = FigureView
    taken = select(one.id).where(one.tenant_id == tenant_id, one.name == name, one.removed_at.is_(None))
    if await session.scalar(taken) is not None:
        raise NameTaken
    is_fixed = span is Span.DAYS
    view = FigureView(
        tenant_id=tenant_id, id=uuid7(), name=name, span=span, desk_id=asked.desk_id,
        first_day=asked.first if is_fixed else None, last_day=asked.last if is_fixed else None,
        reason_id=asked.reason_id, readers=[], made_by=by, made_at=now,
    )  # fmt: skip
    session.add(view)
    await session.flush()
    return view


async def plan_view(
    session: AsyncSession, tenant_id: UUID, view_id: UUID, readers: Sequence[UUID], *, now: datetime
) -> FigureView:
    """From now on mail it to these accounts, as far as they are staff who may see it; to nobody stops it.

    Raises:
        ViewNotFound: not among the shops bound, or removed.
        DoesNotMove: it is of fixed days.
    """
    view = await _locked(session, tenant_id, view_id)
    known = {one.id for one in await leaders(session)}
    chosen = [one for one in dict.fromkeys(readers) if one in known]
    if chosen and view.span is Span.DAYS:
        raise DoesNotMove
    shop = await shop_by_id(session, tenant_id)
    view.readers, view.failure = [str(one) for one in chosen], None
    view.due_at = next_due(view.span, now.astimezone(ZoneInfo(shop.zone))) if chosen else None
    await session.flush()
    return view


async def remove_view(session: AsyncSession, tenant_id: UUID, view_id: UUID, *, now: datetime) -> FigureView:
    """Nobody sees it any more, and nothing is sent.

    Raises:
        ViewNotFound: not among the shops bound, or removed.
    """
    view = await _locked(session, tenant_id, view_id)
    view.removed_at, view.due_at = now, None
    await session.flush()
    return view


async def send_view(
    session: AsyncSession, tenant_id: UUID, view_id: UUID, *, public_url: str, now: datetime
) -> int:
    """Mail what is due, once to each reader, and say when the next is. Returns the number of mails."""
    view = await _locked(session, tenant_id, view_id)
    if view.due_at is None or view.due_at > now:
        return 0
    shop = await shop_by_id(session, tenant_id)
    local = now.astimezone(ZoneInfo(shop.zone))
    view.due_at, view.failure = next_due(view.span, local), None
    senders = await addresses_of(session, tenant_id)
    if not senders:
        view.failure = NoSender.message
        await session.flush()
        return 0
    asked = asked_on(view, local.date())
    readers = await _waiting(session, view, asked.last)
    if readers:
        counted = await asyncio.to_thread(month_figures, *await facts_asked(session, shop, asked))
        post = _Post(
            view, shop, asked, counted, Address(senders[0].address, shop.brand_name), public_url, now
        )
        for reader in readers:
            await post.write(session, reader)
        await announce(session, WORK, "mail")
    await session.flush()
    return len(readers)


async def put_off(session: AsyncSession, tenant_id: UUID, view_id: UUID, why: str, *, now: datetime) -> None:
    """What stood in the way (a msgid) is told beside the view; the next time it is tried again."""
    view, shop = await _locked(session, tenant_id, view_id), await shop_by_id(session, tenant_id)
    view.failure = why
    view.due_at = next_due(view.span, now.astimezone(ZoneInfo(shop.zone)))
    await session.flush()


async def _waiting(session: AsyncSession, view: FigureView, last: date) -> list[Account]:
    """The readers who are still staff and have not had this stretch."""
    one = FigureLetter
    asked = select(one.account_id).where(
        one.tenant_id == view.tenant_id, one.view_id == view.id, one.last_day == last
    )
    had = set(await session.scalars(asked))
    return [one for one in await leaders(session) if str(one.id) in view.readers and one.id not in had]


async def _locked(session: AsyncSession, tenant_id: UUID, view_id: UUID) -> FigureView:
    view = await session.get(FigureView, (tenant_id, view_id), with_for_update=True, populate_existing=True)
    if view is None or view.removed_at is not None:
        raise ViewNotFound
    return view


@dataclass(frozen=True, slots=True)
class _Post:
    """The mails of one stretch of a view, each in its reader's language."""

    view: FigureView
    shop: Tenant
    asked: Asked
    month: MonthFigures
    sender: Address
    public_url: str
    now: datetime

    async def write(self, session: AsyncSession, reader: Account) -> None:
        words, mail_id = words_for(reader.locale), uuid7()
        days = {"first": words.date(self.asked.first), "last": words.date(self.asked.last)}
        place = self.public_url + address_of(self.shop, self.asked)
        name = f"{self.shop.slug}-{self.asked.first}-{self.asked.last}.xlsx"
        book = await asyncio.to_thread(as_xlsx, sheets(self.month, words))
        notice = Notice(
            sender=self.sender,
            to=Address(reader.login, reader.name),
            subject=words.gettext(
                N_("[{shop}] {view}, {first} to {last}"),
                shop=self.shop.brand_name, view=self.view.name, **days,
            ),
            text=words.gettext(
                N_("The figures are enclosed as a workbook. On screen, after signing in:\n{address}"),
                address=place,
            ),
            at=self.now,
            enclosed=Enclosure(name=name, media_type=XLSX, content=book),
        )  # fmt: skip
        await post_notice(session, self.shop.tenant_id, mail_id, notice)
        session.add(
            FigureLetter(
                tenant_id=self.shop.tenant_id, id=mail_id, view_id=self.view.id, account_id=reader.id,
                last_day=self.asked.last, queued_at=self.now,
            )
        )  # fmt: skip
