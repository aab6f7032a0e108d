"""Many shops, each with an October of its own in the log, written in a few statements a shop."""

import shutil
import sys
from pathlib import Path
from uuid import UUID

from nanori.db import across_shops
from nanori.installation import Installation
from tests.reports.in_bulk import write_month
from tests.reports.logged import an_open_shop
from tests.reports.months import Month

KEEP_FREE = 30 * 2**30


async def many_shops(house: Installation, shops: int, calls_a_day: int, disk: Path) -> tuple[list[UUID], int]:
    """The shops, and how many interactions they have together. Ends the run before the disk is full."""
    found, interactions = [], 0
    for number in range(shops):
        if shutil.disk_usage(disk).free < KEEP_FREE:
            sys.exit(f"stopped at shop {number}: less than {KEEP_FREE // 2**30} GB of disk left")
        facts = Month(seed=number, calls_a_day=calls_a_day, in_cases=True).facts()
        async with across_shops(house.staff) as session:
            shop = await an_open_shop(session, slug=f"shop-{number:03}")
            await write_month(session, shop.tenant_id, facts)
        found.append(shop.tenant_id)
        interactions += len(facts.calls) + len(facts.mails)
    return found, interactions
