"""An article's Markdown, drawn for a page or told in plain words for a mail. Pure.

What is typed never becomes HTML by itself: the renderer escapes it, and the cleaner behind it would drop it.
"""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

BELOW_THE_TITLE = 2
DEEPEST_HEADING = 6
_READER = MarkdownIt("js-default", {"html": False, "breaks": True, "linkify": False}).disable("image")
_TAGS = """
    a blockquote br code em h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul
"""
_CLEANER = nh3.Cleaner(
    tags=set(_TAGS.split()),
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
)


def to_html(text: str) -> Markup:
    """As a page shows it, headings below the article's own title."""
    tokens = _READER.parse(text)
    for token in tokens:
        if token.tag in {"h1", "h2", "h3", "h4", "h5"}:
            token.tag = f"h{min(DEEPEST_HEADING, int(token.tag[1]) + BELOW_THE_TITLE)}"
    drawn = _READER.renderer.render(tokens, _READER.options, {})
    return Markup(_CLEANER.clean(drawn))  # noqa: S704 - cleaned just now, by an allow-list


def to_plain(text: str) -> str:
    """As a mail says it: no marks, list items behind dots or numbers, links with their address."""
    lines: list[str] = []
    numbers: list[int | None] = []
    lead = ""
    for token in _READER.parse(text):
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                lines += [""] if lines and not numbers else []
                numbers.append(int(token.attrGet("start") or 1) if token.type[0] == "o" else None)
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                lead, numbers[-1] = _lead(numbers[-1])
            case "paragraph_open" | "heading_open" | "tr_open" if lines and not lead and not token.hidden:
                lines.append("")
            case "inline" | "fence" | "code_block":
                lines.append(lead + _said(token))
                lead = ""
    return "\n".join(lines).strip()


def _lead(number: int | None) -> tuple[str, int | None]:
    return ("・", None) if number is None else (f"{number}. ", number + 1)


def _said(token: Token) -> str:
    if token.children is None:
        return token.content.rstrip()
    words, links = [], []
    for child in token.children:
        match child.type:
            case "softbreak" | "hardbreak":
                words.append("\n")
            case "link_open":
                links.append((str(child.attrGet("href") or ""), len(words)))
            case "link_close":
                address, start = links.pop()
                words.append(f" {address}" if address != "".join(words[start:]) else "")
            case _:
                words.append(child.content)
    return "".join(words)
