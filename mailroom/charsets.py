"""Bytes of a mail's text to characters, whatever the sender called their charset.

The rule is the browsers' (https://encoding.spec.whatwg.org/): what a label promises is less than what senders
put in. ``ISO-2022-JP`` from Microsoft carries ①㈱髙﨑, which Python's own codec of that name does not know.
"""

import re
import unicodedata
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from sys import byteorder

from mailroom.charset_names import codec_called

REPLACEMENT = "\ufffd"

_ESCAPE = re.compile(
    rb"\x1b(?:\(([BJIH])|\$([@B])|\$\(([@BD]))|([\n\x0e\x0f])"
)  # to one byte sets | to JIS X 0208 | the same with a bracket, or JIS X 0212 | line end, shift out and in
_WIDER_2022 = {
    b"\x1b$A": "iso2022_jp_2",
    b"\x1b$(C": "iso2022_jp_2",
    b"\x1b$(O": "iso2022_jp_2004",
    b"\x1b$(P": "iso2022_jp_2004",
    b"\x1b$(Q": "iso2022_jp_2004",
}
_EUC = re.compile(
    rb"([\x00-\x7f]+)|((?:[\xa1-\xfe][\xa1-\xfe])+)|\x8e([\xa1-\xdf])|\x8f([\xa1-\xfe][\xa1-\xfe])|(.)",
    re.DOTALL,
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROLS = {code: None for code in range(0x20) if code not in (0x09, 0x0A)} | {
    0x00: REPLACEMENT,
    0x7F: None,
    0xFEFF: None,
}
_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
_KANA = re.compile("[\u3041-\u30ff]")
_BESIDE_LATIN = re.compile("(?<=[a-z])(?=[\u0100-\uffff])|(?<=[\u0100-\uffff])(?=[a-z])")
_USUAL_LEADS = re.compile(rb"[\x81-\x9f]")
_ODD = re.compile("[\ue000-\uf8ff\x80-\x9f]")

# Text that was really in one of these practically never happens to be well-formed UTF-8.
_UNLIKE_UTF8 = ("cp1252", "iso-2022-jp")


@dataclass(frozen=True)
class Decoded:
    """Text, the charset that was really used, and whether every byte fitted what the sender had declared."""

    text: str
    charset: str
    exact: bool


def decode(data: bytes, declared: str | None) -> Decoded:
    """Decode bytes by their declared charset; by what they look like when that is missing, unknown or untrue.

    Never raises. Where nothing fits, U+FFFD stands for what was lost.
    """
    name = codec_called(declared)
    if name == "ascii" and _plain(data):
        return Decoded(data.decode("ascii"), "us-ascii", exact=True)
    if name is None or name == "ascii":
        return _guess(data)
    text = _OUR_OWN[name](data) if name in _OUR_OWN else data.decode(name, "replace")
    if REPLACEMENT not in text and not (name in _UNLIKE_UTF8 and _is_utf8(data)):
        return Decoded(text, name, exact=True)
    other = _guess(data)
    if REPLACEMENT in other.text or _ODD.search(other.text):
        return Decoded(text, name, exact=False)
    return other


def tidy(text: str) -> str:
    """Text as we store it: NFC, line feeds only, no control characters; U+FFFD for NUL and lone
    surrogates.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS)
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text)


def one_line(text: str, limit: int) -> str:
    """Tidy text of a header: no line breaks of any kind, runs of white space as one space, at most
    ``limit``.
    """
    return " ".join(tidy(text).split())[:limit].rstrip()


def iso_2022_jp(data: bytes) -> str:
    """ISO-2022-JP as browsers read it, with half-width kana and JIS X 0212, which senders also use.

    A line end returns to ASCII (RFC 1468), so that one lost escape costs one line.
    """
    for escape, codec in _WIDER_2022.items():
        if escape in data:
            return data.decode(codec, "replace")
    out: list[str] = []
    mode, base, position = b"B", b"B", 0
    for escape_found in _ESCAPE.finditer(data):
        out.append(_in_mode(data[position : escape_found.start()], mode))
        one_byte, _two_byte, bracketed, control = escape_found.groups()
        if control is None:
            base = mode = one_byte or (b"D" if bracketed == b"D" else b"$")
        elif control == b"\n":
            out.append("\n")
            base = mode = b"B"
        else:
            mode = b"I" if control == b"\x0e" else base
        position = escape_found.end()
    out.append(_in_mode(data[position:], mode))
    return "".join(out)


def euc_jp(data: bytes) -> str:
    """EUC-JP with the rows that NEC and IBM added."""
    out: list[str] = []
    for found in _EUC.finditer(data):
        plain, pairs, kana, supplement, _ = found.groups()
        if plain is not None:
            out.append(plain.decode("ascii"))
        elif pairs is not None:
            out.append(_jis_pairs(pairs.translate(_LOW)))
        elif kana is not None:
            out.append(kana.decode("cp932"))
        elif supplement is not None:
            out.append((b"\x8f" + supplement).decode("euc_jp", "replace"))
        else:
            out.append(REPLACEMENT)
    return "".join(out)


def _shift_jis(data: bytes) -> str:
    return data.decode("cp932", "replace")


_OUR_OWN: dict[str, Callable[[bytes], str]] = {
    "iso-2022-jp": iso_2022_jp,
    "shift_jis": _shift_jis,
    "euc-jp": euc_jp,
}


def _in_mode(data: bytes, mode: bytes) -> str:
    """One stretch between escapes: ASCII (B, H), JIS Roman (J), kana (I), JIS X 0208 ($) or 0212 (D)."""
    if mode == b"$":
        return _jis_pairs(data)
    if mode == b"D":
        body = data.translate(_HIGH)
        return "".join(
            (b"\x8f" + body[i : i + 2]).decode("euc_jp", "replace") for i in range(0, len(body), 2)
        )
    if mode == b"I":
        return data.translate(_HIGH_KANA).decode("cp932", "replace")
    text = data.decode("ascii") if data.isascii() else data.decode("cp932", "replace")
    return text.replace("\\", "¥").replace("~", "‾") if mode == b"J" else text


_HIGH = bytes(byte | 0x80 for byte in range(256))
_LOW = bytes(byte & 0x7F for byte in range(256))
_HIGH_KANA = bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in range(256))  # noqa: PLR2004 (JIS X 0201)
_NOT_JIS = re.compile(rb"[^\x21-\x7e]+")


def _jis_pairs(data: bytes) -> str:
    """Bytes of JIS X 0208 in twos. A stray control or space inside stands for itself and restores the
    step.
    """
    out: list[str] = []
    position = 0
    for stray in _NOT_JIS.finditer(data):
        out.append(_clean_pairs(data[position : stray.start()]))
        out.append(stray.group().decode("ascii", "replace"))
        position = stray.end()
    out.append(_clean_pairs(data[position:]))
    return "".join(out)


def _clean_pairs(data: bytes) -> str:
    even = len(data) & ~1
    units = array("H", data[:even])
    if byteorder == "little":
        units.byteswap()
    text = "".join(map(_jis_table().__getitem__, units))
    return text + REPLACEMENT if len(data) & 1 else text


@cache
def _jis_table() -> list[str]:
    """The character of each JIS pair, found by way of its Shift_JIS bytes in Microsoft's code page 932."""
    table = [REPLACEMENT] * 0x8000
    for first in range(0x21, 0x7F):
        lead = (first - 0x21) // 2 + 0x81
        lead += 0x40 if lead >= 0xA0 else 0  # noqa: PLR2004 (Shift_JIS skips the half-width kana)
        for second in range(0x21, 0x7F):
            odd_row = 0x1F if second < 0x60 else 0x20  # noqa: PLR2004 (it also skips 0x7F)
            trail = second + (odd_row if first & 1 else 0x7E)
            table[first << 8 | second] = bytes((lead, trail)).decode("cp932", "replace")[0]
    return table


def _plain(data: bytes) -> bool:
    return data.isascii() and b"\x1b" not in data


def _is_utf8(data: bytes) -> bool:
    """Bytes above ASCII that happen to be UTF-8 are UTF-8, whatever the label says."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _guess(data: bytes) -> Decoded:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Decoded(data.decode("utf_16", "replace"), "utf_16", exact=False)
    if data.isascii():
        japanese = b"\x1b$" in data or b"\x1b(" in data
        return Decoded(iso_2022_jp(data), "iso-2022-jp" if japanese else "us-ascii", exact=False)
    if _is_utf8(data):
        return Decoded(data.decode("utf-8"), "utf-8", exact=False)
    candidates = [
        Decoded(euc_jp(data), "euc-jp", exact=False),
        Decoded(data.decode("utf-8", "replace"), "utf-8", exact=False),
        Decoded(data.decode("cp1252", "replace"), "cp1252", exact=False),
    ]
    if _USUAL_LEADS.search(data):  # without kana and everyday kanji it is not Japanese in Shift_JIS
        candidates.insert(0, Decoded(_shift_jis(data), "shift_jis", exact=False))
    return min(candidates, key=_strangeness)


def _strangeness(candidate: Decoded) -> tuple[float, int]:
    """How unlike a Japanese letter a reading looks; on a tie the earlier candidate wins."""
    text = candidate.text
    odd = text.count(REPLACEMENT) * 4 + len(_ODD.findall(text)) * 3 + len(_HALF_WIDTH_KANA.findall(text))
    if candidate.charset == "cp1252":
        odd += 2 * sum(char > "\x7f" for char in text)
    else:
        odd += 3 * len(_BESIDE_LATIN.findall(text))
    return odd, -len(_KANA.findall(text))
