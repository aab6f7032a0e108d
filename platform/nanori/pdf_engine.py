"""The child process that turns HTML into PDF: run as a script by ``nanori.pdf``, never imported by a server.

It speaks length-prefixed JSON and bytes on its standard streams, one document after another. Nothing it is
given can make it fetch, write or connect: the fetcher knows the handed-over assets only, and an audit hook
refuses sockets, processes and files outside the interpreter's own folders. Only the standard library and
WeasyPrint: it runs with ``-I`` and does not see the application.
"""

import base64
import gc
import importlib
import io
import json
import logging
import re
import resource
import struct
import sys
import tempfile
import traceback
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

_SELDOM = (20_000, 50, 1_000)
"""When to look for rubbish while a document is made: what it is made of stays until its end, mostly."""
_LENGTH = struct.Struct(">I")
_REFUSED_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ftplib.")
_FACE, _TABLE = struct.Struct(">4sHHHH"), struct.Struct(">4sLLL")
_NOT_FOR_PDF = frozenset({b"vhea", b"vmtx", b"meta", b"name", b"cmap", b"gasp"})
"""Tables of a face that a PDF has no use for: its own dictionaries say the same."""
_PLAIN = frozenset({"Type", "S", "K", "Pg", "P"})
"""What every element of the structure has; anything else says something about it."""
_NEVER_AGAIN = 65535
"""The generation of a number that no object has."""
_INDEX = re.compile(
    rb"/Type /XRef.*?/W \[(?P<widths>[\d ]+)\].*?(?P<said>/Length (?P<length>\d+))>>\nstream\n", re.DOTALL
)
_UP = 2
"""PNG's filter: each byte less the one above it."""


def main() -> None:
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    limits = json.loads(_read(stdin) or b"{}")
    _limit_memory(limits["memory_bytes"])
    try:
        press = _Press(_load())
    except OSError as missing:
        _reply(stdout, {"error": "engine", "detail": str(missing)})
        return
    gc.freeze()
    gc.set_threshold(*_SELDOM)
    while (request := _read(stdin)) is not None:
        _limit_cpu(limits["cpu_seconds"])
        _answer(stdout, press, request)
        gc.collect()  # boxes name each other: left alone, they would lie beside those of the next document


def _answer(stdout: BinaryIO, press: "_Press", request: bytes) -> None:
    try:
        pdf = _render(press, json.loads(request))
    except _FontMissing as missing:
        _reply(stdout, {"error": "font", "detail": str(missing)})
    except (Exception, RecursionError) as failure:  # noqa: BLE001 -- reported to the parent, which raises
        detail = "".join(traceback.format_exception_only(failure)).strip()
        _reply(stdout, {"error": "render", "detail": detail})
    else:
        _reply(stdout, {"bytes": len(pdf)})
        stdout.write(pdf)
        stdout.flush()


class _FontMissing(Exception):  # noqa: N818 -- named for the fact
    pass


class _Press:
    """The loaded engine and its map of fonts, which costs memory that a second one does not give back."""

    def __init__(self, weasyprint: Any) -> None:
        self.weasyprint = weasyprint
        self._fonts: Any = None

    def fonts(self) -> Any:
        """One map for all documents, until one of them wanted faces of its own in it."""
        if self._fonts is None or self._fonts._folder is not None:  # noqa: SLF001 -- says so nowhere else
            self._fonts = self.weasyprint.text.fonts.FontConfiguration()
        return self._fonts


class _Later:
    """A name of a library that is imported when it is used."""

    def __init__(self, module: str, name: str = "") -> None:
        self._module, self._name = module, name

    def _meant(self) -> Any:
        found = importlib.import_module(self._module)
        return getattr(found, self._name) if self._name else found

    def __call__(self, *given: object, **named: object) -> Any:
        return self._meant()(*given, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._meant(), name)


_FONT_TOOLS: Mapping[str, Mapping[str, object]] = {
    "fontTools": {"subset": _Later("fontTools.subset")},
    "fontTools.ttLib": {
        "TTFont": _Later("fontTools.ttLib", "TTFont"),
        "TTLibError": Exception,  # what is caught by this name leaves a face as it is
        "ttFont": _Later("fontTools.ttLib.ttFont"),
        "woff2": _Later("fontTools.ttLib.woff2"),
    },
    "fontTools.varLib": {},
    "fontTools.varLib.instancer": {
        "instantiateVariableFont": _Later("fontTools.varLib.instancer", "instantiateVariableFont")
    },
}
"""What WeasyPrint takes from fontTools: 13 MB for faces that ours are not, variable or with pictures."""


