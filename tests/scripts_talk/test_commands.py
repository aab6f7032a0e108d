import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.errors import InvalidInput
from scripts_talk import commands, queries
from scripts_talk.errors import NothingToPublish
from scripts_talk.readiness import script_checks
from scripts_talk.steps import CapturedField, Step, as_json, from_json
from scripts_talk.values import FieldKind
from tests.support.clock import START
from tests.support.people import a_shop

ASK = Step(
    title="ご用件", say="本日はどのようなご用件でしょうか。", hint="さえぎらずに伺う",
    fields=(
        CapturedField(key="order", label="注文番号", kind=FieldKind.ORDER_NUMBER, required=True),
        CapturedField(key="wish", label="ご希望", kind=FieldKind.CHOICE, choices=("返品", "交換")),
    ),
)  # fmt: skip
CLOSE = Step(title="締め", say="お電話ありがとうございました。")


def test_steps_survive_being_stored() -> None:
    assert from_json(as_json([ASK, CLOSE])) == (ASK, CLOSE)


async def test_agents_follow_what_is_published_while_the_draft_is_written(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START)
    await commands.publish_script(session, shop.tenant_id, now=START)
    await commands.save_draft(session, shop.tenant_id, "注文", [ASK, CLOSE], now=START)

    published = await queries.published_script(session, shop.tenant_id)
    draft = await queries.draft_script(session, shop.tenant_id)

    assert published is not None
    assert draft is not None
    assert (published.number, published.steps) == (1, (ASK,))
    assert (draft.number, draft.steps) == (2, (ASK, CLOSE))


async def test_a_new_version_takes_the_place_of_the_one_before(session: AsyncSession) -> None:
    shop = await a_shop(session)
    for steps in ([ASK], [CLOSE]):
        await commands.save_draft(session, shop.tenant_id, "注文", steps, now=START)
        await commands.publish_script(session, shop.tenant_id, now=START)

    published = await queries.published_script(session, shop.tenant_id)

    assert published is not None
    assert (published.number, published.steps) == (2, (CLOSE,))
    assert await queries.draft_script(session, shop.tenant_id) is None


async def test_nothing_is_published_without_a_step(session: AsyncSession) -> None:
    shop = await a_shop(session)

    with pytest.raises(NothingToPublish):
        await commands.publish_script(session, shop.tenant_id, now=START)
    await commands.save_draft(session, shop.tenant_id, "注文", [], now=START)
    with pytest.raises(NothingToPublish):
        await commands.publish_script(session, shop.tenant_id, now=START)


async def test_a_discarded_draft_is_gone_and_its_number_is_not_used_again(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START)
    await commands.discard_draft(session, shop.tenant_id)
    await commands.discard_draft(session, shop.tenant_id)

    assert await queries.draft_script(session, shop.tenant_id) is None
    assert (await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START)).number == 2


@pytest.mark.parametrize(
    ("steps", "place"),
    [
        ([Step(title="", say="はい")], "step-0"),
        ([ASK, Step(title="x", fields=(CapturedField(key="a", label=""),))], "step-1-field-0"),
        (
            [
                Step(
                    title="x",
                    fields=(CapturedField(key="a", label="x", kind=FieldKind.CHOICE, choices=("一つ",)),),
                )
            ],
            "step-0-field-0",
        ),
        ([ASK, ASK], "steps"),
        ([CLOSE] * 31, "steps"),
    ],
)
async def test_an_incomplete_script_is_refused_where_it_is_incomplete(
    session: AsyncSession, steps: list[Step], place: str
) -> None:
    shop = await a_shop(session)

    with pytest.raises(InvalidInput) as refusal:
        await commands.save_draft(session, shop.tenant_id, "注文", steps, now=START)

    assert list(refusal.value.fields) == [place]


async def test_readiness_asks_for_a_published_script(session: AsyncSession) -> None:
    with_script, without = await a_shop(session), await a_shop(session)
    await commands.save_draft(session, with_script.tenant_id, "注文", [ASK], now=START)
    await commands.publish_script(session, with_script.tenant_id, now=START)

    found = await script_checks(session, [with_script.tenant_id, without.tenant_id])

    assert [check.done for check in found[with_script.tenant_id]] == [True]
    assert [check.done for check in found[without.tenant_id]] == [False]
