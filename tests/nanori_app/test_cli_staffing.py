"""``nanori staffing``: the words that a planner reads, and the figures that a program does."""

import json

import pytest

from nanori_app.cli.group import run

HALF_AN_HOUR = ["staffing", "--calls", "100", "--interval", "30m", "--aht", "180s"]


def figures(*words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, float]:
    assert run([*HALF_AN_HOUR, *words, "--json"]) == 0
    found: dict[str, float] = json.loads(capsys.readouterr().out)
    return found


def test_so_many_agents(capsys: pytest.CaptureFixture[str]) -> None:
    found = figures("--agents", "14", "--within", "20s", capsys=capsys)
    assert found["traffic_erlangs"] == pytest.approx(10)
    assert found["wait_probability"] == pytest.approx(0.17413193, abs=1e-8)
    assert found["service_level"] == pytest.approx(0.88835, abs=1e-5)
    assert found["average_speed_of_answer_seconds"] == pytest.approx(7.83594, abs=1e-5)
    assert found["occupancy"] == pytest.approx(0.714286, abs=1e-6)


def test_seats_for_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures("--target", "80", capsys=capsys)["agents"] == 14
    impatient = figures("--target", "80", "--patience", "2m", "--shrinkage", "30", capsys=capsys)
    assert (impatient["agents"], impatient["rostered_agents"]) == (12, 18)
    assert impatient["abandonment"] == pytest.approx(0.062, abs=1e-3)


def test_a_line_that_only_grows_has_no_mean_wait(capsys: pytest.CaptureFixture[str]) -> None:
    assert figures("--agents", "9", capsys=capsys)["average_speed_of_answer_seconds"] is None


def test_a_planner_sees_the_cliff(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*HALF_AN_HOUR, "--agents", "14"]) == 0
    said = capsys.readouterr().out
    rows = [line.split()[:2] for line in said.splitlines()[4:]]
    assert rows == [
        ["12", "64.0%"], ["13", "79.6%"], [">", "14"], ["15", "94.1%"], ["16", "97.1%"], ["17", "98.6%"],
    ]  # fmt: skip


def test_wrong_words_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["staffing", "--calls", "10", "--aht", "3x"]) == 2
    assert "'3x' must be a time such as 90s, 30m or 1h" in capsys.readouterr().err
    assert (
        run([*HALF_AN_HOUR, "--patience", "1s", "--target", "99.999", "--within", "0", "--calls", "9e6"]) == 1
    )
    assert "Not even 10000 agents" in capsys.readouterr().err
