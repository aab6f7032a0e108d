"""Raw bytes to a mail that we can show, count and answer. It reads anything and raises never."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from mailroom.addresses import Address, addresses_of
from mailroom.automatic import AutomaticReason, automatic_reason
from mailroom.charsets import decode, one_line, tidy
from mailroom.cleaning import text_as_html, text_of_html
from mailroom.headers import Headers, message_ids, read_field, read_headers
from mailroom.mime import Part, leaves, read_parts

MAX_TEXT_BYTES = 2 * 1024 * 1024
MAX_SUBJECT = 998
MAX_FILE_NAME = 255

NOBODY = Address("")
NO_HEADERS = Headers(())
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ParsedAttachment:
    """A file in a mail. ``content_id`` has no brackets and is empty unless the HTML may point at it."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True)
class ParsedMail:
    """What a mail says, tidied for storing: NFC, no NUL, no lone surrogates, one-line headers.

    ``text`` is there whenever anything can be read; ``html`` is foreign and uncleaned. ``notes`` name what
    was out of order or cut; ``broken`` says that only a part could be read at all.
    """

    size: int
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    author: Address = NOBODY
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    html: str | None = None
    attachments: tuple[ParsedAttachment, ...] = ()
    automatic: AutomaticReason | None = None
    authors: int = 0
    notes: frozenset[str] = frozenset()
    broken: bool = False
    headers: Headers = NO_HEADERS

    @property
    def answer_to(self) -> tuple[Address, ...]:
        """Where a reply goes: Reply-To if it names anybody, else the author."""
        return self.reply_to[:1] or ((self.author,) if self.author.address else ())

    @property
    def answered_ids(self) -> tuple[str, ...]:
        """Every Message-ID that this mail says it answers, the nearest first."""
        return tuple(dict.fromkeys((*self.in_reply_to, *reversed(self.references))))


def parse_mail(raw: bytes) -> ParsedMail:
    """Read a mail. Never raises: on a failure that nobody foresaw it gives the head, or at least the size."""
    try:
        return _parse(raw)
    except Exception as failure:  # noqa: BLE001 - the raw bytes are stored; a person must still get to see the mail
        return _head_only(raw, type(failure).__name__)


def _parse(raw: bytes) -> ParsedMail:
    root, notes = read_parts(raw)
    return _assemble(raw, root, notes)


def _head_only(raw: bytes, failure: str) -> ParsedMail:
    notes = frozenset({"unreadable", failure})
    try:
        headers, _ = read_headers(raw, 0, min(len(raw), 1024 * 1024))
        return ParsedMail(
            size=len(raw),
            subject=headers.text("subject", MAX_SUBJECT),
            notes=notes,
            broken=True,
            headers=headers,
        )
    except Exception:  # noqa: BLE001 - as above
        return ParsedMail(size=len(raw), notes=notes, broken=True)


def _assemble(raw: bytes, root: Part, notes: frozenset[str]) -> ParsedMail:
    headers = root.headers
    authors = addresses_of(headers, "from") or addresses_of(headers, "sender")
    author = authors[0] if authors else Address("", headers.text("from", 200))
    subject = headers.text("subject", MAX_SUBJECT)
    text, html, more_notes = _contents(root)
    return ParsedMail(
        size=len(raw),
        message_id=next(iter(message_ids(headers.first("message-id"))), None) or _bare_id(headers),
        in_reply_to=message_ids(headers.first("in-reply-to"), 5),
        references=message_ids(headers.first("references")),
        author=author,
        authors=len(authors),
        to=addresses_of(headers, "to"),
        cc=addresses_of(headers, "cc"),
        reply_to=addresses_of(headers, "reply-to"),
        subject=subject,
        sent_at=_sent_at(headers),
        text=text,
        html=html,
        attachments=tuple(_attachment(part, index) for index, part in enumerate(_files(root), start=1)),
        automatic=automatic_reason(
            headers,
            author=author.address,
            subject=subject,
            content_type=read_field(headers.first("content-type")).value,
        ),
        notes=notes | more_notes,
        headers=headers,
    )


