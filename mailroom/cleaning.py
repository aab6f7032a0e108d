"""Foreign HTML made harmless: an allow-list of tags, no style, no script, nothing fetched from anywhere.

The cleaner is the first of three layers. The second is the frame document's own content security policy, the
third the sandbox of the frame: each must hold alone.
"""

import base64
import html as escapes
import re
from collections.abc import Mapping
from urllib.parse import unquote

import nh3

from mailroom.charsets import tidy

MAX_HTML = 512 * 1024
"""Characters of HTML that are read; no honest letter is longer."""

MAX_REFERENCES = 50_000
MAX_WORDS = 100_000
MAX_TAGS = 10_000
"""Start tags beyond which only the words are kept: the parser's time grows with the square of their depth."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TAGS = _words("""
    a abbr acronym address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del
    details dfn div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark
    ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th
    thead time tr tt u ul var wbr
""")
_DROPPED = _words("""
    script style title noscript template svg math iframe object xmp textarea select noembed noframes plaintext
""")
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "*": {"dir", "lang"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}


def _kept(tag: str, name: str, value: str) -> str | None:
    """Images only from the mail itself; sizes and spans only as small numbers."""
    if tag == "img" and name == "src":
        return value if value.lower().startswith("cid:") else None
    if name in ("width", "height", "colspan", "rowspan"):
        return value if value.isascii() and value.isdigit() and len(value) <= len("9999") else None
    if tag == "a" and name == "href" and value.lower().startswith("cid:"):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED),
    attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
    attribute_filter=_kept,
    strip_comments=True,
    link_rel="noopener noreferrer nofollow",
    url_schemes=_SCHEMES,
    url_relative="deny",
)

_CID = re.compile(r'(<img (?:[a-z]+="[^"]*" )*)src="cid:([^"]{1,250})"', re.IGNORECASE)
_PICTURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)

_BREAKS = _words("p br div li tr h1 h2 h3 h4 h5 h6 blockquote pre hr ul ol table dt dd")
_SKELETON = nh3.Cleaner(
    tags=set(_BREAKS) | {"td"},
    clean_content_tags=set(_DROPPED),
    attributes={},
    strip_comments=True,
    link_rel=None,
)
_FORMATTING = re.compile(r"<(?:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/])", re.IGNORECASE)
_START_TAG = re.compile(r"<[a-zA-Z]")
_ANY_TAG = re.compile(r"<[^<>]*>")
_STRAY_AMPERSAND = re.compile(r"&(?![a-zA-Z#])")
_PIECE = re.compile(r"<(/?)([a-z0-9]+)>|([^<]+)|<")
_BLANKS = re.compile(r"[ \t\n\u00a0]+")
_MANY_LINES = re.compile(r"\n{3,}")


def clean_html(foreign: str) -> str:
    """HTML that keeps text, structure, links and images of the mail itself (``cid:``), and nothing else."""
    return _CLEANER.clean(_tamed(foreign))


def _tamed(foreign: str) -> str:
    """HTML that cannot make the parser work for minutes: few enough tags, and formatting without attributes.

    A page of 100 KB with thousands of differing ``<b …>`` left open makes any parser that follows the
    standard build gigabytes. What we drop here the cleaner would drop anyway.
    """
    page = _STRAY_AMPERSAND.sub("&amp;", _without_attributes(foreign[:MAX_HTML]))
    if sum(1 for _ in _START_TAG.finditer(page)) <= MAX_TAGS and page.count("&") <= MAX_REFERENCES:
        return page
    return text_as_html(escapes.unescape(_ANY_TAG.sub(" ", page))[:MAX_WORDS])


def _without_attributes(page: str) -> str:
    out: list[str] = []
    position = 0
    for found in _FORMATTING.finditer(page):
        if found.start() < position:
            continue
        close = page.find(">", found.end())
        if close < 0:
            break
        out.append(page[position : found.end()])
        position = close
    return "".join(out) + page[position:]


def text_of_html(foreign: str) -> str:
    """The words of an HTML mail as plain text: one line for each block, blanks run together."""
    out: list[str] = []
    preformatted = 0
    for closing, tag, words in _PIECE.findall(_SKELETON.clean(_tamed(foreign))):
        if words:
            plain = escapes.unescape(words)
            out.append(plain if preformatted else _BLANKS.sub(" ", plain))
        elif tag == "td":
            out.append(" " if closing else "")
        elif tag:
            preformatted = max(0, preformatted + (-1 if closing else 1)) if tag == "pre" else preformatted
            out.append(_break(tag, closing=bool(closing)))
    lines = (line.strip() for line in "".join(out).split("\n"))
    return tidy(_MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n"))


def _break(tag: str, *, closing: bool) -> str:
    if tag in ("p", "ul", "ol", "table", "blockquote"):
        return "\n\n" if closing else "\n"
    if tag == "li" and not closing:
        return "\n- "
    if tag == "hr":
        return "\n----\n"
    return "\n" if tag == "br" or closing else ""


def text_as_html(text: str) -> str:
    """Plain text as a passage of HTML, for mails that mix both."""
    return "<p>" + escapes.escape(text).replace("\n", "<br>") + "</p>"


def with_own_images(cleaned: str, images: Mapping[str, bytes]) -> str:
    """Put the mail's own pictures in place of their ``cid:`` addresses, so that nothing need be fetched.

    Args:
        cleaned: the result of ``clean_html``.
        images: content by Content-ID without brackets; what is no PNG, JPEG or GIF is left out.
    """

    def placed(found: re.Match[str]) -> str:
        content = images.get(unquote(escapes.unescape(found.group(2))))
        kind = _picture_kind(content) if content else None
        if content is None or kind is None:
            return found.group()
        return f'{found.group(1)}src="data:{kind};base64,{base64.b64encode(content).decode("ascii")}"'

    return _CID.sub(placed, cleaned)


def _picture_kind(content: bytes) -> str | None:
    """By its first bytes, never by its sender's word."""
    for start, kind in _PICTURES:
        if content.startswith(start):
            return kind
    return None


def frame_document(cleaned: str, *, lang: str, stylesheet: str) -> str:
    """The whole document for ``<iframe sandbox srcdoc>``; it may fetch its style sheet and nothing
    else; pictures are only those inside it.

    Args:
        cleaned: the result of ``clean_html``.
        stylesheet: absolute address of our style sheet for mail bodies, from the settings; the frame has an
            origin of its own, so ``'self'`` would not name ours.
    """
    policy = f"default-src 'none'; style-src {stylesheet}; img-src data:; form-action 'none'; base-uri 'none'"
    return (
        f'<!DOCTYPE html><html lang="{escapes.escape(lang)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escapes.escape(policy)}">'
        f'<meta name="referrer" content="no-referrer">'
        f'<link rel="stylesheet" href="{escapes.escape(stylesheet)}">'
        f"</head><body>{cleaned}</body></html>"
    )
