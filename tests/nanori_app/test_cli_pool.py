"""``nanori pool``: the ledger of a file, as words and as figures."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nanori_app.cli.group import run

SHOPS = [
    {"name": "ミナト珈琲", "calls": [6, 12], "aht_seconds": 360},
    {"name": "花屋", "calls": [6, 0], "aht_seconds": 240, "within_seconds": 10, "target": 90},
]
Written = Callable[..., str]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(*shops: dict[str, object], text: str | None = None) -> str:
        path = tmp_path / "pool.json"
        path.write_text(text or json.dumps({"shops": list(shops)}))
        return str(path)

    return write


def test_a_ledger(written: Written, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pool", written(*SHOPS), "--json", "--play", "1"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rule"], told["saving"]) == ("shapley", told["alone"] - told["together"])
    assert sum(told["seats"]) == told["together"]
    assert sum(shop["share"] for shop in told["shops"]) == pytest.approx(told["saving"])
    assert sum(shop["pays"] for shop in told["shops"]) == pytest.approx(told["together"])
    coffee = told["shops"][0]["played"]["service_level"]
    assert coffee["mean"] + coffee["give"] > 0.8

    assert run(["pool", written(*SHOPS), "--rule", "proportional_marginal", "--play", "1"]) == 0
    said = capsys.readouterr().out
    assert f"{told['saving']} saved" in said
    assert "within 10 s  花屋" in said


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"calls": [1]}, "'花屋' must have calls for as many intervals as the others"),
        ({"calls": [1, -1]}, "'花屋' has a figure below zero"),
        ({"name": "ミナト珈琲"}, "'ミナト珈琲' is there twice"),
        ({"target": 100}, "the target of '花屋' must be from 0 to below 100 per cent"),
        ({"calls": "many"}, "Expected `array`, got `str` - at `$.shops[1].calls`"),
        ({"callz": []}, "unknown field `callz` - at `$.shops[1]`"),
    ],
)
def test_what_is_wrong_is_said(
    change: dict[str, object], reason: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pool", written(SHOPS[0], {**SHOPS[1], **change})]) == 1
    said = capsys.readouterr().err
    assert said.startswith("'")
    assert reason in said


@pytest.mark.parametrize(
    ("text", "reason"), [("{", "Input data was truncated"), ('{"shops": []}', "names no shop")]
)
def test_what_is_no_pool(
    text: str, reason: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pool", written(text=text)]) == 1
    assert reason in capsys.readouterr().err
