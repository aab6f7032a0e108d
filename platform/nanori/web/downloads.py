"""Files that a page hands out: saved under a name, kept nowhere on the way, never run."""

from litestar import Response

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


def download(body: bytes, name: str, *, media_type: str = "") -> Response[bytes]:
    """``name`` is plain ASCII; its ending says what the file is, where ``media_type`` does not."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(body, media_type=media_type or MEDIA_TYPES[name.rpartition(".")[2]], headers=headers)
