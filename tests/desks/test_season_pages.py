"""The list of seasons, page by page."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.models import Desk
from desks.season_models import Season
from desks.season_queries import seasons_page
from desks.values import DeskKind, DeskState
from tests.support.clock import START
from tests.support.people import a_shop


async def test_seasons_are_listed_page_by_page_without_gap_or_repetition(session: AsyncSession) -> None:
    tenant = (await a_shop(session)).tenant_id
    for number in range(7):
        desk = Desk(
            tenant_id=tenant, id=uuid7(), name=str(number), kind=DeskKind.SEASONAL, state=DeskState.DRAFT,
            created_at=START,
        )  # fmt: skip
        session.add(desk)
        await session.flush()
        opens = START + timedelta(days=number // 2)
        session.add(
            Season(
                tenant_id=tenant, id=uuid7(), desk_id=desk.id, opens_on=opens.date(), closes_on=opens.date(),
                opens_at=opens, closes_at=opens + timedelta(days=1), changed_at=START,
            )
        )  # fmt: skip
        await session.flush()
    seen: list[str] = []
    page = await seasons_page(session, size=3)
    seen += [desk.name for desk, _ in page.rows]
    while page.earlier:
        page = await seasons_page(session, before=page.earlier, size=3)
        seen += [desk.name for desk, _ in page.rows]
    assert seen == list("6543210")
