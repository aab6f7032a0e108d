"""The pages of desks and rosters."""

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import roster
from desks.models import Desk, RosterEntry
from desks.presence import choose_presence, enter, locked_seat, take_seat
from desks.values import BreakReason, Presence
from nanori.actors import Role
from nanori.audit import AuditEntry
from nanori.identity.models import Account
from tests.support.clock import START
from tests.support.people import Client, an_account, signed_in

JSON = {"Accept": "application/json"}


@pytest.fixture
async def agent(session: AsyncSession, desk: Desk) -> Account:
    agent = await an_account(session, Role.AGENT, shops=[desk.tenant_id])
    await session.commit()
    return agent


def page_of(desk: Desk) -> str:
    return f"/desks/{desk.tenant_id}/{desk.id}"


async def test_an_agent_is_put_on_the_roster_and_taken_off(
    supervisor: Client, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    added = await supervisor.post(
        f"{page_of(desk)}/agents", data={"agent": str(agent.id), "level": "2"}, follow_redirects=False
    )
    there = (await session.scalars(select(RosterEntry.level))).all()
    removed = await supervisor.post(f"{page_of(desk)}/agents/{agent.id}/removal", follow_redirects=False)

    assert (added.status_code, removed.status_code) == (303, 303)
    assert there == [2]
    assert (await session.scalars(select(RosterEntry.id))).all() == []
    actions = (await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))).all()
    assert actions == ["desk.agent_added", "desk.agent_removed"]


@pytest.mark.parametrize(
    "chosen", [{"agent": "", "level": "1"}, {"agent": "42"}, {"agent": "", "level": "9"}]
)
async def test_a_choice_that_is_none_is_said_beside_the_field(
    supervisor: Client, desk: Desk, agent: Account, chosen: dict[str, str]
) -> None:
    answer = await supervisor.post(f"{page_of(desk)}/agents", data=chosen)

    assert answer.status_code == 422
    assert 'id="agent-error"' in answer.text


async def test_times_are_kept_within_their_limits(
    supervisor: Client, session: AsyncSession, desk: Desk
) -> None:
    good = {"ring_seconds": "２０", "wrapup_seconds": "0", "max_wait_seconds": "900"}
    saved = await supervisor.post(f"{page_of(desk)}/times", data=good, follow_redirects=False)
    refused = await supervisor.post(f"{page_of(desk)}/times", data=good | {"ring_seconds": "3"})

    assert saved.status_code == 303
    assert refused.status_code == 422
    assert 'id="ring_seconds-error"' in refused.text
    assert 'value="3"' in refused.text
    await session.refresh(desk)
    assert (desk.ring_seconds, desk.wrapup_seconds, desk.max_wait_seconds) == (20, 0, 900)


async def test_the_overview_tells_who_is_there_and_since_when(
    supervisor: Client, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)
    seat = await locked_seat(session, agent.id, now=START)
    await enter(session, seat, Presence.BREAK, reason=BreakReason.LUNCH.value, now=START)
    await session.commit()
    told = (await supervisor.get("/desks", headers=JSON)).json()

    assert [(one["agents"], one["here"], one["ready"]) for one in told["desks"]] == [(1, 1, 0)]
    assert [(one["presence"], one["desks"]) for one in told["agents"]] == [("離席中（昼休憩）", 1)]


async def test_a_shops_page_leads_to_its_desk(supervisor: Client, desk: Desk) -> None:
    answer = await supervisor.get(f"/shops/{desk.tenant_id}/desk", follow_redirects=False)

    assert answer.headers["location"] == page_of(desk)


async def test_rosters_are_no_business_of_agents(app: Litestar, desk: Desk, agent: Account) -> None:
    async with signed_in(app, agent) as client:
        answers = [(await client.get(path)).status_code for path in ("/desks", page_of(desk))]

    assert answers == [404, 404]


async def test_an_agent_in_training_sees_the_shop_and_gets_no_calls(
    supervisor: Client, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)
    await session.commit()
    place = {"level": "3", "preferred": "y"}
    moved = await supervisor.post(
        f"{page_of(desk)}/agents/{agent.id}/place", data=place, follow_redirects=False
    )
    page = await supervisor.get(page_of(desk))

    assert moved.status_code == 303
    entry = await session.scalar(select(RosterEntry).execution_options(populate_existing=True))
    assert entry is not None
    assert (entry.level, entry.certified, entry.preferred) == (3, False, True)
    assert "研修中（着信なし）" in page.text


async def test_how_a_desk_shares_agents_is_set_and_shown(
    supervisor: Client, session: AsyncSession, desk: Desk
) -> None:
    wanted = {
        "overflow_after_seconds": "45", "weight": "3", "reserved_agents": "2", "max_waiting": "80",
        "interrupts_mail": "y",
    }  # fmt: skip
    saved = await supervisor.post(f"{page_of(desk)}/sharing", data=wanted, follow_redirects=False)
    refused = await supervisor.post(f"{page_of(desk)}/sharing", data=wanted | {"weight": "0"})

    assert (saved.status_code, refused.status_code) == (303, 422)
    assert 'id="weight-error"' in refused.text
    await session.refresh(desk)
    assert (desk.overflow_after_seconds, desk.weight, desk.reserved_agents) == (45, 3, 2)
    assert (desk.max_waiting, desk.interrupts_mail) == (80, True)


async def test_a_desk_without_a_limit_of_its_own_says_what_follows_from_the_agents_there(
    supervisor: Client, session: AsyncSession, desk: Desk, agent: Account
) -> None:
    await roster.put_on_desk(session, desk.tenant_id, desk_id=desk.id, agent_id=agent.id, level=1)
    await take_seat(session, agent.id, tab="tab", now=START)
    await choose_presence(session, agent.id, Presence.READY, reason=None, now=START)
    await session.commit()
    wanted = {"overflow_after_seconds": "0", "weight": "1", "reserved_agents": "0", "max_waiting": ""}
    saved = await supervisor.post(f"{page_of(desk)}/sharing", data=wanted, follow_redirects=False)
    page = await supervisor.get(page_of(desk))

    assert saved.status_code == 303
    await session.refresh(desk)
    assert desk.max_waiting is None
    assert "業務中の 1 人に対し、2 人まで" in page.text


async def test_the_overflow_is_opened_by_hand_and_closed_again(
    supervisor: Client, session: AsyncSession, desk: Desk
) -> None:
    await supervisor.post(f"{page_of(desk)}/overflow", follow_redirects=False)
    await session.refresh(desk)
    opened = desk.overflow_until
    page = await supervisor.get(page_of(desk))
    await supervisor.post(f"{page_of(desk)}/overflow", follow_redirects=False)
    await session.refresh(desk)

    assert opened is not None
    assert "優先順位にかかわらず全員に着信します" in page.text
    assert desk.overflow_until is None
    actions = (await session.scalars(select(AuditEntry.action).order_by(AuditEntry.id))).all()
    assert actions == ["desk.overflow_opened", "desk.overflow_closed"]
