"""Mail made ready for templates: times in words, quoted passages folded, foreign HTML framed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from interactions.models import Case
from interactions.values import CaseState
from mailroom.cleaning import frame_document, with_own_images
from mailroom.models import MailMessage, Outgoing
from mailroom.queries import CaseRow, MailOfCase
from mailroom.quoting import Block, fold_quotes
from mailroom.values import Direction, SendState
from nanori.context import Context
from nanori.files import File
from nanori.installation import Installation
from nanori.words import N_, Words, words_for
from tenants.models import Tenant

STEP = 1024
MAX_PICTURE = 512 * 1024
STYLESHEET = "/static/mailroom/letter.css"

SENDING = {
    SendState.QUEUED: (N_("Waiting to be sent"), "", "clock"),
    SendState.SENDING: (N_("Being sent"), "", "send"),
    SendState.SENT: (N_("Sent"), "good", "check"),
    SendState.MAYBE_SENT: (N_("Perhaps sent"), "warn", "circle-alert"),
    SendState.FAILED: (N_("Not sent"), "bad", "circle-alert"),
}
STATES = {
    CaseState.OPEN: (N_("Open case"), ""),
    CaseState.PENDING: (N_("On hold"), ""),
    CaseState.DONE: (N_("Settled"), "good"),
    CaseState.NO_ACTION: (N_("No answer needed"), "good"),
    CaseState.JOINED: (N_("Joined"), ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopView:
    """The shop under whose name the answer goes out."""

    tenant_id: UUID
    name: str
    reading: str
    locale: str
    logo_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One open case of the list."""

    href: str
    number: int
    subject: str
    writer: str
    opening: str
    last: str
    last_is_ours: bool
    automatic: bool
    due: str
    overdue: bool
    on_hold: bool
    taken_by: str
    shop: ShopView


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    href: str
    name: str
    size: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailView:
    """One mail of a thread."""

    id: UUID
    ours: bool
    who: str
    address: str
    to: str
    at: str
    subject: str
    blocks: Sequence[Block]
    frame: str  # a whole document for srcdoc; "" without HTML
    files: Sequence[FileView]
    automatic: bool
    possibly: Sequence[int]
    is_damaged: bool
    sending: tuple[str, str, str] | None  # label, kind, icon
    again: str  # where to send it again from; "" when there is nothing to decide
    number: str = ""  # of the joined case that it belongs to
    links: Sequence[tuple[str, str]] = ()  # to the cases of its other questions: address, words
    may_split: bool = False


def shop_view(shop: Tenant) -> ShopView:
    logo = f"/brand/{shop.tenant_id}/logo?v={shop.logo_file_id}" if shop.logo_file_id else ""
    return ShopView(
        tenant_id=shop.tenant_id, name=shop.brand_name, reading=shop.brand_reading, locale=shop.locale,
        logo_url=logo,
    )  # fmt: skip


def row_view(row: CaseRow, context: Context) -> RowView:
    words, zone = words_for(context.locale), ZoneInfo(row.shop.zone)
    case = row.case
    return RowView(
        href=f"/mail/{case.tenant_id}/{case.id}",
        number=case.number,
        subject=case.subject or words.gettext(N_("(no subject)")),
        writer=row.writer,
        opening=row.opening,
        last=words.ago(row.last_at, context.now),
        last_is_ours=row.last_is_ours,
        automatic=row.automatic,
        due=_due(case, words, zone),
        overdue=case.due_at is not None and case.due_at < context.now,
        on_hold=case.state is CaseState.PENDING,
        taken_by=row.taken_by or "",
        shop=shop_view(row.shop),
    )


def thread_view(
    thread: Sequence[MailOfCase], shop: Tenant, context: Context, house: Installation
) -> list[MailView]:
    words, zone = words_for(context.locale), ZoneInfo(shop.zone)
    return [_mail(mail, words, zone, house) for mail in thread]


def attribution(asked: MailMessage, shop: Tenant) -> str:
    """The line above a quoted mail, in the shop's language: the shopper reads it."""
    words = words_for(shop.locale)
    return words.gettext(
        N_("On {at}, {who} wrote:"),
        at=words.moment(asked.at, ZoneInfo(shop.zone)),
        who=asked.from_name or asked.from_address,
    )


def file_size(size: int, words: Words) -> str:
    """1,024 bytes a kilobyte, as file managers count."""
    kilobytes = max(1, round(size / STEP))
    return f"{words.number(kilobytes)} KB" if kilobytes < STEP else f"{words.number(kilobytes / STEP, 1)} MB"


def _mail(mail: MailOfCase, words: Words, zone: ZoneInfo, house: Installation) -> MailView:
    message = mail.message
    ours = message.direction is Direction.OUTBOUND
    return MailView(
        id=message.id,
        ours=ours,
        who=(mail.written_by or message.from_name) if ours else message.from_name or message.from_address,
        address=message.from_address,
        to=message.to_address,
        at=words.moment(message.at, zone),
        subject=message.subject,
        blocks=fold_quotes(message.text),
        frame=_frame(mail, words, house),
        files=[_file(message.tenant_id, attachment.id, file, words) for attachment, file in mail.files],
        automatic=message.automatic,
        possibly=[int(number) for number in message.possibly],
        is_damaged=bool(
            {"broken", "text_cut", "mail_cut", "too_many_parts", "too_deep"} & set(message.notes)
        ),
        sending=SENDING[mail.sending.state] if mail.sending else None,
        again=_again(mail.sending),
    )


def _frame(mail: MailOfCase, words: Words, house: Installation) -> str:
    if mail.message.html is None:
        return ""
    shown = with_own_images(mail.message.html, _pictures(mail, house))
    return frame_document(shown, lang=words.locale, stylesheet=house.settings.public_url + STYLESHEET)


def _pictures(mail: MailOfCase, house: Installation) -> dict[str, bytes]:
    """The small pictures that the mail's HTML points at, by Content-ID."""
    html = mail.message.html or ""
    return {
        attachment.content_id: house.files.read(file.tenant_id, file.id)
        for attachment, file in mail.files
        if attachment.content_id and file.size <= MAX_PICTURE and "cid:" in html
    }


def _file(tenant_id: UUID, attachment_id: UUID, file: File, words: Words) -> FileView:
    return FileView(
        href=f"/mail/{tenant_id}/attachments/{attachment_id}", name=visible(file.name),
        size=file_size(file.size, words),
    )  # fmt: skip


def visible(name: str) -> str:
    """A file name in which whatever could turn it round shows as its code."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in name)


def _again(sending: Outgoing | None) -> str:
    if sending is None or sending.state not in (SendState.FAILED, SendState.MAYBE_SENT):
        return ""
    return f"/mail/{sending.tenant_id}/outbox/{sending.id}/sending"


def _due(case: Case, words: Words, zone: ZoneInfo) -> str:
    due: datetime | None = case.due_at
    return f"{words.day(due, zone)} {words.time(due, zone)}" if due else ""
