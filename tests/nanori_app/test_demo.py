"""The demo as a newcomer starts and stops it, with its real children on a folder of its own."""

import signal
from pathlib import Path

import httpx
import psutil
import psycopg

from nanori.installation import plain_url
from nanori_app.demo.cast import LOGINS
from tests.support.demo_process import DemoStage, demo_stage, greeting


def shops(stage: DemoStage) -> int:
    with stage.cluster() as cluster, psycopg.connect(plain_url(cluster.owner_url())) as connection:
        row = connection.execute("SELECT count(*) FROM directory WHERE kind = 'shop'").fetchone()
        return 0 if row is None else int(row[0])


def test_demo_greets_and_serves_and_after_a_kill_has_everything_again(tmp_path: Path) -> None:
    with demo_stage(tmp_path) as stage:
        with stage.demo() as running:
            said = greeting(running)
            assert stage.address in said
            assert all(login in said and password in said for _, login, password in LOGINS)
            assert httpx.get(f"{stage.address}/", follow_redirects=True).status_code == 200
            family = psutil.Process(running.pid).children(recursive=True)
            assert len(family) > 3
            running.send_signal(signal.SIGKILL)
        assert psutil.wait_procs(family, timeout=30)[1] == []
        with stage.demo() as again:
            assert "Loaded the demo" not in greeting(again)
            family = psutil.Process(again.pid).children(recursive=True)
            again.send_signal(signal.SIGTERM)
            assert again.wait(60) == 0
        assert psutil.wait_procs(family, timeout=20)[1] == []
        assert shops(stage) == 6
