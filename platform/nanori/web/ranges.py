"""A part of a stored file, as players of sound ask for it: one range (RFC 9110, 14), so much at once."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.response import Stream
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_206_PARTIAL_CONTENT,
    HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE,
)

from nanori.files import File, FileStore

_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
AT_ONCE = 4 * 1024 * 1024
"""Bytes of one answer: whoever wants more asks on, and an hour of sound never lies in memory."""


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes from ``first`` until ``last``, both included."""

    first: int
    last: int


def part_asked_for(header: str | None, size: int) -> Part | None:
    """The part of a file of ``size`` bytes that a ``Range`` header wants; None for the whole file.

    What is not understood asks for the whole file, as the standard has it.

    Raises:
        ValueError: the range begins after the file's end.
    """
    asked = _ONE_RANGE.fullmatch(header or "")
    if asked is None or asked[1] == asked[2] == "":
        return None
    if not asked[1]:
        first, last = max(0, size - int(asked[2])), size - 1
    else:
        first, last = int(asked[1]), int(asked[2]) if asked[2] else size - 1
    if first >= size or (asked[1] == "" and int(asked[2]) == 0):
        raise ValueError("beyond the end")
    if last < first:
        return None
    return Part(first, min(last, size - 1, first + AT_ONCE - 1))


def file_response(store: FileStore, file: File, header: str | None) -> Response[Any]:
    """The file, or the part that is asked for; never kept by browsers or on the way."""
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    try:
        part = part_asked_for(header, file.size)
    except ValueError:
        headers["Content-Range"] = f"bytes */{file.size}"
        return Response(
            b"",
            status_code=HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE,
            media_type=file.media_type,
            headers=headers,
        )
    if part is None:
        headers["Content-Length"] = str(file.size)
        return Stream(
            lambda: _pieces(store, file), status_code=HTTP_200_OK, media_type=file.media_type, headers=headers
        )  # fmt: skip
    content = store.read_part(file.tenant_id, file.id, part.first, part.last)
    headers["Content-Range"] = f"bytes {part.first}-{part.last}/{file.size}"
    return Response(
        content, status_code=HTTP_206_PARTIAL_CONTENT, media_type=file.media_type, headers=headers
    )


async def _pieces(store: FileStore, file: File) -> AsyncGenerator[bytes]:
    for first in range(0, file.size, AT_ONCE):
        yield store.read_part(file.tenant_id, file.id, first, min(first + AT_ONCE, file.size) - 1)
