"""One application after the other over many installations: building it costs more than most plays in it."""

from collections.abc import Generator
from contextlib import contextmanager

from litestar import Litestar

from nanori.installation import Installation
from nanori_app.asgi import build_app, move_in

_idle: dict[tuple[object, ...], list[Litestar]] = {}


@contextmanager
def borrowed_app(installation: Installation) -> Generator[Litestar]:
    """The application over this installation, as if built for it; it takes no part in live news.

    Afterwards it may serve the next one. No two borrow the same at once.
    """
    kind = (installation.settings.vendor_dir, installation.settings.simulated)
    idle = _idle.setdefault(kind, [])
    app = idle.pop() if idle else build_app(installation, listens=False)
    move_in(app, installation)
    try:
        yield app
    finally:
        idle.append(app)
