import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Case
from mailroom.adapters import postman_for
from mailroom.adapters.sink import Sink
from mailroom.adapters.smtp import SmtpServer
from mailroom.commands.answering import Answer, answer_case
from mailroom.commands.sending import RETRY_AFTER, send_again, take_due
from mailroom.models import Outgoing
from mailroom.ports import POSTMAN, MailDelayed, MailRefused, MailUnknown
from mailroom.values import SendState
from mailroom.worker import send_due_mail
from nanori.actors import Actor, ActorKind
from nanori.db import bind_all_shops
from nanori.installation import Installation
from nanori.settings import Settings
from tests.mailroom.conftest import MailShop, Receives
from tests.support.clock import TestClock
from tests.support.server import SECRET


@dataclass
class BadDay:
    """A postman who fails as told."""

    failures: list[Exception] = field(default_factory=list)
    tries: int = 0

    async def send(self, *, sender: str, recipients: Sequence[str], content: bytes) -> None:
        assert sender
        assert recipients
        assert content
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)


@pytest.fixture
async def outgoing(session: AsyncSession, shop: MailShop, receives: Receives, clock: TestClock) -> Outgoing:
    """An answer waits in the outbox."""
    await receives(shop.letter())
    await bind_all_shops(session)
    case = (await session.scalars(select(Case))).one()
    actor = Actor(kind=ActorKind.AGENT, account_id=shop.agent.id)
    answer = Answer(text="答え", version=case.version)
    await answer_case(session, shop.id, case.id, answer, actor=actor, now=clock.now())
    await session.commit()
    await bind_all_shops(session)
    return (await session.scalars(select(Outgoing))).one()


async def state(session: AsyncSession, outgoing: Outgoing) -> SendState:
    await bind_all_shops(session)
    await session.refresh(outgoing)
    return outgoing.state


async def test_a_due_mail_is_sent_once(
    session: AsyncSession,
    house: Installation,
    postman: Sink,
    outgoing: Outgoing,
    shop: MailShop,
    clock: TestClock,
) -> None:
    await send_due_mail(house, clock.now())
    await send_due_mail(house, clock.now() + timedelta(days=2))
    (taken,) = postman.taken
    assert (taken.sender, taken.recipients, taken.content) == (
        shop.address, ("tanaka@x.example",), outgoing.content,
    )  # fmt: skip
    assert await state(session, outgoing) is SendState.SENT
    assert outgoing.sent_at == clock.now()


async def test_a_delayed_mail_is_tried_again_until_it_goes_or_time_is_over(
    session: AsyncSession, house: Installation, outgoing: Outgoing, clock: TestClock
) -> None:
    bad = BadDay([MailDelayed("421")] * 20)
    house = replace(house, plugged={POSTMAN: bad})
    for minutes in RETRY_AFTER:
        await send_due_mail(house, clock.now())
        assert await state(session, outgoing) is SendState.QUEUED
        await send_due_mail(house, clock.now() + timedelta(minutes=minutes, seconds=-1))
        clock.advance(timedelta(minutes=minutes))
    await send_due_mail(house, clock.now())
    assert await state(session, outgoing) is SendState.FAILED
    assert (bad.tries, outgoing.failure) == (len(RETRY_AFTER) + 1, "421")


@pytest.mark.parametrize(
    ("failure", "ends"),
    [(MailRefused("550"), SendState.FAILED), (MailUnknown("silence"), SendState.MAYBE_SENT)],
)
async def test_what_was_refused_or_may_have_gone_waits_for_a_person(
    session: AsyncSession,
    house: Installation,
    outgoing: Outgoing,
    clock: TestClock,
    failure: Exception,
    ends: SendState,
) -> None:
    bad = BadDay([failure])
    house = replace(house, plugged={POSTMAN: bad})
    await send_due_mail(house, clock.now())
    await send_due_mail(house, clock.now() + timedelta(days=3))
    assert (await state(session, outgoing), bad.tries) == (ends, 1)
    assert await send_again(session, outgoing.tenant_id, outgoing.id, now=clock.now())
    await session.commit()
    await send_due_mail(house, clock.now())
    assert await state(session, outgoing) is SendState.SENT
    assert not await send_again(session, outgoing.tenant_id, outgoing.id, now=clock.now())


