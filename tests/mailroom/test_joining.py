"""Cases that are joined, parted and split; a database of the transaction, no server."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.cases import open_case
from interactions.errors import CaseIsJoined, CaseNotFound, JoinNotFound, NothingToJoin, SameCase
from interactions.heads import Joining, heads
from interactions.joins import undo_join
from interactions.models import Case, CaseJoin, Interaction, InteractionEvent
from interactions.values import CaseState, EventKind, Outcome
from mailroom.commands.answering import (
    Answer,
    answer_case,
    close_without_answer,
    save_draft,
    take_case,
)
from mailroom.commands.joining import Second, Wanted, join_case, split_case
from mailroom.errors import CaseMovedOn, CaseTaken, DraftsLeft, NotToSplit, SubjectMissing
from mailroom.models import Draft, MailMessage
from mailroom.queries import open_mail_cases, thread_of
from mailroom.values import DraftFate
from nanori.actors import Actor, ActorKind, Role
from nanori.db import bind_all_shops
from nanori.errors import Error
from tests.mailroom.conftest import MailShop, Receives, a_mail_shop
from tests.support.clock import TestClock
from tests.support.people import an_account


def agent(shop: MailShop) -> Actor:
    return Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)


class Desk:
    """What an agent does with the cases of one shop, by their numbers."""

    def __init__(self, session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock) -> None:
        self.session, self.shop, self.receives, self.clock = session, shop, receives, clock
        self._mails = 0

    async def mail(self, *headers: str) -> MailMessage:
        self._mails += 1
        await self.session.commit()
        await self.receives(self.shop.letter(*headers, number=self._mails))
        await bind_all_shops(self.session)
        found = await self.session.scalars(select(MailMessage).order_by(MailMessage.id.desc()).limit(1))
        return found.one()

    async def case(self, number: int) -> Case:
        found = await self.session.scalars(
            select(Case).where(Case.number == number, Case.tenant_id == self.shop.id)
        )
        one = found.one()
        await self.session.refresh(one)
        return one

    async def join(
        self, number: int, into: int, *, drafts: DraftFate | None = None, version: int | None = None
    ) -> CaseJoin:
        self.clock.advance(timedelta(minutes=1))
        case, other = await self.case(number), await self.case(into)
        wanted = Wanted(into_id=other.id, version=version or case.version, reason="同じ件", drafts=drafts)
        return await join_case(
            self.session, self.shop.id, case.id, wanted, actor=agent(self.shop), now=self.clock.now()
        )

    async def undo(self, join: CaseJoin) -> Case:
        self.clock.advance(timedelta(minutes=1))
        return await undo_join(
            self.session, self.shop.id, join.id, actor=agent(self.shop), now=self.clock.now()
        )

    async def answer(self, number: int, words: str = "承知しました。") -> MailMessage:
        self.clock.advance(timedelta(minutes=1))
        case = await self.case(number)
        return await answer_case(
            self.session, self.shop.id, case.id, Answer(text=words, version=case.version),
            actor=agent(self.shop), now=self.clock.now(),
        )  # fmt: skip

    async def split(self, number: int, mail: MailMessage, subject: str = "領収書") -> Case:
        self.clock.advance(timedelta(minutes=1))
        case = await self.case(number)
        second = Second(message_id=mail.id, version=case.version, subject=subject)
        return await split_case(
            self.session, self.shop.id, case.id, second, actor=agent(self.shop), now=self.clock.now()
        )

    async def events(self, kind: EventKind) -> int:
        found = await self.session.scalars(select(InteractionEvent).where(InteractionEvent.kind == kind))
        return len(found.all())


@pytest.fixture
def desk(session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock) -> Desk:
    return Desk(session, shop, receives, clock)


async def test_a_joined_case_is_closed_and_read_and_answered_in_the_other(desk: Desk) -> None:
    await desk.mail()
    await desk.mail()
    await desk.join(2, 1)
    joined, head = await desk.case(2), await desk.case(1)
    assert (joined.state, joined.joined_to, joined.due_at) == (CaseState.JOINED, head.id, None)
    assert [mail.message.case_id for mail in await thread_of(desk.session, head)] == [head.id, joined.id]
    assert [row.case.number for row in await open_mail_cases(desk.session, [desk.shop.id])] == [1]
    answer = await desk.answer(1)
    assert answer.case_id == joined.id, "the answer stays with the mail that it answers"
    assert set(await desk.session.scalars(select(Interaction.outcome))) == {Outcome.REPLIED}
    assert await desk.events(EventKind.FIRST_REPLY) == 2


async def test_an_answer_to_the_joined_case_takes_the_other_up(desk: Desk) -> None:
    await desk.mail()
    await desk.mail()
    ours = await desk.answer(2)
    await desk.answer(1)
    await desk.join(2, 1)
    assert (await desk.case(1)).state is CaseState.DONE
    mail = await desk.mail(f"In-Reply-To: {ours.message_id_header}")
    assert mail.case_id == (await desk.case(2)).id
    assert ((await desk.case(1)).state, (await desk.case(2)).state) == (CaseState.OPEN, CaseState.JOINED)
    assert await desk.events(EventKind.REOPENED) == 1


async def test_nobody_works_on_a_joined_case(desk: Desk) -> None:
    await desk.mail()
    await desk.mail()
    await desk.join(2, 1)
    case, who, now = await desk.case(2), desk.shop.agent.id, desk.clock.now()
    for refused in (
        desk.answer(2),
        desk.join(2, 1),
        take_case(desk.session, desk.shop.id, case.id, agent_id=who, now=now),
        save_draft(desk.session, case, "a", agent_id=who, now=now),
        close_without_answer(
            desk.session, desk.shop.id, case.id, version=case.version, actor=agent(desk.shop), now=now
        ),
    ):
        with pytest.raises(CaseIsJoined):
            await refused


async def test_joins_make_no_chain_and_no_circle(desk: Desk) -> None:
    for _ in range(4):
        await desk.mail()
    await desk.join(3, 2)
    second = await desk.join(2, 1)
    await desk.join(4, 3)
    head = await desk.case(1)
    assert {(await desk.case(number)).joined_to for number in (2, 3, 4)} == {head.id}
    with pytest.raises(SameCase):
        await desk.join(1, 4)
    with pytest.raises(SameCase):
        await desk.join(1, 1)
    await desk.undo(second)
    assert (await desk.case(3)).joined_to == (await desk.case(2)).id, "who came with it goes with it"
    assert (await desk.case(4)).joined_to == head.id
    assert (await desk.case(2)).state is CaseState.OPEN


async def test_the_database_itself_refuses_a_chain(desk: Desk) -> None:
    for _ in range(3):
        await desk.mail()
    await desk.join(2, 1)
    for number, into in ((3, 2), (3, 3)):
        with pytest.raises(IntegrityError):
            async with desk.session.begin_nested():
                await desk.session.execute(
                    text("UPDATE \"case\" SET state = 'joined', joined_to = :into WHERE id = :id"),
                    {"id": (await desk.case(number)).id, "into": (await desk.case(into)).id},
                )


async def test_an_undone_join_gives_each_case_back_what_waits(desk: Desk) -> None:
    await desk.mail()
    await desk.mail()
    before = await desk.case(2)
    due = before.due_at
    await desk.answer(1)
    join = await desk.join(2, 1)
    assert ((await desk.case(1)).state, (await desk.case(1)).due_at) == (CaseState.OPEN, due)
    await desk.undo(join)
    assert ((await desk.case(1)).state, (await desk.case(2)).state) == (CaseState.DONE, CaseState.OPEN)
    assert (await desk.case(2)).due_at == due
    with pytest.raises(JoinNotFound):
        await desk.undo(join)
    again = await desk.join(2, 1)
    await desk.answer(1)
    await desk.undo(again)
    assert (await desk.case(2)).state is CaseState.DONE, "it was answered meanwhile"


async def test_a_case_in_other_hands_is_not_joined_and_one_in_mine_stays_mine(desk: Desk) -> None:
    await desk.mail()
    await desk.mail()
    other = await an_account(desk.session, Role.AGENT, shops=[desk.shop.id])
    case = await desk.case(2)
    seen = case.version
    case.assigned_to = other.id
    await desk.session.flush()
    with pytest.raises(CaseTaken):
        await desk.join(2, 1)
    case.assigned_to = desk.shop.agent.id
    await desk.session.flush()
    with pytest.raises(CaseMovedOn):
        await desk.join(2, 1, version=seen + 1)
    await desk.join(2, 1)
    assert (await desk.case(1)).assigned_to == desk.shop.agent.id


@pytest.mark.parametrize(
    ("fate", "left"), [(DraftFate.TAKE, ["先の下書き\n\n――\n後の下書き"]), (DraftFate.DROP, ["先の下書き"])]
)
async def test_drafts_are_dealt_with_in_words(desk: Desk, fate: DraftFate, left: list[str]) -> None:
    await desk.mail()
    await desk.mail()
    for number, words in ((1, "先の下書き"), (2, "後の下書き")):
        await save_draft(
            desk.session, await desk.case(number), words, agent_id=desk.shop.agent.id, now=desk.clock.now()
        )
    with pytest.raises(DraftsLeft):
        await desk.join(2, 1)
    await desk.join(2, 1, drafts=fate)
    assert list(await desk.session.scalars(select(Draft.text))) == left


async def test_cases_of_two_shops_are_never_joined(desk: Desk) -> None:
    await desk.mail()
    other = await a_mail_shop(desk.session, brand="さくら堂")
    foreign = await open_case(
        desk.session, other.id, subject="a", shopper_id=None, due_at=None, now=desk.clock.now()
    )
    case = await desk.case(1)
    wanted = Wanted(into_id=foreign.id, version=case.version, reason="")
    with pytest.raises(CaseNotFound):
        await join_case(
            desk.session, desk.shop.id, case.id, wanted, actor=agent(desk.shop), now=desk.clock.now()
        )
    with pytest.raises(IntegrityError):
        async with desk.session.begin_nested():
            await desk.session.execute(
                text("UPDATE \"case\" SET state = 'joined', joined_to = :into WHERE id = :id"),
                {"id": case.id, "into": foreign.id},
            )


async def test_a_case_without_any_contact_cannot_be_joined(desk: Desk) -> None:
    await desk.mail()
    await open_case(
        desk.session, desk.shop.id, subject="a", shopper_id=None, due_at=None, now=desk.clock.now()
    )
    with pytest.raises(NothingToJoin):
        await desk.join(2, 1)


async def test_a_mail_with_two_questions_becomes_two_cases_and_is_received_once(desk: Desk) -> None:
    mail = await desk.mail()
    made = await desk.split(1, mail)
    part, origin = await contact(desk, made.id), await contact(desk, mail.case_id)
    assert (part.part_of, part.arrived_at, part.split_at) == (
        origin.id, origin.arrived_at, desk.clock.now(),
    )  # fmt: skip
    assert (made.subject, made.due_at) == ("領収書", (await desk.case(1)).due_at)
    assert await desk.events(EventKind.RECEIVED) == 1
    assert (await desk.events(EventKind.SPLIT_INTO), await desk.events(EventKind.SPLIT_FROM)) == (1, 1)
    ours = await desk.answer(2)
    assert (ours.in_reply_to, ours.interaction_id) == (mail.message_id_header, part.id)
    assert (await desk.case(1)).state is CaseState.OPEN
    again = await desk.mail(f"In-Reply-To: {ours.message_id_header}")
    assert again.case_id == made.id


async def test_a_part_of_a_part_is_one_of_the_mail_and_can_be_joined_back(desk: Desk) -> None:
    mail = await desk.mail()
    await desk.split(1, mail)
    (copy,) = await thread_of(desk.session, await desk.case(2))
    third = await desk.split(2, copy.message, "名前の変更")
    origin = await contact(desk, mail.case_id)
    assert (await contact(desk, third.id)).part_of == origin.id
    await desk.join(3, 1)
    await desk.join(2, 1)
    await desk.answer(1)
    assert set(await desk.session.scalars(select(Interaction.outcome))) == {Outcome.REPLIED}


async def test_only_a_persons_mail_is_split_and_only_with_a_subject(desk: Desk) -> None:
    mail = await desk.mail()
    with pytest.raises(SubjectMissing):
        await desk.split(1, mail, "  ")
    ours = await desk.answer(1)
    with pytest.raises(NotToSplit):
        await desk.split(1, ours)
    elsewhere = await desk.mail()
    with pytest.raises(NotToSplit):
        await desk.split(1, elsewhere)


async def contact(desk: Desk, case_id: UUID) -> Interaction:
    found = await desk.session.scalars(select(Interaction).where(Interaction.case_id == case_id))
    return found.one()


@pytest.mark.parametrize("seed", [1, 2])
async def test_any_sequence_keeps_every_message_in_one_standing_case(desk: Desk, seed: int) -> None:
    dice, joins = random.Random(seed), list[CaseJoin]()
    mails = [await desk.mail() for _ in range(4)]
    for _ in range(14):
        count = len((await desk.session.scalars(select(Case.id))).all())
        number, other = dice.randrange(1, count + 1), dice.randrange(1, count + 1)
        try:
            async with desk.session.begin_nested():
                match dice.choice(["join", "join", "undo", "split"]):
                    case "join":
                        joins.append(await desk.join(number, other))
                    case "undo" if joins:
                        await desk.undo(dice.choice(joins))
                    case "split":
                        await desk.split(number, dice.choice(mails))
        except Error:
            continue
    await _nothing_is_lost(desk, len(mails))


async def _nothing_is_lost(desk: Desk, received: int) -> None:
    told = await desk.session.execute(
        select(InteractionEvent.kind, InteractionEvent.data)
        .where(InteractionEvent.kind.in_([EventKind.MERGED_INTO, EventKind.MERGE_UNDONE]))
        .order_by(InteractionEvent.at)
    )
    by_log = heads(
        Joining(UUID(data["case"]), UUID(data["into"]) if kind is EventKind.MERGED_INTO else None)
        for kind, data in told
    )
    rows = (await desk.session.execute(select(Case.id, Case.joined_to, Case.state))).all()
    assert by_log, "the sequence has joined something"
    assert {row.id: row.joined_to for row in rows if row.joined_to} == by_log
    standing = [await desk.session.get_one(Case, (desk.shop.id, row.id)) for row in rows if not row.joined_to]
    shown = [mail.message.id for case in standing for mail in await thread_of(desk.session, case)]
    assert sorted(shown) == sorted(await desk.session.scalars(select(MailMessage.id)))
    assert await desk.events(EventKind.RECEIVED) == received
    parts = await desk.events(EventKind.SPLIT_FROM)
    assert len(rows) == len(shown) == received + parts
