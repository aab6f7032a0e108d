"""HTML to PDF bytes, in a child process that can reach nothing and is killed when it takes too long.

For workers and commands, never for a web process: a page of HTML can cost minutes and a gigabyte, whoever
wrote it. The same HTML and assets give the same bytes.
"""

import base64
import hashlib
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Self

FONT = "BIZ UDGothic"
_ENGINE = Path(__file__).with_name("pdf_engine.py")


class PdfFailed(Exception):  # noqa: N818 -- named for the fact, as all refusals here
    """The engine could not make this document; the message says why."""


class PdfTookTooLong(PdfFailed):
    """The time or the memory was used up and the engine was ended."""


class PdfEngineMissing(PdfFailed):
    """Pango, HarfBuzz or the font is not installed. Nothing but an installation will help."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of our own that the document names as ``asset:///name``."""

    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A file that travels inside the document, as PDF/A-3 allows. ``made_at`` (UTC) is its date in there."""

    name: str
    body: bytes
    says: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLimits:
    """What one document may use. ``documents`` is after how many the engine is replaced, should it grow."""

    seconds: float = 60
    memory_bytes: int = 1 << 30
    documents: int = 100


@dataclass(slots=True)
class PdfPress:
    """One engine for many documents, started at the first. Not for two threads at once; use one each.

    >>> with PdfPress() as press:
    ...     pdf = press.print("<p>…</p>", assets={"logo": Asset("image/svg+xml", logo)})
    """

    limits: PdfLimits = PdfLimits()
    fonts: tuple[str, ...] = (FONT,)
    variant: str = "pdf/ua-1"
    _engine: "_Engine | None" = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._engine is not None:
            self._engine.end()
            self._engine = None

    def print(
        self, html: str, *, assets: Mapping[str, Asset] | None = None, enclosed: Sequence[Enclosure] = ()
    ) -> bytes:
        """One document, with the files enclosed in it.

        Raises:
            PdfTookTooLong: killed at the limit; the press goes on with a fresh engine.
            PdfEngineMissing: Pango or one of ``fonts`` is not installed.
            PdfFailed: the engine gave up on this document.
        """
        if self._engine is None or self._engine.printed >= self.limits.documents:
            self.close()
            self._engine = _Engine(self.limits)
        try:
            return self._engine.print(self._request(html, assets or {}, enclosed), self.limits.seconds)
        except PdfFailed:
            self.close()
            raise

    def _request(self, html: str, assets: Mapping[str, Asset], enclosed: Sequence[Enclosure]) -> bytes:
        request = {
            "html": html,
            "assets": {
                name: [asset.media_type, base64.b64encode(asset.body).decode()]
                for name, asset in sorted(assets.items())
            },
            "enclosed": [
                [one.name, base64.b64encode(one.body).decode(), one.says, one.made_at.isoformat()]
                for one in enclosed
            ],
            "fonts": self.fonts,
            "variant": self.variant,
        }
        identifier = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()[:32]
        return json.dumps(request | {"identifier": identifier}).encode()


class PdfRoom:
    """One engine for all documents of a process, which may take a gigabyte: one document at a time, and the
    engine goes with the last of those that wait. To be used from threads.

    >>> with room:  # for a long run: the engine stays between two documents
    ...     with room.engine() as press:
    ...         press.print(html)
    """

    def __init__(self, press: PdfPress) -> None:
        self._press = press
        self._drawing, self._counting = threading.Lock(), threading.Lock()
        self._inside = 0

    @contextmanager
    def engine(self) -> Iterator[PdfPress]:
        """The engine, when it is free."""
        with self, self._drawing:
            yield self._press

    def __enter__(self) -> Self:
        with self._counting:
            self._inside += 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._counting:
            self._inside -= 1
            if not self._inside:
                self._press.close()


def print_pdf(
    html: str, *, assets: Mapping[str, Asset] | None = None, limits: PdfLimits | None = None
) -> bytes:
    """One document from an engine of its own; for more than one, keep a ``PdfPress``."""
    with PdfPress(limits or PdfLimits()) as press:
        return press.print(html, assets=assets)


class _Engine:
    """The running child. Its answers are read by a thread, so that waiting for them can end."""

    def __init__(self, limits: PdfLimits) -> None:
        self.printed = 0
        self._answers: queue.Queue[dict[str, object] | bytes | None] = queue.Queue()
        self._process = subprocess.Popen(  # noqa: S603 -- our interpreter and our file
            [sys.executable, "-I", "-B", "-X", "utf8", str(_ENGINE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read_answers, daemon=True)
        self._reader.start()
        self._send(
            json.dumps(
                {"memory_bytes": limits.memory_bytes, "cpu_seconds": max(1, int(limits.seconds))}
            ).encode()
        )

    def print(self, request: bytes, seconds: float) -> bytes:
        self._send(request)
        try:
            answer = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise PdfTookTooLong(f"the document was not finished within {seconds:g} seconds") from None
        if answer is None:
            raise PdfTookTooLong("the engine ended before the document: out of memory or processor time")
        if isinstance(answer, bytes):
            self.printed += 1
            return answer
        raise _failure(answer)

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                _close(stream)

    def _send(self, body: bytes) -> None:
        if self._process.stdin is None:  # pragma: no cover -- Popen was asked for a pipe
            return
        try:
            self._process.stdin.write(struct.pack(">I", len(body)) + body)
            self._process.stdin.flush()
        except BrokenPipeError:
            return  # The reader's thread tells what happened.

    def _read_answers(self) -> None:
        stream = self._process.stdout
        while stream is not None and (header := stream.read(4)):
            answer = json.loads(stream.read(struct.unpack(">I", header)[0]))
            self._answers.put(stream.read(answer["bytes"]) if "bytes" in answer else answer)
        self._answers.put(None)


def _failure(answer: Mapping[str, object]) -> PdfFailed:
    detail = str(answer["detail"])
    if answer["error"] == "engine":
        return PdfEngineMissing(
            "Pango is not installed: on Debian, apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
            f"libharfbuzz-subset0 ({detail.splitlines()[0] if detail else 'no detail'})"
        )
    if answer["error"] == "font":
        return PdfEngineMissing(
            f"the font {detail} is not installed: on Debian, apt-get install fonts-morisawa-bizud-gothic"
        )
    if "MemoryError" in detail or "RecursionError" in detail:
        return PdfTookTooLong(f"the document needs more than the engine may use ({detail})")
    return PdfFailed(detail)


def _environment() -> dict[str, str]:
    """No secrets and no proxies; only what finds fonts and libraries."""
    kept = (
        "HOME",
        "PATH",
        "FONTCONFIG_FILE",
        "FONTCONFIG_PATH",
        "XDG_CACHE_HOME",
        "DYLD_FALLBACK_LIBRARY_PATH",
    )
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C.UTF-8"}


def _close(stream: IO[bytes]) -> None:
    try:
        stream.close()
    except BrokenPipeError:
        return  # What was left in the buffer belonged to a document that is given up.
