"""Charts as SVG text, the same on page and paper, drawn to be read without colour.

Full tone against outline carries the meaning, never hue. Presentation attributes only (a page's
content policy forbids inline styles), numbers rounded to hundredths: equal data gives equal bytes.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

from nanori.colours import contrast, mix

_FONT_SIZE = 9.5
_SHADES = (80, 200, 340, 720, 1000)  # none in the middle, where neither black nor white reads well


@dataclass(frozen=True, slots=True)
class Ink:
    """The tones of a chart. ``full`` is what counts, ``line`` the quiet rules."""

    full: str = "#24313d"
    text: str = "#24313d"
    quiet: str = "#5f6b76"
    line: str = "#d5dade"
    paper: str = "#ffffff"
    font: str = "BIZ UDGothic, sans-serif"


@dataclass(frozen=True, slots=True)
class Bar:
    """``full`` stands on the base line, ``open`` on top of it in outline. ``rest`` greys the label."""

    label: str
    full: int
    open: int = 0
    rest: bool = False

    @property
    def height(self) -> int:
        return self.full + self.open


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Size in CSS pixels and what a listener hears instead of the picture."""

    title: str
    width: int = 642
    height: int = 170
    ink: Ink = Ink()


def bars(columns: Sequence[Bar], frame: Frame, *, key: tuple[str, str] | None = None) -> str:
    """Columns side by side with the highest one labelled; ``key`` names the full and the open part."""
    ink, left, bottom, top = frame.ink, 30.0, frame.height - 20.0, 22.0
    ceiling = _ceiling(max((c.height for c in columns), default=0))
    unit = (bottom - top) / ceiling
    step = (frame.width - left) / max(1, len(columns))
    width = min(step * 0.62, 34)
    parts = [_rules(frame, ceiling, left=left, top=top, bottom=bottom)]
    peak = max(columns, key=lambda c: c.height, default=None)
    for n, column in enumerate(columns):
        x = left + step * n + (step - width) / 2
        parts.append(_column(column, frame.ink, x=x, width=width, base=bottom, unit=unit))
        tone = ink.quiet if column.rest else ink.text
        parts.append(_text(x + width / 2, bottom + 13, column.label, tone, anchor="middle"))
        if column is peak and column.height:
            parts.append(_value(x + width / 2, bottom - column.height * unit - 4, column.height, ink))
    if key:
        parts.append(_key(key, frame))
    return _svg(frame, parts)


@dataclass(frozen=True, slots=True)
class Mark:
    """A vertical line after column ``after`` (0: before the first), with its words."""

    after: int
    label: str


