"""What the worker does for the close: months that are over are closed by themselves, each in its own job."""

from datetime import datetime

import structlog

from nanori.db import across_shops, unit_of_work
from nanori.errors import UNEXPECTED, Error
from nanori.installation import Installation
from nanori.messages import works_on
from reports.closing import commands
from reports.closing.jobs import CloseMonth
from reports.closing.queries import due_months

log = structlog.get_logger()


async def close_months(installation: Installation, now: datetime) -> None:
    """Early on the third of a month: what is over is closed, in every shop whose clock says so."""
    async with across_shops(installation.worker) as session:
        for shop_id, month in list(await session.execute(due_months(now))):
            await commands.ask_close(session, shop_id, month, now=now)


@works_on(CloseMonth)
async def freeze_month(house: Installation, wanted: CloseMonth) -> None:
    """Close one shop's month; run again after a crash it finds it closed, or closes it.

    What no second try will mend is told on the month and ends the job; anything else is tried again.
    """
    try:
        async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
            await commands.close_month(
                session, wanted.tenant_id, wanted.month, now=house.clock.now(), closed_by=wanted.asked_by
            )
    except Error as refusal:
        log.warning("month.not_closed", shop_id=str(wanted.tenant_id), error=type(refusal).__name__)
        await _fail(house, wanted, refusal.message)
    except Exception:
        await _fail(house, wanted, UNEXPECTED)
        raise


async def _fail(house: Installation, wanted: CloseMonth, why: str) -> None:
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        await commands.fail_close(session, wanted.tenant_id, wanted.month, why, now=house.clock.now())
