"""The report's Japanese is complete, and its placeholders are those of the English."""

import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import reports

ROOM = Path(reports.__file__).parent


def used() -> set[str]:
    return {
        message for message in (*_in_python(), *_in_templates()) if " " in message or message[:1].isupper()
    }


def _in_python() -> Iterator[str]:
    for source in ROOM.rglob("*.py"):
        with source.open("rb") as stream:
            found = extract("python", stream, keywords={"N_": None, "gettext": None, "ngettext": (1, 2)})
            yield from (_first(message) for _, message, _, _ in found)


def _in_templates() -> Iterator[str]:
    for source in ROOM.rglob("*.html"):
        with source.open("rb") as stream:
            yield from (_first(message) for _, _, message, _ in babel_extract(stream, ("_",), [], {}))


def _first(message: object) -> str:
    return str(message[0]) if isinstance(message, tuple | list) else str(message)


def translations() -> dict[str, str]:
    with (ROOM / "locales" / "ja.po").open("rb") as stream:
        return {_first(m.id): _first(m.string) for m in read_po(stream, locale="ja") if m.id}


def test_every_sentence_of_the_report_has_a_japanese_one() -> None:
    assert used() - translations().keys() == set()


def test_translations_use_no_placeholder_that_the_source_lacks() -> None:
    for source, translated in translations().items():
        assert _fields(translated) <= _fields(source) | {"n", "offered"}, source


def test_no_template_carries_a_style_attribute_or_a_script() -> None:
    for source in ROOM.rglob("*.html"):
        assert not re.search(r"\sstyle=|<script", source.read_text("utf-8")), source.name


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