def distribution(columns: Sequence[Bar], frame: Frame, *, mark: Mark) -> str:
    """Touching columns, each with its count; the mark shows how far the promise reaches."""
    ink, bottom, top = frame.ink, frame.height - 20.0, 34.0
    unit = (bottom - top) / max(1, *(c.height for c in columns), 1)
    step = frame.width / max(1, len(columns))
    parts = []
    for n, column in enumerate(columns):
        x = step * n
        parts.append(_column(column, ink, x=x + 2, width=step - 4, base=bottom, unit=unit))
        parts.append(_text(x + step / 2, bottom + 13, column.label, ink.text, anchor="middle"))
        if column.height:
            parts.append(_value(x + step / 2, bottom - column.height * unit - 4, column.height, ink))
    parts.append(_line(0, bottom, frame.width, bottom, ink.quiet))
    x = step * mark.after
    parts.append(_line(x, 6, x, bottom, ink.full, width=1.4, dash="4 3"))
    at_right = x + 6 + text_width(mark.label) < frame.width
    parts.append(
        _text(
            x + (6 if at_right else -6),
            14,
            mark.label,
            ink.text,
            anchor="start" if at_right else "end",
            bold=True,
        )
    )
    return _svg(frame, parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One interval of a day; an empty label is not drawn."""

    label: str
    calls: float
    needed: float
    there: float


def coverage(steps: Sequence[Step], frame: Frame, *, key: tuple[str, str, str, str]) -> str:
    """A day: calls above; below who is there (pale), who is needed (the line), and who is missing (full).

    ``key`` names the calls, those needed, those there and those missing.
    """
    ink, left, bottom, top, rule = frame.ink, 30.0, frame.height - 20.0, 96.0, 66.0
    ceiling = _ceiling(math.ceil(max((max(one.needed, one.there) for one in steps), default=0)))
    unit = (bottom - top) / ceiling
    width = (frame.width - left) / max(1, len(steps))
    most = max((one.calls for one in steps), default=0.0)
    parts = [
        _text(0, 10, key[0], ink.quiet), _line(left, rule, frame.width, rule, ink.quiet),
        _text(left - 6, 32, f"{most:.0f}" if most else "0", ink.quiet, anchor="end"),
        _rules(frame, ceiling, left=left, top=top, bottom=bottom),
    ]  # fmt: skip
    path: list[str] = []
    for n, one in enumerate(steps):
        x = left + width * n
        if one.calls:
            high = 38 * one.calls / most
            parts.append(_rect(x + 1, rule - high, width - 2, high, ink.paper, stroke=ink.full))
        if one.there:
            parts.append(_rect(x, bottom - one.there * unit, width, one.there * unit, ink.line))
        if one.needed > one.there:
            parts.append(
                _rect(x + 1, bottom - one.needed * unit, width - 2, (one.needed - one.there) * unit, ink.full)
            )
        y = _n(bottom - one.needed * unit)
        path.append(f"{'L' if path else 'M'}{_n(x)} {y}H{_n(x + width)}")
        if one.label:
            parts.append(_text(x, bottom + 13, one.label, ink.text))
    parts.append(f'<path d="{"".join(path)}" fill="none" stroke="{ink.full}" stroke-width="1.6"/>')
    parts.append(_coverage_key(key, frame))
    return _svg(frame, parts)


def _coverage_key(key: tuple[str, str, str, str], frame: Frame) -> str:
    """The names of needed, there and missing at the right, each behind a sample."""
    ink, x, y, parts = frame.ink, float(frame.width), 76.0, []
    for name, fill in ((key[3], ink.full), (key[2], ink.line), (key[1], "")):
        x -= text_width(name)
        parts.append(_text(x, y + 8, name, ink.quiet))
        x -= 13
        if fill:
            parts.append(_rect(x, y, 8, 8, fill))
        else:
            parts.append(_line(x, y + 4.5, x + 9, y + 4.5, ink.full, width=1.6))
        x -= 14
    return "".join(parts)


def heat_map(
    rows: Sequence[str], columns: Sequence[str], values: Mapping[tuple[int, int], int], frame: Frame
) -> str:
    """A number in each cell, its ground darker the larger it is. ``values`` is keyed (row, column)."""
    ink, left, top = frame.ink, 34.0, 20.0
    step = (frame.width - left) / max(1, len(columns))
    height = (frame.height - top) / max(1, len(rows))
    highest = max(values.values(), default=0)
    parts = [
        _text(left + step * (n + 0.5), 12, label, ink.quiet, anchor="middle")
        for n, label in enumerate(columns)
    ]
    for row, label in enumerate(rows):
        y = top + height * row
        parts.append(_text(0, y + height / 2 + 3.5, label, ink.text))
        for column in range(len(columns)):
            value = values.get((row, column), 0)
            x = left + step * column
            parts.append(_cell(value, highest, ink, box=(x, y, step - 1.5, height - 1.5)))
    return _svg(frame, parts)


def bullet(permille: int | None, target: int | None, frame: Frame) -> str:
    """A slim bar of 0 to 1000 with a stroke at the target. Without a value only the scale is drawn."""
    ink, width, height = frame.ink, float(frame.width), float(frame.height)
    parts = [_rect(0, height * 0.3, width, height * 0.4, ink.line)]
    if permille is not None:
        parts.append(
            _rect(0, height * 0.3, width * min(1000, max(0, permille)) / 1000, height * 0.4, ink.full)
        )
    if target is not None:
        x = width * target / 1000
        parts.append(_rect(x - 2, 0, 4, height, ink.paper))
        parts.append(_rect(x - 1, 0, 2, height, ink.text))
    return _svg(frame, parts)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole. ``label`` says what it is, and how much."""

    label: str
    part: int


def split(shares: Sequence[Share], frame: Frame) -> str:
    """One bar of up to three parts, in full tone, grey and outline, with their labels below it."""
    ink, whole = frame.ink, max(1, sum(share.part for share in shares))
    fills = ((ink.full, None), (mix(ink.full, ink.paper, _SHADES[2]), None), (ink.paper, ink.full))
    parts, x, label_x = list[str](), 0.0, 0.0
    for share, (fill, stroke) in zip(shares, fills, strict=False):
        width = frame.width * share.part / whole
        edge = 0.5 if stroke else 0.0
        if share.part:
            parts.append(
                _rect(x + edge, edge, max(0.5, width - 2 * edge), 14 - 2 * edge, fill, stroke=stroke)
            )
        parts.append(_rect(label_x + edge, 22 + edge, 8 - 2 * edge, 8 - 2 * edge, fill, stroke=stroke))
        parts.append(_text(label_x + 13, 30, share.label, ink.text))
        x += width
        label_x += 13 + text_width(share.label) + 18
    return _svg(frame, parts)


def text_width(text: str, size: float = _FONT_SIZE) -> float:
    """Exact in BIZ UDGothic, close in others: a full-width letter is one em, any other half."""
    return sum(size * (1.0 if east_asian_width(letter) in "WFA" else 0.5) for letter in text)


def clip(text: str, width: float) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if text_width(text) <= width:
        return text
    kept = text
    while kept and text_width(kept + "…") > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _ceiling(highest: int) -> int:
    """The first round number that the columns fit under."""
    magnitude = 1
    while True:
        for step in (1, 2, 4, 5, 6, 8):
            if highest <= step * magnitude:
                return step * magnitude
        magnitude *= 10


def _rules(frame: Frame, ceiling: int, *, left: float, top: float, bottom: float) -> str:
    ink, parts = frame.ink, []
    levels = (0, ceiling // 2, ceiling) if ceiling % 2 == 0 else (0, ceiling)
    for level in levels:
        y = bottom - (bottom - top) * level / ceiling
        parts.append(_line(left, y, frame.width, y, ink.line if level else ink.quiet))
        parts.append(_text(left - 6, y + 3.5, str(level), ink.quiet, anchor="end"))
    return "".join(parts)


def _column(bar: Bar, ink: Ink, *, x: float, width: float, base: float, unit: float) -> str:
    full = bar.full * unit
    parts = [_rect(x, base - full, width, full, ink.full)] if bar.full else []
    if bar.open:
        rise = bar.open * unit
        inner = (x + 0.5, base - full - rise + 0.5, width - 1, max(0.5, rise - 1))
        parts.append(_rect(*inner, ink.paper, stroke=ink.full))
    return "".join(parts)


def _cell(value: int, highest: int, ink: Ink, *, box: tuple[float, float, float, float]) -> str:
    x, y, width, height = box
    if not value:
        return _rect(x, y, width, height, mix(ink.line, ink.paper, 350))
    ground = mix(ink.full, ink.paper, _SHADES[min(4, (5 * value - 1) // highest)])
    tone = max((ink.paper, ink.text), key=lambda colour: contrast(colour, ground))
    return _rect(x, y, width, height, ground) + _text(
        x + width / 2, y + height / 2 + 3.5, str(value), tone, anchor="middle"
    )


def _key(names: tuple[str, str], frame: Frame) -> str:
    """The two names at the top right, each behind a sample of its tone."""
    ink, x, parts = frame.ink, float(frame.width), []
    for name, is_full in ((names[1], False), (names[0], True)):
        x -= text_width(name)
        parts.append(_text(x, 10, name, ink.quiet))
        x -= 13
        stroke = None if is_full else ink.full
        parts.append(_rect(x + 0.5, 2.5, 8, 8, ink.full if is_full else ink.paper, stroke=stroke))
        x -= 14
    return "".join(parts)


def _svg(frame: Frame, parts: Sequence[str]) -> str:
    size = f'width="{frame.width}" height="{frame.height}" viewBox="0 0 {frame.width} {frame.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{escape(frame.ink.font)}" '
        f'font-size="{_n(_FONT_SIZE)}"><title>{escape(frame.title)}</title>{"".join(parts)}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str, *, stroke: str | None = None) -> str:
    line = f' stroke="{stroke}" stroke-width="1"' if stroke else ""
    return f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"{line}/>'


def _line(
    x1: float, y1: float, x2: float, y2: float, tone: str, *, width: float = 0.6, dash: str = ""
) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"'
    return f'<line {ends} stroke="{tone}" stroke-width="{_n(width)}"{dashes}/>'


def _value(x: float, y: float, value: int, ink: Ink) -> str:
    return _text(x, y, f"{value:,}", ink.text, anchor="middle", bold=True)


def _text(x: float, y: float, words: str, tone: str, *, anchor: str = "start", bold: bool = False) -> str:
    # Placed by width and not by text-anchor, for which the PDF engine makes an object of each label.
    left = x - text_width(words) * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    weight = ' font-weight="bold"' if bold else ""
    place = f'x="{_n(left)}" y="{_n(y)}"'
    return f'<text {place} fill="{tone}"{weight}>{escape(words)}</text>'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
