"""Static files by room: ``/static/telephony/softphone.js`` lies in ``telephony/web/static/``."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from litestar import Router
from litestar.static_files import create_static_files_router

from nanori.web.access import open_files


def static_files(packages: Iterable[str], vendor: Path) -> list[Router]:
    """One route per package that has a ``web/static`` folder, and ``/static/vendor`` for browser files."""
    folders = {package: Path(str(files(package))) / "web" / "static" for package in packages}
    folders["vendor"] = vendor
    return [
        create_static_files_router(
            path=f"/static/{owner}",
            directories=[folder],
            opt=open_files("style sheets and scripts, the same for everybody"),
            include_in_schema=False,
        )
        for owner, folder in folders.items()
        if folder.is_dir()
    ]
