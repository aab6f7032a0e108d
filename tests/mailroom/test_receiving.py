from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Case, Interaction, InteractionEvent
from interactions.orders.contacts import orders_of_contact
from interactions.orders.keeping import keep_orders
from interactions.orders.values import OrderFacts
from interactions.values import CaseState, Channel, EventKind, Outcome, PartyKind
from mailroom import receiving
from mailroom.commands.answering import Answer, answer_case
from mailroom.commands.filing import Mailbox, store_raw
from mailroom.models import Attachment, MailMessage, RawMessage
from mailroom.receiving import ExitCode, file_left_over, file_one, receive
from mailroom.values import RawState
from nanori.actors import Actor, ActorKind
from nanori.db import bind_all_shops
from nanori.installation import Installation
from tests.mailroom.conftest import MailShop, Receives, a_mail_shop
from tests.mailroom.samples import mail, microsoft_jis
from tests.mailroom.test_corpora import MAILS
from tests.support.clock import TestClock
from tests.support.people import count


async def cases(session: AsyncSession) -> Sequence[Case]:
    await bind_all_shops(session)
    return (
        await session.scalars(select(Case).order_by(Case.number).execution_options(populate_existing=True))
    ).all()


async def answered(session: AsyncSession, shop: MailShop, clock: TestClock) -> MailMessage:
    """The agent's answer to the only case."""
    (case,) = await cases(session)
    actor = Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)
    message = await answer_case(
        session,
        shop.id,
        case.id,
        Answer(text="承知しました。", version=case.version),
        actor=actor,
        now=clock.now(),
    )
    await session.commit()
    await bind_all_shops(session)
    return message


async def test_a_mail_becomes_an_interaction_of_a_case_of_its_shop(
    session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock
) -> None:
    receipt = await receives(shop.letter())
    assert (receipt.exit_code, receipt.is_new, receipt.tenant_id) == (ExitCode.OK, True, shop.id)
    (case,) = await cases(session)
    assert (case.subject, case.state, case.due_at) == (
        "注文の件", CaseState.OPEN, clock.now() + timedelta(hours=24),
    )  # fmt: skip
    interaction = (await session.scalars(select(Interaction))).one()
    assert (interaction.channel, interaction.case_id, interaction.party) == (
        Channel.MAIL, case.id, PartyKind.HUMAN,
    )  # fmt: skip
    assert (interaction.arrived_at, interaction.outcome) == (clock.now(), None)
    assert [event.kind for event in await session.scalars(select(InteractionEvent))] == [EventKind.RECEIVED]
    message = (await session.scalars(select(MailMessage))).one()
    assert (message.text, message.from_name, message.answer_to) == (
        "届きません。",
        "田中",
        "tanaka@x.example",
    )
    raw = (await session.scalars(select(RawMessage))).one()
    assert (raw.content, raw.state) == (shop.letter(), RawState.FILED)


async def test_microsofts_letters_and_files_are_stored_exactly(
    session: AsyncSession, shop: MailShop, receives: Receives, house: Installation
) -> None:
    body = (
        b"--b\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n"
        + microsoft_jis("①㈱髙﨑")
        + b"\r\n--b\r\n"
        b"Content-Type: application/pdf\r\n"
        b"Content-Disposition: attachment; filename*=utf-8''%E8%AB%8B.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nAAECAw==\r\n--b--\r\n"
    )
    await receives(mail(f"To: {shop.address}", "Content-Type: multipart/mixed; boundary=b", body=body))
    await bind_all_shops(session)
    message = (await session.scalars(select(MailMessage))).one()
    assert message.text == "①㈱髙﨑"
    attachment = (await session.scalars(select(Attachment))).one()
    assert house.files.read(shop.id, attachment.file_id) == b"\x00\x01\x02\x03"


