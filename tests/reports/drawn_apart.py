"""Papers drawn in a process of their own, which is small: the peak of its children is that of the engine.

A child that is forked from a large process is counted with its parent's memory, whatever it needs itself.
"""

import resource
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nanori.pdf import Asset, Enclosure, PdfPress
from tests.support.apart import Apart, answer, batches

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


class EngineApart:
    """One engine that stays from batch to batch."""

    def __init__(self, fonts: Sequence[str], variant: str) -> None:
        self._process = Apart("tests.reports.drawn_apart", tuple(fonts), variant)

    def begin(self, ready: Sequence[Ready]) -> None:
        self._process.give(list(ready))

    def drawn(self) -> tuple[float, list[int]]:
        """Seconds of the batch that was begun, and the bytes of each paper."""
        seconds, sizes = self._process.answer()
        return seconds, sizes

    def end(self) -> int:
        """The engine's peak in MB."""
        peak: int = self._process.end()
        return peak


def draw_apart(ready: Sequence[Ready], *, fonts: Sequence[str], variant: str) -> Drawn:
    """All of them by one engine."""
    engine = EngineApart(fonts, variant)
    engine.begin(ready)
    seconds, sizes = engine.drawn()
    return Drawn(seconds, engine.end(), sizes)


def main() -> None:
    given = batches()
    fonts, variant = next(given)
    with PdfPress(fonts=fonts, variant=variant) as press:
        press.print('<html lang="ja"><title>t</title>')
        for ready in given:
            began = time.perf_counter()
            sizes = [len(press.print(one.html, assets=one.assets, enclosed=one.enclosed)) for one in ready]
            answer((time.perf_counter() - began, sizes))
    answer(_megabytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss))


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
