"""The list of all calls and mails."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.identity.models import Account
from tenants.models import Tenant
from tests.support.calls import an_abandoned_call, an_answered_call
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

JSON = {"Accept": "application/json"}


@dataclass
class Stage:
    """Two shops; the agent works for the first only, the supervisor for both."""

    coffee: Tenant
    flowers: Tenant
    agent: Account
    supervisor: Account


@pytest.fixture
async def stage(session: AsyncSession) -> Stage:
    coffee = await a_shop(session, slug="minato", brand="ミナト珈琲")
    flowers = await a_shop(session, slug="hanakage", brand="花影フラワー")
    agent = await an_account(session, Role.AGENT, shops=[coffee.tenant_id])
    supervisor = await an_account(session, Role.SUPERVISOR)
    await an_answered_call(session, coffee.tenant_id, agent.id)
    await an_abandoned_call(session, coffee.tenant_id, at=START + timedelta(hours=1))
    await an_abandoned_call(session, flowers.tenant_id, at=START + timedelta(days=1))
    await session.commit()
    return Stage(coffee, flowers, agent, supervisor)


@pytest.fixture
async def supervisor(app: Litestar, stage: Stage) -> AsyncGenerator[Client]:
    async with signed_in(app, stage.supervisor) as client:
        yield client


async def listed(client: Client, query: str = "") -> list[tuple[str, int, str]]:
    answer = await client.get(f"/interactions?{query}", headers=JSON)
    assert answer.status_code == 200, answer.text
    return [(row["shop"], row["number"], row["outcome"]) for row in answer.json()["interactions"]]


async def test_an_agent_sees_the_calls_of_their_shops_only(app: Litestar, stage: Stage) -> None:
    async with signed_in(app, stage.agent) as client:
        rows = await listed(client)

    assert rows == [("ミナト珈琲", 2, "abandoned"), ("ミナト珈琲", 1, "answered")]


async def test_a_supervisor_sees_every_shop_newest_first(supervisor: Client) -> None:
    assert [row[0] for row in await listed(supervisor)] == ["花影フラワー", "ミナト珈琲", "ミナト珈琲"]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("shop=minato", [2, 1]),
        ("outcome=answered", [1]),
        ("outcome=open", []),
        ("channel=mail", []),
        ("since=2026-11-03", [1]),
        ("until=2026-11-02", [2, 1]),
        ("q=%232", [2]),
        ("q=minato%231", [1]),
        ("q=MINATO%EF%BC%832", [2]),
        ("q=090-1234-5678&shop=minato", [2, 1]),
        ("q=090-1234-9999&shop=minato", []),
    ],
)
async def test_filters_narrow_the_list(supervisor: Client, query: str, numbers: list[int]) -> None:
    assert [row[1] for row in await listed(supervisor, query)] == numbers


async def test_the_agent_filter_finds_who_answered(supervisor: Client, stage: Stage) -> None:
    assert [row[1] for row in await listed(supervisor, f"agent={stage.agent.id}")] == [1]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=yesterday", "since"),
        ("since=0001-01-01", "since"),
        ("until=9999-12-31", "until"),
        ("since=2026-11-03&until=2026-11-01", "until"),
        ("shop=nobody", "shop"),
        ("channel=fax", "channel"),
        ("outcome=%00", "outcome"),
        ("reason=none", "reason"),
        ("agent=42", "agent"),
        ("q=hello", "q"),
        ("q=nobody%231", "q"),
        ("q=090-1234-5678", "q"),
    ],
)
async def test_a_wrong_filter_is_said_beside_its_field(supervisor: Client, query: str, field: str) -> None:
    answer = await supervisor.get(f"/interactions?{query}", headers=JSON)
    page = await supervisor.get(f"/interactions?{query}")

    assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text


@pytest.mark.parametrize("place", ["older=nonsense", "newer=1.2", "older=99999999999999999.0", "older="])
async def test_an_unreadable_place_is_the_first_page(supervisor: Client, place: str) -> None:
    assert len(await listed(supervisor, place)) == 3


async def test_pages_lead_down_and_up_again_without_gap_or_double(
    app: Litestar, session: AsyncSession, stage: Stage
) -> None:
    for minute in range(108):
        await an_abandoned_call(
            session, stage.coffee.tenant_id, at=START - timedelta(minutes=minute // 2 + 1)
        )
    await session.commit()
    seen: list[list[str]] = []
    async with signed_in(app, stage.supervisor) as client:
        address = "/interactions"
        while address:
            told = (await client.get(address, headers=JSON)).json()
            seen.append([row["id"] for row in told["interactions"]])
            address = told["older"]
        up = (await client.get(told["newer"], headers=JSON)).json()
        top = (await client.get(up["newer"], headers=JSON)).json()

    assert [len(page) for page in seen] == [50, 50, 11]
    assert len({one for page in seen for one in page}) == 111
    assert [row["id"] for row in up["interactions"]] == seen[1]
    assert [row["id"] for row in top["interactions"]] == seen[0]
    assert top["newer"] is None


async def test_htmx_gets_the_rows_alone_and_a_browser_going_back_the_whole_page(supervisor: Client) -> None:
    rows = await supervisor.get("/interactions", headers={"HX-Request": "true"})
    back = await supervisor.get(
        "/interactions", headers={"HX-Request": "true", "HX-History-Restore-Request": "true"}
    )

    assert "<html" not in rows.text
    assert 'id="log"' in rows.text
    assert "<html" in back.text


async def test_nothing_found_says_what_to_do(supervisor: Client) -> None:
    answer = await supervisor.get("/interactions?channel=mail")

    assert "条件に合う" in answer.text


async def test_reading_the_list_leaves_a_trail_without_what_was_typed(
    supervisor: Client, session: AsyncSession, stage: Stage
) -> None:
    await listed(supervisor, "q=090-1234-5678&shop=minato")

    entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "interactions.listed"))
    assert entry is not None
    assert entry.shop_id == stage.coffee.tenant_id
    assert entry.detail == {"asked": ["shop", "q"], "rows": 2}


async def test_a_house_without_shops_has_an_empty_log(app: Litestar, session: AsyncSession) -> None:
    supervisor = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, supervisor) as client:
        empty = await client.get("/interactions")
        looked_up = await client.get("/interactions?q=090-1234-5678")

    assert (empty.status_code, looked_up.status_code) == (200, 422)
