"""A mail cut into its parts, from the top down, with bounds on depth and number.

Python's own parser recurses once a level and tests each line against each open boundary; ours cuts an
extent by one boundary at a time, so that the work is at most depth times size, and the depth is bounded.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailroom.headers import Field, Headers, from_base64, read_field, read_headers

MAX_BYTES = 35 * 1024 * 1024
MAX_PARTS = 200
MAX_DEPTH = 20

_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} [^\n]*\n", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """One node of the tree: a leaf with bytes as they stood in the mail, or a multipart with children."""

    headers: Headers
    content_type: Field
    disposition: Field
    body: bytes
    children: tuple["Part", ...] = ()

    @property
    def name(self) -> str:
        """The file name that the sender gave, as data: never a path to write to."""
        return self.disposition.parameters.get("filename") or self.content_type.parameters.get("name", "")

    def content(self) -> bytes:
        """The body with its transfer encoding undone; what cannot be undone stays as it was."""
        named = self.headers.first("content-transfer-encoding").split(b";")[0].strip().lower()
        if named == b"base64":
            return from_base64(self.body)
        if named in (b"quoted-printable", b"quoted_printable", b"quotedprintable"):
            return binascii.a2b_qp(self.body)
        if named in (b"x-uuencode", b"uuencode", b"x-uue", b"uue"):
            return _from_uu(self.body)
        return self.body


@dataclass
class _Budget:
    parts: int = MAX_PARTS
    notes: set[str] = field(default_factory=set)


def read_parts(data: bytes) -> tuple[Part, frozenset[str]]:
    """The tree of a whole mail, and notes on what was out of order."""
    budget = _Budget()
    if len(data) > MAX_BYTES:
        budget.notes.add("mail_cut")
        data = data[:MAX_BYTES]
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    root = _read(data, 0, len(data), budget=budget, depth=0)
    return root, frozenset(budget.notes)


def leaves(part: Part) -> Iterator[Part]:
    if not part.children:
        yield part
    for child in part.children:
        yield from leaves(child)


def _read(
    data: bytes, start: int, end: int, *, budget: _Budget, depth: int, default: str = "text/plain"
) -> Part:
    budget.parts -= 1
    headers, body = read_headers(data, start, end)
    budget.notes.update(headers.notes)
    content_type = read_field(headers.first("content-type"))
    if "/" not in content_type.value:
        content_type = Field(default, content_type.parameters)
    children: tuple[Part, ...] = ()
    if content_type.value.startswith("multipart/"):
        children = _children(data, body, end, content_type=content_type, budget=budget, depth=depth + 1)
        if not children:
            budget.notes.add("multipart_without_parts")
            content_type = Field("text/plain", {})
    disposition = read_field(headers.first("content-disposition"))
    own = b"" if children else data[body:end]
    return Part(headers, content_type, disposition, own, children)


def _children(
    data: bytes, start: int, end: int, *, content_type: Field, budget: _Budget, depth: int
) -> tuple[Part, ...]:
    boundary = content_type.parameters.get("boundary", "").encode("utf-8", "replace")
    if not boundary:
        return ()
    if depth > MAX_DEPTH:
        budget.notes.add("too_deep")
        return ()
    default = "message/rfc822" if content_type.value == "multipart/digest" else "text/plain"
    found: list[Part] = []
    for first, last in _extents(data, start, end, boundary):
        if budget.parts <= 0:
            budget.notes.add("too_many_parts")
            break
        found.append(_read(data, first, last, budget=budget, depth=depth, default=default))
    return tuple(found)


def _extents(data: bytes, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int]]:
    """Where the parts between this boundary's lines stand; a missing last boundary ends with the extent."""
    line = re.compile(re.escape(b"--" + boundary) + rb"(--)?[ \t\r]*(?:\n|\Z)")
    begun: int | None = None
    for found in line.finditer(data, start, end):
        if found.start() > start and data[found.start() - 1 : found.start()] != b"\n":
            continue
        if begun is not None:
            yield begun, _before_line_break(data, begun, found.start())
        if found.group(1):
            return
        begun = found.end()
    if begun is not None:
        yield begun, end


def _before_line_break(data: bytes, begun: int, position: int) -> int:
    """The line break before a boundary belongs to the boundary."""
    if position > begun and data[position - 1 : position] == b"\n":
        position -= 1
    if position > begun and data[position - 1 : position] == b"\r":
        position -= 1
    return position


def _from_uu(body: bytes) -> bytes:
    begin = _UU_BEGIN.search(body)
    if begin is None:
        return body
    out: list[bytes] = []
    for line in body[begin.end() :].splitlines():
        if line.strip() in (b"end", b"`", b""):
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            size = (((line[0] - 32) & 63) * 4 + 5) // 3  # some encoders pad their lines
            try:
                out.append(binascii.a2b_uu(line[:size]))
            except binascii.Error:
                return body
    return b"".join(out)