def _load() -> Any:
    """Import the engine (needs Pango: OSError without it), then shut the doors."""
    weasyprint = _without_font_tools("weasyprint")  # not above: the limits must stand before it loads
    _leave_faces_in_their_files(importlib.import_module("weasyprint.pdf.fonts"))
    importlib.import_module("PIL.Image").preinit()  # reads its plug-ins when the first picture comes
    logging.getLogger("weasyprint").handlers = [logging.StreamHandler(sys.stderr)]
    tempfile.gettempdir()  # tried out by writing, so before the doors are shut; WeasyPrint asks for it later
    readable = (sys.prefix, sys.base_prefix + "/lib", str(Path(str(weasyprint.__file__)).parent))
    sys.addaudithook(lambda event, args: _refuse(event, args, readable))
    return weasyprint


def _without_font_tools(module: str) -> Any:
    """Import a module that finds stand-ins for fontTools; who asks one of them gets the library after all."""
    for name, names in _FONT_TOOLS.items():
        stand_in = ModuleType(name)
        vars(stand_in).update(names, __path__=[])
        sys.modules[name] = stand_in
    try:
        return importlib.import_module(module)
    finally:
        for name in _FONT_TOOLS:
            del sys.modules[name]


def _leave_faces_in_their_files(fonts: Any) -> None:
    """Copy a face (4 MB) only when somebody looks at it: to take glyphs out of it nobody does."""
    copied = fonts.get_hb_object_data

    def read(font: Any) -> object:
        if isinstance(font.held, partial):
            font.held = font.held()
        return font.held

    def hold(font: Any, content: Callable[[], object] | bytes) -> None:
        font.held = content

    fonts.get_hb_object_data = lambda face: partial(copied, face)
    fonts.Font.file_content = property(read, hold)


def _refuse(event: str, args: tuple[Any, ...], readable: tuple[str, ...]) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError(f"{event} is not for a PDF engine")
    if event == "open" and not _may_open(args[0], args[2], readable):
        raise PermissionError(f"a PDF engine does not open {args[0]!r}")


def _may_open(path: object, flags: object, readable: tuple[str, ...]) -> bool:
    if not isinstance(path, str | bytes):
        return isinstance(path, int)
    name = path.decode(errors="replace") if isinstance(path, bytes) else path
    reading = not (isinstance(flags, int) and flags & 0b11)
    return reading and ".." not in name and name.startswith(readable)


def _render(press: _Press, request: Mapping[str, Any]) -> bytes:
    weasyprint = press.weasyprint
    fetcher = _closed_fetcher(weasyprint, request["assets"])
    html = weasyprint.HTML(string=request["html"], base_url="asset:///", url_fetcher=fetcher)
    document = html.render(font_config=press.fonts(), pdf_variant=request["variant"], pdf_tags=True)
    missing = set(request["fonts"]) - _installed(request["fonts"])
    if missing:
        raise _FontMissing(", ".join(sorted(missing)))
    pdf = document.write_pdf(
        pdf_variant=request["variant"],
        pdf_tags=True,
        finisher=_lighten,
        pdf_identifier=bytes.fromhex(request["identifier"]),
        attachments=_enclosures(weasyprint, request["enclosed"]),
    )
    return _with_short_index(bytes(pdf))


def _lighten(_document: object, pdf: Any) -> None:
    _lighten_fonts(pdf)
    _fold_spans(pdf)


def _lighten_fonts(pdf: Any) -> None:
    """Take from the embedded TrueType faces what no reader of a PDF looks at; glyphs keep their numbers."""
    for stream in pdf.objects:
        extra = getattr(stream, "extra", None)
        if extra and "Length1" in extra:
            face = _slim(stream.stream[0])
            stream.stream, extra["Length1"] = [face], len(face)


def _slim(face: bytes) -> bytes:
    """The same face without ``_NOT_FOR_PDF``: a directory, then tables at multiples of four."""
    version, count = struct.unpack_from(">4sH", face)
    tables = [_TABLE.unpack_from(face, _FACE.size + number * _TABLE.size) for number in range(count)]
    kept = [table for table in tables if table[0] not in _NOT_FOR_PDF]
    steps = len(kept).bit_length() - 1
    reach = 16 << steps
    slim = bytearray(_FACE.pack(version, len(kept), reach, steps, 16 * len(kept) - reach))
    body, begins = bytearray(), _FACE.size + _TABLE.size * len(kept)
    for tag, checksum, offset, length in kept:
        slim += _TABLE.pack(tag, checksum, begins + len(body), length)
        body += face[offset : offset + length] + bytes(-length % 4)
    return bytes(slim + body)


def _fold_spans(pdf: Any) -> None:
    """Let text hang on its paragraph, cell or heading at once, as links have it already.

    A span without a word about the text in it says nothing to who reads by the tags, and is a third of the
    objects. Its number stays free: all others keep theirs.
    """
    known = {one.reference: one for one in pdf.objects}
    moved: dict[bytes, bytes] = {}
    for number, one in enumerate(pdf.objects):
        if not _is_plain_span(one):
            continue
        parent = known[one["P"]]
        if parent.get("Pg") == one["Pg"]:
            kids = parent["K"]
            kids[kids.index(one.reference)] = one["K"][0]
            moved[one.reference] = parent.reference
            pdf.objects[number] = _free(pdf)
    texts = known[known[pdf.catalog["StructTreeRoot"]]["ParentTree"]]["Nums"]
    for page in texts:
        if isinstance(page, list):
            page[:] = [moved.get(element, element) for element in page]


