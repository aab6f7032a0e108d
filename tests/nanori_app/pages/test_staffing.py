"""The staffing pages: a day with its gap, what keeps one from being reckoned, and the what-if."""

import re
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import roster
from desks.models import Desk, PresenceInterval
from desks.queries import roster_of
from desks.shifts.entry import read
from desks.shifts.week import Cell, Scope, plan_shifts
from desks.staffing.curve import Promise
from desks.staffing.ledger import Member
from desks.values import Presence
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.db import bind_all_shops
from nanori.words import words_for
from nanori_app.pages.staffing.pool import ledger_shown
from tenants.commands import set_hours
from tenants.hours import Span
from tenants.models import Tenant
from tests.nanori_app.pages.floor.test_board import statements
from tests.reports.logged import ShopLog
from tests.reports.months import at
from tests.support.calls import an_answered_call
from tests.support.clock import START
from tests.support.people import a_shop, an_account, signed_in

TOKYO = ZoneInfo("Asia/Tokyo")
TODAY = date(2026, 11, 2)
STATEMENTS = 16


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    shop = await a_shop(session)
    await set_hours(session, shop.tenant_id, {day: (Span(540, 1080),) for day in range(8)}, [])
    return shop


@pytest.fixture
async def desk(session: AsyncSession, shop: Tenant) -> Desk:
    """Ten calls each morning at ten for four days; one agent, on shift from eleven."""
    desk = await roster.open_standing_desk(session, shop.tenant_id, name="お客様窓口", now=START)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    await roster.put_on_desk(session, shop.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)
    book = ShopLog(session, shop, agent.id)
    for back in range(1, 5):
        for minute in range(10):
            call = await book.answered(at(TODAY - timedelta(days=back), 10, minute), talks=120)
            call.desk_id = desk.id
    await plan_shifts(session, Scope(), {Cell(agent.id, TODAY): read("11-18/12-13")}, zone=TOKYO)
    await session.commit()
    await bind_all_shops(session)
    return desk


async def look(app: Litestar, session: AsyncSession, path: str) -> tuple[int, str]:
    supervisor = await an_account(session, Role.SUPERVISOR, locale="en")
    await session.commit()
    async with signed_in(app, supervisor) as client:
        answer = await client.get(path)
    return answer.status_code, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


@pytest.mark.parametrize("path", ["/staffing", "/staffing?desk={desk}"])
async def test_a_day_shows_who_is_missing(
    app: Litestar, session: AsyncSession, desk: Desk, path: str
) -> None:
    status, text = await look(app, session, path.format(desk=desk.id))

    assert status == 200
    assert re.search(r"10:00 \d+\.\d 3 3 0 3 ", text), "three are needed at ten, and nobody is there"
    assert re.search(r"11:00 0\.\d [01] [01] 1 ", text)


async def test_one_seat_fewer_is_the_edge_of_the_cliff(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    _, text = await look(app, session, f"/staffing?desk={desk.id}")
    assert "What one seat more or fewer does, from 10:00" in text
    assert "3 chosen" in text


async def test_the_share_away_is_kept_and_planned_for(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    supervisor = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, supervisor) as client:
        path = f"/staffing/{desk.tenant_id}/{desk.id}/away"
        good = await client.post(path, data={"away_percent": "４０"}, follow_redirects=False)
        wrong = await client.post(path, data={"away_percent": "95"})
    _, text = await look(app, session, f"/staffing?desk={desk.id}")

    assert (good.status_code, wrong.status_code) == (303, 422)
    assert 'id="away_percent-error"' in wrong.text
    assert re.search(r"10:00 \d+\.\d 3 5 0 5 ", text)


async def test_a_desk_that_nobody_called_says_what_to_do(app: Litestar, session: AsyncSession) -> None:
    shop = await a_shop(session)
    desk = await roster.open_standing_desk(session, shop.tenant_id, name="窓口", now=START)
    status, text = await look(app, session, f"/staffing?desk={desk.id}")

    assert status == 200
    assert "No day has been counted yet. Enter the calls you expect" in text


async def test_the_what_if_gives_the_published_figures(app: Litestar, session: AsyncSession) -> None:
    asked = "calls=100&interval=30&handling=180&target=80&within=20&patience=&agents=&away=30"
    status, text = await look(app, session, f"/staffing/what-if?{asked}")

    assert status == 200
    assert "14 20 to plan for" in text
    assert "88.8% Erlang C" in text
    assert re.search(r"14 chosen 88\.8% 7\.8 s 17\.4% 71\.4% 0\.0%", text)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("calls=many", "Please give a number."),
        ("calls=-1", "Please give a number from 0 to 100000."),
        ("calls=10&handling=0", "Please give a number from 1 to 36000."),
        ("calls=1e5&handling=36000&interval=15", "Not even 10,000 agents"),
    ],
)
async def test_what_cannot_be_reckoned_is_said(
    app: Litestar, session: AsyncSession, wrong: str, said: str
) -> None:
    usual = {"calls": "10", "interval": "30", "handling": "180", "target": "80", "within": "20", "away": "0"}
    typed = usual | dict(one.split("=") for one in wrong.split("&"))
    _, text = await look(app, session, "/staffing/what-if?" + "&".join(f"{k}={v}" for k, v in typed.items()))

    assert said in text


