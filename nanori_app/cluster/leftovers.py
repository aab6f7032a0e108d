"""Processes and files that a killed server leaves behind."""

import contextlib
import signal
from pathlib import Path

import psutil

PATIENCE_SECONDS = 10


def end_leftovers(data: Path) -> None:
    """Clear the way for a start on ``data``; call it only while holding the folder's lock.

    A postmaster that outlived its supervisor is stopped. Backends that outlived their postmaster must be gone
    before the next server recovers, otherwise both write. A ``postmaster.pid`` whose number belongs to some
    other program by now would keep PostgreSQL from starting, so it goes too.
    """
    pid = _postmaster_pid(data)
    running = _servers_of(data)
    for process in running:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGINT if process.pid == pid else signal.SIGQUIT)
    _, stubborn = psutil.wait_procs(running, timeout=PATIENCE_SECONDS)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=PATIENCE_SECONDS)
    if pid is not None and psutil.pid_exists(pid):
        (data / "postmaster.pid").unlink(missing_ok=True)


def _postmaster_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _servers_of(data: Path) -> list[psutil.Process]:
    """Every process of the server works in its data folder."""
    return [process for process in psutil.process_iter(["name"]) if _works_in(process, data)]


def _works_in(process: psutil.Process, data: Path) -> bool:
    if process.info["name"] != "postgres":
        return False
    try:
        return Path(process.cwd()) == data
    except psutil.Error:
        return False
