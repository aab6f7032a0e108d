import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg
from psycopg import sql
from sqlalchemy import URL

from nanori.installation import plain_url
from nanori.settings import Settings
from nanori_app.children import ends_with_parent
from nanori_app.cluster.errors import DatabaseBusy, DatabaseStopped, DiskFull, OtherVersion
from nanori_app.cluster.home import THROW_AWAY, Home, home_of, passing_home, sweep
from nanori_app.cluster.leftovers import end_leftovers

DATABASE = "nanori"
OWNER = "nanori_owner"
SUPERUSER = "postgres"
START_SECONDS = 60
STOP_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.1
LONGEST_LOG = 1_000_000
SERVER_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
}
UNSAFE_BUT_QUICK = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Cluster:
    """One server on one folder, for as long as the block runs.

    Args:
        data_dir: belongs to this server alone; as root the files lie below ``/var/lib/nanori`` instead.
        durable: False trades surviving a power cut for speed; for tests only.
        keep: False means a folder of its own, in memory or below ``data_dir``, so that several may run at
            once; removed at the end, together with what earlier such servers had to leave behind.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True, keep: bool = True) -> None:
        self._home = home_of(data_dir) if keep else passing_home(data_dir)
        self._durable = durable
        self._keep = keep
        self._lock: IO[str] | None = None
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the server, after making its files on the first time and recovering after a kill.

        Raises:
            DatabaseBusy: it runs already under another supervisor.
            DatabaseStopped, DiskFull, OtherVersion: it cannot start; the text says why.
        """
        self._lock = _take_lock(self._home)
        try:
            self._prepare()
            self._server = _spawn(self._home, durable=self._durable)
            _wait_until_ready(self._home, self._server)
            _make_owner(self._home)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server in good order; does nothing when this object did not start it."""
        server, self._server = self._server, None
        if server is not None:
            _stop(server)
        lock, self._lock = self._lock, None
        if lock is not None:
            if not self._keep:
                shutil.rmtree(self._home.folder, ignore_errors=True)
                shutil.rmtree(self._home.sockets, ignore_errors=True)
            lock.close()

    def remove(self) -> None:
        """Delete all that the server stored, for good.

        Raises:
            DatabaseBusy: it runs.
        """
        lock = _take_lock(self._home)
        shutil.rmtree(self._home.folder)
        lock.close()

    def owner_url(self, database: str = DATABASE) -> str:
        """The address of the role that owns and migrates: no superuser, but it makes databases and roles."""
        return _address(self._home, role=OWNER, database=database)

    def superuser_url(self, database: str = DATABASE) -> str:
        return _address(self._home, role=SUPERUSER, database=database)

    @property
    def log(self) -> Path:
        return self._home.log

    @property
    def pid(self) -> int | None:
        """The postmaster's, while this object runs it."""
        return None if self._server is None else self._server.pid

    def _prepare(self) -> None:
        if not self._keep:
            sweep(self._home.folder.parent, is_free=_is_free)
            (self._home.folder / THROW_AWAY).touch()
        end_leftovers(self._home.data)
        self._home.give_to_server(self._home.sockets)
        if not (self._home.data / "PG_VERSION").exists():
            _make_files(self._home, durable=self._durable)
        _check_version(self._home)


@contextmanager
def database_of(settings: Settings) -> Iterator[Settings]:
    """The settings with the database's address in them.

    An address given is taken as it is. Otherwise it is the embedded server of ``data_dir``: the one that
    another process runs already or is just starting, or one that runs as long as the block.

    Raises:
        DatabaseBusy: another process has the folder, and its server does not answer.
    """
    if settings.database_url is not None:
        yield settings
        return
    cluster = Cluster(settings.data_dir / "postgres")
    found = settings.model_copy(update={"database_url": cluster.owner_url()})
    start_or_join(cluster.start, lambda: _answers(cluster))
    try:
        yield found
    finally:
        cluster.stop()


def start_or_join(
    start: Callable[[], None], answers: Callable[[], bool], *, patience: float = START_SECONDS
) -> None:
    """Start the server, unless another process has its folder: then wait until that one's server answers.

    When the other process has gone meanwhile, start it after all.

    Raises:
        DatabaseBusy: neither came within ``patience`` seconds.
    """
    until = time.monotonic() + patience
    while True:
        try:
            start()
        except DatabaseBusy:
            if answers():
                return
            if time.monotonic() >= until:
                raise
            time.sleep(LOOK_AGAIN_SECONDS)
        else:
            return


