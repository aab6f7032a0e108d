import gzip
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient

from nanori.errors import NotFound
from nanori.web.static import Shelf


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    room = tmp_path / "room"
    (room / "css").mkdir(parents=True)
    (room / "main.css").write_text('@layer base;\n\n@import url("css/base.css") layer(base);\n')
    (room / "css" / "base.css").write_text("p { color: red; }\n")
    (room / "notes.txt").write_text("not for the world")
    (tmp_path / "secret.js").write_text("x")
    return Shelf({"room": room})


def test_a_style_sheet_comes_in_one_piece_with_its_layers(shelf: Shelf) -> None:
    asset = shelf.asset("room", "main.css")

    assert asset.content == b"@layer base;\n\n@layer base {\np { color: red; }\n}\n"
    assert gzip.decompress(asset.zipped or b"") == asset.content


def test_a_changed_part_changes_the_whole(shelf: Shelf) -> None:
    before = shelf.asset("room", "main.css")
    (shelf.folders["room"] / "css" / "base.css").write_text("p { color: blue; }\n")

    assert shelf.asset("room", "main.css").etag != before.etag


@pytest.mark.parametrize(
    ("owner", "path"),
    [
        ("room", "../secret.js"),
        ("room", "css/../../secret.js"),
        ("room", "/etc/hosts"),
        ("room", "notes.txt"),
        ("room", "css"),
        ("room", "none.css"),
        ("nobody", "main.css"),
    ],
)
def test_nothing_else_is_on_the_shelf(shelf: Shelf, owner: str, path: str) -> None:
    with pytest.raises(NotFound):
        shelf.asset(owner, path)


async def test_a_browser_that_has_the_file_is_told_so(app: Litestar) -> None:
    async with AsyncTestClient(app) as client:
        first = await client.get("/static/nanori/nanori.css")
        again = await client.get(
            "/static/nanori/nanori.css", headers={"If-None-Match": first.headers["etag"]}
        )
        outside = await client.get("/static/nanori/..%2f..%2f..%2fpyproject.toml")

    assert first.status_code == 200
    assert first.headers["content-type"] == "text/css; charset=utf-8"
    assert first.headers["cache-control"] == "no-cache"
    assert "@import" not in first.text
    assert (again.status_code, again.content) == (304, b"")
    assert outside.status_code == 404
