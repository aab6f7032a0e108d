"""Papers drawn in a process of their own, which is small: the peak of its children is that of the engine.

A child that is forked from a large process is counted with its parent's memory, whatever it needs itself.
"""

import json
import os
import pickle
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nanori.pdf import Asset, Enclosure, PdfPress

HERE = Path(__file__).parents[2]
KIB, MEGABYTE = 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything that the engine needs for one paper."""

    html: str
    assets: Mapping[str, Asset]
    enclosed: Sequence[Enclosure]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What drawing cost: seconds of all papers without the engine's start, its peak in MB, bytes of each."""

    seconds: float
    peak: int
    sizes: Sequence[int]


def draw_apart(ready: Sequence[Ready], *, fonts: Sequence[str], variant: str) -> "subprocess.Popen[bytes]":
    """Begin; ``drawn_apart`` waits for the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reports.drawn_apart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=HERE,
        env=dict(os.environ) | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE / 'platform'}"},
    )
    assert process.stdin is not None
    process.stdin.write(pickle.dumps((tuple(fonts), variant, list(ready))))
    process.stdin.close()
    return process


def drawn_apart(process: "subprocess.Popen[bytes]") -> Drawn:
    assert process.stdout is not None
    with process.stdout as answers:
        told = answers.read()
    if process.wait():
        raise RuntimeError("the papers could not be drawn apart")
    return Drawn(**json.loads(told))


def main() -> None:
    fonts, variant, ready = pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the process that started us
    with PdfPress(fonts=fonts, variant=variant) as press:
        press.print('<html lang="ja"><title>t</title>')
        began = time.perf_counter()
        sizes = [len(press.print(one.html, assets=one.assets, enclosed=one.enclosed)) for one in ready]
        seconds = time.perf_counter() - began
    peak = _megabytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak, "sizes": sizes}))


def own_peak() -> int:
    """MB that this process had at most, without what its parent had when it forked."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) // KIB
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _megabytes(maxrss: int) -> int:
    """Linux tells kilobytes, macOS bytes."""
    return maxrss // (MEGABYTE if sys.platform == "darwin" else KIB)


if __name__ == "__main__":
    main()
