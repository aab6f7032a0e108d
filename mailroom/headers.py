"""The head of a mail: its lines, and the two ways to hide characters in them (RFC 2047 and RFC 2231).

Every function takes any bytes, never raises, and looks at each byte a bounded number of times.
"""

import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from mailroom.charsets import decode, one_line

MAX_HEADERS = 1_000
MAX_HEADER_BYTES = 64 * 1024

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_HEAD_GOES_ON = re.compile(rb"[!-9;-~]{1,200}[ \t]*:|[ \t]+[!-~]")
_WORD_START = re.compile(rb"=\?([!->@-~]{1,60})\?([BbQq])\?")
_NO_BLANK = re.compile(rb"\S*")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_BASE64_RUN = re.compile(rb"[A-Za-z0-9+/]+")
_ID = re.compile(r"<([^<>\s]{1,900})>")


@dataclass(frozen=True)
class Headers:
    """The header lines of one part in their order: lower-case names, raw values without line breaks."""

    lines: tuple[tuple[str, bytes], ...]
    notes: tuple[str, ...] = ()

    def all(self, name: str) -> tuple[bytes, ...]:
        return tuple(value for known, value in self.lines if known == name)

    def first(self, name: str) -> bytes:
        """The raw value of the first line of that name; empty when there is none."""
        return next((value for known, value in self.lines if known == name), b"")

    def text(self, name: str, limit: int = 998) -> str:
        return decode_header(self.first(name), limit)


@dataclass(frozen=True)
class Field:
    """A value with parameters, such as ``text/plain; charset=utf-8``; names and ``value`` in lower case."""

    value: str
    parameters: dict[str, str]


def read_headers(data: bytes, start: int, end: int) -> tuple[Headers, int]:
    """The headers of the part ``data[start:end]``, and where its body starts.

    A first line that is no header means that there are none. One line of rubbish between headers is skipped;
    rubbish that no header follows is the body, whose blank line got lost.
    """
    lines: list[tuple[str, bytearray]] = []
    notes: set[str] = set()
    position = start
    while position < end:
        after = _line_end(data, position, end)
        bare = data[position:after].rstrip(b"\r\n")
        if not bare:
            position = after
            break
        named = _NAME.match(bare)
        if named:
            _begin(lines, named, bare, notes)
        elif bare[:1] in b" \t" and lines and (bare.strip() or _HEAD_GOES_ON.match(data, after, end)):
            _extend(lines[-1][1], bare, notes)
        elif _NAME.match(data, after, end) and (lines or bare.startswith((b"From ", b">From "))):
            notes.update({"header_line_skipped"} if lines else ())
        else:
            notes.add("no_blank_line" if lines else "no_headers")
            break
        position = after
    kept = tuple((name, bytes(value).strip()) for name, value in lines)
    return Headers(kept, tuple(sorted(notes))), position


def _line_end(data: bytes, position: int, end: int) -> int:
    feed = data.find(b"\n", position, end)
    return end if feed < 0 else feed + 1


def _begin(lines: list[tuple[str, bytearray]], named: re.Match[bytes], bare: bytes, notes: set[str]) -> None:
    if len(lines) >= MAX_HEADERS:
        notes.add("headers_cut")
        return
    value = bare[named.end() :]
    if len(value) > MAX_HEADER_BYTES:
        notes.add("header_cut")
    lines.append((named.group(1).decode("ascii").lower(), bytearray(value[:MAX_HEADER_BYTES])))


def _extend(value: bytearray, line: bytes, notes: set[str]) -> None:
    if len(value) + len(line) > MAX_HEADER_BYTES:
        notes.add("header_cut")
    else:
        value += line


def decode_header(raw: bytes, limit: int = 998) -> str:
    """One tidy line of text from a raw header value; broken encoded words give what can be read of them."""
    return one_line("".join(_pieces(raw)), limit)


def message_ids(raw: bytes, limit: int = 100) -> tuple[str, ...]:
    """The ``<…>`` ids of a header such as References, brackets kept; the last ones when there are too
    many.
    """
    text = decode_header(raw, MAX_HEADER_BYTES)
    return tuple(f"<{found}>" for found in _ID.findall(text)[-limit:])


def _pieces(raw: bytes) -> Iterator[str]:
    """Literal stretches and runs of encoded words; words of one charset in a row are decoded together.

    Senders cut words in the middle of a character, so bytes are joined before they become text.
    """
    run, charset, position = b"", "", 0
    for start, end, label, payload in _words(raw):
        between = raw[position:start]
        if between.strip() or not position:
            yield _flush(run, charset) + _literal(between)
            run = b""
        if run and label != charset:
            yield _flush(run, charset)
            run = b""
        run, charset, position = run + payload, label, end
    yield _flush(run, charset) + _literal(raw[position:])


