"""A reply under a shop's name: the mail itself, byte for byte the same for the same input.

Nothing that a stranger wrote can add a header: subjects and names become one line, ids must look like ids,
and addresses must be addresses, or the reply is refused.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from mailroom.addresses import Address, normalise
from mailroom.charsets import one_line, tidy
from nanori.errors import InvalidInput
from nanori.words import N_

MAX_SUBJECT = 200
MAX_NAME = 100
RANDOM_BYTES = 10
"""80 bits: nobody guesses the Message-ID of a mail that they have not been sent."""

_ID = re.compile(r"<[!-;=?-~]{1,250}>")
_RE = re.compile(r"^(?:(?:re|aw|sv|返信)[ \t]{0,3}[:：][ \t]{0,3}){1,20}", re.IGNORECASE)
_KEPT_REFERENCES = 20
_REPLY = re.compile(r"(?P<local>[^@]+)\+c(?P<token>[a-z2-7]{16})@(?P<domain>[^@]+)")


class AddressNotUsable(InvalidInput):
    message = N_("“{address}” is not an address that mail can be sent to.")


class _Policy(EmailPolicy):
    """SMTP's line ends; ids are written one a line, since the library would encode the long ones."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in ("message-id", "in-reply-to", "references"):
            return f"{name}: " + f"{self.linesep} ".join(str(value).split()) + self.linesep
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


_POLICY = _Policy(linesep="\r\n", max_line_length=76, cte_type="7bit")


@dataclass(frozen=True)
class Reply:
    """Everything a reply is made of.

    ``message_id`` is ours (see ``new_message_id``), ``answers`` the Message-ID being answered,
    ``references`` what that mail referred to, oldest first. ``reply_token`` puts the case into
    Reply-To for shops whose mail host knows plus addresses.
    """

    sender: Address
    to: Address
    subject: str
    text: str
    message_id: str
    sent_at: datetime
    answers: str | None = None
    references: tuple[str, ...] = ()
    reply_token: str | None = None
    is_answer: bool = True  # otherwise the subject stands as it is


def compose(reply: Reply) -> EmailMessage:
    """The mail to hand to the postman.

    Raises:
        AddressNotUsable: the shop's or the shopper's address is none.
    """
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _mailbox(reply.sender)
    mail["To"] = _mailbox(reply.to)
    is_answer = reply.is_answer
    mail["Subject"] = reply_subject(reply.subject) if is_answer else one_line(reply.subject, MAX_SUBJECT)
    mail["Date"] = format_datetime(reply.sent_at)
    mail["Message-ID"] = _ids(reply.message_id)
    if reply.reply_token:
        mail["Reply-To"] = _mailbox(
            Address(reply_address(reply.sender.address, reply.reply_token), reply.sender.name)
        )
    if answered := _ids(reply.answers or ""):
        mail["In-Reply-To"] = answered
    if chain := _chain(reply):
        mail["References"] = chain
    text = tidy(reply.text)
    mail.set_content(text if text.endswith("\n") else text + "\n", charset="utf-8", cte=_encoding(text))
    return mail


def to_bytes(mail: EmailMessage) -> bytes:
    """The mail as SMTP carries it: CR LF, ASCII only."""
    return mail.as_bytes(policy=_POLICY)


def reply_subject(subject: str) -> str:
    """``Re: `` and the subject that is answered: one line, at most 200 characters, never ``Re: Re:``."""
    bare = _RE.sub("", one_line(subject, 4 * MAX_SUBJECT))
    return one_line(f"Re: {bare}", MAX_SUBJECT)


def new_message_id(randomness: bytes, *, sender: str) -> str:
    """A Message-ID of ours in the sender's domain.

    Args:
        randomness: at least ``RANDOM_BYTES`` unpredictable bytes, stored with the mail: they prove later
        that a
            reply answers us.
    """
    if len(randomness) < RANDOM_BYTES:
        raise ValueError("a Message-ID needs 80 random bits")
    domain = sender.rpartition("@")[2] or "localhost"
    return f"<{_base32(randomness)}.nanori@{domain}>"


def case_token(secret: bytes, case_id: UUID) -> str:
    """80 bits that only we can compute, for the reply address of one case."""
    return _base32(hmac.new(secret, b"case:" + case_id.bytes, hashlib.sha256).digest()[:RANDOM_BYTES])


def reply_address(address: str, token: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local}+c{token}@{domain}"


def split_reply_address(address: str) -> tuple[str, str | None]:
    """(the shop's address, the case token or None) of an address that a mail was sent to."""
    found = _REPLY.fullmatch(normalise(address))
    if found is None:
        return normalise(address), None
    return f"{found['local']}@{found['domain']}", found["token"]


def quote(text: str, attribution: str) -> str:
    """The mail that is answered, marked line by line, below a line that says whose it is."""
    lines = tidy(text).rstrip("\n").split("\n")
    return one_line(attribution, 300) + "\n" + "\n".join(f"> {line}".rstrip() for line in lines) + "\n"


def _mailbox(address: Address) -> HeaderAddress:
    try:
        checked = validate_email(address.address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as refused:
        raise AddressNotUsable(address=one_line(address.address, 254)) from refused
    ascii_address = checked.ascii_email
    if ascii_address is None:
        raise AddressNotUsable(address=one_line(address.address, 254))
    return HeaderAddress(display_name=one_line(address.name, MAX_NAME), addr_spec=ascii_address)


def _chain(reply: Reply) -> str:
    """References: the first mail and the latest ones, the answered one last (RFC 5322, 3.6.4)."""
    known = [found for found in (*reply.references, reply.answers or "") if _ID.fullmatch(found)]
    unique = list(dict.fromkeys(known))
    kept = unique if len(unique) <= _KEPT_REFERENCES else unique[:1] + unique[1 - _KEPT_REFERENCES :]
    return " ".join(kept)


def _ids(text: str) -> str:
    return text if _ID.fullmatch(text) else ""


def _encoding(text: str) -> str:
    """Short ASCII lines go as they are; anything else as base64, which no server on the way rewraps."""
    plain = text.isascii() and all(len(line) < 900 for line in text.split("\n"))  # noqa: PLR2004 (RFC 5322: 998)
    return "7bit" if plain else "base64"


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode("ascii").rstrip("=").lower()
