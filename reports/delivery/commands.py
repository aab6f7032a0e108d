"""Approve a report and put it into the outbox, once for each person. They flush and never commit."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from mailroom.addresses import Address
from mailroom.posting import Enclosure, Notice, post_notice
from nanori.files import FileStore
from nanori.live import WORK, announce
from nanori.words import N_, words_for
from reports.delivery.errors import NobodyToWriteTo, NoSender, NotApproved, NotMade
from reports.delivery.models import ReportApproval, ReportLetter, ReportPlan
from reports.delivery.planning import Wanted, seen_to
from reports.queries import report_of
from reports.values import ReportState, month_text
from tenants.models import Tenant
from tenants.queries import addresses_of, contacts_of
from tenants.queries import shop as shop_by_id

LINK = N_(
    "The report of {month} is ready. Please sign in to read it, and to see what each of its figures was "
    "counted from:\n{address}"
)
ENCLOSED = N_(
    "The report of {month} is enclosed. Sign in to see what each of its figures was counted from:\n{address}"
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Where the PDFs lie, and where a reader signs in."""

    store: FileStore
    public_url: str


async def keep_plan(session: AsyncSession, tenant_id: UUID, wanted: Wanted, *, now: datetime) -> None:
    """From now on; a month whose day is already past is not made up for."""
    shop = await shop_by_id(session, tenant_id)
    plan = await session.get(ReportPlan, tenant_id, with_for_update=True)
    if plan is None:
        plan = ReportPlan(tenant_id=tenant_id)
        session.add(plan)
    today = now.astimezone(ZoneInfo(shop.zone))
    plan.day, plan.encloses, plan.unasked = wanted.day, wanted.encloses, wanted.unasked
    plan.recipients, plan.made_for = list(wanted.recipients), seen_to(wanted.day, today)
    await session.flush()


async def approve(
    session: AsyncSession, tenant_id: UUID, month: date, *, by: UUID | None, now: datetime
) -> ReportApproval:
    """Let the report as it lies there go. Twice is no error.

    Raises:
        NotMade: there is no finished one.
    """
    report = await report_of(session, tenant_id, month, locked=True)
    if report is None or report.state is not ReportState.READY or report.pdf_file_id is None:
        raise NotMade
    known = await approval_of(session, tenant_id, report.pdf_file_id)
    if known is not None:
        return known
    given = ReportApproval(
        tenant_id=tenant_id, id=uuid7(), month=month, file_id=report.pdf_file_id, at=now, by=by
    )
    session.add(given)
    await session.flush()
    return given


async def approval_of(session: AsyncSession, tenant_id: UUID, file_id: UUID) -> ReportApproval | None:
    one = ReportApproval
    found: ReportApproval | None = await session.scalar(
        select(one).where(one.tenant_id == tenant_id, one.file_id == file_id)
    )
    return found


async def send_report(
    session: AsyncSession, sender: Sender, tenant_id: UUID, month: date, *, again: bool = False, now: datetime
) -> list[ReportLetter]:
    """One letter for each person who has not had this very report; with ``again`` for everybody.

    Raises:
        NotMade, NotApproved, NobodyToWriteTo, NoSender: it cannot be sent, and nothing was.
    """
    report = await report_of(session, tenant_id, month, locked=True)
    if report is None or report.state is not ReportState.READY or report.pdf_file_id is None:
        raise NotMade
    file_id = report.pdf_file_id
    if await approval_of(session, tenant_id, file_id) is None:
        raise NotApproved
    shop, plan = await shop_by_id(session, tenant_id), await session.get(ReportPlan, tenant_id)
    recipients = await recipients_of(session, shop, plan)
    if not recipients:
        raise NobodyToWriteTo
    addresses = await addresses_of(session, tenant_id)
    if not addresses:
        raise NoSender
    had, last = await _had(session, tenant_id, month), await _with_this(session, tenant_id, file_id)
    writing = _Writing(sender, shop, Address(addresses[0].address, shop.brand_name), month, file_id, now)
    letters = [
        await writing.write(session, to, seq=had.get(to, 0) + 1, encloses=bool(plan and plan.encloses))
        for to in recipients
        if again or to not in last
    ]
    await session.flush()
    await announce(session, WORK, "mail")
    return letters


async def recipients_of(session: AsyncSession, shop: Tenant, plan: ReportPlan | None) -> list[str]:
    """Those of the plan; without one, the shop's contacts that have a mail address."""
    if plan is not None and plan.recipients:
        return list(dict.fromkeys(str(one) for one in plan.recipients))
    contacts = await contacts_of(session, shop.tenant_id)
    return list(dict.fromkeys(one.mail for one in contacts if one.mail))


async def note_opened(session: AsyncSession, tenant_id: UUID, month: date, *, now: datetime) -> None:
    """A merchant who had signed in opened the report: its letters have been followed."""
    one = ReportLetter
    await session.execute(
        update(one)
        .where(one.tenant_id == tenant_id, one.month == month, one.opened_at.is_(None))
        .values(opened_at=now)
    )


async def _had(session: AsyncSession, tenant_id: UUID, month: date) -> dict[str, int]:
    """How many letters about the month each person was written."""
    one = ReportLetter
    rows = await session.execute(
        select(one.recipient, func.max(one.seq))
        .where(one.tenant_id == tenant_id, one.month == month)
        .group_by(one.recipient)
    )
    return {recipient: int(seq) for recipient, seq in rows}


async def _with_this(session: AsyncSession, tenant_id: UUID, file_id: UUID) -> set[str]:
    one = ReportLetter
    return set(
        await session.scalars(select(one.recipient).where(one.tenant_id == tenant_id, one.file_id == file_id))
    )


@dataclass(frozen=True, slots=True)
class _Writing:
    """The letters of one report."""

    sender: Sender
    shop: Tenant
    from_: Address
    month: date
    file_id: UUID
    now: datetime

    async def write(self, session: AsyncSession, to: str, *, seq: int, encloses: bool) -> ReportLetter:
        letter_id = uuid7()
        notice = Notice(
            sender=self.from_, to=Address(to, ""), subject=self._subject(), text=self._text(encloses),
            at=self.now, enclosed=self._enclosed() if encloses else None,
        )  # fmt: skip
        await post_notice(session, self.shop.tenant_id, letter_id, notice)
        letter = ReportLetter(
            tenant_id=self.shop.tenant_id, id=letter_id, month=self.month, recipient=to, seq=seq,
            file_id=self.file_id, encloses=encloses, queued_at=self.now,
        )  # fmt: skip
        session.add(letter)
        return letter

    def _subject(self) -> str:
        words = words_for(self.shop.locale)
        return words.gettext(
            N_("[{shop}] Monthly report, {month}"), shop=self.shop.brand_name, month=words.month(self.month)
        )

    def _text(self, encloses: bool) -> str:
        words = words_for(self.shop.locale)
        address = (
            f"{self.sender.public_url}/reports/{self.shop.tenant_id}/{month_text(self.month)}/report.pdf"
        )
        said = ENCLOSED if encloses else LINK
        return words.gettext(said, month=words.month(self.month), address=address)

    def _enclosed(self) -> Enclosure:
        return Enclosure(
            name=f"{self.shop.slug}-{month_text(self.month)}.pdf", media_type="application/pdf",
            content=self.sender.store.read(self.shop.tenant_id, self.file_id),
        )  # fmt: skip
