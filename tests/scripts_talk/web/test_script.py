"""The script's pages: what is typed, kept, submitted, answered, published, saved and read."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions import commands as log
from interactions.commands import Opening
from interactions.values import Channel
from nanori.actors import Role
from nanori.db import bind_all_shops
from scripts_talk import commands, queries, versions
from scripts_talk.campaigns import CampaignFacts, behind_a_call, campaigns_of, set_campaign
from scripts_talk.conditions import Answer, Condition
from scripts_talk.models import ScriptTalk
from scripts_talk.problems import problems
from scripts_talk.steps import Branch, CapturedField, Goods, Step, Wording
from scripts_talk.upsell import Advertised, Term
from scripts_talk.usual import usual_talk
from scripts_talk.values import END, FieldKind, ScriptState, Situation, StepKind
from tenants.models import Tenant
from tests.nanori_app.pages.floor.test_board import statements
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

FIRST_STEP = [
    ("step-key", "ask"),
    ("step-title", "ご用件"),
    ("step-kind", "talk"),
    ("step-say", "本日はどのようなご用件でしょうか。"),
    ("step-hint", ""),
    ("wording-say", "お待たせいたしました。ご用件を伺います。"),
    ("when-situation", "after_wait"),
    ("when-from_time", "09:00"),
    ("when-weekday", "0"),
    ("when-weekday", "6"),
    ("field-key", ""),
    ("field-label", "注文番号"),
    ("field-kind", "order_number"),
    ("field-required", "yes"),
    ("field-choices", ""),
    ("field-key", "wish"),
    ("field-label", "ご希望"),
    ("field-kind", "choice"),
    ("field-required", ""),
    ("field-choices", "返品\r\n交換\r\n返品"),
    ("branch-to", "end"),
    ("when-asked", "wish"),
    ("when-test", "equals"),
    ("when-value", " 返品"),
    ("step-then", ""),
]
TALK = [
    ("name", "ご注文"),
    ("order_pattern", "ｍｃ－####"),
    *FIRST_STEP,
    ("step-key", ""),
    ("step-title", "締め"),
    ("step-say", "お電話ありがとうございました。"),
    ("step-key", ""),
    ("step-title", ""),
    ("step-say", ""),
]
WISH = CapturedField(key="wish", label="ご希望", kind=FieldKind.CHOICE, choices=("返品", "交換"))
ASK = Step(key="ask", title="ご用件", say="ご用件は。", fields=(WISH,))
BYE = Step(key="bye", title="締め", say="失礼いたします。")


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def leader(app: Litestar, session: AsyncSession, shop: Tenant) -> AsyncGenerator[Client]:
    async with signed_in(app, await an_account(session, Role.SUPERVISOR)) as client:
        yield client


async def send(client: Client, path: str, fields: list[tuple[str, str]]) -> httpx.Response:
    """Post the fields in this order."""
    return await client.post(
        path,
        content=urlencode(fields),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        follow_redirects=False,
    )


def page_of(shop: Tenant, part: str = "") -> str:
    return f"/shops/{shop.tenant_id}/script{part}"


async def test_steps_are_kept_in_the_order_of_the_page_with_everything_in_them(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    answer = await send(leader, page_of(shop), TALK)
    page = await leader.get(page_of(shop))
    draft = await queries.draft_script(session, shop.tenant_id)

    assert answer.status_code == 303
    assert draft is not None
    assert draft.order_pattern == "MC-####"
    ask, close = draft.steps
    order, wish = ask.fields
    assert order.key
    assert (order.kind, order.required, wish) == (FieldKind.ORDER_NUMBER, True, WISH)
    assert ask.branches == (
        Branch(to=END, when=Condition(answer=Answer(field="wish", value="返品"))),
    )  # fmt: skip
    [wording] = ask.wordings
    assert wording.when == Condition(
        situations=frozenset({Situation.AFTER_WAIT}), from_minute=540, weekdays=frozenset({0, 6})
    )
    assert (close.title, close.branches) == ("締め", ())
    assert "下書き：第1版" in page.text
    assert 'value="注文番号"' in page.text


async def test_a_first_script_may_begin_with_the_usual_talk(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    empty = await leader.get(page_of(shop))
    begun = await leader.get(page_of(shop, "?begin=usual"))
    names = ("step-key", "step-title", "step-kind", "step-say", "step-then")
    talk = [
        (name, value)
        for step in usual_talk("ja")
        for name, value in zip(names, ("", step.title, "talk", step.say, ""), strict=True)
    ]
    answer = await send(leader, page_of(shop), [("name", "受付"), *talk, ("then", "submit")])
    again = await leader.get(page_of(shop, "?begin=usual"))

    assert "begin=usual" in empty.text
    assert "本日はどのようなご用件でしょうか。" not in empty.text
    assert all(step.say in begun.text and step.title in begun.text for step in usual_talk("ja"))
    assert answer.status_code == 303
    assert "承認待ち" in again.text
    assert problems(usual_talk("en")) == {}


async def test_the_draft_keeps_itself_and_says_what_is_wrong_at_the_step(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    typed = [("name", "ご注文"), ("seen", "0"), ("step-key", "a"), ("step-say", "はい、<b>もしもし</b>。")]
    kept = await send(leader, page_of(shop, "/draft"), typed)
    again = await send(leader, page_of(shop, "/draft"), typed)
    page = await leader.get(page_of(shop))

    assert kept.json() == {"revision": 1, "problems": {"step-0": "手順の見出しをご入力ください。"}}
    assert again.status_code == 409
    assert "はい、&lt;b&gt;もしもし&lt;/b&gt;。" in page.text
    assert "手順の見出しをご入力ください。" in page.text


async def test_an_unfinished_script_is_kept_and_not_submitted(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    await send(leader, page_of(shop), [("step-key", "a"), ("step-say", "x"), ("then", "submit")])
    page = await leader.get(page_of(shop))

    assert "まだ依頼していません" in page.text
    assert await queries.draft_script(session, shop.tenant_id) is not None


async def test_the_shop_compares_approves_and_the_desk_publishes(
    app: Litestar, session: AsyncSession, shop: Tenant
) -> None:
    await versions.put_in_force(session, shop.tenant_id, "ご注文", [ASK, BYE], now=START)
    supervisor = await an_account(session, Role.SUPERVISOR)
    async with signed_in(app, supervisor) as leader:
        await send(leader, page_of(shop), [*TALK, ("then", "submit")])
        early = await leader.post(page_of(shop, "/publishing"), data={})
    waiting = (await queries.scripts_by_state(session, shop.tenant_id))[ScriptState.SUBMITTED]
    door = f"/scripts/{shop.tenant_id}/{waiting.version_id}"
    async with signed_in(app, await an_account(session, Role.MERCHANT, shops=[shop.tenant_id])) as merchant:
        listed = await merchant.get("/scripts")
        compared = await merchant.get(door)
        yes = await merchant.post(f"{door}/approval", data={})
        gone = await merchant.get(door)
    async with signed_in(app, supervisor) as leader:
        await leader.post(page_of(shop, "/publishing"), data={})

    assert door in listed.text
    assert "<ins>本日はどのような</ins>" in compared.text
    assert "試験 太郎" not in compared.text.partition("<main")[2]
    assert (early.status_code, yes.status_code, gone.status_code) == (409, 200, 404)
    published = await queries.published_script(session, shop.tenant_id)
    assert published is not None
    assert published.version_id == waiting.version_id


async def test_a_refusal_needs_a_reason_and_the_desk_reads_it(
    app: Litestar, session: AsyncSession, shop: Tenant
) -> None:
    await commands.save_draft(session, shop.tenant_id, "ご注文", [ASK, BYE], now=START)
    waiting = await versions.submit_script(session, shop.tenant_id, now=START)
    async with signed_in(app, await an_account(session, Role.MERCHANT, shops=[shop.tenant_id])) as merchant:
        door = f"/scripts/{shop.tenant_id}/{waiting.id}/refusal"
        silent = await merchant.post(door, data={"why": " "})
        await merchant.post(door, data={"why": "「もしもし」は使いません"})
    async with signed_in(app, await an_account(session, Role.SUPERVISOR)) as leader:
        page = await leader.get(page_of(shop))

    assert silent.status_code == 409
    assert "「もしもし」は使いません" in page.text


async def test_an_approval_by_mail_is_recorded_but_not_for_a_cancellation(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    await send(leader, page_of(shop), [*TALK, ("then", "submit")])
    await leader.post(page_of(shop, "/approval"), data={"note": "店長、メールで"})
    assert "承認：店長、メールで" in (await leader.get(page_of(shop))).text

    stop = [
        ("step-key", "stop"),
        ("step-title", "解約"),
        ("step-kind", "cancellation"),
        ("step-say", "承りました。"),
    ]
    await send(leader, page_of(shop), [*TALK, *stop, ("then", "submit")])
    refused = await leader.post(page_of(shop, "/approval"), data={"note": "店長、メールで"})
    assert refused.status_code == 409
    assert "ショップご自身だけ" in refused.text


async def test_a_script_is_saved_as_a_file_and_read_from_it(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    await versions.put_in_force(session, shop.tenant_id, "ご注文", [ASK, BYE], now=START)
    saved = await leader.get(page_of(shop, "/file"))
    broken = saved.content.replace(b'"say"', b'"sag"', 1)
    refused = await leader.post(page_of(shop, "/import"), files={"file": ("a.json", broken)})
    assert refused.status_code == 422
    assert "手順1: 「say」がありません。" in refused.text
    assert await queries.draft_script(session, shop.tenant_id) is None

    await leader.post(page_of(shop, "/import"), files={"file": ("a.json", saved.content)})
    draft = await queries.draft_script(session, shop.tenant_id)
    assert draft is not None
    assert (draft.name, draft.steps) == ("ご注文", (ASK, BYE))


async def test_the_preview_walks_as_an_agent_would(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    ended = Branch(to=END, when=Condition(answer=Answer(field="wish", value="交換")))
    waited = Condition(situations=frozenset({Situation.AFTER_WAIT}))
    later = Wording(say="お待たせいたしました。", when=waited)
    beans = Goods(code="BEANS")
    steps = [
        replace(ASK, branches=(ended,), wordings=(later,)),
        Step(key="offer", title="おすすめ", say="豆はいかが。", kind=StepKind.OFFER, goods=beans),
    ]
    await versions.put_in_force(session, shop.tenant_id, "ご注文", steps, now=START)
    await set_campaign(
        session,
        shop.tenant_id,
        CampaignFacts(
            code="w", name="冬", first_day=START.date(), last_day=START.date() + timedelta(days=9),
            goods=(Advertised(code="BEANS", name="豆", shown=frozenset(Term)),),
        ),
        now=START,
    )  # fmt: skip
    door = page_of(shop, "/preview")

    assert "お待たせいたしました。" in (await leader.get(door + "?situation=after_wait")).text
    wrong = await leader.get(door + "?value-wish=修理")
    assert "選択肢にありません。" in wrong.text
    over = await leader.get(door + "?trail=ask&value-wish=交換&go=on")
    assert "応対は終わりです。" in over.text
    closed = await leader.get(door + "?trail=ask&go=on")
    assert "おすすめしないでください。" in closed.text
    assert "豆はいかが。" not in closed.text
    opened = await leader.get(door + "?trail=ask&go=on&campaign=w")
    assert "豆はいかが。" in opened.text


async def test_a_campaign_is_entered_with_what_it_showed(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    typed = [
        ("name", "冬の豆"), ("code", "winter"), ("first_day", "2026-12-24"), ("last_day", "2026-12-01"),
        ("goods-code", "ＢＥＡＮＳ"), ("goods-name", "豆"), ("goods-shown", "price"),
    ]  # fmt: skip
    refused = await send(leader, page_of(shop, "/campaigns"), typed)
    assert refused.status_code == 422
    assert "終了日が開始日より前" in refused.text
    typed[3] = ("last_day", "2026-12-31")
    await send(leader, page_of(shop, "/campaigns"), typed)
    twice = await send(leader, page_of(shop, "/campaigns"), typed)

    [campaign] = await campaigns_of(session, shop.tenant_id)
    assert campaign.goods == [
        {"code": "BEANS", "name": "豆", "is_subscription": False, "shown": ["price"]}
    ]  # fmt: skip
    assert twice.status_code == 422
    assert "別のキャンペーン" in twice.text


async def test_a_campaign_is_deleted_until_a_call_has_come_by_it_and_ended_afterwards(
    session: AsyncSession, shop: Tenant, leader: Client
) -> None:
    day = START.date()
    facts = [
        CampaignFacts(code=code, name=code, first_day=day, last_day=day + timedelta(days=30))
        for code in ("unseen", "seen")
    ]
    made = [await set_campaign(session, shop.tenant_id, one, now=START) for one in facts]
    version = await versions.put_in_force(session, shop.tenant_id, "ご注文", [BYE], now=START)
    call = await log.open_interaction(session, shop.tenant_id, Opening(channel=Channel.PHONE), now=START)
    session.add(
        ScriptTalk(
            tenant_id=shop.tenant_id, interaction_id=call.id, version_id=version.id, shown=[], offers={},
            moment={"at": START.isoformat(), "situations": [], "campaigns": ["seen"]}, started_at=START,
        )
    )  # fmt: skip
    await session.commit()
    answers = [
        (await leader.post(page_of(shop, f"/campaigns/{one.id}/{deed}"), follow_redirects=False)).status_code
        for deed in ("deletion", "ending")
        for one in made
    ]

    assert answers == [303, 409, 404, 303]
    await bind_all_shops(session)
    [left] = await campaigns_of(session, shop.tenant_id)
    await session.refresh(left)
    assert (left.code, left.ended_at is not None) == ("seen", True)
    assert behind_a_call([left], number="", day=START.date()) == []


async def test_the_scripts_pages_cost_a_counted_number_of_statements(
    leader: Client, session: AsyncSession, shop: Tenant
) -> None:
    """As many with twenty steps, versions and campaigns as with one."""
    pages = ["", "/preview", "/campaigns", "/import"]
    asked = []
    for number in (1, 20):
        steps = [replace(ASK, key=f"ask{one}") for one in range(number)]
        await versions.put_in_force(session, shop.tenant_id, "ご注文", steps, now=START)
        await commands.save_draft(session, shop.tenant_id, "ご注文", [*steps, BYE], now=START)
        for one in range(number):
            facts = CampaignFacts(
                code=f"c{number}-{one}", name="冬", first_day=START.date(), last_day=START.date()
            )
            await set_campaign(session, shop.tenant_id, facts, now=START)
        await session.commit()
        for page in pages:
            with statements(session) as few:
                assert (await leader.get(page_of(shop, page))).status_code == 200
            asked.append(len(few))
    assert asked[: len(pages)] == asked[len(pages) :]
    assert max(asked) <= 14


async def test_publishing_nothing_is_refused_in_words(leader: Client, shop: Tenant) -> None:
    page = await leader.post(page_of(shop, "/publishing"), data={})

    assert page.status_code == 409
    assert "承認された版がありません" in page.text


async def test_a_draft_is_discarded(leader: Client, session: AsyncSession, shop: Tenant) -> None:
    await send(leader, page_of(shop), TALK)
    await leader.post(page_of(shop, "/discarding"), data={})

    assert await queries.draft_script(session, shop.tenant_id) is None


async def test_the_script_of_no_shop_is_not_found(leader: Client) -> None:
    assert (await leader.get(f"/shops/{uuid7()}/script")).status_code == 404
