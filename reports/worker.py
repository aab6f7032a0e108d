"""What the worker does for this room: it draws reports, outside of any transaction."""

import asyncio

import structlog

from nanori.db import unit_of_work
from nanori.installation import Installation
from nanori.messages import works_on
from nanori.pdf import PdfEngineMissing, PdfFailed, PdfTookTooLong
from reports import commands
from reports.commands import Made
from reports.delivery.worker import send_unasked
from reports.jobs import RenderMonthReport
from reports.making import DrawingRoom, Workshop, read_paper
from reports.pooled import PoolLedgers
from reports.values import Failure

log = structlog.get_logger()

drawing_room, pools = DrawingRoom(), PoolLedgers()


@works_on(RenderMonthReport)
async def render_month_report(house: Installation, wanted: RenderMonthReport) -> None:
    """Make one report and put it on the shelf; run again after a crash it is made again and stored once.

    What no second try will mend is told on the report and ends the job; anything else is tried again.
    """
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        begun = await commands.begin_report(
            session, wanted.tenant_id, wanted.month, requested_at=wanted.requested_at
        )
    if not begun:
        return
    try:
        made = await _made(house, wanted)
    except PdfFailed as failure:
        log.warning("report.not_made", shop_id=str(wanted.tenant_id), error=type(failure).__name__)
        await _fail(house, wanted, _reason(failure))
        return
    except Exception:
        await _fail(house, wanted, Failure.UNEXPECTED)
        raise
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        await commands.store_report(
            session, wanted.tenant_id, wanted.month, made,
            store=house.files, requested_at=wanted.requested_at, now=house.clock.now(),
        )  # fmt: skip
    await send_unasked(house, wanted.tenant_id, wanted.month, now=house.clock.now())


async def _made(house: Installation, wanted: RenderMonthReport) -> Made:
    workshop = Workshop(
        sessions=house.worker, files=house.files, operator=house.settings.operator_name,
        public_url=house.settings.public_url, pools=pools,
    )  # fmt: skip
    with drawing_room:
        paper = await read_paper(workshop, wanted.tenant_id, wanted.month, now=house.clock.now())
        return await asyncio.to_thread(drawing_room.draw, paper)


async def _fail(house: Installation, wanted: RenderMonthReport, why: Failure) -> None:
    async with unit_of_work(house.worker, [wanted.tenant_id]) as session:
        await commands.fail_report(
            session, wanted.tenant_id, wanted.month, why, requested_at=wanted.requested_at
        )


def _reason(failure: PdfFailed) -> Failure:
    if isinstance(failure, PdfTookTooLong):
        return Failure.TOOK_TOO_LONG
    return Failure.ENGINE_MISSING if isinstance(failure, PdfEngineMissing) else Failure.UNEXPECTED
