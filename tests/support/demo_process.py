"""The demo as real processes, on a folder and ports of its own."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nanori_app.cluster import Cluster
from nanori_app.cluster.home import home_of

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class DemoStage:
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

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cluster(self) -> Cluster:
        return Cluster(self.data_dir / "postgres")


@contextmanager
def demo_stage(folder: Path) -> Iterator[DemoStage]:
    """Two free ports and a folder; its database is gone afterwards."""
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        ports = [one.getsockname()[1], two.getsockname()[1]]
    try:
        yield DemoStage(folder, *ports)
    finally:
        shutil.rmtree(home_of(folder / "postgres").folder, ignore_errors=True)


def greeting(running: "subprocess.Popen[str]") -> str:
    """What it printed up to the last line of the greeting."""
    assert running.stdout is not None
    lines: list[str] = []
    for line in running.stdout:
        lines.append(line)
        if "Ctrl-C stops all of it" in line:
            return "".join(lines)
    raise AssertionError("".join(lines))
