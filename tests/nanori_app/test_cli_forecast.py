"""``nanori forecast``: from the log of a shop to calls and seats."""

import json
from datetime import date, timedelta

import pytest

from nanori.actors import Role
from nanori.db import across_shops
from nanori.installation import Installation
from tests.nanori_app.test_cli import nanori
from tests.reports.logged import ShopLog, an_open_shop
from tests.reports.months import at
from tests.support.people import a_shop, an_account

FRIDAY = date(2026, 10, 2)


async def test_a_log_becomes_a_plan(clone: Installation) -> None:
    async with across_shops(clone.staff) as session:
        shop = await an_open_shop(session, slug="minato-coffee")
        await a_shop(session, slug="silent")
        agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
        book = ShopLog(session, shop, agent.id)
        for day in (0, 3, 4):
            await book.answered(at(FRIDAY + timedelta(days=day), 10), talks=60)

    days = ("--from", "2026-10-07", "--to", "2026-10-12", "--shrinkage", "50", "--json")
    done = nanori("forecast", "--shop", "minato-coffee", *days, settings=clone.settings)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    wednesday, *_, sunday, sports_day = told["days"]
    assert told["handling_seconds"] == pytest.approx(90, abs=1)
    (half_hour,) = wednesday["half_hours"]
    assert (half_hour["starts"], half_hour["seats"], half_hour["rostered_agents"]) == ("10:00", 1, 2)
    assert 0 < half_hour["calls"] == wednesday["calls"] < 2
    assert (sunday["holiday"], sunday["calls"]) == (False, 0)
    assert (sports_day["holiday"], sports_day["half_hours"]) == (True, [])
    refused = nanori("forecast", "--shop", "silent", "--from", "2026-10-07", settings=clone.settings)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("No day has been counted yet.")
