"""The virtual environment in ``.venv``: pinned requirements first, then the project itself."""

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

from nanori_app.setup.errors import SetupStopped

TO_RUN = "requirements.txt"
TO_TEST = "requirements-dev.txt"
NEEDED_BYTES = 1_500_000_000
"""What ``.venv``, the browser files and a database with the demo in it take together, with some air."""
LEAST_BYTES = 100_000_000
PAUSE_SECONDS = 3


def prepare_environment(root: Path, *, for_tests: bool) -> None:
    """Bring ``.venv`` up to the pinned requirements; a moment's work when it is already.

    Raises:
        SetupStopped: no room on the disk, no environment could be made, or pip failed.
    """
    _check_disk(root)
    _make_venv(root)
    _install_requirements(root, for_tests=for_tests)
    _install_project(root)


def python_of(root: Path) -> Path:
    return root / ".venv" / "bin" / "python"


def _check_disk(root: Path) -> None:
    needed = LEAST_BYTES if _stamp(root, TO_RUN).exists() else NEEDED_BYTES
    free = shutil.disk_usage(root).free
    if free < needed:
        raise SetupStopped(
            f"The disk is full: {free // 1_000_000} MB are free at {root}, and Nanori needs "
            f"{needed // 1_000_000} MB. Make room, then start again."
        )


def _make_venv(root: Path) -> None:
    python = python_of(root)
    if python.exists() and _run([str(python), "-c", "import pip"]).returncode == 0:
        return
    _say("Making the virtual environment in .venv")
    made = _run([sys.executable, "-m", "venv", "--clear", str(root / ".venv")])
    if made.returncode:
        raise SetupStopped(f"The virtual environment in .venv could not be made: {_last_words(made)}")


def _install_requirements(root: Path, *, for_tests: bool) -> None:
    if for_tests and not _is_done(root, TO_TEST):
        _pip_install(root, "--requirement", TO_TEST)
        _mark_done(root, TO_TEST)
        _mark_done(root, TO_RUN)
    elif not _is_done(root, TO_RUN):
        _pip_install(root, "--requirement", TO_RUN)
        _mark_done(root, TO_RUN)


def _install_project(root: Path) -> None:
    """In a second step, since nothing can hash a folder that is being worked on."""
    if not _is_done(root, "pyproject.toml"):
        _pip_install(root, "--no-deps", "--no-build-isolation", "--editable", ".")
        _mark_done(root, "pyproject.toml")


def _pip_install(root: Path, *words: str) -> None:
    _say(f"Installing {'the project' if words[-1] == '.' else words[-1]} (the first time takes some minutes)")
    command = [str(python_of(root)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *words]
    done = _run(command, cwd=root)
    if done.returncode:
        time.sleep(PAUSE_SECONDS)  # an index that stumbled once answers the second time
        done = _run(command, cwd=root)
    if done.returncode:
        raise SetupStopped(
            f"pip could not install {words[-1]}: {_last_words(done)}\n"
            "Check the network, then start again: what is there already is not fetched twice."
        )


def _is_done(root: Path, source: str) -> bool:
    stamp = _stamp(root, source)
    return stamp.exists() and stamp.read_text() == _fingerprint(root, source)


def _mark_done(root: Path, source: str) -> None:
    _stamp(root, source).write_text(_fingerprint(root, source))


def _stamp(root: Path, source: str) -> Path:
    """Lies inside ``.venv``, so that whoever deletes the environment deletes the belief in it."""
    return root / ".venv" / f"installed-{source}"


def _fingerprint(root: Path, source: str) -> str:
    return hashlib.sha256(str(root).encode() + (root / source).read_bytes()).hexdigest()


def _run(command: list[str], *, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our words


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stderr + "\n" + done.stdout).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR")]
    return (errors or lines or [f"exit code {done.returncode}"])[-1].strip()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
