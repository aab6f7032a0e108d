"""From the log to the finished report: read, count, draw. For workers and commands, not for the web."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from nanori.db import Sessions, unit_of_work
from nanori.files import FileStore
from nanori.pdf import Asset, PdfLimits, PdfPress, PdfRoom
from nanori.words import register_catalogues, words_for
from reports.beside import beside_month
from reports.closing.reading import MonthRead, read_month
from reports.commands import Made
from reports.paper.sheet import FONTS, VARIANT, Letterhead, Paper, Sheet, printed, sheet
from reports.pooled import PoolLedgers
from reports.queries import Logo
from reports.values import check_begun, month_text

SECONDS = 60
"""What drawing one report may take; an ordinary one needs less than one."""


CATALOGUES = ("tenants", "scripts_talk", "desks", "interactions", "telephony", "mailroom", "reports")
"""A sentence that several rooms say stands in the lowest one's catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """Where reports are made: from which database and files, in whose name."""

    sessions: Sessions
    files: FileStore
    operator: str
    public_url: str = ""  # of the portal, for the links of the paper; "": codes without links
    pools: PoolLedgers = field(default_factory=PoolLedgers)


async def read_paper(workshop: Workshop, tenant_id: UUID, month: date, *, now: datetime) -> Paper:
    """Everything that goes onto one report, read in one transaction that ends here.

    Raises:
        ShopNotFound: there is no such shop.
        MonthAhead: the month has not begun by the shop's clock.
    """
    async with unit_of_work(workshop.sessions, [tenant_id]) as session:
        read = await read_month(session, tenant_id, month)
        beside = await beside_month(session, tenant_id, read.period)
    check_begun(month, read.period.zone, now)
    pool = await workshop.pools.share(workshop.sessions, tenant_id, month, now=now)
    counted_at = read.frozen_at or now
    paper = await asyncio.to_thread(
        paper_of, read, workshop, made_on=counted_at.astimezone(read.period.zone).date()
    )
    return replace(paper, beside=replace(beside, pool=pool))


def paper_of(read: MonthRead, workshop: Workshop, *, made_on: date) -> Paper:
    """Count what was read. Equal logs give equal papers, and a closed month always the same one."""
    register_catalogues(CATALOGUES)
    shop = read.shop
    month, before = read.figures()
    return Paper(
        letterhead=Letterhead(
            brand=shop.brand_name,
            reading=shop.brand_reading,
            legal_name=shop.legal_name,
            colour=shop.colour,
            operator=workshop.operator,
            logo=_picture(workshop.files, shop.tenant_id, read.logo),
        ),
        month=month,
        before=before,
        words=words_for(shop.locale),
        made_on=made_on,
        portal=_portal(workshop, read),
    )


def _portal(workshop: Workshop, read: MonthRead) -> str:
    if not workshop.public_url:
        return ""
    return f"{workshop.public_url}/reports/{read.shop.tenant_id}/{month_text(read.period.first)}"


async def make_report(workshop: Workshop, tenant_id: UUID, month: date, *, now: datetime) -> Made:
    """One report from beginning to end.

    Raises:
        ShopNotFound, MonthAhead: see ``read_paper``.
        nanori.pdf.PdfFailed: see ``draw``.
    """
    paper = await read_paper(workshop, tenant_id, month, now=now)
    return (await asyncio.to_thread(draw, [paper]))[0]


def draw(papers: Sequence[Paper], *, seconds: float = SECONDS) -> list[Made]:
    """Draw papers one after the other with one engine. Blocks: call it from a thread.

    Raises:
        nanori.pdf.PdfFailed: or a subclass, see ``PdfPress.print``; no paper after it is drawn.
    """
    with _press(seconds) as press:
        return [_drawn(sheet(paper), press) for paper in papers]


class DrawingRoom(PdfRoom):
    """Where all reports of a process are drawn."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        super().__init__(_press(seconds))

    def draw(self, paper: Paper) -> Made:
        """As ``draw`` does, when the engine is free; while it is not, the next sheet is made ready."""
        with self:
            made = sheet(paper)
            with self.engine() as press:
                return _drawn(made, press)


def _press(seconds: float) -> PdfPress:
    return PdfPress(limits=PdfLimits(seconds=seconds), fonts=FONTS, variant=VARIANT)


def _drawn(made: Sheet, press: PdfPress) -> Made:
    return Made(pdf=printed(made, press), figures=made.figures)


def _picture(files: FileStore, tenant_id: UUID, logo: Logo | None) -> Asset | None:
    """The shop's logo; a picture whose bytes are gone is left out rather than the whole report."""
    if logo is None:
        return None
    try:
        return Asset(logo.media_type, files.read(tenant_id, logo.file_id))
    except FileNotFoundError:
        return None
