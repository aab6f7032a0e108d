"""The names that senders give to charsets, and the codec that really reads what they send.

Only codecs that turn bytes into text, and only names that we know: Python's registry also holds "zlib" and
"unicode_escape", and remembers each unknown name for ever.
"""

import re

_SPELLINGS = {
    "iso-2022-jp": "iso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jp2004 iso2022jpext "
    "iso2022jpms csiso2022jp cp50220 cp50221 cp50222 jis jis7 jis8",
    "shift_jis": "shiftjis sjis xsjis mskanji csshiftjis windows31j cp932 ms932 xmscp932 windows932 "
    "shiftjisms shiftjis2004 shiftjisx0213",
    "euc-jp": "eucjp xeucjp xeuc ujis cp51932 eucjpms eucjpwin cseucpkdfmtjapanese eucjis2004",
    "utf_8": "utf8 unicode11utf8 xunicode20utf8 cp65001 utf8mb4",
    "gb18030": "gb2312 gbk gb18030 xgbk cp936 gb231280 csgb2312 euccn",
    "big5hkscs": "big5 big5hkscs xxbig5 csbig5 cnbig5 cp950",
    "cp949": "euckr ksc56011987 ksc56011989 ksc5601 cp949 windows949 uhc korean cseuckr",
    "cp1252": "iso88591 latin1 l1 cp1252 windows1252 cp819 ansi",
    "cp1254": "iso88599 latin5 windows1254 cp1254",
    "iso8859_2": "iso88592 latin2",
    "iso8859_8": "iso88598 iso88598i",
    "iso8859_15": "iso885915 latin9",
    "cp874": "iso885911 tis620 windows874 cp874",
    "koi8_r": "koi8r",
    "koi8_u": "koi8u",
    "iso2022_kr": "iso2022kr csiso2022kr",
    "hz": "hz hzgb2312",
    "johab": "johab",
    "utf_16": "utf16",
    "utf_16_le": "utf16le",
    "utf_16_be": "utf16be",
    "utf_32": "utf32",
    "utf_7": "utf7 unicode11utf7",
    "mac_roman": "macintosh macroman",
    "cp437": "cp437 ibm437",
    "cp850": "cp850 ibm850",
}
_BY_NUMBER = {f"iso8859{n}": f"iso8859_{n}" for n in (3, 4, 5, 6, 7, 10, 13, 14, 16)} | {
    f"{prefix}125{n}": f"cp125{n}" for n in (0, 1, 3, 5, 6, 7, 8) for prefix in ("windows", "cp")
}
_CODECS = _BY_NUMBER | {name: codec for codec, names in _SPELLINGS.items() for name in names.split()}
_NOISE = re.compile(r"[^a-z0-9]")


def codec_called(declared: str | None) -> str | None:
    """The codec for a charset's name as found in a mail: ``ascii``, a Python codec or one of our own three.

    None for a name that says nothing; no name at all means ASCII.
    """
    label = _NOISE.sub("", (declared or "")[:60].lower())
    return "ascii" if label in ("", "usascii", "ascii", "ansix341968") else _CODECS.get(label)
