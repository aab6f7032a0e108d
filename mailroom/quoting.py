"""Where a mail stops being new: quoted history is folded away, never deleted.

One pass over the lines. Of each line at most the first 300 characters are looked at, so that no mail, however
strange, costs more than its length (trust: the published libraries hang on ``"On " + "a " * 50000``).
"""

import re
from dataclasses import dataclass
from enum import Enum, auto

MAX_LINES = 20_000
"""Lines that are looked at; what follows is taken for what the last of them was."""

_LOOKED_AT = 300
_WRAPPED_OVER = 3  # lines that a wrapped "On … wrote:" may take

_QUOTED = re.compile(r"[ \t\u3000]{0,4}[>＞]")
_DATE = r"(?:\d{4}[年/.-] ?\d{1,2}[月/.-] ?\d{1,2}|\d{1,2}[/.] ?\d{1,2}[/.] ?\d{4}|\d{1,2}:\d{2})"
_DATED = re.compile(_DATE)
_ATTRIBUTION_END = re.compile(
    r"(?:wrote|writes|schrieb [^:]{1,40}|a écrit|escribió|書きました|書かれました|"
    r"の(?:メール|メッセージ)|からのメール|送信しました)"
    r"[ \t]{0,4}[:：]?$|[>＞)）様]\s{0,3}[:：]$"
)
_SEPARATOR = re.compile(
    r"[ \t]{0,4}[-‐－─━＿_*=]{2,60}[ \t]{0,4}(?:"
    r"original message|original appointment|forwarded message|forwarded by|begin forwarded|reply message|"
    r"original mail|元のメッセージ|オリジナルメッセージ|転送メッセージ|転送されたメッセージ|"
    r"引用|返信元メッセージ|受信メール|以下引用)",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_＿]{20,100}$")
_FIELD = re.compile(
    r"[ \t*]{0,4}(from|sent|date|to|cc|subject|差出人|送信者|送信元|送信日時|日時|日付|宛先|件名)"
    r"[ \t*]{0,4}[:：]",
    re.IGNORECASE,
)
_FIRST_FIELDS = ("from", "差出人", "送信者", "送信元")


class _Kind(Enum):
    PLAIN = auto()
    QUOTED = auto()
    ATTRIBUTION = auto()
    END = auto()


@dataclass(frozen=True)
class Block:
    """A stretch of a mail's text, line ends included. All blocks together are the text, to the last
    character.
    """

    text: str
    quoted: bool


def fold_quotes(text: str) -> tuple[Block, ...]:
    """Cut a plain text into what is new and what is quoted. When nothing would be left, everything is new."""
    lines = text.splitlines(keepends=True)
    flags = _flags(lines[:MAX_LINES])
    flags += flags[-1:] * (len(lines) - len(flags))
    if not any(line.strip() for line, quoted in zip(lines, flags, strict=True) if not quoted):
        return (Block(text, quoted=False),) if text else ()
    blocks: list[Block] = []
    begin = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or flags[index] != flags[begin]:
            blocks.append(Block("".join(lines[begin:index]), flags[begin]))
            begin = index
    return tuple(blocks)


def _flags(lines: list[str]) -> list[bool]:
    """Whether each line is quoted. Blank lines follow the quoted line before them."""
    flags: list[bool] = []
    index = 0
    while index < len(lines):
        kind, taken = _kind(lines, index)
        if kind is _Kind.END:
            return flags + [True] * (len(lines) - index)
        if kind is _Kind.ATTRIBUTION and not _quote_follows(lines, index + taken):
            return flags + [True] * (len(lines) - index)
        blank_in_quote = kind is _Kind.PLAIN and bool(flags) and flags[-1] and not lines[index].strip()
        flags += [kind is not _Kind.PLAIN or blank_in_quote] * taken
        index += taken
    return flags


def _kind(lines: list[str], index: int) -> tuple[_Kind, int]:
    """What starts at this line, and how many lines it takes."""
    line = lines[index][:_LOOKED_AT].rstrip()
    if not line:
        return _Kind.PLAIN, 1
    if _QUOTED.match(line):
        return _Kind.QUOTED, 1
    if _SEPARATOR.match(line) or _starts_old_head(lines, index, line):
        return _Kind.END, 1
    taken = _attribution(lines, index, line)
    return (_Kind.ATTRIBUTION, taken) if taken else (_Kind.PLAIN, 1)


def _starts_old_head(lines: list[str], index: int, line: str) -> bool:
    """Outlook's way: ``From: / Sent: / To: / Subject:`` in a row, often after a long rule."""
    first = index + 1 if _RULE.match(line) else index
    if first >= len(lines):
        return False
    found = _FIELD.match(lines[first][:_LOOKED_AT])
    if found is None or found.group(1).lower() not in _FIRST_FIELDS:
        return False
    following = lines[first + 1 : first + 5]
    return sum(bool(_FIELD.match(other[:_LOOKED_AT])) for other in following) >= 2  # noqa: PLR2004 (two more of four)


def _attribution(lines: list[str], index: int, line: str) -> int:
    """Number of lines of ``On … wrote:`` or ``2026年11月22日(日) 10:00 … <…>:``; 0 when it is none.

    It names a date and ends in one of the known ways; mail programs wrap it over up to three lines.
    """
    if not (_DATED.search(line) or line.lstrip().startswith(("On ", "Am ", "Le ", "El "))):
        return 0
    joined = ""
    for taken, part in enumerate(lines[index : index + _WRAPPED_OVER], start=1):
        shown = part[:_LOOKED_AT].strip()
        if not shown or _QUOTED.match(shown):
            return 0
        joined = f"{joined} {shown}"
        if _ATTRIBUTION_END.search(joined[-60:]) and _DATED.search(joined):
            return taken
    return 0


def _quote_follows(lines: list[str], index: int) -> bool:
    """Whether the next line with anything on it is marked as quoted."""
    for line in lines[index : index + 5]:
        if line.strip():
            return bool(_QUOTED.match(line))
    return False
