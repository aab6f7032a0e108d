"""``nanori month`` as somebody types it, in this process."""

import asyncio
import json
from collections.abc import Callable
from datetime import date

import pytest

from nanori.actors import Role
from nanori.db import across_shops
from nanori.installation import Installation
from nanori_app.cli import months
from nanori_app.cli.group import run as typed
from nanori_app.errors import Stopped
from reports.closing.commands import close_month
from reports.closing.errors import MonthBusy
from tests.reports.logged import MONDAY, ShopLog, an_open_shop
from tests.reports.months import at
from tests.support.people import an_account

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
async def command(
    clone: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command on a database with two shops, one of which had a call in October."""
    async with across_shops(clone.staff) as session:
        for slug in ("hanakage", "minato-coffee", "too-young"):
            shop = await an_open_shop(session, slug=slug)
            shop.created_at = at(date(2026, 11, 1) if slug == "too-young" else date(2026, 9, 1), 9)
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        await ShopLog(session, shop, agent.id).answered(at(MONDAY, 10))
    for name, value in {
        "DATABASE_URL": clone.settings.owner_url(),
        "SECRET_KEY": clone.settings.secret_key,
        "DATA_DIR": str(clone.settings.data_dir),
    }.items():
        monkeypatch.setenv(f"NANORI_{name}", value)

    def run(*words: str, month: str = "2026-10") -> tuple[int, str, str]:
        code = typed(["month", *words, "--month", month])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


async def test_a_run_over_all_shops_can_be_repeated_and_one_failure_stops_nobody(
    command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*words: str) -> tuple[int, str, str]:
        return await asyncio.to_thread(command, *words)

    close = close_month

    async def busy_in_one_shop(session: object, tenant_id: object, *rest: object, **named: object) -> object:
        if not refused:
            refused.append(tenant_id)
            raise MonthBusy
        return await close(session, tenant_id, *rest, **named)  # type: ignore[arg-type]  # passed on as they came

    refused: list[object] = []
    monkeypatch.setattr(months, "close_month", busy_in_one_shop)
    code, out, err = await run("close", "--all", "--json")
    told = json.loads(out)
    assert (code, told["failed"], len(told["shops"])) == (1, 1, 2)
    assert "still going on" in told["shops"][0]["error"]
    assert [line.split()[0] for line in err.splitlines()] == ["1/2", "2/2"]

    code, out, _ = await run("close", "--all", "--json")
    again = json.loads(out)
    assert (code, again["failed"]) == (0, 0)
    assert [one["anew"] for one in again["shops"]] == [True, False]
    assert again["shops"][1]["hash"] == told["shops"][1]["hash"]

    code, out, _ = await run("reopen", "--tenant", "hanakage", "--reason", "理由の入力もれ", "--json")
    assert (code, json.loads(out)["state"]) == (0, "reopened")
    code, out, _ = await run("close", "--tenant", "hanakage")
    assert code == 0
    code, out, _ = await run("show", "--all", "--verify", "--json")
    shown = {one["tenant"]: one for one in json.loads(out)["shops"]}
    assert code == 0
    assert {slug: (one["state"], one["intact"]) for slug, one in shown.items()} == {
        "hanakage": ("restated", True), "minato-coffee": ("closed", True),
    }  # fmt: skip
    assert shown["hanakage"]["reason"] == "理由の入力もれ"


async def test_what_cannot_be_is_refused_in_one_sentence(command: Run) -> None:
    for words, sentence in (
        (("close", "--tenant", "nobody"), "no shop with the short name 'nobody'"),
        (("close",), "Name a shop with --tenant SLUG"),
        (("show", "--all", "--tenant", "hanakage"), "Name a shop with --tenant SLUG"),
        (("reopen", "--tenant", "hanakage", "--reason", "x"), "nothing to reopen"),
        (("reopen", "--tenant", "hanakage", "--reason", " "), "Please say why"),
    ):
        code, out, err = await asyncio.to_thread(command, *words)
        assert (code, out) == (Stopped.exit_code, "")
        assert sentence in err
    code, out, _ = await asyncio.to_thread(
        command, "close", "--tenant", "hanakage", "--json", month="2099-12"
    )
    assert code == 1
    assert "not over yet" in json.loads(out)["shops"][0]["error"]
