import re
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from html import unescape
from uuid import UUID, uuid4

import pytest
from litestar import Litestar
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from desks.roster import open_standing_desk
from interactions.models import Case, Interaction
from interactions.values import CaseState
from mailroom.models import Draft, MailMessage, Outgoing, RawMessage
from mailroom.receiving import receive
from mailroom.values import Direction, RawState, SendState
from nanori.actors import Role
from nanori.db import bind_all_shops
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori_app.asgi import borrowed_app
from tenants.escalation.commands import LimitFacts, set_limits
from tests.mailroom.conftest import MailShop, Receives, a_mail_shop
from tests.mailroom.samples import mail
from tests.support.people import Client, an_account, signed_in

ANY_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HTML = '<p onclick="x()">デザイン<script>alert(1)</script><img src="https://leak.example/p.gif"></p>'


@pytest.fixture
def app(house: Installation) -> Generator[Litestar]:
    with borrowed_app(house) as app:
        yield app


@pytest.fixture
async def case(session: AsyncSession, shop: MailShop, receives: Receives) -> Case:
    """One mail with everything has come in."""
    body = (
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n届きません。<b>\r\n\r\n> 以前の文\r\n"
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{HTML}\r\n"
        "--b\r\nContent-Type: text/html\r\n"
        'Content-Disposition: attachment; filename="../evil.html"\r\n\r\n<b>\r\n--b--'
    )
    await receives(
        shop.letter("X: y", body=body).replace(
            b"text/plain; charset=utf-8", b"multipart/mixed; boundary=b", 1
        )
    )
    await bind_all_shops(session)
    return (await session.scalars(select(Case))).one()


def at(case: Case, action: str = "") -> str:
    return f"/mail/{case.tenant_id}/{case.id}{action}"


@asynccontextmanager
async def agent_of(app: Litestar, shop: MailShop) -> AsyncGenerator[Client]:
    async with signed_in(app, shop.agent) as client:
        yield client


async def test_an_agent_sees_the_open_mail_of_their_shops(app: Litestar, shop: MailShop, case: Case) -> None:
    async with agent_of(app, shop) as client:
        page = await client.get("/mail")
    assert page.status_code == 200
    assert "注文の件" in page.text
    assert "田中" in page.text
    assert "期限：" in page.text


async def test_the_list_of_one_shop_shows_no_other(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case, house: Installation
) -> None:
    other = await a_mail_shop(session, brand="花影フラワー")
    await receive(house, other.letter(body="花の件", number=9))
    boss = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, boss) as client:
        both = (await client.get("/mail")).text
        one = (await client.get(f"/mail?shop={other.id}")).text
    assert "届きません" in both
    assert "花の件" in both
    assert "届きません" not in one


async def test_a_case_is_read_under_its_shops_name_with_foreign_html_harmless(
    app: Litestar, shop: MailShop, case: Case
) -> None:
    async with agent_of(app, shop) as client:
        page = (await client.get(at(case))).text
    assert "ミナト珈琲" in page
    assert "みなとこーひー" in page
    assert "届きません。&lt;b&gt;" in page
    assert re.search(r"<details class=\"mail-quote\">.*?以前の文", page, re.DOTALL)
    (frame,) = re.findall(r'<iframe [^>]*sandbox="([^"]*)"[^>]*srcdoc="([^"]*)"', page)
    assert "allow-scripts" not in frame[0]
    assert "allow-same-origin" not in frame[0]
    document = unescape(frame[1])
    assert "デザイン" in document
    assert not re.search(r"script|onclick|leak\.example", document.replace("default-src", ""))


