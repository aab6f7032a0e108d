"""Address lists of a mail's head (RFC 5322, and what senders make of it), read in one pass over the bytes.

Encoded words are decoded only *after* the address is known: ``=?utf-8?Q?agent?=@example.com`` is no way to
look like somebody else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailroom.charsets import one_line
from mailroom.headers import Headers, decode_header

MAX_ADDRESSES = 200

_TOKEN = re.compile(
    rb'("(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z))|(<[^>]*(?:>|\Z))|([,;])|([()])|(:)|'
    rb'(=\?[^\s?]{1,60}\?[bBqQ]\?[^?]{0,900}\?=|[^"<,;:()=]+|=)|(.)',
    re.DOTALL,
)
_COMMENT = re.compile(rb"\([^()]*\)")
_BARE = re.compile(r"[^\s<>\"(),:;@\[\]\\\x00-\x1f\x7f]{1,128}@[^\s<>\"(),:;@\\\x00-\x1f\x7f]{1,253}")


@dataclass(frozen=True)
class Address:
    """Whom a mail is from or to. ``address`` has its domain in lower case; it is empty when none can be
    read.
    """

    address: str
    name: str = ""


def read_addresses(raw: bytes) -> tuple[Address, ...]:
    """All addresses of one header value, group members included; what holds no address at all is left out."""
    found: list[Address] = []
    for name, angle in _mailboxes(raw):
        address = _address(angle) or _address(name)
        if address is None:
            continue
        shown = decode_header(name, 200) if angle else ""
        found.append(Address(address, shown.strip("\"' ")))
        if len(found) == MAX_ADDRESSES:
            break
    return tuple(found)


def addresses_of(headers: Headers, *names: str) -> tuple[Address, ...]:
    """The addresses of every line of these headers, in the order of ``names``, each address once."""
    every = (address for name in names for raw in headers.all(name) for address in read_addresses(raw))
    unique: dict[str, Address] = {}
    for address in every:
        unique.setdefault(address.address.lower(), address)
    return tuple(unique.values())


def recipient_addresses(headers: Headers, envelope_to: str | None = None) -> tuple[str, ...]:
    """The addresses that may name the shop, the best witness first.

    The envelope alone when there is one; else Delivered-To, X-Original-To, To and Cc in that order.
    """
    if envelope_to is not None:
        return tuple(address.address for address in read_addresses(envelope_to.encode("utf-8", "replace")))
    listed = addresses_of(headers, "delivered-to", "x-original-to", "to", "cc")
    return tuple(address.address for address in listed)


def normalise(address: str) -> str:
    """The form in which addresses are compared: lower case, and the domain without a last dot."""
    return address.strip().lower().rstrip(".")


def _mailboxes(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(display name or bare address, angle part) of each mailbox; comments are dropped."""
    name, angle, depth = bytearray(), b"", 0
    for found in _TOKEN.finditer(raw):
        quoted, angled, separator, bracket, colon, text, _ = found.groups()
        if bracket:
            depth = depth + 1 if bracket == b"(" else max(0, depth - 1)
        elif depth:
            continue
        elif separator:
            yield bytes(name), angle
            name, angle = bytearray(), b""
        elif colon:
            name = bytearray()  # a group's name
        elif angled is not None:
            angle = angle or _COMMENT.sub(b"", angled.strip(b"<>"))
        else:
            name += _plain_quote(quoted) if quoted is not None else (text or b"")
    yield bytes(name), angle


def _plain_quote(quoted: bytes) -> bytes:
    inner = quoted[1:-1] if quoted.endswith(b'"') and len(quoted) > 1 else quoted[1:]
    return inner if b"\x1b" in inner else re.sub(rb"\\(.)", rb"\1", inner)


def _address(raw: bytes) -> str | None:
    """The first thing shaped like an address; an ASCII or UTF-8 local part, the domain in lower case."""
    text = one_line(raw.decode("utf-8", "replace"), 2_000)
    found = _BARE.search(text.rpartition(":")[2].strip() if text.startswith("@") else text)
    if found is None:
        return None
    local, _, domain = found.group().rpartition("@")
    domain = domain.strip(".").lower()
    return f"{local}@{domain}" if domain and "\ufffd" not in domain + local else None
