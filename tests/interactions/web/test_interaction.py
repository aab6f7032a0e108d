"""The page of one call or mail."""

from uuid import UUID

from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.cases import open_case
from interactions.commands import Opening, open_interaction
from interactions.values import Channel
from nanori.actors import Role
from nanori.audit import AuditEntry
from tests.support.calls import an_abandoned_call, an_answered_call
from tests.support.clock import START
from tests.support.people import a_shop, an_account, signed_in

JSON = {"Accept": "application/json"}


async def test_the_page_tells_the_times_and_the_story_of_a_call(app: Litestar, session: AsyncSession) -> None:
    shop = await a_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    call = await an_answered_call(session, shop.tenant_id, agent.id)
    await session.commit()
    async with signed_in(app, agent) as client:
        told = (await client.get(f"/interactions/{shop.tenant_id}/{call.id}", headers=JSON)).json()
        page = await client.get(f"/interactions/{shop.tenant_id}/{call.id}")

    assert (told["talk_ms"], told["hold_ms"], told["acw_ms"]) == (60_000, 20_000, 30_000)
    assert [value for _, value, _ in told["figures"]] == ["0:12", "1:00", "0:20", "0:30"]
    assert [event["said"] for event in told["events"]][3:6] == [
        "試験 太郎さんを呼び出しました",
        "試験 太郎さんが応答しました",
        "保留にしました",
    ]
    assert "着信" in page.text
    assert "090-1234-5678" in page.text


async def test_earlier_contacts_are_those_with_the_same_shop(app: Litestar, session: AsyncSession) -> None:
    coffee, flowers = await a_shop(session), await a_shop(session)
    first = await an_abandoned_call(session, coffee.tenant_id)
    await an_abandoned_call(session, flowers.tenant_id)
    second = await an_abandoned_call(session, coffee.tenant_id)
    supervisor = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, supervisor) as client:
        told = (await client.get(f"/interactions/{coffee.tenant_id}/{second.id}", headers=JSON)).json()

    assert [one["href"] for one in told["earlier"]] == [f"/interactions/{coffee.tenant_id}/{first.id}"]


async def test_a_foreign_interaction_answers_like_one_that_never_was(
    app: Litestar, session: AsyncSession
) -> None:
    mine, other = await a_shop(session), await a_shop(session)
    call = await an_abandoned_call(session, other.tenant_id)
    agent = await an_account(session, Role.AGENT, shops=[mine.tenant_id])
    await session.commit()

    async def said(tenant_id: UUID, interaction_id: UUID) -> tuple[int, str, str]:
        answer = await client.get(f"/interactions/{tenant_id}/{interaction_id}", headers=JSON)
        told = answer.json()
        return answer.status_code, told["code"], told["message"]

    async with signed_in(app, agent) as client:
        foreign = await said(other.tenant_id, call.id)
        under_my_shop = await said(mine.tenant_id, call.id)
        never = await said(uuid7(), uuid7())

    assert foreign == under_my_shop == never
    assert foreign[0] == 404


async def test_each_reading_is_on_the_trail(app: Litestar, session: AsyncSession) -> None:
    shop = await a_shop(session)
    call = await an_abandoned_call(session, shop.tenant_id)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    await session.commit()
    async with signed_in(app, agent) as client:
        await client.get(f"/interactions/{shop.tenant_id}/{call.id}")

    entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "interaction.read"))
    assert entry is not None
    assert (entry.account_id, entry.shop_id, entry.subject_id) == (agent.id, shop.tenant_id, call.id)


async def test_a_mails_page_leads_to_its_case_for_those_who_may_read_mails(
    app: Litestar, session: AsyncSession
) -> None:
    shop = await a_shop(session)
    case = await open_case(
        session, shop.tenant_id, subject="届かない", shopper_id=None, due_at=None, now=START
    )
    opening = Opening(channel=Channel.MAIL, case_id=case.id)
    mail = await open_interaction(session, shop.tenant_id, opening, now=START)
    people = [await an_account(session, role) for role in (Role.SUPERVISOR, Role.OPERATOR)]
    await session.commit()
    pages = []
    for account in people:
        async with signed_in(app, account) as client:
            pages.append((await client.get(f"/interactions/{shop.tenant_id}/{mail.id}")).text)

    assert [f"/mail/{shop.tenant_id}/{case.id}" in page for page in pages] == [True, False]