async def test_an_agent_may_call_the_writer_and_a_supervisor_may_not(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    mail = (await session.scalars(select(MailMessage))).one()
    boss = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    link = f'href="/desk?about={case.tenant_id}.{mail.interaction_id}"'
    async with agent_of(app, shop) as client:
        assert link in (await client.get(at(case))).text
    async with signed_in(app, boss) as client:
        assert link not in (await client.get(at(case))).text


async def test_a_file_is_a_download_whatever_its_sender_called_it(
    app: Litestar, shop: MailShop, case: Case
) -> None:
    async with agent_of(app, shop) as client:
        page = (await client.get(at(case))).text
        (href,) = re.findall(r'href="(/mail/[^"]*/attachments/[^"]*)"', page)
        file = await client.get(href)
        unknown = await client.get(f"/mail/{shop.id}/attachments/{uuid4()}")
    assert file.content == b"<b>"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"] == "attachment; filename*=UTF-8''evil.html"
    assert file.headers["x-content-type-options"] == "nosniff"
    assert unknown.status_code == 404


async def test_an_answer_is_sent_once_and_shown(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    form = {"text": "お調べします。", "version": str(case.version), "quote": "1", "after": "done"}
    async with agent_of(app, shop) as client:
        await client.post(at(case, "/draft"), data={"text": "お調べ"})
        assert "お調べ</textarea>" in (await client.get(at(case))).text
        sent = await client.post(at(case, "/answers"), data=form, follow_redirects=False)
        again = await client.post(at(case, "/answers"), data=form)
        page = (await client.get(at(case))).text
    assert (sent.status_code, sent.headers["location"]) == (303, "/mail")
    assert again.status_code == 409
    assert "新しい動き" in again.text
    assert "お調べします。</textarea>" in again.text
    assert "送信待ち" in page
    await bind_all_shops(session)
    outgoing = (await session.scalars(select(Outgoing))).one()
    assert outgoing.state is SendState.QUEUED
    ours = (
        await session.scalars(select(MailMessage).where(MailMessage.direction == Direction.OUTBOUND))
    ).one()
    assert ours.text == "お調べします。\n"
    assert (await session.scalars(select(Draft))).all() == []


async def test_an_empty_answer_is_refused_with_the_reason(app: Litestar, shop: MailShop, case: Case) -> None:
    async with agent_of(app, shop) as client:
        refused = await client.post(at(case, "/answers"), data={"text": " ", "version": str(case.version)})
    assert refused.status_code == 422
    assert "返信の本文を入力してください。" in refused.text


async def test_a_taken_case_is_another_agents_until_it_is_released(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    other = await an_account(session, Role.AGENT, shops=[shop.id])
    await session.commit()
    async with agent_of(app, shop) as client:
        assert (await client.post(at(case, "/taking"), follow_redirects=False)).status_code == 303
    async with signed_in(app, other) as client:
        assert "対応中" in (await client.get("/mail")).text
        page = (await client.get(at(case))).text
        assert "<textarea" not in page
        refused = await client.post(at(case, "/answers"), data={"text": "a", "version": str(case.version)})
        assert refused.status_code == 409
        assert (await client.post(at(case, "/taking"))).status_code == 409
        assert "/release" not in page
        assert (await client.post(at(case, "/release"))).status_code == 409
    async with agent_of(app, shop) as client:
        await client.post(at(case, "/release"), follow_redirects=False)
    async with signed_in(app, other) as client:
        assert "<textarea" in (await client.get(at(case))).text


async def test_a_case_is_closed_without_an_answer(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    async with agent_of(app, shop) as client:
        closed = await client.post(
            at(case, "/closing"), data={"version": str(case.version)}, follow_redirects=False
        )
        assert closed.status_code == 303
        assert "注文の件" not in (await client.get("/mail")).text
    await bind_all_shops(session)
    await session.refresh(case)
    assert case.state is CaseState.NO_ACTION


@pytest.mark.parametrize("action", ["", "/taking", "/release", "/draft", "/answers", "/closing"])
async def test_another_shops_agent_finds_nothing(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case, action: str
) -> None:
    other = await a_mail_shop(session, brand="花影フラワー")
    await session.commit()
    async with signed_in(app, other.agent) as client:
        form = {"text": "a", "version": str(case.version)}
        asked = [at(case, action), f"/mail/{case.tenant_id}/{UUID(int=1)}{action}"]
        answers = [await (client.post(path, data=form) if action else client.get(path)) for path in asked]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert ANY_ID.sub("", answers[0].text) == ANY_ID.sub("", answers[1].text)


async def test_merchants_and_strangers_see_no_mail(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    merchant = await an_account(session, Role.MERCHANT, shops=[shop.id])
    await session.commit()
    async with signed_in(app, merchant) as client:
        assert (await client.get("/mail")).status_code == 404
        assert (await client.get(at(case))).status_code == 404
        client.cookies.clear()
        assert (await client.get(at(case), follow_redirects=False)).status_code in (303, 401)


async def test_the_demo_shows_what_was_sent(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    async with agent_of(app, shop) as client:
        await client.post(at(case, "/answers"), data={"text": "お調べします。", "version": str(case.version)})
        listed = (await client.get("/demo/mail")).text
        (href,) = re.findall(r'href="(/demo/mail/[^"]+)"', listed)
        page = (await client.get(href)).text
        unknown = await client.get(f"/demo/mail/{shop.id}/{uuid4()}")
    assert "Re: 注文の件" in listed
    assert "お調べします。" in page
    assert "Message-ID: &lt;" in page
    assert unknown.status_code == 404


async def test_what_may_have_been_sent_is_sent_again_by_a_person(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    async with agent_of(app, shop) as client:
        await client.post(at(case, "/answers"), data={"text": "a", "version": str(case.version)})
        await bind_all_shops(session)
        outgoing = (await session.scalars(select(Outgoing))).one()
        outgoing.state = SendState.MAYBE_SENT
        await session.commit()
        (path,) = re.findall(r'action="(/mail/[^"]*/sending)"', (await client.get(at(case))).text)
        await client.post(path, follow_redirects=False)
    await bind_all_shops(session)
    await session.refresh(outgoing)
    assert outgoing.state is SendState.QUEUED


async def test_a_supervisor_has_a_mail_filed_that_was_set_aside(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case, house: Installation
) -> None:
    boss = await an_account(session, Role.SUPERVISOR)
    raw = (await session.scalars(select(RawMessage))).one()
    lost = RawMessage(
        tenant_id=shop.id, mailbox=shop.address, message_id_header="", body_sha256="x", size=9,
        content=mail("Subject: set aside", body="here"), received_at=raw.received_at,
        state=RawState.QUARANTINED, failure="ZeroDivisionError",
    )  # fmt: skip
    session.add(lost)
    await session.commit()
    async with signed_in(app, boss) as client:
        assert "1通あります" in (await client.get("/mail")).text
        page = (await client.get("/mail/set-aside")).text
        assert "ZeroDivisionError" in page
        (path,) = re.findall(r'action="(/mail/[^"]*/filing)"', page)
        await client.post(path, follow_redirects=False)
        assert "set aside" in (await client.get("/mail")).text
        assert (await client.post(path)).status_code == 404


@pytest.mark.parametrize("locale", ["ja", "en"])
async def test_every_page_is_drawn_in_both_languages(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case, locale: str
) -> None:
    account: Account = await an_account(session, Role.SUPERVISOR, locale=locale)
    await session.commit()
    async with signed_in(app, account) as client:
        for path in ("/mail", at(case), "/mail/set-aside", "/demo/mail"):
            page = await client.get(path)
            assert page.status_code == 200
            assert f'<html lang="{locale}">' in page.text


async def test_the_limits_of_the_desk_that_a_mail_came_to_stand_beside_it(
    app: Litestar, session: AsyncSession, shop: MailShop, case: Case
) -> None:
    tenant_id = case.tenant_id
    desk = await open_standing_desk(session, tenant_id, name="卸", now=case.opened_at)
    await set_limits(session, tenant_id, None, [LimitFacts(subject="返金", amount_yen=3003)])
    await set_limits(session, tenant_id, desk.id, [LimitFacts(subject="返金", amount_yen=7007)])
    await session.commit()
    async with agent_of(app, shop) as client:
        before = (await client.get(at(case))).text
        await bind_all_shops(session)
        await session.execute(update(Interaction).values(desk_id=desk.id))
        await session.commit()
        after = (await client.get(at(case))).text

    assert ("3,003" in before, "7,007" in before) == (True, False)
    assert ("3,003" in after, "7,007" in after) == (False, True)
