import platform
import re
import sys
import sysconfig
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.architecture.sources import ROOT, imported_by, python_files

ROOMS = (
    "tenants", "scripts_talk", "desks", "interactions", "telephony", "mailroom", "billing", "reports",
)  # fmt: skip
NAMES_WITHOUT_MEANING = {"services", "managers", "helpers", "utils", "util", "common", "misc", "core", "lib"}


def test_platform_folder_never_becomes_a_package() -> None:
    """``platform/__init__.py`` would replace the standard library's ``platform``."""
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert Path(platform.__file__).is_relative_to(sysconfig.get_path("stdlib"))


def test_no_dependency_takes_the_name_of_a_room() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    packages = config["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    owners = packages_distributions()
    for package in packages:
        assert set(owners.get(Path(package).name, ["nanori"])) <= {"nanori"}, package


def test_modules_are_named_for_what_they_hold() -> None:
    unclear = [path for path in python_files() if NAMES_WITHOUT_MEANING & {*path.parent.parts, path.stem}]
    assert unclear == []


def test_tests_lie_where_their_rooms_do() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert folders <= {*ROOMS, "nanori", "nanori_app", "architecture", "support", "browser", "tests"}


def test_every_room_says_what_it_owns() -> None:
    for room in ROOMS:
        words = ROOT / room / "__init__.py"
        assert not words.exists() or words.read_text().startswith('"""'), room


def test_product_imports_only_what_it_declares() -> None:
    """What comes along with another package today may be gone with its next version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {_plain(re.split(r"[\[><=~!; ]", line)[0]) for line in project["dependencies"]}
    owners = packages_distributions()
    undeclared = {
        f"{path}: {name}"
        for path in python_files()
        if path.parts[0] not in {"tests", "benchmarks"}
        for name in imported_by(path)
        - sys.stdlib_module_names
        - {"nanori", "nanori_app", "benchmarks", *ROOMS}
        if not {_plain(owner) for owner in owners.get(name, [name])} & declared
    }
    assert undeclared == set()


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