def _words(raw: bytes) -> Iterator[tuple[int, int, str, bytes]]:
    starts = list(_WORD_START.finditer(raw))
    for index, found in enumerate(starts):
        limit = starts[index + 1].start() if index + 1 < len(starts) else len(raw)
        close = raw.find(b"?=", found.end(), limit)
        if close < 0:  # cut short: it reaches to the next blank
            tail = _NO_BLANK.match(raw, found.end(), limit)
            body = tail.group() if tail else b""
            end = found.end() + len(body)
        else:
            body, end = raw[found.end() : close], close + 2
        label = found.group(1).decode("ascii").split("*")[0].lower()
        yield found.start(), end, label, _word_bytes(body, found.group(2))


def _word_bytes(body: bytes, encoding: bytes) -> bytes:
    return binascii.a2b_qp(body, header=True) if encoding in b"Qq" else from_base64(body)


def _flush(run: bytes, charset: str) -> str:
    return decode(run, charset).text if run else ""


def _literal(raw: bytes) -> str:
    return decode(raw, None).text if raw else ""


def from_base64(data: bytes) -> bytes:
    """Everything that can be read of base64: blanks, line noise, joined pieces and a cut end do no harm."""
    clean = data.translate(None, _NOT_BASE64)
    return b"".join(_base64_piece(run) for run in _BASE64_RUN.findall(clean))


def _base64_piece(run: bytes) -> bytes:
    whole = run[:-1] if len(run) % 4 == 1 else run
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def read_field(raw: bytes) -> Field:
    """A structured header: its value, and its parameters decoded by RFC 2231, or RFC 2047 as many senders
    do. NUL bytes, which no header may have and no database takes, are left out.
    """
    tokens = list(_split_parameters(raw.replace(b"\x00", b"")))
    value = tokens[0].split()[0].decode("ascii", "replace").lower() if tokens and tokens[0].split() else ""
    plain: dict[str, str] = {}
    continued: dict[str, list[tuple[int, bool, bytes]]] = {}
    for token in tokens[1:]:
        name, found, content = token.partition(b"=")
        key = name.strip().decode("ascii", "replace").lower()[:80]
        if not found or not key:
            continue
        base, number, encoded = _section(key)
        if number is None:
            plain.setdefault(base, decode_header(_unquote(content.strip())))
        else:
            continued.setdefault(base, []).append((number, encoded, _unquote(content.strip())))
    return Field(value, plain | {name: _assemble(sections) for name, sections in continued.items()})


def _split_parameters(raw: bytes) -> Iterator[bytes]:
    """Cut at semicolons that stand outside quotes."""
    quoted = False
    begin = position = 0
    for found in re.finditer(rb'[";]|\\.', raw):
        position = found.start()
        if found.group() == b'"':
            quoted = not quoted
        elif found.group() == b";" and not quoted:
            yield raw[begin:position]
            begin = found.end()
    yield raw[begin:]


def _section(key: str) -> tuple[str, int | None, bool]:
    """``name*2*`` is section 2 of name, encoded; ``name*`` is encoded and whole; ``name`` is plain (None)."""
    base, *rest = key.split("*")
    if not rest:
        return base, None, False
    number = int(rest[0]) if rest[0].isascii() and rest[0].isdigit() and len(rest[0]) < len("1000") else 0
    return base, number, rest[-1] == ""


def _unquote(content: bytes) -> bytes:
    if not content.startswith(b'"'):
        return content
    closed = content.rfind(b'"')
    inner = content[1:closed] if closed > 0 else content[1:]
    return re.sub(rb"\\(.)", rb"\1", inner) if b"\\" in inner and b"\x1b" not in inner else inner


def _assemble(sections: Sequence[tuple[int, bool, bytes]]) -> str:
    """RFC 2231: sections in order, the charset named by the first, percent signs decoded where a star says
    so.
    """
    charset = ""
    joined = bytearray()
    for index, (_, encoded, content) in enumerate(sorted(sections, key=lambda section: section[0])):
        rest = content
        if encoded and index == 0 and content.count(b"'") >= len("''"):
            label, _language, rest = content.split(b"'", 2)
            charset = label.decode("ascii", "replace")
        joined += unquote_to_bytes(rest) if encoded else rest
    if not charset:
        return decode_header(bytes(joined))
    return one_line(decode(bytes(joined), charset).text, 998)
