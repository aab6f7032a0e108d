"""Another process of ours that is given its work in batches and answers each: what it needs is its own."""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[2]


class Apart:
    """``python -m module``, which calls ``answer`` for each of its ``batches``."""

    def __init__(self, module: str, *start: object) -> None:
        env = dict(os.environ) | {"PYTHONPATH": f"{HERE}{os.pathsep}{HERE / 'platform'}"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=HERE, env=env,
        )  # fmt: skip
        self.give(start)

    def give(self, batch: object) -> None:
        assert self._process.stdin is not None
        pickle.dump(batch, self._process.stdin)
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Waits for it; EOFError when the process broke off."""
        assert self._process.stdout is not None
        return pickle.load(self._process.stdout)  # noqa: S301 -- from the process that we started

    def end(self) -> Any:
        """No batch more; its last word."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with self._process.stdout:
            last = self.answer()
        self._process.wait()
        return last


def batches() -> Iterator[Any]:
    """In the process itself: what it starts with, then its work."""
    while True:
        try:
            yield pickle.load(sys.stdin.buffer)  # noqa: S301 -- from the process that started us
        except EOFError:
            return


def answer(given: object) -> None:
    pickle.dump(given, sys.stdout.buffer)
    sys.stdout.flush()
