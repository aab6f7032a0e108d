"""The machine's own packages: Pango and BIZ UD Gothic for the PDF, Chromium for the tests, Python's venv."""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nanori_app.setup.errors import SetupStopped

FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "~/Library/Fonts",
)
HOMEBREW_LIBRARIES = (Path("/opt/homebrew/lib"), Path("/usr/local/lib"))
WITHOUT_A_WINDOW = "chromium-headless-shell"
BROWSERS = (WITHOUT_A_WINDOW, "chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing of the machine: its package on Debian, its name elsewhere, and a look whether it is there."""

    package: str
    what: str
    is_there: Callable[[], bool]
    tests_only: bool = False


def _library(linux: str, macos: str) -> Callable[[], bool]:
    def look() -> bool:
        names = [linux] if sys.platform == "linux" else [macos, *(str(f / macos) for f in HOMEBREW_LIBRARIES)]
        return any(_loads(name) for name in names)

    return look


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _font_is_there() -> bool:
    return any(any(Path(folder).expanduser().rglob("BIZUDGothic*.ttf")) for folder in FONT_FOLDERS)


def _venv_is_there() -> bool:
    return find_spec("ensurepip") is not None and find_spec("venv") is not None


def _browser_is_there() -> bool:
    return any(shutil.which(name) for name in BROWSERS)


def _driver_runs() -> bool:
    """The Node.js inside Playwright wants it on Linux, and on no other system."""
    return sys.platform != "linux" or _loads("libatomic.so.1")


NEEDS = (
    Need("python3-venv", "Python's venv module", _venv_is_there),
    Need("libpango-1.0-0", "Pango", _library("libpango-1.0.so.0", "libpango-1.0.dylib")),
    Need(
        "libpangoft2-1.0-0", "Pango for FreeType", _library("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib")
    ),
    Need("libharfbuzz-subset0", "HarfBuzz", _library("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib")),
    Need("fonts-morisawa-bizud-gothic", "the font BIZ UD Gothic", _font_is_there),
    Need("chromium", "Chromium (for the tests)", _browser_is_there, tests_only=True),
    Need("libatomic1", "libatomic (drives Chromium)", _driver_runs, tests_only=True),
)
WISHES = (
    Need(
        WITHOUT_A_WINDOW, "Chromium without a window", lambda: bool(shutil.which(WITHOUT_A_WINDOW)),
        tests_only=True,
    ),
)  # fmt: skip
"""Better to have: it opens a page in a third of the processor's time that a whole Chromium takes."""


@dataclass(frozen=True, slots=True)
class Machine:
    """Who asks, and what installs packages here; ``apt_get`` is None on other systems than Debian's kin."""

    is_root: bool
    apt_get: str | None


def this_machine() -> Machine:
    return Machine(is_root=os.geteuid() == 0, apt_get=shutil.which("apt-get"))


def prepare_machine(
    machine: Machine, *, for_tests: bool, needs: Sequence[Need] = NEEDS, wishes: Sequence[Need] = ()
) -> None:
    """Install what the machine lacks as root, or stop with the one command that does.

    Args:
        wishes: installed first where that is possible; one of them may do for a need.

    Raises:
        SetupStopped: something is missing and could not be installed from here.
    """
    wished = missing_needs(for_tests=for_tests, needs=wishes)
    if wished and machine.is_root and machine.apt_get is not None:
        _try_to_install(machine.apt_get, wished)
    missing = missing_needs(for_tests=for_tests, needs=needs)
    if not missing:
        return
    if machine.apt_get is None:
        raise SetupStopped(_without_apt(missing))
    packages = [need.package for need in missing]
    if not machine.is_root:
        raise SetupStopped(
            f"This machine lacks {listed(missing)}. Run this once, then start again:\n\n"
            f"  sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(packages)}"
        )
    _install(machine.apt_get, packages)
    still = missing_needs(for_tests=for_tests, needs=needs)
    if still:
        raise SetupStopped(f"apt-get ran without a complaint, but this machine still lacks {listed(still)}.")


def missing_needs(*, for_tests: bool, needs: Sequence[Need] = NEEDS) -> list[Need]:
    return [need for need in needs if (for_tests or not need.tests_only) and not need.is_there()]


def _try_to_install(apt_get: str, wished: list[Need]) -> None:
    try:
        _install(apt_get, [need.package for need in wished])
    except SetupStopped:
        sys.stdout.write(f"There is no {listed(wished)} to be had here: it goes without, more slowly.\n")


def _install(apt_get: str, packages: list[str]) -> None:
    sys.stdout.write(f"Installing system packages: {' '.join(packages)}\n")
    sys.stdout.flush()
    _run_apt([apt_get, "-qq", "update"], packages)
    _run_apt([apt_get, "-qq", "install", "-y", "--no-install-recommends", *packages], packages)


def _run_apt(command: list[str], packages: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        command,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in (done.stderr + done.stdout).splitlines() if line.startswith("E:")]
        raise SetupStopped(
            f"'apt-get {command[2]}' failed: {said[0] if said else f'exit code {done.returncode}'}\n"
            f"Install these packages by hand, then start again: {' '.join(packages)}"
        )


def _without_apt(missing: list[Need]) -> str:
    hint = (
        " (with Homebrew: brew install pango, and the font from its makers' page)"
        if sys.platform == "darwin"
        else ""
    )
    return (
        f"This machine lacks {listed(missing)}. It has no apt-get, so please install that "
        f"in this system's own way{hint}, then start again."
    )


def listed(needs: list[Need]) -> str:
    words = [need.what for need in needs]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
