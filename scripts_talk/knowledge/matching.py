"""Japanese text made comparable. Pure: what people type finds what people wrote, whatever the width or kana.

``docs/algorithms/knowledge.md`` says why articles are searched by reading a shop's texts instead of an index.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

MOST_WORDS = 8
LONGEST_QUERY = 100
EXCERPT_BEFORE, EXCERPT_LENGTH = 24, 90
ALIKE = 0.7
"""Of two questions' letter pairs so many are shared when they ask the same (Dice's coefficient)."""

_TO_HIRAGANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_OLD_KANJI = dict(zip(map(ord, "髙﨑德濵濱邊邉澤齋齊國廣"), "高崎徳浜浜辺辺沢斎斉国広", strict=True))
_PLAIN = _TO_HIRAGANA | _DASHES | _OLD_KANJI
_SPACE = re.compile(r"\s+")
_CONTENT = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々]+|[\u30a1-\u30fa\u30fc]+|[a-z0-9]+")
_AUXILIARY = re.compile("出来|致し?|頂|下さ|御座")
_NO_LETTERS = re.compile(r"[\W_]+")
_LETTER = re.compile(r".[\u0300-\u036f\u3099\u309a\uff9e\uff9f]*", re.DOTALL)

T = TypeVar("T")


def searchable(text: str) -> str:
    """Widths, kana, capitals, dashes, old forms of kanji and white space made the same."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _SPACE.sub(" ", folded.translate(_PLAIN)).strip()


def words_of(query: str) -> tuple[str, ...]:
    """The words of a search, each once, as ``searchable`` would write them. All of them must be found."""
    return tuple(dict.fromkeys(searchable(query[:LONGEST_QUERY]).split()))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text, and whether it is what was asked for."""

    text: str
    is_hit: bool = False


def excerpt(text: str, words: Sequence[str]) -> list[Piece]:
    """The text around the first word found, or its beginning, with the words marked."""
    letters = _LETTER.findall(_SPACE.sub(" ", text).strip())
    plain = [_plain(letter) for letter in letters]
    first = min((place for word in words if (place := _letter_of(plain, word)) is not None), default=0)
    start = max(0, first - EXCERPT_BEFORE)
    end = start + EXCERPT_LENGTH
    shown = marked("".join(letters[start:end]), words)
    before = [Piece("…")] if start else []
    return [*before, *shown, *([Piece("…")] if end < len(letters) else [])]


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """The whole text cut at the words found in it."""
    letters = _LETTER.findall(text)
    plain = [_plain(letter) for letter in letters]
    hit = [False] * len(letters)
    for word in words:
        for start, end in _places(plain, word):
            hit[start:end] = [True] * (end - start)
    pieces: list[Piece] = []
    for letter, is_hit in zip(letters, hit, strict=True):
        if pieces and pieces[-1].is_hit == is_hit:
            pieces[-1] = Piece(pieces[-1].text + letter, is_hit)
        else:
            pieces.append(Piece(letter, is_hit))
    return pieces


def likeness(one: str, other: str) -> float:
    """How much two questions share of the letter pairs of what they say in kanji, katakana and Latin.

    1 for the same words, 0 for none in common. What stands in hiragana, endings and particles, counts only
    where a question has nothing else.
    """
    first, second = _content(one), _content(other)
    if not first or not second:
        first, second = _pairs(_letters(one)), _pairs(_letters(other))
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else float(one == other)


def grouped(questions: Iterable[tuple[str, T]]) -> list[list[T]]:
    """Questions of similar wording together, in the order in which the first of each group came.

    Each joins the group whose first question it is most like, if it is like one at all.
    """
    firsts: list[str] = []
    groups: list[list[T]] = []
    for wording, question in questions:
        best = max(range(len(firsts)), key=lambda place: likeness(firsts[place], wording), default=None)
        if best is not None and likeness(firsts[best], wording) >= ALIKE:
            groups[best].append(question)
        else:
            firsts.append(wording)
            groups.append([question])
    return groups


def _plain(letter: str) -> str:
    """One letter as ``searchable`` writes it; white space stays."""
    return " " if letter.isspace() else searchable(letter)


def _letter_of(plain: Sequence[str], word: str) -> int | None:
    return next((start for start, _ in _places(plain, word)), None)


def _places(plain: Sequence[str], word: str) -> list[tuple[int, int]]:
    """Where the word stands, as numbers of the letters that it touches."""
    if not word:
        return []
    owner = [number for number, letter in enumerate(plain) for _ in letter]
    joined, found, start = "".join(plain), [], 0
    while (start := joined.find(word, start)) >= 0:
        found.append((owner[start], owner[start + len(word) - 1] + 1))
        start += 1
    return found


def _letters(question: str) -> str:
    return _NO_LETTERS.sub("", searchable(question))


def _content(question: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", question).casefold().translate(_OLD_KANJI)
    return {pair for run in _CONTENT.findall(_AUXILIARY.sub(" ", plain)) for pair in _pairs(run)}


def _pairs(letters: str) -> set[str]:
    """A single letter stands for itself."""
    return {letters[place : place + 2] for place in range(len(letters) - 1)} or {letters} - {""}