def _answers(cluster: Cluster) -> bool:
    """The owner's database is there, which is what a starting server makes last."""
    try:
        psycopg.connect(plain_url(cluster.owner_url()), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _take_lock(home: Home) -> IO[str]:
    home.give_to_server(home.folder)
    lock = home.lock.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise DatabaseBusy(folder=home.folder) from None
    return lock


def _is_free(path: Path) -> bool:
    try:
        with path.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _make_files(home: Home, *, durable: bool) -> None:
    """Into a draft first, so that a kill half-way leaves nothing that looks finished."""
    draft = home.folder / "making"
    shutil.rmtree(draft, ignore_errors=True)
    home.give_to_server(draft)
    command = [
        str(home.programs / "initdb"),
        f"--pgdata={draft}",
        f"--username={SUPERUSER}",
        "--encoding=UTF8",
    ]
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
    command += [] if durable else ["--no-sync"]
    done = subprocess.run(  # noqa: S603 - our own words, no shell
        command, cwd="/", env=_environment(), capture_output=True, text=True, check=False, **home.run_as
    )
    if done.returncode:
        home.log.write_text(done.stdout + done.stderr)
        raise _why_not(home)
    shutil.rmtree(home.data, ignore_errors=True)
    draft.rename(home.data)


def _check_version(home: Home) -> None:
    found = (home.data / "PG_VERSION").read_text().strip()
    said = subprocess.run(  # noqa: S603 - our own words, no shell
        [str(home.programs / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=True,
        **home.run_as,
    )
    wanted = said.stdout.split()[-1].split(".")[0]
    if found != wanted:
        raise OtherVersion(folder=home.data, found=found, wanted=wanted)


def _spawn(home: Home, *, durable: bool) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl-C reaches the supervisor alone and the server stops last."""
    values = {**SERVER_SETTINGS, "unix_socket_directories": str(home.sockets)}
    values |= {} if durable else UNSAFE_BUT_QUICK
    command = [str(home.programs / "postgres"), "-D", str(home.data)]
    for name, value in values.items():
        command += ["-c", f"{name}={value}"]
    if home.log.exists() and home.log.stat().st_size > LONGEST_LOG:
        home.log.unlink()
    with home.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own words, no shell
            command,
            cwd="/",
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=ends_with_parent(signal.SIGINT),  # noqa: PLW1509 - started before any thread
            **home.run_as,
        )


def _environment() -> dict[str, str]:
    """A locale of the caller's that this machine lacks would stop the server; so would a stray PGDATA."""
    return {"PATH": os.defpath, "LC_ALL": "C"}


def _wait_until_ready(home: Home, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise _why_not(home)
        try:
            psycopg.connect(_conninfo(home), connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.03)
        else:
            return
    raise DatabaseStopped(reason=f"no answer within {START_SECONDS} seconds", log=home.log)


def _why_not(home: Home) -> DatabaseStopped | DiskFull:
    lines = [line for line in home.log.read_text(errors="replace").splitlines() if line.strip()]
    if any("No space left on device" in line for line in lines[-20:]):
        return DiskFull(folder=home.folder)
    fatal = [line for line in lines[-20:] if any(word in line for word in ("FATAL", "PANIC", "error:"))]
    return DatabaseStopped(reason=(fatal or lines or ["it said nothing"])[-1], log=home.log)


def _make_owner(home: Home) -> None:
    """Once. The owner may do what an owner on a rented server may, so that the demo hides no need of more."""
    with psycopg.connect(_conninfo(home), autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone() is None:
            owner = sql.Identifier(OWNER)
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(owner))
            connection.execute(sql.SQL("GRANT pg_signal_backend TO {}").format(owner))
            grants = "ALTER ROLE {} SET createrole_self_grant = 'set, inherit'"
            connection.execute(sql.SQL(grants).format(owner))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            make = sql.SQL("CREATE DATABASE {} OWNER {}")
            connection.execute(make.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Fast shutdown: open transactions roll back, everything committed is on the disk."""
    for number, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5), (signal.SIGKILL, 5)):
        server.send_signal(number)
        try:
            server.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return


def _conninfo(home: Home) -> str:
    return psycopg.conninfo.make_conninfo(host=str(home.sockets), user=SUPERUSER, dbname="postgres")


def _address(home: Home, *, role: str, database: str) -> str:
    url = URL.create(
        "postgresql+psycopg", username=role, database=database, query={"host": str(home.sockets)}
    )
    return url.render_as_string(hide_password=False)
