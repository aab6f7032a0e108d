"""Mails and bytes for the mailroom's tests, and the way to the corpora that lie beside the repository."""

from pathlib import Path

CORPORA = Path(__file__).parents[3] / "shared" / "corpora"

_SEEN_AS = {"髙": b"\xee\xe0", "﨑": b"\xed\x95"}
"""Microsoft sends these from NEC's rows, which ISO-2022-JP can carry; its own rows lie outside."""


def microsoft_jis(text: str) -> bytes:
    """Text in what Outlook calls ISO-2022-JP (code page 50220)."""
    out = bytearray()
    wide = False
    for char in text:
        code = _SEEN_AS.get(char) or char.encode("cp932")
        if (len(code) > 1) != wide:
            wide = not wide
            out += b"\x1b$B" if wide else b"\x1b(B"
        out += _to_jis(code) if wide else code
    return bytes(out + (b"\x1b(B" if wide else b""))


def microsoft_euc(text: str) -> bytes:
    """The same letters in EUC-JP with NEC's rows (code page 51932)."""
    out = bytearray()
    for char in text:
        code = _SEEN_AS.get(char) or char.encode("cp932")
        out += bytes(byte | 0x80 for byte in _to_jis(code)) if len(code) > 1 else code
    return bytes(out)


def _to_jis(code: bytes) -> bytes:
    lead, trail = code
    row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2
    if trail >= 0x9F:
        return bytes((row + 0x22, trail - 0x7E))
    return bytes((row + 0x21, trail - (0x1F if trail < 0x7F else 0x20)))


def mail(*headers: str | bytes, body: str | bytes = b"") -> bytes:
    """A mail from header lines and a body, with SMTP's line ends between them."""
    lines = [line if isinstance(line, bytes) else line.encode() for line in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + (body if isinstance(body, bytes) else body.encode())
