"""One process tree: a supervisor, its children, and nothing left when it ends."""

import asyncio
import contextlib
import errno
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType

from nanori_app.children import ends_with_parent
from nanori_app.errors import Stopped

READY_SECONDS = 60
STOP_SECONDS = 10
LAST_WORDS_SECONDS = 2
LOOK_SECONDS = 0.05
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class PortInUse(Stopped):
    message = (
        "Port {port} is in use by another program. Stop it (another 'make demo', perhaps?), or choose "
        "another port: {setting}={other}"
    )


class PortRefused(Stopped):
    message = "Port {port} of {host} cannot be used: {reason}"


class ChildEnded(Stopped):
    """One child ended by itself; the others were stopped, since half a Nanori is worse than none."""

    message = (
        "The process '{name}' ended by itself (exit code {code}), so all were stopped. "
        "Its last words are above."
    )


class ChildSilent(Stopped):
    message = (
        "The process '{name}' did not answer on port {port} within {seconds} seconds, so all were stopped."
    )


@dataclass(frozen=True, slots=True)
class Child:
    """One process of the tree; with a port it counts as ready when it answers there."""

    name: str
    command: Sequence[str]
    port: int | None = None


@dataclass(frozen=True, slots=True)
class _Running:
    child: Child
    process: asyncio.subprocess.Process
    output: asyncio.Task[None]


def check_port(host: str, port: int, *, setting: str) -> None:
    """Say so now when a port is taken, not from the middle of a start.

    Raises:
        PortInUse, PortRefused: naming the setting that moves it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            if problem.errno == errno.EADDRINUSE:
                raise PortInUse(port=port, setting=setting, other=port + 100) from None
            raise PortRefused(host=host, port=port, reason=problem.strerror) from None


def stop_on_sigterm() -> None:
    """Leave by the front door, so that every ``with`` on the way out is honoured."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def leave_within(seconds: float) -> None:
    """End this process at the latest then, whatever still runs in it.

    Libraries that wait for a database which is gone do not always heed their cancellation.
    """
    timer = threading.Timer(seconds, os._exit, [0])
    timer.daemon = True
    timer.start()


def leave_alone_what_stays() -> None:
    """What a process has built by now it keeps: collecting garbage need not look through it again."""
    gc.collect()
    gc.freeze()


def supervise(children: Sequence[Child], *, environ: Mapping[str, str], on_ready: Callable[[], None]) -> None:
    """Run the children until Ctrl-C or SIGTERM, then stop them one after the other, in the order given.

    Args:
        on_ready: called once, when every child with a port answers.

    Raises:
        ChildEnded: one ended by itself; the others have been stopped.
        ChildSilent: one never answered; all have been stopped.
    """
    asyncio.run(_supervise(children, environ=environ, on_ready=on_ready))


async def _supervise(
    children: Sequence[Child], *, environ: Mapping[str, str], on_ready: Callable[[], None]
) -> None:
    told_to_stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in STOP_SIGNALS:
        loop.add_signal_handler(number, told_to_stop.set)
    width = max(len(child.name) for child in children)
    running: list[_Running] = []
    try:
        for child in children:
            running += [
                await _start(child, environ=environ, width=width)
            ]  # each at once: a later one may fail
        await _watch(running, told_to_stop, on_ready=on_ready)
    finally:
        for one in running:
            await _stop(one)


async def _start(child: Child, *, environ: Mapping[str, str], width: int) -> _Running:
    """In a session of its own: Ctrl-C reaches the supervisor alone, which then stops children in order."""
    process = await asyncio.create_subprocess_exec(
        *child.command,
        env=environ,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=ends_with_parent(signal.SIGTERM),
    )
    return _Running(child, process, asyncio.create_task(_tell(child.name.ljust(width), process.stdout)))


async def _tell(name: str, lines: asyncio.StreamReader | None) -> None:
    """Pass a child's output on, each line behind its name."""
    rest = b""
    while lines is not None and (block := await lines.read(65536)):
        *whole, rest = (rest + block).split(b"\n")
        _write(name, whole)
    if rest:
        _write(name, [rest])


def _write(name: str, lines: Sequence[bytes]) -> None:
    for line in lines:
        sys.stdout.write(f"{name} | {line.decode(errors='replace')}\n")
    sys.stdout.flush()


async def _watch(
    running: Sequence[_Running], told_to_stop: asyncio.Event, *, on_ready: Callable[[], None]
) -> None:
    stop = asyncio.create_task(told_to_stop.wait())
    ends = {asyncio.create_task(_exit(one)): one for one in running}
    ready = asyncio.create_task(_all_ready(running))
    try:
        await asyncio.wait([stop, ready, *ends], return_when=asyncio.FIRST_COMPLETED)
        if ready.done() and not stop.done():
            ready.result()
            on_ready()
            await asyncio.wait([stop, *ends], return_when=asyncio.FIRST_COMPLETED)
    finally:
        ready.cancel()
        stop.cancel()
    if not told_to_stop.is_set():
        await _raise_for_ended([one for task, one in ends.items() if task.done()])
    for task in ends:
        task.cancel()


async def _raise_for_ended(ended: Sequence[_Running]) -> None:
    for one in ended:
        await _last_words(one)
        raise ChildEnded(name=one.child.name, code=one.process.returncode)


async def _all_ready(running: Sequence[_Running]) -> None:
    for one in running:
        if one.child.port is not None:
            await _answers(one.child.name, one.child.port)


async def _answers(name: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + READY_SECONDS
    while loop.time() < until:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        await asyncio.sleep(0.1)
    raise ChildSilent(name=name, port=port, seconds=READY_SECONDS)


async def _stop(one: _Running) -> None:
    """Ask politely, then end whatever is left of the child's process group."""
    if one.process.returncode is None:
        one.process.terminate()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_exit(one), STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(one.process.pid, signal.SIGKILL)
    await _exit(one)
    await _last_words(one)


async def _exit(one: _Running) -> None:
    """Unlike asyncio's own ``wait()`` this does not wait for grandchildren that hold the child's output."""
    while one.process.returncode is None:  # noqa: ASYNC110 - nothing tells of the exit alone
        await asyncio.sleep(LOOK_SECONDS)


async def _last_words(one: _Running) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(one.output, LAST_WORDS_SECONDS)
