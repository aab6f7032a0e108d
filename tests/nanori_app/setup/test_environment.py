"""The virtual environment step by step, on a checkout of its own with nothing to download."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nanori_app.setup import environment
from nanori_app.setup.environment import TO_RUN, TO_TEST, prepare_environment, python_of
from nanori_app.setup.errors import SetupStopped

ROOT = Path(__file__).parents[3]
PROJECT = """
[build-system]
requires = []
build-backend = "plain"
backend-path = ["."]
[project]
name = "plain"
"""
BACKEND = """
import pathlib, zipfile

WHEEL = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"

def build_editable(folder, config_settings=None, metadata_directory=None):
    name = "plain-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder) / name, "w") as wheel:
        wheel.writestr("plain-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: plain\\nVersion: 1\\n")
        wheel.writestr("plain-1.dist-info/WHEEL", WHEEL)
        wheel.writestr("plain-1.dist-info/RECORD", "")
    return name
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment to copy: making one takes seconds."""
    made = tmp_path_factory.mktemp("made") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", str(made)], check=True)
    return made


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(environment, "PAUSE_SECONDS", 0)
    (tmp_path / TO_RUN).write_text("")
    (tmp_path / TO_TEST).write_text("")
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "plain.py").write_text(BACKEND)
    return tmp_path


def test_environment_is_made_once_and_then_left_alone(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prepare_environment(checkout, for_tests=False)
    said = capsys.readouterr().out
    assert "Making the virtual environment" in said
    assert python_of(checkout).exists()
    prepare_environment(checkout, for_tests=False)
    assert capsys.readouterr().out == ""
    (checkout / TO_RUN).write_text("# changed\n")
    prepare_environment(checkout, for_tests=False)
    assert capsys.readouterr().out.startswith(f"Installing {TO_RUN}")


def test_what_tests_need_includes_what_running_needs(
    checkout: Path, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made, checkout / ".venv", symlinks=True)
    prepare_environment(checkout, for_tests=True)
    capsys.readouterr()
    prepare_environment(checkout, for_tests=False)
    assert capsys.readouterr().out == ""


def test_failing_pip_is_quoted_and_the_step_not_believed_done(checkout: Path, made: Path) -> None:
    shutil.copytree(made, checkout / ".venv", symlinks=True)
    (checkout / TO_RUN).write_text("./no-such-folder --hash=sha256:00\n")
    with pytest.raises(SetupStopped, match=f"pip could not install {TO_RUN}: ERROR"):
        prepare_environment(checkout, for_tests=False)
    (checkout / TO_RUN).write_text("")
    prepare_environment(checkout, for_tests=False)


def test_full_disk_is_told_before_anything_is_fetched(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = shutil.disk_usage(checkout).free
    monkeypatch.setattr(environment, "NEEDED_BYTES", free * 2)
    with pytest.raises(SetupStopped, match=r"The disk is full: \d+ MB are free"):
        prepare_environment(checkout, for_tests=False)
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("name", [TO_RUN, TO_TEST])
def test_requirements_are_pinned_by_hash_and_name_no_host(name: str) -> None:
    lines = (ROOT / name).read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert not any("://" in line or line.startswith("-") for line in lines)


def test_requirements_of_tests_pin_the_same_versions() -> None:
    pins = [
        {line for line in (ROOT / name).read_text().splitlines() if "==" in line}
        for name in (TO_RUN, TO_TEST)
    ]
    assert pins[0] <= pins[1]


def test_setup_imports_nothing_that_a_bare_python_lacks() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import nanori_app.setup.__main__"
    command = [sys.executable, "-S", "-I", "-c", program]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
