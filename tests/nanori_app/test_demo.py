"""The demo as a newcomer starts and stops it, with its real children on a folder of its own."""

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest

from nanori.installation import plain_url
from nanori_app.demo.cast import LOGINS
from tests.support.demo_process import DemoStage, demo_stage, greeting


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[DemoStage]:
    with demo_stage(tmp_path) as ready:
        yield ready


def shops(stage: DemoStage) -> int:
    with stage.cluster() as cluster, psycopg.connect(plain_url(cluster.owner_url())) as connection:
        row = connection.execute("SELECT count(*) FROM directory WHERE kind = 'shop'").fetchone()
        return 0 if row is None else int(row[0])


def test_demo_greets_serves_and_stops_without_a_trace(stage: DemoStage) -> None:
    with stage.demo() as running:
        said = greeting(running)
        assert stage.address in said
        assert all(login in said and password in said for _, login, password in LOGINS)
        assert httpx.get(f"{stage.address}/", follow_redirects=True).status_code == 200
        family = psutil.Process(running.pid).children(recursive=True)
        assert len(family) > 3
        running.send_signal(signal.SIGINT)
        assert running.wait(60) == 0
    assert psutil.wait_procs(family, timeout=20)[1] == []
    assert shops(stage) == 6


def test_demo_that_was_killed_starts_again_with_everything_in_it(stage: DemoStage) -> None:
    with stage.demo() as running:
        greeting(running)
        family = psutil.Process(running.pid).children(recursive=True)
        running.send_signal(signal.SIGKILL)
    assert psutil.wait_procs(family, timeout=30)[1] == []
    with stage.demo() as again:
        assert "Loaded the demo" not in greeting(again)
        again.send_signal(signal.SIGTERM)
        assert again.wait(60) == 0
    assert shops(stage) == 6
