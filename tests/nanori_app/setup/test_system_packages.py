"""What set-up says and does about a machine that lacks something, with an apt-get that only takes notes."""

from pathlib import Path

import pytest

from nanori_app.setup.errors import SetupStopped
from nanori_app.setup.system_packages import NEEDS, Machine, Need, missing_needs, prepare_machine

NOTES = """#!/bin/sh
echo "$@" >> {notes}
case "$2" in install) {on_install};; esac
"""


class Shelf:
    """Packages appear as files in a folder when the apt-get of the test installs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes = folder / "notes"

    def need(self, package: str, *, tests_only: bool = False) -> Need:
        return Need(package, f"the {package}", (self.folder / package).exists, tests_only=tests_only)

    def apt_get(self, on_install: str) -> str:
        script = self.folder / "apt-get"
        script.write_text(NOTES.format(notes=self.notes, on_install=on_install))
        script.chmod(0o755)
        return str(script)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_root_installs_only_what_is_missing(shelf: Shelf) -> None:
    (shelf.folder / "font").touch()
    machine = Machine(is_root=True, apt_get=shelf.apt_get(f"touch {shelf.folder}/pango"))
    prepare_machine(machine, for_tests=False, needs=[shelf.need("pango"), shelf.need("font")])
    assert shelf.notes.read_text().splitlines() == [
        "-qq update",
        "-qq install -y --no-install-recommends pango",
    ]


def test_machine_that_has_everything_is_left_alone(shelf: Shelf) -> None:
    (shelf.folder / "font").touch()
    prepare_machine(Machine(is_root=False, apt_get=None), for_tests=True, needs=[shelf.need("font")])


def test_others_than_root_are_given_the_one_command(shelf: Shelf) -> None:
    machine = Machine(is_root=False, apt_get=shelf.apt_get("true"))
    with pytest.raises(SetupStopped) as stopped:
        prepare_machine(machine, for_tests=False, needs=[shelf.need("pango"), shelf.need("font")])
    said = str(stopped.value)
    assert said.startswith("This machine lacks the pango and the font. Run this once")
    assert said.endswith("sudo apt-get update && sudo apt-get install -y --no-install-recommends pango font")
    assert not shelf.notes.exists()


def test_system_without_apt_names_what_to_install(shelf: Shelf) -> None:
    needs = [shelf.need("a"), shelf.need("b"), shelf.need("c")]
    with pytest.raises(SetupStopped, match=r"lacks the a, the b and the c\. It has no apt-get"):
        prepare_machine(Machine(is_root=True, apt_get=None), for_tests=False, needs=needs)


def test_failing_apt_is_quoted_with_its_first_error(shelf: Shelf) -> None:
    failing = shelf.apt_get("echo 'W: hm' >&2; echo 'E: Unable to locate package pango' >&2; exit 100")
    with pytest.raises(SetupStopped, match=r"'apt-get install' failed: E: Unable to locate package pango"):
        prepare_machine(Machine(is_root=True, apt_get=failing), for_tests=False, needs=[shelf.need("pango")])


def test_apt_that_brings_nothing_is_not_believed(shelf: Shelf) -> None:
    machine = Machine(is_root=True, apt_get=shelf.apt_get("true"))
    with pytest.raises(SetupStopped, match="still lacks the pango"):
        prepare_machine(machine, for_tests=False, needs=[shelf.need("pango")])


def test_what_is_only_wished_for_may_do_for_a_need(shelf: Shelf) -> None:
    machine = Machine(is_root=True, apt_get=shelf.apt_get(f"touch {shelf.folder}/shell"))
    either = Need("chromium", "Chromium", (shelf.folder / "shell").exists)
    prepare_machine(machine, for_tests=True, needs=[either], wishes=[shelf.need("shell")])
    assert shelf.notes.read_text().splitlines()[1:] == ["-qq install -y --no-install-recommends shell"]


def test_a_wish_that_cannot_be_met_stops_nothing(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    machine = Machine(is_root=True, apt_get=shelf.apt_get("exit 100"))
    prepare_machine(machine, for_tests=True, needs=[], wishes=[shelf.need("shell")])
    assert "There is no the shell to be had here" in capsys.readouterr().out
    prepare_machine(
        Machine(is_root=False, apt_get="apt-get"), for_tests=True, needs=[], wishes=[shelf.need("shell")]
    )


def test_chromium_is_for_tests_alone(shelf: Shelf) -> None:
    needs = [shelf.need("chromium", tests_only=True)]
    assert missing_needs(for_tests=False, needs=needs) == []
    assert missing_needs(for_tests=True, needs=needs) == needs


def test_this_machine_has_all_that_the_suite_needs() -> None:
    assert missing_needs(for_tests=True, needs=NEEDS) == []
