"""The policy's editor: what is stored, what is refused and where, and the test run under it."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.roster import open_standing_desk
from nanori.actors import Role
from nanori.errors import InvalidInput
from tenants.contacts import ContactPerson, set_contacts
from tenants.escalation.models import AuthorityLimit, OnCall
from tenants.escalation.queries import limits_for, people_to_call, policy_for
from tenants.models import Tenant
from tenants.queries import contacts_of
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

PEOPLE = (
    ContactPerson(name="店長", phone="+819012345678", mail="owner@shop.example"),
    ContactPerson(name="副店長", phone="+818012345678"),
)
STEP = {
    "desk": "",
    "step-medium": ["phone"],
    "step-person": [],
    "step-days": ["all"],
    "step-from": [""],
    "step-until": [""],
    "step-wait": ["5"],
    "step-times": ["2"],
}


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    shop = await a_shop(session)
    await set_contacts(session, shop.tenant_id, PEOPLE)
    await session.commit()
    return shop


@pytest.fixture
async def leader(session: AsyncSession, app: Litestar, shop: Tenant) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, account) as client:
        yield client


async def test_a_policy_is_stored_and_says_whom_a_call_reaches(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    _, deputy = await contacts_of(session, shop.tenant_id)
    address = f"/shops/{shop.tenant_id}/escalation"

    saved = await leader.post(address, data=STEP | {"step-person": [str(deputy.id)]}, follow_redirects=False)
    page = await leader.get(address)

    assert saved.status_code == 303
    stored = await policy_for(session, shop.tenant_id, None)
    assert stored is not None
    assert [(step.times, named) for step, named in stored.steps] == [(2, frozenset({deputy.id}))]
    called = await people_to_call(session, shop.tenant_id, None, now=START)
    assert [one.name for one in called] == ["副店長", "副店長"]
    run = page.text.partition('id="run"')[2].partition("</section>")[0]
    assert run.count("副店長") == 4, "two calls, or two tries in vain"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"step-person": []}, "誰に連絡するか"),
        ({"step-medium": ["mail"], "step-person": ["{deputy}"]}, "メールアドレスがまだ"),
        ({"step-wait": ["二"]}, "1〜1440"),
        ({"step-times": ["11"]}, "1〜10"),
        ({"step-from": ["09:00"], "step-until": [""]}, "09:00"),
        ({"step-from": ["09:00"], "step-until": ["09:00"]}, "同じ"),
        ({"step-medium": []}, "少なくとも1つ"),
    ],
)
async def test_what_cannot_be_meant_is_refused_at_the_step_and_nothing_is_stored(
    leader: Client, session: AsyncSession, shop: Tenant, changed: dict[str, list[str]], says: str
) -> None:
    owner, deputy = await contacts_of(session, shop.tenant_id)
    form = STEP | {"step-person": [str(owner.id)]} | changed
    form["step-person"] = [one.format(deputy=deputy.id) for one in form["step-person"]]

    refused = await leader.post(f"/shops/{shop.tenant_id}/escalation", data=form)

    assert refused.status_code == 422
    assert says in refused.text
    assert await policy_for(session, shop.tenant_id, None) is None


async def test_a_contact_whom_a_policy_names_cannot_be_taken_away(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    owner, _ = await contacts_of(session, shop.tenant_id)
    await leader.post(f"/shops/{shop.tenant_id}/escalation", data=STEP | {"step-person": [str(owner.id)]})

    with pytest.raises(InvalidInput) as refusal:
        await set_contacts(session, shop.tenant_id, PEOPLE[1:], now=START)

    assert refusal.value.params == {"name": "店長"}
    await set_contacts(session, shop.tenant_id, PEOPLE[::-1], now=START)
    assert [one.id for one in await contacts_of(session, shop.tenant_id)][1] == owner.id, (
        "another order is fine"
    )


async def test_nobody_shares_a_rank_at_one_time_and_gaps_are_shown(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    owner, deputy = await contacts_of(session, shop.tenant_id)
    address = f"/shops/{shop.tenant_id}/escalation/on-call"
    first = {"contact": str(owner.id), "rank": "1", "starts": "2026-11-03T09:00", "ends": "2026-11-04T09:00"}
    later = first | {"contact": str(deputy.id), "starts": "2026-11-04T08:00", "ends": "2026-11-05T09:00"}

    await leader.post(address, data=first)
    refused = await leader.post(address, data=later)
    other_rank = await leader.post(address, data=later | {"rank": "2"}, follow_redirects=False)
    backwards = await leader.post(address, data=later | {"rank": "3", "ends": "2026-11-04T07:00"})
    page = await leader.get(address)

    assert (refused.status_code, other_rank.status_code, backwards.status_code) == (422, 303, 422)
    assert "すでに同じ順位の人" in refused.text
    assert "終了は開始より後の時刻にしてください。" in backwards.text
    assert page.text.count("当番がいません") == 2, "before the first and after the last"
    rival = OnCall(
        tenant_id=shop.tenant_id, id=uuid7(), contact_id=deputy.id, rank=1,
        starts_at=START + timedelta(days=1), ends_at=START + timedelta(days=9),
    )  # fmt: skip
    session.add(rival)
    with pytest.raises(IntegrityError, match="one_of_a_rank_at_a_time"):
        await session.flush()


async def test_a_desk_has_its_own_limit_instead_of_the_shops_on_the_same_subject(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    desk = await open_standing_desk(session, shop.tenant_id, name="窓口", now=START)
    await session.commit()
    address = f"/shops/{shop.tenant_id}/escalation/limits"
    typed = {
        "limit-subject": ["返金", "送料", ""],
        "limit-amount": ["￥３，０００", "", ""],
        "limit-note": [""],
    }

    await leader.post(address, data=typed)
    await leader.post(address, data={"desk": str(desk.id), "limit-subject": "返金", "limit-amount": "500"})
    refused = await leader.post(address, data={"limit-subject": "返品", "limit-amount": "三千"})

    def said(limits: list[AuthorityLimit]) -> list[tuple[str, int | None]]:
        return [(one.subject, one.amount_yen) for one in limits]

    of_shop = await limits_for(session, shop.tenant_id, None)
    of_desk = await limits_for(session, shop.tenant_id, desk.id)
    assert said(of_shop) == [("返金", 3000), ("送料", None)]
    assert said(of_desk) == [("送料", None), ("返金", 500)]
    assert refused.status_code == 422
    assert "三千" in refused.text, "what was typed stays"
