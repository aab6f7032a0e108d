from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks.profiles import Profile, set_profile
from interactions.cases import open_case
from interactions.models import Case, Interaction, InteractionEvent
from interactions.values import CaseState, EventKind, Outcome
from mailroom.commands import answering
from mailroom.commands.answering import Answer, answer_case, close_without_answer, release_case, take_case
from mailroom.errors import AnswerEmpty, CaseMovedOn, CaseTaken, HandsFull, NothingToAnswer
from mailroom.models import Draft, MailMessage, Outgoing
from mailroom.parsing import parse_mail
from mailroom.values import AfterAnswer, Direction, SendState
from nanori.actors import Actor, ActorKind, Role
from nanori.db import bind_all_shops
from tests.mailroom.conftest import MailShop, Receives
from tests.mailroom.samples import mail
from tests.support.clock import TestClock
from tests.support.people import an_account


def agent(shop: MailShop) -> Actor:
    return Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)


@pytest.fixture
async def case(session: AsyncSession, shop: MailShop, receives: Receives) -> Case:
    """One mail has come in."""
    await receives(shop.letter())
    await bind_all_shops(session)
    return (await session.scalars(select(Case))).one()


async def events(session: AsyncSession) -> list[tuple[int, EventKind]]:
    rows = await session.execute(
        select(Interaction.number, InteractionEvent.kind)
        .join(Interaction, Interaction.id == InteractionEvent.interaction_id)
        .order_by(Interaction.number, InteractionEvent.seq)
    )
    return [(row[0], row[1]) for row in rows]


async def test_an_answer_goes_out_under_the_shops_name_and_is_the_first_reply(
    session: AsyncSession, shop: MailShop, case: Case, clock: TestClock
) -> None:
    clock.advance(timedelta(minutes=30))
    answer = Answer(
        text=" お調べします。 ", version=case.version, attribution="11月2日 田中さんは書きました:"
    )
    message = await answer_case(session, shop.id, case.id, answer, actor=agent(shop), now=clock.now())
    outgoing = (await session.scalars(select(Outgoing))).one()
    sent = parse_mail(outgoing.content)
    assert (sent.author.name, sent.author.address) == ("ミナト珈琲", shop.address)
    assert [to.address for to in sent.to] == outgoing.recipients == ["tanaka@x.example"]
    assert sent.subject == "Re: 注文の件"
    assert sent.text.startswith("お調べします。\n\n11月2日 田中さんは書きました:\n> 届きません。")
    assert (sent.message_id, sent.in_reply_to) == (message.message_id_header, ("<1@x.example>",))
    assert (outgoing.state, message.text, message.written_by) == (
        SendState.QUEUED,
        "お調べします。\n",
        shop.agent.id,
    )
    interaction = (await session.scalars(select(Interaction))).one()
    assert (interaction.first_reply_at, interaction.agent_id) == (clock.now(), shop.agent.id)
    assert interaction.outcome is Outcome.REPLIED
    assert (case.state, case.closed_at) == (CaseState.DONE, clock.now())
    assert await events(session) == [
        (1, EventKind.RECEIVED),
        (1, EventKind.FIRST_REPLY),
        (1, EventKind.ENDED),
        (1, EventKind.SOLVED),
    ]


async def test_one_answer_replies_to_every_open_mail_and_a_further_one_to_none(
    session: AsyncSession, shop: MailShop, case: Case, receives: Receives, clock: TestClock
) -> None:
    pending = Answer(text="一通目", version=case.version, after=AfterAnswer.PENDING)
    ours = await answer_case(session, shop.id, case.id, pending, actor=agent(shop), now=clock.now())
    await session.commit()
    for number in (2, 3):
        await receives(shop.letter(f"In-Reply-To: {ours.message_id_header}", number=number))
    await bind_all_shops(session)
    await session.refresh(case)
    second = Answer(text="二通目", version=case.version, after=AfterAnswer.PENDING)
    await answer_case(session, shop.id, case.id, second, actor=agent(shop), now=clock.now())
    third = Answer(text="三通目", version=case.version)
    await answer_case(session, shop.id, case.id, third, actor=agent(shop), now=clock.now())
    kinds = [
        kind for number, kind in await events(session) if kind in (EventKind.FIRST_REPLY, EventKind.REPLIED)
    ]
    assert kinds == [EventKind.FIRST_REPLY, EventKind.FIRST_REPLY, EventKind.FIRST_REPLY, EventKind.REPLIED]
    assert case.state is CaseState.DONE


async def test_two_agents_cannot_both_answer(
    session: AsyncSession, shop: MailShop, case: Case, clock: TestClock
) -> None:
    seen = case.version
    other = await an_account(session, Role.AGENT, shops=[shop.id])
    await answer_case(
        session, shop.id, case.id, Answer(text="先の返信", version=seen), actor=agent(shop), now=clock.now()
    )
    with pytest.raises(CaseMovedOn):
        await answer_case(
            session,
            shop.id,
            case.id,
            Answer(text="後の返信", version=seen),
            actor=Actor(kind=ActorKind.AGENT, account_id=other.id),
            now=clock.now(),
        )
    written = await session.scalars(select(MailMessage).where(MailMessage.direction == Direction.OUTBOUND))
    assert [message.text for message in written] == ["先の返信\n"]


async def test_a_mail_that_comes_in_while_an_agent_writes_is_read_first(
    session: AsyncSession, shop: MailShop, case: Case, receives: Receives, clock: TestClock
) -> None:
    ours = await answer_case(
        session, shop.id, case.id, Answer(text="a", version=case.version, after=AfterAnswer.PENDING),
        actor=agent(shop), now=clock.now(),
    )  # fmt: skip
    await session.commit()
    seen = case.version
    await receives(shop.letter(f"References: {ours.message_id_header}", number=2))
    await bind_all_shops(session)
    with pytest.raises(CaseMovedOn):
        await answer_case(
            session, shop.id, case.id, Answer(text="b", version=seen), actor=agent(shop), now=clock.now()
        )


