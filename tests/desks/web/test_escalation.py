"""The policy's editor: what is stored, what is refused and where, and the test run under it."""

from collections.abc import AsyncGenerator

import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.errors import InvalidInput
from tenants.contacts import ContactPerson, set_contacts
from tenants.escalation.queries import people_to_call, policy_for
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
