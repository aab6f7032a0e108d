"""``nanori invoice`` as somebody types it, in this process."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billing.invoices import filing
from billing.invoices.due import END_OF_NEXT_MONTH
from billing.invoices.filing import Drawn
from billing.invoices.parties import set_issuer, set_payer
from billing.plans.commands import Signed, agree, make_plan
from billing.plans.plan import Plan
from nanori.db import across_shops
from nanori.installation import Installation
from nanori_app.cli.group import run
from tests.billing.invoices.documents import ISSUER, PAYER
from tests.support.clock import START
from tests.support.people import a_shop

JANUARY = date(2026, 1, 1)
Typed = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
async def typed(
    clone: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """Two shops with a plan since January; nobody pays for the second."""
    async with across_shops(clone.staff) as session:
        await set_issuer(session, ISSUER, valid_from=JANUARY, by=None, now=START)
        for slug in ("minato-coffee", "hanakage"):
            shop = await a_shop(session, slug=slug)
            plan = await make_plan(
                session, Plan(name=slug, base_fee=3_000), by=None, today=JANUARY, now=START
            )
            signed = Signed(plan_id=plan.id, valid_from=JANUARY)
            await agree(session, shop.tenant_id, signed, [], billed_until=None, by=None, now=START)
            if slug == "minato-coffee":
                await set_payer(session, PAYER, shops=[shop.tenant_id], due=END_OF_NEXT_MONTH)
    settings = clone.settings
    monkeypatch.setattr(filing, "drawn", lambda *_: Drawn(pdf=b"%PDF-", xml=b"<?xml", statement=b""))
    monkeypatch.setenv("NANORI_DATABASE_URL", settings.owner_url())
    monkeypatch.setenv("NANORI_SECRET_KEY", settings.secret_key)
    monkeypatch.setenv("NANORI_DATA_DIR", str(settings.data_dir))

    def typed(*words: str) -> tuple[int, dict[str, Any]]:
        code = run(["invoice", *words, "--json"])
        printed = capsys.readouterr().out
        return code, json.loads(printed) if printed else {}

    return typed


def test_a_month_is_previewed_issued_shown_and_corrected(
    typed: Typed, capsys: pytest.CaptureFixture[str]
) -> None:
    code, seen = typed("preview", "--month", "2026-01", "--tenant", "minato-coffee")
    assert (code, seen["invoices"][0]["total"], seen["invoices"][0]["number"]) == (0, 3_300, None)

    assert run(["month", "close", "--tenant", "minato-coffee", "--month", "2026-01"]) == 0
    capsys.readouterr()
    code, done = typed("issue", "--month", "2026-01")
    by_shop = {one["tenant"]: one for one in done["invoices"]}
    number = by_shop["minato-coffee"]["number"]
    assert (code, done["refused"]) == (1, 1)
    assert by_shop["hanakage"]["refused"] == "Nobody is named who pays for this shop."
    assert number.endswith("-000001")
    code, again = typed("issue", "--month", "2026-01", "--tenant", "minato-coffee")
    assert (code, again["invoices"][0]["was_issued_before"]) == (0, True)

    code, shown = typed("show", number)
    assert (code, shown["taxes"][0]["tax"]) == (0, 300)
    assert Path(shown["files"]["pdf"]).read_bytes().startswith(b"%PDF-")
    code, corrected = typed("correct", number, "--reason", "宛名の誤り")
    assert (code, corrected["kind"], corrected["refers_to"]["number"]) == (0, "corrected", number)
    assert typed("show", "2026-999999")[0] == 1
