"""A new season's busiest half hour: proposed from what was counted, with its source, and never invented."""

import re
from datetime import date, timedelta

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk
from desks.staffing.history import HALF_HOURS
from interactions.models import Interaction
from nanori.words import Words
from nanori_app.pages.season.proposal import Proposal, Source, of_weeks
from reports.volumes import Counted
from tests.support.clock import START
from tests.support.people import Client, signed_in
from tests.support.season_pages import Stand, a_stand, supervisor
from tests.support.seasons import MOTHERS_DAY, a_draft

SATURDAY = date(2026, 10, 31)


def on(**half_hours: int) -> list[int]:
    return [half_hours.get(f"at{at}", 0) for at in range(HALF_HOURS)]


def test_the_busiest_half_hour_of_all_desks_the_latest_of_equal_ones() -> None:
    days = {SATURDAY: on(at20=3, at21=5), SATURDAY - timedelta(days=7): on(at21=5, at9=4)}
    found = of_weeks(Counted(days=days, answered=2, worked_ms=400_600))

    assert found == Proposal(source=Source.SHOP, calls=5, day=SATURDAY, half_hour=21, handling_seconds=200)
    assert "5" in found.said(Words("en"))
    assert "10:30" in found.said(Words("en"))


@pytest.mark.parametrize("days", [{}, {SATURDAY: on()}])
def test_without_a_call_nothing_is_proposed(days: dict[date, list[int]]) -> None:
    assert of_weeks(Counted(days=days)) is None


@pytest.fixture
async def stand(session: AsyncSession) -> Stand:
    return await a_stand(session)


async def some_calls(session: AsyncSession, desk: Desk, count: int) -> None:
    """So many at once, a week before the clock's beginning, answered."""
    at = START - timedelta(days=7)
    session.add_all(
        Interaction(
            tenant_id=desk.tenant_id, number=9000 + number, channel="phone", direction="inbound",
            party="human", arrived_at=at, queued_at=at, answered_at=at, ended_at=at + timedelta(seconds=90),
            outcome="answered", talk_ms=90_000, desk_id=desk.id,
        )
        for number in range(count)
    )  # fmt: skip
    await session.commit()


async def shown(client: Client, address: str) -> tuple[str, str]:
    """The figure in the field, and what the proposal says."""
    page = (await client.get(address)).text
    [field] = re.findall(r'<input[^>]*id="busy_calls"[^>]*>', page)
    [said] = re.findall(r'class="season-proposal">.*?<p>(.*?)</p>', page, re.DOTALL)
    return (re.findall(r'value="([^"]*)"', field) or [""])[0], said


async def test_the_form_says_where_its_figure_comes_from(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    planned = await a_draft(session, stand.shop, MOTHERS_DAY)
    await session.commit()
    async with signed_in(app, await supervisor(session)) as client:
        figure, said = await shown(client, stand.new)
        assert (figure, "この店への入電がない" in said) == ("", True)
        assert 'name="uplift"' not in (await client.get(stand.new)).text
        refused = await client.post(stand.new, data={**stand.plan, "busy_calls": ""})
        assert refused.status_code == 422

        figure, said = await shown(client, f"{stand.new}?like={planned.id}")
        assert (figure, "計画では6件" in said) == ("6", True)

        await some_calls(session, stand.desk, 4)
        figure, said = await shown(client, stand.new)
        assert (figure, "10月26日" in said, "4件" in said) == ("4", True, True)
        figure, said = await shown(client, f"{stand.new}?like={stand.desk.id}")
        assert (figure, "直近4週間" in said) == ("4", True)
        again = await client.post(stand.new, data={**stand.plan, "name": "", "uplift": "150"})
        assert re.search(r'id="uplift"[^>]*value="150"', again.text)
