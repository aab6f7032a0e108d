"""``nanori rehearse`` as a person or a program meets it."""

import csv
import json
import os
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from nanori_app.cli.group import run
from nanori_app.rehearse.recount import differences, recount, rows_of
from nanori_app.rehearse.sabotage import BY_NAME
from tests.conftest import SERVER
from tests.support.server import SECRET

SMALL = ("--calls", "5", "--mails", "2", "--agents", "3", "--shops", "2", "--seed", "3")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NANORI_DATABASE_URL", os.environ[SERVER])
    monkeypatch.setenv("NANORI_SECRET_KEY", SECRET)
    monkeypatch.setenv("NANORI_DATA_DIR", str(tmp_path))


@pytest.mark.usefixtures("server")
def test_a_rehearsal_prints_one_object_and_keeps_what_it_made(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["rehearse", *SMALL, "--json", "--out", str(folder)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["calls"], said["mails"], said["seed"], said["violations"]) == (5, 2, 3, [])
    assert _came_in(said["outcomes"]) == 7
    for slug in said["shops"]:
        assert (folder / f"{slug}.pdf").read_bytes().startswith(b"%PDF-")
        facts = json.loads((folder / f"{slug}.setup.json").read_text("utf-8"))
        figures = json.loads((folder / f"{slug}.json").read_text("utf-8"))
        with (folder / "events.csv").open(encoding="utf-8", newline="") as file:
            mine = rows_of(csv.DictReader(file), slug)
        assert differences(recount(mine, facts, _month(figures)), figures) == []
    assert _rehearsal_databases() == []


@pytest.mark.usefixtures("server")
def test_a_sabotage_exits_with_1_and_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", *SMALL, "--sabotage", "nothing_left_open", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert {one["invariant"] for one in said["violations"]} == {"nothing_left_open"}
    assert all(one["ids"] for one in said["violations"])


@pytest.mark.usefixtures("server")
def test_many_seeds_are_played_one_after_the_other_and_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--calls", "3", "--mails", "0", "--agents", "2", "--shops", "1", "--faults", "all")
    assert run(["rehearse", *words, "--seed", "4", "--seeds", "2", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["seeds"] == {"first": 4, "last": 5, "count": 2}
    assert (said["calls"], _came_in(said["outcomes"]), said["violations"]) == (6, 6, [])
    assert said["seconds"] > 0
    assert _rehearsal_databases() == []


def test_the_names_of_the_sabotages_can_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", "--sabotage", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"sabotages": list(BY_NAME)}


@pytest.mark.parametrize(
    "words",
    [
        ["--calls", "0"],
        ["--calls", "many"],
        ["--faults", "terrible"],
        ["--sabotage", "nonsense"],
        ["--out", "/dev/null/there"],
        ["--seeds", "0"],
        ["--seeds", "2", "--sabotage", "right_name"],
    ],
)
def test_wrong_words_exit_with_2_and_a_sentence(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["rehearse", *words]) == 2
    assert "Error:" in capsys.readouterr().err


def _came_in(outcomes: dict[str, int]) -> int:
    return sum(count for name, count in outcomes.items() if not name.startswith("outbound"))


def _month(figures: dict[str, dict[str, str]]) -> date:
    return date.fromisoformat(figures["period"]["first"])


def _rehearsal_databases() -> list[str]:
    engine = create_engine(make_url(os.environ[SERVER]))
    with engine.connect() as connection:
        found = connection.scalars(
            text("SELECT datname FROM pg_database WHERE datname LIKE 'nanori_rehearsal%'")
        ).all()
    engine.dispose()
    return list(found)
