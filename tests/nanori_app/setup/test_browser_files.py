import hashlib
import json
from pathlib import Path

import pytest

from nanori_app.setup.browser_files import (
    MANIFEST,
    ROOT,
    WANTED,
    BrowserFilesMissing,
    fetch_browser_files,
)


def test_the_lock_file_pins_every_package_by_hash_and_names_no_host() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert packages
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())


def test_nothing_is_fetched_when_the_lock_file_is_the_same(tmp_path: Path) -> None:
    vendor = tmp_path / "vendor"
    vendor.mkdir()
    for name in WANTED.values():
        (vendor / name).write_text("kept")
    wanted = repr(sorted(WANTED.items())).encode()
    locked = hashlib.sha256((ROOT / "package-lock.json").read_bytes() + wanted).hexdigest()
    (vendor / ".lock").write_text(locked)

    assert fetch_browser_files(ROOT, tmp_path) is False
    assert (vendor / "htmx.js").read_text() == "kept"


def test_a_failure_is_told_in_a_sentence(tmp_path: Path) -> None:
    for name in MANIFEST:
        (tmp_path / name).write_text("{}")

    with pytest.raises(BrowserFilesMissing, match="could not be fetched"):
        fetch_browser_files(tmp_path, tmp_path / "var")
