"""A question follows its shop's policy until the shop has seen it; the shop answers on its own page."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.roster import open_standing_desk
from interactions import commands as log
from interactions.commands import Opening
from interactions.models import Interaction, InteractionEvent
from interactions.questions import commands, queries
from interactions.questions.commands import Asked
from interactions.questions.errors import AlreadyAsked, NotYourTurn
from interactions.questions.forgetting import forget_people
from interactions.questions.jobs import ReachByMail
from interactions.questions.models import ShopQuestion
from interactions.questions.values import Side, Verdict
from interactions.values import Channel, EventKind
from interactions.worker import forget_contacts
from mailroom.models import Outgoing
from mailroom.notices import write_to_shop
from nanori.actors import SYSTEM, Actor, ActorKind, Role
from nanori.db import bind_all_shops
from tenants.commands import add_address
from tenants.contacts import ContactPerson, set_contacts
from tenants.escalation.commands import StepFacts, set_policy
from tenants.escalation.queries import limits_for
from tenants.escalation.values import Medium
from tenants.events import ContactsChanged
from tenants.models import Tenant
from tenants.queries import contacts_of
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

REFUND = Asked(subject="返金", text="破損のため返金してよいですか。", amount_yen=2800)
MINUTE = timedelta(minutes=1)
OWNER = Actor(kind=ActorKind.CONTACT)


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    """Asks by mail, then by a notice."""
    shop = await a_shop(session)
    owner = ContactPerson(name="店長", phone="+819012345678", mail="owner@shop.example")
    await set_contacts(session, shop.tenant_id, [owner])
    await add_address(session, shop.tenant_id, f"support@{shop.slug}.example")
    (contact,) = await contacts_of(session, shop.tenant_id)
    steps = [
        StepFacts(medium=Medium.MAIL, contacts=(contact.id,), wait_minutes=10),
        StepFacts(medium=Medium.PORTAL, wait_minutes=30),
    ]
    await set_policy(session, shop.tenant_id, None, steps, now=START)
    await session.commit()
    return shop


@pytest.fixture
async def interaction(session: AsyncSession, shop: Tenant) -> Interaction:
    found = await log.open_interaction(session, shop.tenant_id, Opening(channel=Channel.MAIL), now=START)
    await session.commit()
    return found


@pytest.fixture
async def owner(session: AsyncSession, app: Litestar, shop: Tenant) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.MERCHANT, shops=[shop.tenant_id])
    await session.commit()
    async with signed_in(app, account) as client:
        yield client


async def asked(session: AsyncSession, interaction: Interaction) -> ShopQuestion:
    return await commands.ask(session, interaction, REFUND, actor=SYSTEM, now=START)


async def look(session: AsyncSession, question: ShopQuestion, minutes: int) -> list[Medium]:
    await commands.advance(session, question.tenant_id, question.id, now=START + minutes * MINUTE)
    return [one.medium for one in await queries.reaches_of(session, question)]


async def test_the_policy_is_followed_in_time_and_its_end_is_marked(
    session: AsyncSession, interaction: Interaction
) -> None:
    question = await asked(session, interaction)

    assert await look(session, question, 0) == [Medium.MAIL]
    assert await look(session, question, 9) == [Medium.MAIL]
    assert await look(session, question, 10) == [Medium.MAIL, Medium.PORTAL]
    await look(session, question, 40)
    assert question.exhausted_at == START + 40 * MINUTE
    assert interaction.escalated


async def test_who_has_seen_it_is_left_in_peace_and_a_changed_policy_holds_for_the_next_question(
    session: AsyncSession, interaction: Interaction, shop: Tenant
) -> None:
    question = await asked(session, interaction)
    await look(session, question, 0)
    await set_policy(session, shop.tenant_id, None, [StepFacts(medium=Medium.PORTAL)], now=START)
    await commands.acknowledge(session, shop.tenant_id, question.id, actor=OWNER, now=START + MINUTE)

    assert await look(session, question, 60) == [Medium.MAIL]
    assert question.exhausted_at is None


async def test_one_mail_goes_out_for_a_try_however_often_the_job_runs(
    session: AsyncSession, interaction: Interaction, shop: Tenant
) -> None:
    question = await asked(session, interaction)
    await look(session, question, 0)
    (reach,) = await queries.reaches_of(session, question)
    job = ReachByMail(tenant_id=shop.tenant_id, reach_id=reach.id)

    await write_to_shop.handle(session, job)
    await write_to_shop.handle(session, job)

    (mail,) = (await session.scalars(select(Outgoing).where(Outgoing.tenant_id == shop.tenant_id))).all()
    assert (mail.recipients, mail.sender) == (["owner@shop.example"], f"support@{shop.slug}.example")
    assert b"Re:" not in mail.content


async def test_one_question_at_a_time_and_no_answer_to_what_is_answered(
    session: AsyncSession, interaction: Interaction, shop: Tenant
) -> None:
    question = await asked(session, interaction)
    with pytest.raises(AlreadyAsked):
        await asked(session, interaction)
    key = (session, shop.tenant_id, question.id)
    await commands.answer(*key, Verdict.APPROVED, "", actor=OWNER, now=START + MINUTE)
    with pytest.raises(NotYourTurn):
        await commands.answer(*key, Verdict.REFUSED, "", actor=OWNER, now=START + MINUTE)


async def test_the_shop_answers_on_its_page_and_agrees_to_what_it_always_approves(
    session: AsyncSession, interaction: Interaction, shop: Tenant, owner: Client
) -> None:
    tenant_id = shop.tenant_id
    for n in range(3):
        other = await log.open_interaction(session, tenant_id, Opening(channel=Channel.MAIL), now=START)
        question = await asked(session, other)
        if n:
            await commands.answer(
                session, tenant_id, question.id, Verdict.APPROVED, "", actor=OWNER, now=START
            )
    await session.commit()
    first = next(one.question for one in await queries.open_questions(session, now=START))
    address = f"/shop-questions/{tenant_id}/{first.id}"

    page = await owner.get("/shop-questions")
    seen = await owner.post(f"{address}/acknowledgement", follow_redirects=False)
    empty = await owner.post(f"{address}/answer", data={"verdict": "other", "text": ""})
    said = await owner.post(f"{address}/answer", data={"verdict": "approved"}, follow_redirects=False)
    agreed = await owner.post(f"/shop-questions/{tenant_id}/limits", data={"subject": "返金"})

    assert REFUND.text in page.text
    assert (seen.status_code, empty.status_code, said.status_code) == (303, 422, 303)
    await session.refresh(first)
    assert (first.verdict, first.due_at is not None) == (Verdict.APPROVED, True)
    assert agreed.status_code == 200
    assert [(one.subject, one.amount_yen) for one in await limits_for(session, tenant_id, None)] == [
        ("返金", 2800)
    ]
    await commands.advance(session, tenant_id, first.id, now=first.due_at or START)
    kinds = await session.scalars(
        select(InteractionEvent.kind)
        .where(InteractionEvent.interaction_id == first.interaction_id)
        .order_by(InteractionEvent.seq)
    )
    assert kinds.all()[-3:] == [
        EventKind.ESCALATED, EventKind.ESCALATION_ACKNOWLEDGED, EventKind.CLIENT_ANSWERED,
    ]  # fmt: skip


async def test_what_was_left_open_is_asked_once_more_and_settled(
    session: AsyncSession, interaction: Interaction, shop: Tenant
) -> None:
    question = await asked(session, interaction)
    key = (session, shop.tenant_id, question.id)
    await look(session, question, 0)
    await commands.answer(*key, Verdict.OTHER, "写真を見せてください。", actor=OWNER, now=START + MINUTE)
    await commands.ask_again(*key, "写真を送りました。", actor=SYSTEM, now=START + 2 * MINUTE)

    assert await look(session, question, 2) == [Medium.MAIL, Medium.MAIL], "from the first step on"
    await commands.close_question(*key, actor=SYSTEM, now=START + 3 * MINUTE)
    assert await look(session, question, 60) == [Medium.MAIL, Medium.MAIL]
    (clocks,) = await queries.held(session, [question], now=START + 60 * MINUTE)
    assert (clocks.debt.holder, clocks.debt.held) == (None, {Side.SHOP: 2 * MINUTE, Side.DESK: MINUTE})


async def test_a_contact_who_has_left_is_forgotten_in_what_is_closed_and_nowhere_before(
    session: AsyncSession, interaction: Interaction, shop: Tenant
) -> None:
    question = await asked(session, interaction)
    await look(session, question, 0)
    news = ContactsChanged(tenant_id=shop.tenant_id)
    await set_policy(session, shop.tenant_id, None, [StepFacts(medium=Medium.PORTAL)], now=START)
    await set_contacts(session, shop.tenant_id, [ContactPerson(name="次の店長", phone="+819012345679")])
    await forget_contacts.handle(session, news)
    assert "owner@shop.example" in str(question.plan)

    await commands.close_question(session, shop.tenant_id, question.id, actor=SYSTEM, now=START + MINUTE)
    (reach,) = await queries.reaches_of(session, question)
    kept = f"{question.plan} {reach.people}"
    assert not any(one in kept for one in ("店長", "+819012345678", "owner@shop.example"))
    assert [step["medium"] for step in question.plan["steps"]] == ["mail", "portal"]
    assert (await session.scalars(select(ShopQuestion.text))).all() == [REFUND.text]


async def test_a_contact_who_stays_is_kept_until_the_season_of_the_desk_is_over(
    session: AsyncSession, interaction: Interaction, shop: Tenant
) -> None:
    desk = await open_standing_desk(session, shop.tenant_id, name="窓口", now=START)
    interaction.desk_id = desk.id
    question = await asked(session, interaction)
    await commands.close_question(session, shop.tenant_id, question.id, actor=SYSTEM, now=START + MINUTE)
    await forget_people(session, shop.tenant_id)
    assert "owner@shop.example" in str(question.plan)

    await forget_people(session, shop.tenant_id, desk_id=desk.id)
    assert "owner@shop.example" not in str(question.plan)


async def test_lists_of_questions_cost_a_counted_number_of_statements(
    session: AsyncSession, app: Litestar, shop: Tenant
) -> None:
    """As many with six questions as with one."""
    readers = {
        "/questions": await an_account(session, Role.SUPERVISOR),
        "/shop-questions": await an_account(session, Role.MERCHANT, shops=[shop.tenant_id]),
    }
    counts: dict[str, list[int]] = {path: [] for path in readers}
    for more in (1, 5):
        await bind_all_shops(session)
        for _ in range(more):
            opening = Opening(channel=Channel.MAIL)
            about = await log.open_interaction(session, shop.tenant_id, opening, now=START)
            question = await asked(session, about)
            await commands.advance(session, shop.tenant_id, question.id, now=START)
        await session.commit()
        for path, reader in readers.items():
            async with signed_in(app, reader) as client:
                with statements(session) as few:
                    assert (await client.get(path)).status_code == 200
            counts[path].append(len(few))

    assert all(one == many <= 14 for one, many in counts.values()), counts