def _bare_id(headers: Headers) -> str | None:
    """A Message-ID without its brackets, as some machines write it."""
    text = headers.text("message-id", 900).replace(" ", "").strip("<>")
    return f"<{text}>" if text else None


def _sent_at(headers: Headers) -> datetime | None:
    text = headers.text("date", 120)
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        utc = aware.astimezone(UTC).replace(microsecond=0)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return utc if _EARLIEST <= utc < _LATEST else None


def _is_file(part: Part) -> bool:
    """Named or declared attachments, and whatever is not text to read."""
    if part.disposition.value == "attachment" or part.name:
        return True
    return part.content_type.value not in ("text/plain", "text/html")


def _files(root: Part) -> list[Part]:
    return [part for part in leaves(root) if _is_file(part)]


def _attachment(part: Part, index: int) -> ParsedAttachment:
    kind = part.content_type.value[:127]
    name = one_line(part.name, MAX_FILE_NAME) or _nameless(kind, index)
    content_id = part.headers.text("content-id", 250).strip("<> ")
    return ParsedAttachment(name, kind, part.content(), content_id)


def _nameless(kind: str, index: int) -> str:
    endings = {"message/rfc822": "eml", "text/calendar": "ics", "image/jpeg": "jpg", "text/plain": "txt",
               "message/delivery-status": "txt", "text/rfc822-headers": "txt"}  # fmt: skip
    plain = kind.rpartition("/")[2]
    ending = endings.get(kind) or (
        plain if plain.isalnum() and plain.isascii() and len(plain) <= len("xhtml") else "bin"
    )
    return f"part-{index}.{ending}"


@dataclass(frozen=True)
class _Passage:
    """A stretch of the body in the forms that the sender gave."""

    text: str | None
    html: str | None


def _contents(root: Part) -> tuple[str, str | None, frozenset[str]]:
    """(text, html or None, notes) of everything that is to be read, in the order of the mail."""
    notes: set[str] = set()
    passages = _passages(root, notes)
    text = "\n\n".join(shown for passage in passages if (shown := _text_of(passage).strip("\n")))
    if all(passage.html is None for passage in passages):
        return text, None, frozenset(notes)
    html = "\n".join(
        passage.html if passage.html is not None else text_as_html(passage.text or "") for passage in passages
    )
    return text, html, frozenset(notes)


def _text_of(passage: _Passage) -> str:
    if passage.text is not None and passage.text.strip():
        return passage.text
    return text_of_html(passage.html) if passage.html else ""


def _passages(part: Part, notes: set[str]) -> list[_Passage]:
    if not part.children:
        return [] if _is_file(part) else [_leaf(part, notes)]
    below = [passage for child in part.children for passage in _passages(child, notes)]
    if part.content_type.value != "multipart/alternative" or len(below) < 2:  # noqa: PLR2004 (nothing to choose)
        return below
    text = next((passage.text for passage in below if passage.text is not None), None)
    html = next((passage.html for passage in reversed(below) if passage.html is not None), None)
    return [_Passage(text, html)]


def _leaf(part: Part, notes: set[str]) -> _Passage:
    content = part.content()
    if len(content) > MAX_TEXT_BYTES:
        notes.add("text_cut")
        content = content[:MAX_TEXT_BYTES]
    is_html = part.content_type.value == "text/html"
    decoded = decode(
        content, part.content_type.parameters.get("charset") or (_meta_charset(content) if is_html else None)
    )
    if not decoded.exact and not content.isascii():
        notes.add(f"charset_{decoded.charset}")
    text = tidy(decoded.text)
    return _Passage(None, text) if is_html else _Passage(text, None)


def _meta_charset(content: bytes) -> str | None:
    """The charset that HTML declares in itself, for a part whose header names none."""
    head = content[:2048].lower()
    found = head.find(b"charset=")
    if found < 0:
        return None
    value = head[found + len(b"charset=") :][:40].lstrip(b"\"' ")
    return (
        value.split(b'"')[0].split(b"'")[0].split(b">")[0].split(b"/")[0].strip().decode("ascii", "replace")
        or None
    )
