"""``nanori report`` as somebody types it."""

import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from nanori.actors import Role
from nanori.db import across_shops
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori_app.cli.reports import Files, FolderMissing, NotAFileName
from reports.values import parse_month
from tests.nanori_app.test_cli import nanori
from tests.reports.logged import ShopLog, an_open_shop, every_kind
from tests.support.people import an_account

Report = Callable[..., "CompletedProcess[str]"]


@pytest.fixture
async def report(clone: Installation) -> Report:
    """The command on a database with one shop that had an October."""
    async with across_shops(clone.staff) as session:
        shop = await an_open_shop(session, slug="minato-coffee")
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        await every_kind(ShopLog(session, shop, agent.id))

    def run(*words: str, month: str = "2026-10", tenant: str = "minato-coffee") -> "CompletedProcess[str]":
        return nanori("report", "--tenant", tenant, "--month", month, *words, settings=clone.settings)

    return run


def test_the_paper_and_its_figures_lie_side_by_side(report: Report, tmp_path: Path) -> None:
    done = report("--out", str(tmp_path / "october.pdf"), "--json")

    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert Path(told["pdf"]).read_bytes().startswith(b"%PDF-")
    figures = json.loads(Path(told["figures"]).read_text())
    assert told["figures"] == str(tmp_path / "october.json")
    counts = {figure["key"]: figure["numerator"] for figure in figures["figures"]}
    assert (counts["offered"], counts["answered"], counts["abandoned"]) == (8, 4, 3)
    assert figures["shop"] == "ミナト珈琲"


def test_the_same_log_gives_the_same_bytes(report: Report, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert report("--out", str(tmp_path / f"{name}.pdf")).returncode == 0

    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_what_cannot_be_is_refused_in_one_sentence(report: Report, tmp_path: Path) -> None:
    out = str(tmp_path / "report.pdf")
    refusals = [
        report("--out", out, tenant="nobody"),
        report("--out", out, month="2099-01"),
        report("--out", out, month="October"),
    ]

    assert [refusal.returncode for refusal in refusals] == [1] * 3
    assert [refusal.stderr.strip() for refusal in refusals] == [
        "There is no shop with the short name 'nobody'.",
        "This month has not begun yet.",
        "Please give the month like 2026-10.",
    ]
    assert list(tmp_path.glob("report*")) == []


def test_a_place_where_no_file_can_be_is_refused_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(FolderMissing) as missing:
        Files(tmp_path / "nowhere" / "report.pdf").check()
    with pytest.raises(NotAFileName) as folder:
        Files(tmp_path).check()

    assert str(missing.value) == f"There is no folder '{tmp_path / 'nowhere'}' to put the report into."
    assert (
        str(folder.value) == f"'{tmp_path}' is a folder: name a file in it, like --out {tmp_path}/report.pdf"
    )


@pytest.mark.parametrize("text", ["2199-01", "2026-13", "2026-1", ""])
def test_a_month_is_given_with_four_digits_and_two(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"like 2026-10"):
        parse_month(text)
