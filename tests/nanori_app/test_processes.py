"""The process tree, with children that stand in for the real ones."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from nanori_app.processes import PortInUse, PortRefused, check_port

TREE = """
import os, sys
from nanori_app.errors import Stopped
from nanori_app.processes import Child, supervise

CHILDREN = {
    "quiet": "import time; print('up', flush=True); time.sleep(60)",
    "parent": "import subprocess, time; subprocess.Popen(['sleep', '61']); "
              "print('up', flush=True); time.sleep(60)",
    "stubborn": "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
                "print('up', flush=True); time.sleep(60)",
    "short": "import time; time.sleep(0.5); print('my last words', flush=True); raise SystemExit(7)",
}
import nanori_app.processes
nanori_app.processes.STOP_SECONDS = 1
children = [Child(name, [sys.executable, "-c", CHILDREN[name]]) for name in sys.argv[1:]]
try:
    supervise(children, environ=os.environ, on_ready=lambda: print("ready", flush=True))
except Stopped as stopped:
    sys.exit(str(stopped))
"""


@contextmanager
def tree(*names: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", TREE, *names]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        try:
            yield running
        finally:
            running.kill()


def wait_until_up(running: "subprocess.Popen[str]", count: int) -> list[psutil.Process]:
    assert running.stdout is not None
    while count:
        count -= "| up" in running.stdout.readline()
    return psutil.Process(running.pid).children(recursive=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_every_process_and_leaves_no_orphan(number: signal.Signals) -> None:
    with tree("quiet", "parent") as running:
        family = wait_until_up(running, 2)
        assert len(family) == 3
        running.send_signal(number)
        assert running.wait(15) == 0
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_kill_of_the_supervisor_takes_the_children_along() -> None:
    with tree("quiet", "quiet") as running:
        family = wait_until_up(running, 2)
        running.send_signal(signal.SIGKILL)
        running.wait(15)
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_child_that_does_not_listen_is_ended_all_the_same() -> None:
    with tree("stubborn", "quiet") as running:
        family = wait_until_up(running, 2)
        running.send_signal(signal.SIGTERM)
        assert running.wait(15) == 0
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_child_that_ends_stops_all_and_is_named() -> None:
    with tree("quiet", "short") as running:
        family = wait_until_up(running, 1)
        output, errors = running.communicate(timeout=15)
        assert running.returncode == 1
    assert "short | my last words" in output
    assert "The process 'short' ended by itself (exit code 7), so all were stopped." in errors
    assert psutil.wait_procs(family, timeout=20)[1] == []


def test_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"Port {port} is in use.*NANORI_PORT=") as refusal:
            check_port("127.0.0.1", port, setting="NANORI_PORT")
    assert "\n" not in str(refusal.value)


def test_address_of_another_machine_is_refused_in_words() -> None:
    with pytest.raises(PortRefused, match="cannot be used"):
        check_port("192.0.2.1", 8400, setting="NANORI_PORT")


def test_free_port_is_fine() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    check_port("127.0.0.1", port, setting="NANORI_PORT")


def test_output_is_not_held_back() -> None:
    started = time.monotonic()
    with tree("quiet") as running:
        wait_until_up(running, 1)
        assert time.monotonic() - started < 10
        os.kill(running.pid, signal.SIGTERM)
        running.wait(15)