def _is_plain_span(one: Any) -> bool:
    """An element around one piece of text that says nothing about it."""
    if not isinstance(one, dict) or one.get("S") != "/Span" or set(one) - _PLAIN:
        return False
    return len(one["K"]) == 1 and isinstance(one["K"][0], int)


def _free(pdf: Any) -> Any:
    """An object that is none, as the first of every PDF."""
    free = type(pdf.objects[0])()
    free.number, free.generation, free.free = 0, _NEVER_AGAIN, "f"
    return free


def _with_short_index(pdf: bytes) -> bytes:
    """The same document, its last stream, the table of all objects, written as differences of the rows.

    A free number may have any generation: it gets what makes its row most like the one above.
    """
    found = _INDEX.search(pdf, pdf.rindex(b"/Type /XRef"))
    if found is None:
        return pdf
    begins, length = found.end(), int(found["length"])
    kind, place, last = map(int, found["widths"].split())
    table, width = zlib.decompress(pdf[begins : begins + length]), kind + place + last
    steps, above = bytearray(), bytes(width)
    for at in range(0, len(table), width):
        row = table[at : at + width]
        if at and not any(row[: kind + place]):
            row = bytes(kind + place) + above[kind + place :]
        steps += bytes([_UP]) + bytes((new - old) % 256 for new, old in zip(row, above, strict=True))
        above = row
    packed = zlib.compress(bytes(steps), 9)
    said = b"/DecodeParms <</Predictor 12/Columns %d>>/Length %d" % (width, len(packed))
    head = pdf[: found.start("said")] + said + pdf[found.end("said") : begins]
    return head + packed + pdf[begins + length :]


def _enclosures(weasyprint: Any, enclosed: Sequence[Sequence[str]]) -> list[Any]:
    """Files from memory; their dates are given, since the clock of the moment would change the bytes."""
    return [
        weasyprint.Attachment(
            file_obj=io.BytesIO(base64.b64decode(body)),
            name=name,
            description=says,
            created=datetime.fromisoformat(made_at),
            modified=datetime.fromisoformat(made_at),
            relationship="Data",
        )
        for name, body, says, made_at in enclosed
    ]


def _closed_fetcher(weasyprint: Any, assets: Mapping[str, list[str]]) -> Any:
    def fetch(_self: object, url: str, _headers: object = None) -> Any:
        """Serves ``asset:///name`` from memory and nothing else, whatever the scheme or the redirect."""
        name = url.removeprefix("asset:///")
        if name == url or name not in assets:
            raise ValueError(f"refused: {url[:80]}")
        media_type, body = assets[name]
        return weasyprint.urls.URLFetcherResponse(url, base64.b64decode(body), {"Content-Type": media_type})

    closed = type("ClosedFetcher", (weasyprint.urls.URLFetcher,), {"fetch": fetch})
    return closed(allow_redirects=False)


def _installed(families: list[str]) -> set[str]:
    """Which of the families Fontconfig really has; it would silently answer with another face."""
    engine = importlib.import_module("weasyprint.text.ffi")
    ffi, fontconfig = engine.ffi, engine.fontconfig
    found = set()
    for family in families:
        pattern = ffi.gc(fontconfig.FcPatternCreate(), fontconfig.FcPatternDestroy)
        fontconfig.FcPatternAddString(pattern, b"family", family.encode())
        fontconfig.FcConfigSubstitute(ffi.NULL, pattern, fontconfig.FcMatchFont)
        fontconfig.FcDefaultSubstitute(pattern)
        match = fontconfig.FcFontMatch(ffi.NULL, pattern, ffi.new("FcResult *"))
        name = ffi.new("FcChar8 **")
        if match != ffi.NULL and fontconfig.FcPatternGetString(match, b"family", 0, name) == 0:
            found |= {family} & {ffi.string(name[0]).decode()}
    return found


def _limit_memory(memory_bytes: int) -> None:
    if sys.platform != "darwin":  # macOS refuses any limit on address space; the time limit still stands
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_cpu(seconds: int) -> None:
    """Allow each document its own share; the limit itself counts the whole process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def _read(stream: BinaryIO) -> bytes | None:
    header = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(header)[0]) if len(header) == _LENGTH.size else None


def _reply(stream: BinaryIO, answer: dict[str, object]) -> None:
    body = json.dumps(answer).encode()
    stream.write(_LENGTH.pack(len(body)) + body)
    stream.flush()


if __name__ == "__main__":
    main()
