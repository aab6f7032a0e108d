"""The embedded server, on folders of its own: start, stop, kill, and start again."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from nanori.installation import plain_url
from nanori.settings import Settings
from nanori_app.cluster import Cluster, database_of, server
from nanori_app.cluster.errors import DatabaseBusy, DatabaseStopped, DiskFull, OtherVersion
from nanori_app.cluster.home import home_of
from nanori_app.cluster.leftovers import end_leftovers
from nanori_app.cluster.server import start_or_join

SUPERVISOR = """
import sys, time
from pathlib import Path
from nanori_app.cluster import Cluster
with Cluster(Path(sys.argv[1])) as cluster:
    print(cluster.pid, flush=True)
    time.sleep(60)
"""


def count(cluster: Cluster) -> int:
    with psycopg.connect(plain_url(cluster.owner_url())) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        return 0 if row is None else int(row[0])


def keep_one_row(cluster: Cluster) -> None:
    with psycopg.connect(plain_url(cluster.owner_url())) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number int)")
        connection.execute("INSERT INTO kept VALUES (1)")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """As root the server's files lie elsewhere, so they are removed by hand."""
    yield tmp_path / "postgres"
    shutil.rmtree(home_of(tmp_path / "postgres").folder, ignore_errors=True)


def gone(pid: int, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_second_start_takes_a_moment_and_loses_nothing(folder: Path) -> None:
    with Cluster(folder) as cluster:
        keep_one_row(cluster)
    started = time.monotonic()
    with Cluster(folder) as cluster:
        assert time.monotonic() - started < 5
        assert count(cluster) == 1


def test_owner_is_an_ordinary_role_that_makes_databases_and_roles(folder: Path) -> None:
    with Cluster(folder) as cluster, psycopg.connect(plain_url(cluster.owner_url())) as connection:
        facts = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
            " FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert facts == (False, False, True, True)


def test_server_sorts_by_code_point_and_keeps_what_it_acknowledged(folder: Path) -> None:
    with Cluster(folder) as cluster, psycopg.connect(plain_url(cluster.owner_url())) as connection:
        row = connection.execute(
            "SELECT datlocprovider::text, datlocale, pg_encoding_to_char(encoding), current_setting('fsync'),"
            " current_setting('synchronous_commit'), current_setting('listen_addresses')"
            " FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        assert row == ("b", "C.UTF-8", "UTF8", "on", "on", "")


def test_nobody_else_may_enter_the_data(folder: Path) -> None:
    with Cluster(folder) as cluster:
        home = home_of(folder)
        assert cluster.log == home.log
        assert (home.data.stat().st_mode & 0o077) == 0
        assert psutil.Process(cluster.pid).uids().real != 0


def test_folder_has_one_supervisor_at_a_time(folder: Path) -> None:
    with Cluster(folder), pytest.raises(DatabaseBusy, match="in use by another Nanori process"):
        Cluster(folder).start()


def test_server_ends_with_a_killed_supervisor_and_recovers(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(folder)], stdout=subprocess.PIPE
    ) as supervisor:
        assert supervisor.stdout is not None
        pid = int(supervisor.stdout.readline())
        supervisor.kill()
    assert gone(pid)
    with Cluster(folder) as cluster:
        keep_one_row(cluster)
        assert count(cluster) == 1


def test_rows_committed_before_a_kill_of_the_server_are_there_after_it(folder: Path) -> None:
    cluster = Cluster(folder)
    cluster.start()
    keep_one_row(cluster)
    assert cluster.pid is not None
    os.kill(cluster.pid, signal.SIGKILL)
    cluster.stop()
    with Cluster(folder) as again:
        assert count(again) == 1


def test_number_of_the_dead_server_that_another_program_got_is_no_hindrance(folder: Path) -> None:
    with Cluster(folder) as cluster:
        keep_one_row(cluster)
    pid_file = home_of(folder).data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n1\n5432\n\n\n1 1\nready\n")
    with Cluster(folder) as cluster:
        assert count(cluster) == 1


def test_server_that_outlived_its_supervisor_is_stopped_first(folder: Path) -> None:
    cluster = Cluster(folder)
    cluster.start()
    pid = cluster.pid
    assert pid is not None
    end_leftovers(home_of(folder).data)
    assert gone(pid)
    cluster.stop()


def test_kill_while_the_files_are_made_is_forgotten(folder: Path) -> None:
    home = home_of(folder)
    (home.folder / "making").mkdir(parents=True)
    (home.folder / "making" / "PG_VERSION").write_text("18\n")
    with Cluster(folder) as cluster:
        keep_one_row(cluster)


def test_database_of_another_version_is_named(folder: Path) -> None:
    with Cluster(folder):
        pass
    version = home_of(folder).data / "PG_VERSION"
    version.write_text("12\n")
    with pytest.raises(OtherVersion, match="made by PostgreSQL 12"):
        Cluster(folder).start()
    version.write_text("18\n")


def test_server_that_cannot_start_says_why_and_where_its_log_is(folder: Path) -> None:
    with Cluster(folder):
        pass
    (home_of(folder).data / "global" / "pg_control").rename(home_of(folder).folder / "pg_control")
    with pytest.raises(DatabaseStopped, match=r"did not start: .+log"):
        Cluster(folder).start()


def test_full_disk_is_told_as_such(folder: Path) -> None:
    with Cluster(folder):
        pass
    home = home_of(folder)
    home.log.write_text('FATAL:  could not write lock file "postmaster.pid": No space left on device\n')
    assert isinstance(server._why_not(home), DiskFull)


def test_database_is_forgotten_on_request_but_not_while_it_runs(folder: Path) -> None:
    cluster = Cluster(folder)
    with cluster, pytest.raises(DatabaseBusy):
        Cluster(folder).remove()
    cluster.remove()
    assert not home_of(folder).folder.exists()


def test_throw_away_servers_run_side_by_side_and_leave_nothing(folder: Path) -> None:
    with Cluster(folder, durable=False, keep=False) as one, Cluster(folder, durable=False, keep=False) as two:
        assert one.owner_url() != two.owner_url()
        folders = [cluster.log.parent for cluster in (one, two)]
        assert all(path.exists() for path in folders)
    assert not any(path.exists() for path in folders)


def test_command_uses_the_running_server_or_runs_one(folder: Path) -> None:
    settings = Settings(secret_key="s" * 32, data_dir=folder.parent)
    with database_of(settings) as outer, database_of(settings) as inner:
        assert outer.owner_url() == inner.owner_url()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(plain_url(outer.owner_url()))


def test_address_given_is_left_alone(tmp_path: Path) -> None:
    url = "postgresql+psycopg://owner@db.example/nanori"
    settings = Settings(secret_key="s" * 32, data_dir=tmp_path, database_url=url)
    with database_of(settings) as same:
        assert same is settings


class Other:
    """Another process: it has the folder for so many looks, and its server answers from a certain one on."""

    def __init__(self, *, has_it_for: int, answers_from: int) -> None:
        self.looks, self.started = 0, False
        self._has_it_for, self._answers_from = has_it_for, answers_from

    def start(self) -> None:
        self.looks += 1
        if self.looks <= self._has_it_for:
            raise DatabaseBusy(folder="here")
        self.started = True

    def answers(self) -> bool:
        return self.looks >= self._answers_from


@pytest.mark.parametrize(
    ("has_it_for", "answers_from", "looks", "started"),
    [(9, 3, 3, False), (2, 9, 3, True), (0, 9, 1, True)],
    ids=["it is just starting", "it goes without having started", "nobody has it"],
)
def test_a_folder_that_another_process_has_is_waited_for(
    has_it_for: int, answers_from: int, looks: int, *, started: bool
) -> None:
    other = Other(has_it_for=has_it_for, answers_from=answers_from)
    start_or_join(other.start, other.answers)
    assert (other.looks, other.started) == (looks, started)


def test_a_server_that_never_answers_is_not_waited_for_for_ever(folder: Path) -> None:
    home = home_of(folder)
    lock = server._take_lock(home)
    with pytest.raises(DatabaseBusy):
        start_or_join(Cluster(folder).start, lambda: False, patience=0.2)
    lock.close()