async def test_the_same_mail_is_stored_once_and_others_are_not_mistaken_for_it(
    session: AsyncSession, shop: MailShop, receives: Receives
) -> None:
    assert (await receives(shop.letter())).is_new
    again = await receives(b"Received: by a relay\r\n" + shop.letter())
    assert (again.exit_code, again.is_new) == (ExitCode.OK, False)
    assert (await receives(shop.letter(body="another body"))).is_new, "a chosen Message-ID suppresses nothing"
    assert (await receives(shop.letter(number=2))).is_new
    await bind_all_shops(session)
    assert await count(session, "raw_message") == await count(session, "interaction") == 3


async def test_mails_without_an_id_are_the_same_only_with_the_same_head(
    shop: MailShop, receives: Receives
) -> None:
    first = mail(f"To: {shop.address}", "Date: Mon, 2 Nov 2026 10:00:00 +0900", body="help")
    assert (await receives(first)).is_new
    assert not (await receives(b"Received: x\r\nReturn-Path: <y>\r\n" + first)).is_new
    assert (
        await receives(mail(f"To: {shop.address}", "Date: Mon, 2 Nov 2026 11:00:00 +0900", body="help"))
    ).is_new


@pytest.mark.parametrize(
    ("raw", "to", "code"),
    [
        (b"", None, ExitCode.DATA),
        (b"\r\n \n", None, ExitCode.DATA),
        (b"a" * (35 * 1024 * 1024 + 1), None, ExitCode.DATA),
        (b"To: nobody@else.example\n\nx", None, ExitCode.NO_USER),
        (b"no header at all", None, ExitCode.NO_USER),
        (b"To: nobody@else.example\n\nx", "who@else.example", ExitCode.NO_USER),
        (b"To: nobody@else.example\n\nx", "no address", ExitCode.NO_USER),
    ],
)
async def test_what_is_nobodys_mail_is_given_back(
    house: Installation, shop: MailShop, raw: bytes, to: str | None, code: ExitCode
) -> None:
    assert (await receive(house, raw, envelope_to=to)).exit_code is code


async def test_the_envelope_then_delivered_to_then_the_head_names_the_shop(
    house: Installation, shop: MailShop, session: AsyncSession
) -> None:
    other = await a_mail_shop(session, brand="花影フラワー")
    head = mail(f"To: {shop.address}", f"X-Original-To: {other.address.upper()}", body="1")
    assert (await receive(house, head)).tenant_id == other.id
    assert (await receive(house, head, envelope_to=shop.address)).tenant_id == shop.id
    copied = mail("To: who@else.example", f"Cc: A <{other.address}>", body="2")
    assert (await receive(house, copied)).tenant_id == other.id
    for tag in ("+caaaaaaaaaaaaaaaa", "+news"):
        plus = shop.address.replace("@", f"{tag}@")
        assert (await receive(house, head, envelope_to=plus)).tenant_id == shop.id


async def test_a_reply_to_our_answer_joins_the_case_and_opens_it_again(
    session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock
) -> None:
    await receives(shop.letter())
    ours = await answered(session, shop, clock)
    clock.advance(timedelta(hours=1))
    await receives(shop.letter(f"In-Reply-To: {ours.message_id_header}", number=2))
    (case,) = await cases(session)
    assert case.state is CaseState.OPEN
    assert case.due_at == clock.now() + timedelta(hours=24)
    assert await count(session, "message") == 3
    second = (await session.scalars(select(Interaction).order_by(Interaction.number.desc()))).first()
    assert second is not None
    kinds = await session.scalars(
        select(InteractionEvent.kind)
        .where(InteractionEvent.interaction_id == second.id)
        .order_by(InteractionEvent.seq)
    )
    assert list(kinds) == [EventKind.RECEIVED, EventKind.REOPENED]


async def test_a_stranger_who_knows_our_id_gets_a_case_apart(
    session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock
) -> None:
    await receives(shop.letter())
    ours = await answered(session, shop, clock)
    stranger = mail(
        "From: thief@y.example", f"To: {shop.address}", f"References: {ours.message_id_header}", body="x"
    )
    await receives(stranger)
    first, second = await cases(session)
    assert first.state is CaseState.DONE
    told = (await session.scalars(select(MailMessage).where(MailMessage.case_id == second.id))).one()
    assert told.possibly == [first.number]


