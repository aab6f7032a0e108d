"""Keep ``<room>/locales/ja.po`` in step with the sentences in Python and in templates.

Run as ``python -m nanori_app.setup.catalogues [ROOM …]``: new sentences are added empty for a translator,
those that nobody says any more are dropped, translations stay. A test refuses both kinds of gap.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {
    "nanori": ROOT / "platform" / "nanori",
    **{
        name: ROOT / name
        for name in (
            "tenants",
            "scripts_talk",
            "desks",
            "interactions",
            "telephony",
            "mailroom",
            "reports",
            "billing",
            "nanori_app",
        )
    },
}
"""Every package with words of its own, the lowest first."""

_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
Msgid = str | tuple[str, ...]


def main(arguments: list[str]) -> int:
    for name in arguments or list(PACKAGES):
        if PACKAGES[name].is_dir():
            update(name)
    return 0


def update(package: str) -> None:
    """Write the package's catalogue anew; without any sentence there is no file."""
    target = PACKAGES[package] / "locales" / "ja.po"
    known = catalogue_of(package)
    said_elsewhere = _said_below(package)
    fresh = Catalog(locale="ja", fuzzy=False, charset="utf-8")
    for msgid, places in sorted(sentences(package).items(), key=lambda item: item[1]):
        if msgid in said_elsewhere:
            continue
        before = known.get(msgid)
        fresh.add(msgid, before.string if before else None, locations=[(p, None) for p in places])  # type: ignore[misc]  # Babel takes None for "no line"
    if len(fresh) or target.is_file():
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(_as_text(fresh))


def sentences(package: str) -> dict[Msgid, list[str]]:
    """Every msgid of a package, and the files that say it."""
    found: dict[Msgid, set[str]] = {}
    folder = PACKAGES[package]
    extracted = extract_from_dir(folder, _METHODS, keywords=_KEYWORDS)
    for file, _line, msgid, _comments, _context in extracted:
        found.setdefault(msgid, set()).add(file)
    return {msgid: sorted(files) for msgid, files in found.items() if msgid}


def catalogue_of(package: str) -> Catalog:
    """What a package's ``ja.po`` holds now."""
    source = PACKAGES[package] / "locales" / "ja.po"
    if not source.is_file():
        return Catalog(locale="ja")
    with source.open("rb") as stream:
        return read_po(stream, locale="ja")


def _said_below(package: str) -> dict[Msgid, object]:
    """What lower packages translate already: one catalogue is made of all of them."""
    names = list(PACKAGES)
    return {
        _msgid(message.id): message.string
        for name in names[: names.index(package)]
        for message in catalogue_of(name)
        if message.id and message.string
    }


def _msgid(found: Msgid | list[str]) -> Msgid:
    return tuple(found) if isinstance(found, list) else found


def _as_text(catalogue: Catalog) -> bytes:
    """The catalogue as a file: no dates or tool names, which would only make noise in changes."""
    written = io.BytesIO()
    write_po(written, catalogue, omit_header=True, width=110, sort_output=False)
    head = 'msgid ""\nmsgstr ""\n'
    head += '"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: ja\\n"\n'
    head += '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n'
    return (head + written.getvalue().decode().strip() + "\n").encode()


def gaps(package: str) -> Iterator[str]:
    """What stands between a package and complete Japanese, in words for whoever mends it."""
    said, known = sentences(package), catalogue_of(package)
    below = _said_below(package)
    for msgid in said:
        message = known.get(msgid)
        if msgid not in below and (message is None or not message.string or message.fuzzy):
            yield f"{package}: no Japanese for {msgid!r} ({', '.join(said[msgid])})"
    for message in known:
        if message.id and message.id not in said:
            yield f"{package}: nobody says {message.id!r} any more"
        elif message.id and below.get(_msgid(message.id), message.string) != message.string:
            yield f"{package}: {message.id!r} is {below[_msgid(message.id)]!r} in a lower room; reword one"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
