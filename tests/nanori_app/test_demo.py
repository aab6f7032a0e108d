"""The demo as a newcomer starts and stops it, with its real children on a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from nanori.installation import plain_url
from nanori_app.cluster import Cluster
from nanori_app.cluster.home import home_of
from nanori_app.demo.cast import LOGINS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Stage:
    """One folder and two ports."""

    data_dir: Path
    port: int
    carrier_port: int

    @contextmanager
    def demo(self) -> Iterator["subprocess.Popen[str]"]:
        """A demo that has greeted; killed at the end when it still runs."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith("NANORI_")}
        environ = clean | {
            "NANORI_DATA_DIR": str(self.data_dir),
            "NANORI_VENDOR_DIR": str(ROOT / "var" / "vendor"),
            "NANORI_PORT": str(self.port),
            "NANORI_CARRIER_PORT": str(self.carrier_port),
        }
        command = [sys.executable, "-m", "nanori_app.cli", "demo"]
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as running:
            try:
                yield running
            finally:
                running.kill()

    def cluster(self) -> Cluster:
        return Cluster(self.data_dir / "postgres")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        ports = [one.getsockname()[1], two.getsockname()[1]]
    yield Stage(tmp_path, *ports)
    shutil.rmtree(home_of(tmp_path / "postgres").folder, ignore_errors=True)


def greeting(running: "subprocess.Popen[str]") -> str:
    """What it printed up to the last line of the greeting."""
    assert running.stdout is not None
    lines: list[str] = []
    for line in running.stdout:
        lines.append(line)
        if "Ctrl-C stops all of it" in line:
            return "".join(lines)
    raise AssertionError("".join(lines))


def shops(stage: Stage) -> int:
    with stage.cluster() as cluster, psycopg.connect(plain_url(cluster.owner_url())) as connection:
        row = connection.execute("SELECT count(*) FROM directory WHERE kind = 'shop'").fetchone()
        return 0 if row is None else int(row[0])


def test_demo_greets_serves_and_stops_without_a_trace(stage: Stage) -> None:
    with stage.demo() as running:
        said = greeting(running)
        assert f"http://127.0.0.1:{stage.port}" in said
        assert all(login in said and password in said for _, login, password in LOGINS)
        assert httpx.get(f"http://127.0.0.1:{stage.port}/", follow_redirects=True).status_code == 200
        family = psutil.Process(running.pid).children(recursive=True)
        assert len(family) > 3
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
    assert psutil.wait_procs(family, timeout=5)[1] == []
    assert shops(stage) == 6


def test_demo_that_was_killed_starts_again_with_everything_in_it(stage: Stage) -> None:
    with stage.demo() as running:
        greeting(running)
        family = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(family, timeout=30)[1] == []
    with stage.demo() as again:
        assert "Loaded the demo" not in greeting(again)
        again.send_signal(signal.SIGTERM)
        assert again.wait(60) == 0
    assert shops(stage) == 6