async def test_a_mail_whose_process_died_while_sending_is_not_sent_blindly(
    session: AsyncSession, house: Installation, postman: Sink, outgoing: Outgoing, clock: TestClock
) -> None:
    assert len(await take_due(session, now=clock.now())) == 1
    await session.commit()
    await send_due_mail(house, clock.now() + timedelta(minutes=4))
    assert await state(session, outgoing) is SendState.SENDING
    await send_due_mail(house, clock.now() + timedelta(minutes=5))
    assert await state(session, outgoing) is SendState.MAYBE_SENT
    assert not postman.taken


def test_settings_choose_the_postman() -> None:
    assert isinstance(postman_for(Settings(secret_key=SECRET)), Sink)
    given = Settings(secret_key=SECRET, smtp_url="smtp://u%40x:p%3A@mail.example:2525")
    assert postman_for(given) == SmtpServer(
        "mail.example", 2525, use_tls=False, username="u@x", password="p:"
    )
    assert SmtpServer.at("smtps://mail.example") == SmtpServer("mail.example", 465, use_tls=True)


@dataclass
class TinyServer:
    """Just enough SMTP to be rude: answers each command with the next line of its part."""

    replies: dict[str, bytes] = field(default_factory=dict)
    received: bytes = b""
    port: int = 0

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(ConnectionError):  # the client may leave in the middle
            writer.write(self.replies.get("HELLO", b"220 tiny\r\n"))
            while line := await reader.readline():
                verb = line[:4].upper().decode("ascii", "replace").strip()
                if verb == "DATA" and "DATA" not in self.replies:
                    writer.write(b"354 go on\r\n")
                    self.received = await reader.readuntil(b"\r\n.\r\n")
                    verb = "DOT"
                answer = self.replies.get(verb, b"250 fine\r\n")
                if answer == b"":
                    break
                writer.write(answer)
                await writer.drain()


@pytest.fixture
async def tiny() -> AsyncGenerator[TinyServer]:
    server = TinyServer()
    async with await asyncio.start_server(server.talk, "127.0.0.1", 0) as listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ({}, None),
        ({"HELLO": b"421 busy\r\n"}, MailDelayed),
        ({"HELLO": b"554 never\r\n"}, MailDelayed),
        ({"RCPT": b"550 nobody\r\n"}, MailRefused),
        ({"RCPT": b"450 later\r\n"}, MailDelayed),
        ({"MAIL": b""}, MailDelayed),
        ({"DATA": b"554 no\r\n"}, MailRefused),
        ({"DOT": b"552 too big\r\n"}, MailRefused),
        ({"DOT": b"451 later\r\n"}, MailDelayed),
        ({"DOT": b""}, MailUnknown),
    ],
)
async def test_a_servers_word_decides_and_silence_after_the_mail_decides_nothing(
    tiny: TinyServer, replies: dict[str, bytes], expected: type[Exception] | None
) -> None:
    tiny.replies = replies
    server = SmtpServer("127.0.0.1", tiny.port, use_tls=False)
    sending = server.send(
        sender="a@x.example", recipients=["b@x.example"], content=b"Subject: x\r\n\r\n.dot\r\n"
    )
    if expected is None:
        await sending
        assert tiny.received == b"Subject: x\r\n\r\n..dot\r\n.\r\n"
        return
    with pytest.raises(expected):
        await sending


async def test_a_server_that_is_not_there_delays_the_mail() -> None:
    with pytest.raises(MailDelayed):
        await SmtpServer("127.0.0.1", 1, use_tls=False).send(sender="a@x", recipients=["b@x"], content=b"x")