async def test_our_id_is_worth_nothing_at_another_shop(
    session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock, house: Installation
) -> None:
    await receives(shop.letter())
    ours = await answered(session, shop, clock)
    other = await a_mail_shop(session, brand="花影フラワー")
    reply = shop.letter(f"In-Reply-To: {ours.message_id_header}", number=2)
    receipt = await receive(house, reply, envelope_to=other.address)
    assert receipt.tenant_id == other.id
    await bind_all_shops(session)
    message = (await session.scalars(select(MailMessage).where(MailMessage.tenant_id == other.id))).one()
    assert message.possibly == []


async def test_a_machines_mail_is_a_bots_and_does_not_open_a_settled_case(
    session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock
) -> None:
    await receives(shop.letter())
    ours = await answered(session, shop, clock)
    away = ("Auto-Submitted: auto-replied", f"In-Reply-To: {ours.message_id_header}")
    await receives(shop.letter(*away, number=2))
    (case,) = await cases(session)
    assert case.state is CaseState.DONE
    bot = (await session.scalars(select(Interaction).where(Interaction.party == PartyKind.BOT))).one()
    assert bot.outcome is Outcome.NO_ACTION


async def test_what_one_process_stored_another_files(
    session: AsyncSession, shop: MailShop, house: Installation, clock: TestClock
) -> None:
    raw_id, _ = await store_raw(session, Mailbox(shop.id, shop.address), shop.letter(), now=clock.now())
    await session.commit()
    await file_left_over(house, clock.now() + timedelta(seconds=30))
    assert await cases(session) == []
    await file_left_over(house, clock.now() + timedelta(seconds=61))
    await file_left_over(house, clock.now() + timedelta(seconds=99))
    assert await file_one(house, shop.id, raw_id)
    assert len(await cases(session)) == 1


async def test_a_mail_that_cannot_be_filed_is_set_aside_and_can_be_tried_again(
    session: AsyncSession, shop: MailShop, house: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "file_raw", fail)
        receipt = await receive(house, shop.letter())
    assert receipt.exit_code is ExitCode.OK
    assert receipt.raw_id is not None
    await bind_all_shops(session)
    raw = await session.get_one(RawMessage, (shop.id, receipt.raw_id))
    assert (raw.state, raw.failure, raw.content) == (RawState.QUARANTINED, "ZeroDivisionError", shop.letter())
    assert await file_one(house, shop.id, raw.id)
    assert len(await cases(session)) == 1


async def test_a_database_that_is_away_asks_for_the_mail_again(
    house: Installation, shop: MailShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(receiving, "store_raw", away)
    assert (await receive(house, shop.letter())).exit_code is ExitCode.TEMPORARY


async def test_every_mail_of_the_collections_is_filed(
    session: AsyncSession, shop: MailShop, house: Installation
) -> None:
    for raw in MAILS.values():
        marked = raw + f"\n{uuid4()}".encode()
        assert (await receive(house, marked, envelope_to=shop.address)).exit_code is ExitCode.OK
    await bind_all_shops(session)
    states = await session.scalars(select(RawMessage.state))
    assert set(states) == {RawState.FILED}
    assert await count(session, "raw_message") == await count(session, "interaction") == len(MAILS)


async def test_an_order_that_a_mail_names_stands_beside_it_and_another_shops_does_not(
    session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock
) -> None:
    other = await a_mail_shop(session, brand="花影フラワー")
    for tenant_id, number in ((shop.id, "MC-1023"), (other.id, "MC-2000")):
        facts = OrderFacts(number=number, ordered_at=clock.now())
        await keep_orders(session, tenant_id, [facts], now=clock.now())
    await session.commit()
    await receives(shop.letter(body="注文番号ＭＣ－１０２３とMC-2000が届きません。2026年11月です。"))

    await bind_all_shops(session)
    interaction = (await session.scalars(select(Interaction))).one()
    assert interaction.captured == {"order_number": "MC-1023"}
    assert [one.order.number for one in await orders_of_contact(session, interaction)] == ["MC-1023"]
