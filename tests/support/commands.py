"""``nanori`` in a process of its own, forked from one that has imported everything: each saves seconds."""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

from nanori_app.cli.group import MODULES, main

WITHIN_SECONDS = 60.0
_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload([f"nanori_app.cli.{place.partition(':')[0]}" for place in MODULES.values()])


def run_command(words: Sequence[str], environ: Mapping[str, str], given: str) -> "CompletedProcess[str]":
    """Run one command with nothing of this process's settings; ``given`` is its standard input."""
    with TemporaryDirectory() as folder:
        channels = [Path(folder) / name for name in ("in", "out", "err")]
        channels[0].write_text(given, "utf-8")
        process = _FORKS.Process(target=_command, args=(list(words), dict(environ), channels))
        process.start()
        process.join(WITHIN_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(list(words), WITHIN_SECONDS)
        said = [channel.read_text("utf-8") for channel in channels[1:]]
        return CompletedProcess(list(words), process.exitcode, *said)


def _command(words: list[str], environ: dict[str, str], channels: list[Path]) -> None:
    os.environ.clear()
    os.environ.update(environ)
    for number, channel in enumerate(channels):
        opened = os.open(channel, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - as long as the process
    sys.argv = ["nanori", *words]
    main(words)