async def test_a_case_that_an_agent_has_taken_is_refused_to_others(
    session: AsyncSession, shop: MailShop, case: Case, clock: TestClock
) -> None:
    other = await an_account(session, Role.AGENT, shops=[shop.id])
    await take_case(session, shop.id, case.id, agent_id=other.id, now=clock.now())
    await take_case(session, shop.id, case.id, agent_id=other.id, now=clock.now())
    answer = Answer(text="a", version=case.version)
    for refused in (
        take_case(session, shop.id, case.id, agent_id=shop.agent.id, now=clock.now()),
        answer_case(session, shop.id, case.id, answer, actor=agent(shop), now=clock.now()),
        close_without_answer(
            session, shop.id, case.id, version=case.version, actor=agent(shop), now=clock.now()
        ),
    ):
        with pytest.raises(CaseTaken):
            await refused
    with pytest.raises(CaseTaken):
        await release_case(session, shop.id, case.id, agent_id=shop.agent.id, now=clock.now())
    await release_case(session, shop.id, case.id, agent_id=shop.agent.id, now=clock.now(), frees_others=True)
    await answer_case(session, shop.id, case.id, answer, actor=agent(shop), now=clock.now())


async def test_an_agent_takes_no_more_mails_than_the_profile_allows(
    session: AsyncSession, shop: MailShop, case: Case, clock: TestClock
) -> None:
    second = await open_case(
        session, shop.id, subject="届かない", shopper_id=None, due_at=None, now=clock.now()
    )
    await set_profile(session, shop.agent.id, Profile(mails_at_once=1))
    await take_case(session, shop.id, case.id, agent_id=shop.agent.id, now=clock.now())
    await take_case(session, shop.id, case.id, agent_id=shop.agent.id, now=clock.now())
    with pytest.raises(HandsFull):
        await take_case(session, shop.id, second.id, agent_id=shop.agent.id, now=clock.now())
    await release_case(session, shop.id, case.id, agent_id=shop.agent.id, now=clock.now())
    await take_case(session, shop.id, second.id, agent_id=shop.agent.id, now=clock.now())


async def test_an_answer_without_words_or_without_an_address_is_refused(
    session: AsyncSession, shop: MailShop, case: Case, receives: Receives, clock: TestClock
) -> None:
    with pytest.raises(AnswerEmpty):
        await answer_case(
            session, shop.id, case.id, Answer(text=" \n\t", version=case.version), actor=agent(shop),
            now=clock.now(),
        )  # fmt: skip
    await session.commit()
    await receives(mail(f"To: {shop.address}", body="from nobody"))
    await bind_all_shops(session)
    silent = (await session.scalars(select(Case).where(Case.number == 2))).one()
    with pytest.raises(NothingToAnswer):
        await answer_case(
            session, shop.id, silent.id, Answer(text="a", version=silent.version), actor=agent(shop),
            now=clock.now(),
        )  # fmt: skip


async def test_a_case_is_closed_without_an_answer(
    session: AsyncSession, shop: MailShop, case: Case, clock: TestClock
) -> None:
    with pytest.raises(CaseMovedOn):
        await close_without_answer(session, shop.id, case.id, version=99, actor=agent(shop), now=clock.now())
    await close_without_answer(
        session, shop.id, case.id, version=case.version, actor=agent(shop), now=clock.now()
    )
    interaction = (await session.scalars(select(Interaction))).one()
    assert (interaction.outcome, interaction.first_reply_at) == (Outcome.NO_ACTION, None)
    assert case.state is CaseState.NO_ACTION


async def test_a_draft_is_kept_for_its_agent_and_goes_with_the_answer(
    session: AsyncSession, shop: MailShop, case: Case, clock: TestClock
) -> None:
    for text in ("書きかけ", "書きかけの返信"):
        await answering.save_draft(session, case, text, agent_id=shop.agent.id, now=clock.now())
    assert [draft.text for draft in await session.scalars(select(Draft))] == ["書きかけの返信"]
    await answering.save_draft(session, case, " ", agent_id=shop.agent.id, now=clock.now())
    assert (await session.scalars(select(Draft))).all() == []
    await answering.save_draft(session, case, "もう一度", agent_id=shop.agent.id, now=clock.now())
    await answer_case(
        session, shop.id, case.id, Answer(text="a", version=case.version), actor=agent(shop), now=clock.now()
    )
    assert (await session.scalars(select(Draft))).all() == []


async def test_the_work_on_an_answer_is_in_the_log_with_it(
    session: AsyncSession, shop: MailShop, case: Case, clock: TestClock
) -> None:
    """Taken, a draft after two minutes, answered after thirty: silence counts for ten."""
    taken = clock.now()
    await take_case(session, shop.id, case.id, agent_id=shop.agent.id, now=taken)
    await answering.save_draft(session, case, "a", agent_id=shop.agent.id, now=taken + timedelta(minutes=2))
    answer = Answer(text="a", version=case.version)
    await answer_case(session, shop.id, case.id, answer, actor=agent(shop), now=taken + timedelta(minutes=30))

    events = await session.execute(select(InteractionEvent.kind, InteractionEvent.data["worked_ms"]))
    worked = {kind: ms for kind, ms in events if ms is not None}
    assert worked == {EventKind.FIRST_REPLY: 12 * 60_000}
