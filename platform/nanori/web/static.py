"""Static files by room: ``/static/telephony/softphone.js`` lies in ``telephony/web/static/``.

A browser asks each time whether a file has changed and mostly hears "no" (304), so that a new version of
Nanori is in force at once. A style sheet that imports others is sent as one piece.
"""

import gzip
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from nanori.errors import NotFound
from nanori.web.access import open_files

MEDIA_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".woff2": "font/woff2",
}
"""What we serve; a file of another kind does not exist."""

WORTH_ZIPPING = frozenset({".css", ".js", ".json", ".svg"})
IMPORT = re.compile(r'^@import url\("([^":]+)"\) layer\((\w+)\);$', re.MULTILINE)
Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it goes out."""

    content: bytes
    zipped: bytes | None
    media_type: str
    etag: str


def static_files(packages: Iterable[str], vendor: Path) -> list[HTTPRouteHandler]:
    """One route per package that has a ``web/static`` folder, and ``/static/vendor`` for browser files."""
    folders = {package: Path(str(files(package))) / "web" / "static" for package in packages}
    shelf = Shelf({**folders, "vendor": vendor})
    return [_route(shelf, owner) for owner, folder in shelf.folders.items() if folder.is_dir()]


def _route(shelf: "Shelf", owner: str) -> HTTPRouteHandler:
    @get(
        f"/static/{owner}/{{file_path:path}}",
        opt=open_files("style sheets and scripts, the same for everybody"),
        include_in_schema=False,
    )
    async def static_file(request: Request[Any, Any, State], file_path: FromPath[Path]) -> Response[bytes]:
        return _answer(request, shelf.asset(owner, str(file_path).lstrip("/")))

    return static_file


class Shelf:
    """Files by owner, read when first asked for and again when they have changed."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self.folders = {owner: folder.resolve() for owner, folder in folders.items()}
        self._kept: dict[Path, tuple[list[Stamp], Asset]] = {}

    def asset(self, owner: str, path: str) -> Asset:
        """One file below its owner's folder.

        Raises:
            NotFound: no such owner or file, a kind that is not served, or a path that leads out.
        """
        folder = self.folders.get(owner)
        file = (folder / path).resolve() if folder else None
        if folder is None or file is None or not file.is_relative_to(folder):
            raise NotFound
        if file.suffix not in MEDIA_TYPES or not file.is_file():
            raise NotFound
        stamps = [_stamp(part) for part in _parts(file)]
        kept = self._kept.get(file)
        if kept is None or kept[0] != stamps:
            kept = (stamps, _read(file))
            self._kept[file] = kept
        return kept[1]


def _answer(request: Request[Any, Any, State], asset: Asset) -> Response[bytes]:
    headers = {"ETag": asset.etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(b"", status_code=304, headers=headers, media_type=asset.media_type)
    if asset.zipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(asset.zipped, headers=headers, media_type=asset.media_type)
    return Response(asset.content, headers=headers, media_type=asset.media_type)


def _read(file: Path) -> Asset:
    content = _in_one_piece(file).encode() if file.suffix == ".css" else file.read_bytes()
    zipped = gzip.compress(content, mtime=0) if file.suffix in WORTH_ZIPPING else None
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Asset(content, zipped, MEDIA_TYPES[file.suffix], f'"{digest}"')


def _in_one_piece(file: Path) -> str:
    """A style sheet with each import put in its place, inside the layer that it names."""
    return IMPORT.sub(
        lambda found: f"@layer {found[2]} {{\n{(file.parent / found[1]).read_text()}}}",
        file.read_text(),
    )


def _parts(file: Path) -> Iterator[Path]:
    """The file and whatever it is made of."""
    yield file
    if file.suffix == ".css":
        for found in IMPORT.finditer(file.read_text()):
            yield file.parent / found[1]


def _stamp(file: Path) -> Stamp:
    status = file.stat()
    return status.st_mtime_ns, status.st_size
