"""Seasonal desks on their pages: planned, checked, scheduled, and what bad input gets."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.models import Desk, RosterEntry
from desks.season_models import DeskMove, Season
from desks.values import DeskKind, DeskState
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.db import bind_all_shops
from tenants import promises
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.clock import START, TestClock
from tests.support.people import an_account, signed_in
from tests.support.season_pages import PLAN, Stand, a_stand, missing, scheduled, supervisor, the_season
from tests.support.seasons import POOL
from tests.telephony.conftest import NUMBER


@pytest.fixture
async def stand(session: AsyncSession) -> Stand:
    return await a_stand(session)


async def test_a_supervisor_takes_a_season_from_its_plan_to_its_date(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        assert (await client.get("/seasons/new")).status_code == 200
        form = await client.get(stand.new, params={"like": str(stand.desk.id)})
        assert form.status_code == 200
        answer = await client.post(stand.new, data=stand.plan, follow_redirects=False)
        assert answer.status_code == 303
        base = answer.headers["location"]

        assert missing((await client.get(base)).text) == {"tested", "contact"}
        shut = await client.post(f"{base}/moves", data={"to": "scheduled", "reason": "急ぎます"})
        assert shut.status_code == 422
        for deed in ("test-calls", "confirmations"):
            await client.post(f"{base}/{deed}")
        page = (await client.get(base)).text
        assert missing(page) == set()
        assert "母の日窓口は、5月10日をもちまして終了いたしました。" in page
        await client.post(f"{base}/moves", data={"to": "scheduled"})

    desk, season = await the_season(session)
    assert desk.state is DeskState.SCHEDULED
    assert season.opens_at == datetime(2027, 4, 19, 15, tzinfo=UTC)
    assert [one.line for one in await promises.promises_to(session, desk.tenant_id, desk.id)] == [POOL[0]]
    roster = (await session.scalars(select(RosterEntry).where(RosterEntry.desk_id == desk.id))).all()
    assert {one.agent_id for one in roster} == {one.id for one in stand.agents}


async def test_an_operator_passes_a_red_gate_with_a_reason_that_is_kept(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    account = await an_account(session, Role.OPERATOR)
    await session.commit()
    async with signed_in(app, account) as client:
        base = (await client.post(stand.new, data=stand.plan, follow_redirects=False)).headers["location"]
        assert (await client.post(f"{base}/moves", data={"to": "scheduled"})).status_code == 422
        reason = {"to": "scheduled", "reason": "店長には書面で確認済み"}
        assert (await client.post(f"{base}/moves", data=reason, follow_redirects=False)).status_code == 303

    desk, _ = await the_season(session)
    move = await session.scalar(select(DeskMove).where(DeskMove.after == DeskState.SCHEDULED))
    assert move is not None
    assert (move.account_id, move.reason, sorted(move.lacking)) == (
        account.id, "店長には書面で確認済み", ["contact", "tested"],
    )  # fmt: skip
    entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "season.moved"))
    assert entry is not None
    assert entry.detail["reason"] == "店長には書面で確認済み"
    assert desk.state is DeskState.SCHEDULED


async def test_nobody_opens_a_scheduled_desk_before_its_date(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        base = await scheduled(client, stand)
        refused = await client.post(f"{base}/moves", data={"to": "open"})

    assert refused.status_code == 409
    desk, _ = await the_season(session)
    assert desk.state is DeskState.SCHEDULED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"closes_on": "2027-04-19"}, "最終日は、初日より前にはできません。"),
        ({"closes_on": "来年"}, "日付"),
        ({"name": ""}, "この項目は必須です"),
        ({"wanted_numbers": "3"}, "番号プールに空き番号が2件しかありません。"),
        ({"wanted_numbers": "0"}, "窓口には電話番号かアドレスが必要です。"),
        (
            {"own_hours": "y", "opens-0": ["09:00", "11:00"], "closes-0": ["12:00", "13:00"]},
            "時間帯が重なっています。",
        ),
        ({"own_hours": "y", "opens-0": "いつか", "closes-0": "12:00"}, "09:00"),
    ],
)
async def test_bad_input_gets_a_sentence_keeps_the_rest_and_leaves_nothing_behind(
    app: Litestar, session: AsyncSession, stand: Stand, typed: dict[str, object], sentence: str
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        answer = await client.post(stand.new, data={**stand.plan, **typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert str(PLAN["greeting"]) in answer.text
    await bind_all_shops(session)
    assert await session.scalar(select(Season)) is None
    assert await session.scalar(select(Desk).where(Desk.kind == DeskKind.SEASONAL)) is None
    assert await promises.spare_numbers(session, now=START) == list(POOL)


async def test_a_number_that_another_season_has_is_refused_by_its_name_and_last_day(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    own = {**stand.plan, "wanted_numbers": "0", "wanted_lines": NUMBER}
    async with signed_in(app, await supervisor(session)) as client:
        await client.post(stand.new, data=own)
        answer = await client.post(stand.new, data={**own, "name": "春の窓口"})

    assert answer.status_code == 422
    assert "2027-05-10 まで窓口「母の日窓口」に割り当てられています。" in answer.text


async def test_the_gate_of_a_sketch_follows_what_is_typed_and_keeps_nothing(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    sketch = f"/shops/{stand.shop.tenant_id}/seasons/sketch"
    async with signed_in(app, await supervisor(session)) as client:
        good = (await client.post(sketch, data=stand.plan)).text
        many = (await client.post(sketch, data={**stand.plan, "busy_calls": "60"})).text
        wrong = (await client.post(sketch, data={**stand.plan, "closes_on": "2027-04-01"})).text

    assert missing(good) == set()
    assert "<svg" in good
    assert missing(many) == {"roster"}
    assert "closes_on" in missing(wrong)
    await bind_all_shops(session)
    assert await session.scalar(select(Season)) is None


async def test_last_years_season_comes_back_a_year_later_with_its_differences(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        base = (await client.post(stand.new, data=stand.plan, follow_redirects=False)).headers["location"]
        desk, _ = await the_season(session)
        form = (await client.get(stand.new, params={"like": str(desk.id)})).text
        assert 'value="2028-04-20"' in form
        assert 'value="2028-05-10"' in form
        again = {
            **stand.plan,
            "opens_on": "2028-04-18",
            "closes_on": "2028-05-14",
            "agent": [],
            "then": "draft",
        }
        answer = await client.post(
            stand.new, params={"like": str(desk.id)}, data=again, follow_redirects=False
        )
        page = (await client.get(answer.headers["location"])).text

    assert base != answer.headers["location"]
    assert "前回と今回" in page
    assert "試験 太郎, 試験 太郎" in page  # who answered then


async def test_a_changed_plan_makes_a_scheduled_desk_wait_for_its_gate_again(
    app: Litestar, session: AsyncSession, stand: Stand, clock: TestClock
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        base = await scheduled(client, stand)
        clock.advance(timedelta(minutes=1))
        longer = {**stand.plan, "closes_on": "2027-05-31"}
        assert (await client.post(base, data=longer, follow_redirects=False)).status_code == 303
        page = (await client.get(base)).text

    desk, season = await the_season(session)
    assert desk.state is DeskState.CHECKING
    assert missing(page) == {"tested"}
    assert season.closes_at == datetime(2027, 5, 31, 15, tzinfo=UTC)


async def test_a_second_tab_that_is_out_of_date_is_told_and_loses_nothing(
    app: Litestar, session: AsyncSession, stand: Stand, clock: TestClock
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        base = str(
            (await client.post(stand.new, data=stand.plan, follow_redirects=False)).headers["location"]
        )
        [seen] = re.findall(r'name="seen" value="([^"]+)"', (await client.get(base)).text)
        clock.advance(timedelta(minutes=1))
        first = await client.post(
            base, data={**stand.plan, "seen": seen, "name": "一番目"}, follow_redirects=False
        )
        second = await client.post(base, data={**stand.plan, "seen": seen, "name": "二番目"})
        [now] = re.findall(r'name="seen" value="([^"]+)"', second.text)
        third = await client.post(
            base, data={**stand.plan, "seen": now, "name": "二番目"}, follow_redirects=False
        )

    assert (first.status_code, second.status_code, third.status_code) == (303, 422, 303)
    assert "二番目" in second.text
    assert "その間に別の人がこの計画を変更しました" in second.text
    desk, _ = await the_season(session)
    assert desk.name == "二番目"


async def test_the_sketch_of_a_desk_that_asks_for_the_quiz_says_so(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    async with signed_in(app, await supervisor(session)) as client:
        asks = {**stand.plan, "needs_certificate": "y"}
        sketch = stand.new.replace("/new", "/sketch")
        plain = await client.post(sketch, data=stand.plan)
        nobody = await client.post(sketch, data=asks)

    assert "quiz" not in missing(plain.text)
    assert "quiz" in missing(nobody.text)


async def test_a_season_costs_a_counted_number_of_statements(
    app: Litestar, session: AsyncSession, stand: Stand
) -> None:
    """As many with ten seasons in the list as with one."""
    async with signed_in(app, await supervisor(session)) as client:
        await client.post(stand.new, data={**stand.plan, "then": "draft"})
        with statements(session) as one:
            await client.get("/seasons")
        for _ in range(4):
            await client.post(stand.new, data={**stand.plan, "then": "draft"})
        with statements(session) as many:
            await client.get("/seasons")
    assert len(many) == len(one)
