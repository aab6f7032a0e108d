"""The records behind a figure of a month, for whoever asks: frozen, of the log, or as counted last."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from reports.closing.errors import FigureUnknown
from reports.closing.frozen import thaw
from reports.closing.queries import (
    PAGE,
    RecordPage,
    is_closed,
    record_line,
    record_page,
    records_of,
    standing_of,
)
from reports.closing.snapshot import places
from reports.month import MonthFigures
from reports.so_far.models import MonthSoFar


async def figures_of(session: AsyncSession, tenant_id: UUID, month: date) -> MonthFigures | None:
    """The figures of a closed month, or of the running one as counted last; else None."""
    _, frozen = await standing_of(session, tenant_id, month)
    if frozen is not None:
        return frozen
    known = await session.get(MonthSoFar, tenant_id)
    return thaw(known.figures) if known and known.month == month and known.figures else None


async def records_behind(
    session: AsyncSession,
    tenant_id: UUID,
    month: date,
    key: str,
    *,
    after: int,
    from_log: bool,
    limit: int = PAGE,
) -> RecordPage | None:
    """One page of the records behind a figure. Who may not look into the log (``from_log``) sees those of a
    closed month, or of the running one as counted last; None where there are neither.

    Raises:
        FigureUnknown: the month has no such figure.
    """
    if from_log or await is_closed(session, tenant_id, month):
        return await records_of(session, tenant_id, month, key, after=after, limit=limit)
    one = MonthSoFar
    row = (
        await session.execute(
            select(one.patterns, one.records, one.figures).where(
                one.tenant_id == tenant_id, one.month == month
            )
        )
    ).one_or_none()
    if row is None:
        return None
    patterns, records, figures = row
    if key not in {figure["key"] for figure in figures["figures"]}:
        raise FigureUnknown
    wanted = set(places(patterns, key))
    lines = [
        record_line(number, fact, key in patterns[at]["above"], key in patterns[at]["below"])
        for number, at, fact in records
        if at in wanted and number > after
    ]
    return record_page(lines[: limit + 1], limit)
