from collections.abc import AsyncGenerator
from urllib.parse import urlencode

import httpx
import pytest
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori.actors import Role
from scripts_talk import queries
from scripts_talk.values import FieldKind
from tenants.models import Tenant
from tests.support.people import Client, a_shop, an_account, signed_in

TALK = [
    ("name", "ご注文"),
    ("step-title", "ご用件"),
    ("step-say", "本日はどのようなご用件でしょうか。"),
    ("step-hint", ""),
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
    ("step-title", "締め"),
    ("step-say", "お電話ありがとうございました。"),
    ("step-hint", ""),
    ("step-title", ""),
    ("step-say", ""),
    ("step-hint", ""),
]


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    return await a_shop(session)


@pytest.fixture
async def operator(app: Litestar, session: AsyncSession, shop: Tenant) -> AsyncGenerator[Client]:
    async with signed_in(app, await an_account(session, Role.OPERATOR)) as client:
        yield client


async def send(client: Client, shop: Tenant, fields: list[tuple[str, str]]) -> httpx.Response:
    """Post the fields in this order."""
    return await client.post(
        f"/shops/{shop.tenant_id}/script",
        content=urlencode(fields),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        follow_redirects=False,
    )


async def test_steps_and_their_fields_are_kept_in_the_order_of_the_page(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    answer = await send(operator, shop, TALK)
    page = await operator.get(f"/shops/{shop.tenant_id}/script")
    draft = await queries.draft_script(session, shop.tenant_id)

    assert answer.status_code == 303
    assert draft is not None
    assert [(step.title, len(step.fields)) for step in draft.steps] == [("ご用件", 2), ("締め", 0)]
    order, wish = draft.steps[0].fields
    assert (order.kind, order.required, order.choices) == (FieldKind.ORDER_NUMBER, True, ())
    assert order.key
    assert (wish.key, wish.required, wish.choices) == ("wish", False, ("返品", "交換"))
    assert "下書き：第1版" in page.text
    assert 'value="注文番号"' in page.text


async def test_saving_and_publishing_is_one_press(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    await send(operator, shop, [*TALK, ("then", "publish")])
    page = await operator.get(f"/shops/{shop.tenant_id}/script")

    assert await queries.has_published_script(session, shop.tenant_id)
    assert "公開中：第1版" in page.text
    assert "公開中のトークスクリプトがありません" not in page.text


async def test_an_incomplete_step_is_marked_and_what_was_typed_stays(
    operator: Client, session: AsyncSession, shop: Tenant
) -> None:
    page = await send(operator, shop, [("step-title", ""), ("step-say", "はい、<b>もしもし</b>。")])

    assert page.status_code == 422
    assert "手順の見出しをご入力ください。" in page.text
    assert "はい、&lt;b&gt;もしもし&lt;/b&gt;。" in page.text
    assert await queries.draft_script(session, shop.tenant_id) is None


async def test_publishing_nothing_is_refused_in_words(operator: Client, shop: Tenant) -> None:
    page = await send(operator, shop, [("name", "ご注文"), ("then", "publish")])

    assert page.status_code == 409
    assert "公開できる下書きがありません" in page.text


async def test_a_draft_is_discarded(operator: Client, session: AsyncSession, shop: Tenant) -> None:
    await send(operator, shop, TALK)
    await operator.post(f"/shops/{shop.tenant_id}/script/discarding", data={})

    assert await queries.draft_script(session, shop.tenant_id) is None


async def test_a_supervisor_reads_the_script_and_cannot_write_it(
    app: Litestar, session: AsyncSession, shop: Tenant
) -> None:
    async with signed_in(app, await an_account(session, Role.SUPERVISOR)) as client:
        page = await client.get(f"/shops/{shop.tenant_id}/script")
        refused = await send(client, shop, TALK)

    assert page.status_code == 200
    assert "保存して公開" not in page.text
    assert refused.status_code == 404


async def test_the_script_of_no_shop_is_not_found(operator: Client) -> None:
    assert (await operator.get(f"/shops/{uuid7()}/script")).status_code == 404