async def test_a_day_costs_a_counted_number_of_statements(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    supervisor = await an_account(session, Role.SUPERVISOR)
    for _ in range(3):
        other = await a_shop(session)
        await roster.open_standing_desk(session, other.tenant_id, name="窓口", now=START)
    await session.commit()
    async with signed_in(app, supervisor) as client:
        with statements(session) as asked:
            await client.get("/staffing")

    assert len(asked) <= STATEMENTS


async def test_the_forecast_marks_days_and_tells_how_good_it_has_been(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    status, text = await look(app, session, f"/staffing/forecast?desk={desk.id}&weeks=8")
    early = "Three weeks of calls are needed"

    assert status == 200
    assert early in text
    assert re.search(r"Tue 3 Nov 2026 Holiday \d", text), "Culture Day"
    assert re.search(r"Fri 25 Dec 2026 Christmas 1?\d\.\d", text)


async def test_without_last_year_the_last_weeks_are_used_and_it_is_said(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    status, text = await look(app, session, f"/staffing/forecast?desk={desk.id}&occasion=christmas")

    assert status == 200
    assert "Last year's weeks say nothing" in text.replace("&#39;", "'")


async def test_last_years_season_is_used_where_it_is_known(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    """Twenty calls on the day before last Christmas, none of the days around."""
    (agent,) = await roster_agents(session, desk)
    book = ShopLog(session, await session.get_one(Tenant, desk.tenant_id), agent)
    for minute in range(20):
        call = await book.answered(at(date(2025, 12, 24), 10, minute), talks=120)
        call.desk_id = desk.id
    await session.commit()
    _, text = await look(app, session, f"/staffing/forecast?desk={desk.id}&occasion=christmas&weeks=8")

    eve = re.search(r"Thu 24 Dec 2026 (\d+\.\d)", text)
    assert eve
    assert float(eve[1]) > 10
    assert "around the day of gifts" in text


async def roster_agents(session: AsyncSession, desk: Desk) -> list[UUID]:
    await bind_all_shops(session)
    return [entry.agent_id for entry, _ in await roster_of(session) if entry.desk_id == desk.id]


async def test_the_pool_of_one_shop_saves_nothing(app: Litestar, session: AsyncSession, desk: Desk) -> None:
    status, text = await look(app, session, "/staffing/pool?play=true")

    assert status == 200
    assert re.search(r"Saved by sharing 0\.0 hours 0\.0%", text)
    assert re.search(r"80% within 20 seconds (\d+\.\d) 0\.00 \1\d \d+\.\d% ± \d", text)


async def test_without_a_forecast_there_is_no_pool(app: Litestar, session: AsyncSession) -> None:
    _, text = await look(app, session, "/staffing/pool")
    assert "Nothing can be shared yet" in text


async def test_the_ledger_divides_the_published_saving() -> None:
    """Twelve shops of six calls of 360 s in one half hour: 36 seats alone, 19 together."""
    calls = tuple(6.0 if at == 20 else 0.0 for at in range(48))
    like = Promise(within=20, target=0.8)
    shops = tuple(Member(name=str(one), calls=calls, handling=360, promise=like) for one in range(12))
    found = await ledger_shown(shops, TODAY, TOKYO, words_for("en"), play=False)

    assert (found["alone"], found["together"], found["saving"]) == ("18.0", "9.5", "8.5")
    assert {line.alone for line in found["lines"]} == {"1.5"}
    assert {line.share for line in found["lines"]} <= {"0.70", "0.71"}, "17 / 12 half hours, rounded"
    assert found["busiest"] == "10:00"


async def test_adherence_is_told_by_agent_and_each_look_is_written_down(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    """It is ten in Tokyo; the shift from eight has come half its way, the agent came at nine."""
    (agent,) = await roster_agents(session, desk)
    await plan_shifts(session, Scope(), {Cell(agent, TODAY): read("8-12")}, zone=TOKYO)
    came = PresenceInterval(agent_id=agent, state=Presence.READY, started_at=at(TODAY, 9))
    session.add(came)
    await session.commit()
    status, text = await look(app, session, "/staffing/adherence")
    _, empty = await look(app, session, "/staffing/adherence?on=2026-11-05")
    await plan_shifts(session, Scope(), {Cell(agent, TODAY + timedelta(days=1)): read("8-12")}, zone=TOKYO)
    await session.commit()
    _, ahead = await look(app, session, f"/staffing/adherence?on={TODAY + timedelta(days=1)}")

    assert status == 200
    assert re.search(r"08:00–12:00 09:00–10:00 1 h 50\.0%", text)
    assert "50.0% of the planned time" in text
    assert "No shift begins on this day" in empty
    assert re.search(r"08:00–12:00 — — not begun yet", ahead)
    assert "of the planned time" not in ahead
    assert re.search(r"Occupancy\D+0\.0%\s*0 s / 1 h", text)
    assert re.search(r"Utilisation U1\D+100\.0%\s*1 h / 1 h", text)
    looks = await session.scalars(select(AuditEntry.action).where(AuditEntry.action == "adherence.read"))
    assert len(looks.all()) == 3


async def test_an_operator_says_what_an_hour_costs_and_reads_what_a_contact_costs(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    """An agent ready from eight to ten at ¥2,160, a call answered in between; agents stay unnamed."""
    (agent,) = await roster_agents(session, desk)
    await plan_shifts(session, Scope(), {Cell(agent, TODAY): read("8-12")}, zone=TOKYO)
    session.add(PresenceInterval(agent_id=agent, state=Presence.READY, started_at=at(TODAY, 8)))
    await an_answered_call(session, desk.tenant_id, agent, at=at(TODAY, 9))
    operator, supervisor = [await an_account(session, one) for one in (Role.OPERATOR, Role.SUPERVISOR)]
    await session.commit()
    async with signed_in(app, operator) as client:
        before = (await client.get("/staffing/adherence")).text
        refused = await client.post("/staffing/adherence/cost", data={"yen": "0", "valid_from": "2026-10-01"})
        for yen in ("9000", "2,160"):
            await client.post("/staffing/adherence/cost", data={"yen": yen, "valid_from": "2026-10-01"})
        after = (await client.get("/staffing/adherence")).text
    async with signed_in(app, supervisor) as client:
        theirs = (await client.get("/staffing/adherence")).text
        denied = await client.post("/staffing/adherence/cost", data={"yen": "1", "valid_from": "2026-10-01"})

    assert "未設定" in before
    assert refused.status_code == 422
    assert re.search(r"¥4,320<.*¥4,320 / \(通話1件＋メール0件\)", after.replace("\n", ""))
    assert "9,000" not in after
    assert "08:00–12:00" not in after
    assert "08:00–12:00" in theirs
    assert ("¥" in theirs, denied.status_code) == (False, 404)


async def test_hours_of_the_pool_shorter_than_one_say_their_seconds(
    app: Litestar, session: AsyncSession, desk: Desk
) -> None:
    (agent,) = await roster_agents(session, desk)
    came = at(TODAY, 10) - timedelta(seconds=95)
    session.add(PresenceInterval(agent_id=agent, state=Presence.READY, started_at=came))
    await session.commit()
    _, text = await look(app, session, "/staffing/adherence")

    assert re.search(r"Occupancy\D+0\.0%\s*0 s / 1 min 35 s", text)
