from dataclasses import replace
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.errors import InvalidInput
from scripts_talk import commands, queries, versions
from scripts_talk.errors import (
    ChangedMeanwhile,
    LockedWords,
    NothingToDecide,
    NothingToPublish,
    NothingToSubmit,
    WhoIsMissing,
    WhyIsMissing,
)
from scripts_talk.readiness import script_checks
from scripts_talk.steps import CapturedField, Step
from scripts_talk.stored import as_json, from_json
from scripts_talk.values import MOVES, Approval, FieldKind, ScriptState, StepKind
from tenants.models import Tenant
from tests.scripts_talk.made_steps import talks
from tests.support.clock import START
from tests.support.people import a_shop

ASK = Step(
    key="ask", title="ご用件", say="本日はどのようなご用件でしょうか。", hint="さえぎらずに伺う",
    fields=(
        CapturedField(key="order", label="注文番号", kind=FieldKind.ORDER_NUMBER, required=True),
        CapturedField(key="wish", label="ご希望", kind=FieldKind.CHOICE, choices=("返品", "交換")),
    ),
)  # fmt: skip
CLOSE = Step(key="close", title="締め", say="お電話ありがとうございました。")


async def states(session: AsyncSession, shop: Tenant) -> dict[int, ScriptState]:
    return {one.number: one.state for one in await queries.newest_versions(session, shop.tenant_id)}


@settings(max_examples=40)
@given(talks)
def test_steps_survive_being_stored(steps: tuple[Step, ...]) -> None:
    assert from_json(as_json(steps)) == steps


def test_steps_as_they_were_stored_before_they_had_branches_are_read() -> None:
    field = {"key": "a", "label": "x", "kind": "text", "required": False, "choices": []}
    [step] = from_json([{"title": "x", "say": "y", "hint": "", "fields": [field]}])
    assert step == Step(title="x", say="y", fields=(CapturedField(key="a", label="x"),))


async def test_agents_follow_what_is_published_while_the_draft_is_written(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await versions.put_in_force(session, shop.tenant_id, "注文", [ASK], now=START)
    await commands.save_draft(session, shop.tenant_id, "注文", [ASK, CLOSE], now=START)

    published = await queries.published_script(session, shop.tenant_id)
    draft = await queries.draft_script(session, shop.tenant_id)

    assert published is not None
    assert draft is not None
    assert (published.number, published.steps) == (1, (ASK,))
    assert (draft.number, draft.steps) == (2, (ASK, CLOSE))


async def test_the_way_from_draft_to_published_to_retired(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await versions.put_in_force(session, shop.tenant_id, "注文", [ASK], now=START)
    await commands.save_draft(session, shop.tenant_id, "注文", [CLOSE], now=START)
    with pytest.raises(NothingToPublish):
        await versions.publish_script(session, shop.tenant_id, now=START)

    asked = await versions.submit_script(session, shop.tenant_id, now=START)
    assert await states(session, shop) == {2: ScriptState.SUBMITTED, 1: ScriptState.PUBLISHED}
    await commands.save_draft(session, shop.tenant_id, "注文", [CLOSE, ASK], now=START)
    await versions.approve_script(session, shop.tenant_id, asked.id, by=None, now=START)
    await versions.publish_script(session, shop.tenant_id, now=START)

    assert await states(session, shop) == {
        3: ScriptState.DRAFT, 2: ScriptState.PUBLISHED, 1: ScriptState.RETIRED
    }  # fmt: skip
    published = await queries.published_script(session, shop.tenant_id)
    assert published is not None
    assert (published.steps, published.approval) == ((CLOSE,), Approval.PORTAL)


async def test_a_refusal_says_why_and_the_version_is_a_draft_again(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START)
    asked = await versions.submit_script(session, shop.tenant_id, now=START)

    with pytest.raises(WhyIsMissing):
        await versions.refuse_script(session, shop.tenant_id, asked.id, why=" ", by=None, now=START)
    await versions.refuse_script(session, shop.tenant_id, asked.id, why="敬語が違います", by=None, now=START)

    draft = await queries.draft_script(session, shop.tenant_id)
    assert draft is not None
    assert (draft.number, draft.decision_note) == (1, "敬語が違います")
    with pytest.raises(NothingToDecide):
        await versions.approve_script(session, shop.tenant_id, asked.id, by=None, now=START)


async def test_a_newer_submission_takes_the_place_of_the_one_that_waits(session: AsyncSession) -> None:
    shop = await a_shop(session)
    for steps in ([ASK], [CLOSE]):
        await commands.save_draft(session, shop.tenant_id, "注文", steps, now=START)
        await versions.submit_script(session, shop.tenant_id, now=START)

    assert await states(session, shop) == {2: ScriptState.SUBMITTED, 1: ScriptState.RETIRED}


async def test_only_the_shop_itself_approves_the_words_of_a_cancellation(session: AsyncSession) -> None:
    shop = await a_shop(session)
    stop = Step(
        key="stop", title="解約", say="承りました。次回からお届けしません。", kind=StepKind.CANCELLATION
    )
    softer = replace(stop, say="本当によろしいですか。今なら半額です。")

    await commands.save_draft(session, shop.tenant_id, "解約", [stop, CLOSE], now=START)
    asked = await versions.submit_script(session, shop.tenant_id, now=START)
    with pytest.raises(LockedWords):
        await versions.record_approval(session, shop.tenant_id, note="店長、電話で", by=None, now=START)
    await versions.approve_script(session, shop.tenant_id, asked.id, by=None, now=START)
    await versions.publish_script(session, shop.tenant_id, now=START)

    for changed in ([softer, CLOSE], [CLOSE], [replace(stop, kind=StepKind.TALK), CLOSE]):
        await commands.save_draft(session, shop.tenant_id, "解約", changed, now=START)
        await versions.submit_script(session, shop.tenant_id, now=START)
        with pytest.raises(LockedWords):
            await versions.record_approval(session, shop.tenant_id, note="店長、電話で", by=None, now=START)
    await commands.save_draft(session, shop.tenant_id, "解約", [stop, ASK, CLOSE], now=START)
    await versions.submit_script(session, shop.tenant_id, now=START)
    with pytest.raises(WhoIsMissing):
        await versions.record_approval(session, shop.tenant_id, note=" ", by=None, now=START)
    approved = await versions.record_approval(
        session, shop.tenant_id, note="山田店長、11月22日のメール", by=None, now=START
    )
    assert (approved.approval, approved.decision_note) == (Approval.RECORDED, "山田店長、11月22日のメール")


async def test_unfinished_work_is_kept_and_not_submitted(session: AsyncSession) -> None:
    shop = await a_shop(session)
    with pytest.raises(NothingToSubmit):
        await versions.submit_script(session, shop.tenant_id, now=START)
    first = await commands.save_draft(session, shop.tenant_id, "注文", [Step(title="")], now=START, seen=0)
    with pytest.raises(InvalidInput) as refusal:
        await versions.submit_script(session, shop.tenant_id, now=START)
    assert list(refusal.value.fields) == ["step-0"]

    await commands.save_draft(session, shop.tenant_id, "注文", [CLOSE], now=START, seen=first.revision)
    with pytest.raises(ChangedMeanwhile):
        await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START, seen=1)


async def test_the_database_refuses_any_change_of_a_published_version(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await versions.put_in_force(session, shop.tenant_id, "注文", [ASK], now=START)
    for change in ("steps = '[]'", "revision = 9", "number = 9", "state = 'draft'", "state = 'approved'"):
        with pytest.raises(DBAPIError, match=r"only a draft changes|keeps its place|no way from"):
            async with session.begin_nested():
                await session.execute(text(f"UPDATE script_version SET {change}"))  # noqa: S608 -- our own words


async def test_the_database_knows_the_same_moves_as_the_code(session: AsyncSession) -> None:
    shop = await a_shop(session)
    draft = await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START)
    ways: dict[ScriptState, list[ScriptState]] = {
        ScriptState.DRAFT: [],
        ScriptState.SUBMITTED: [ScriptState.SUBMITTED],
        ScriptState.APPROVED: [ScriptState.SUBMITTED, ScriptState.APPROVED],
        ScriptState.PUBLISHED: [ScriptState.SUBMITTED, ScriptState.APPROVED, ScriptState.PUBLISHED],
        ScriptState.RETIRED: [ScriptState.RETIRED],
    }
    for before, after in product(ScriptState, repeat=2):
        moved = await went(session, draft.id, [*ways[before], after])
        assert moved is (after in {before, *MOVES[before]}), (before, after)


async def went(session: AsyncSession, version_id: UUID, states: list[ScriptState]) -> bool:
    """Could the version go through these states? It is where it was afterwards."""
    before = await session.begin_nested()
    try:
        for state in states:
            await session.execute(
                text("UPDATE script_version SET state = :state WHERE id = :id"),
                {"state": state.value, "id": version_id},
            )
    except DBAPIError:
        return False
    finally:
        await before.rollback()
    return True


async def test_a_discarded_draft_is_gone_and_its_number_is_not_used_again(session: AsyncSession) -> None:
    shop = await a_shop(session)
    await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START)
    await commands.discard_draft(session, shop.tenant_id)
    await commands.discard_draft(session, shop.tenant_id)

    assert await queries.draft_script(session, shop.tenant_id) is None
    assert (await commands.save_draft(session, shop.tenant_id, "注文", [ASK], now=START)).number == 2


async def test_readiness_asks_for_a_published_script(session: AsyncSession) -> None:
    with_script, without = await a_shop(session), await a_shop(session)
    await versions.put_in_force(session, with_script.tenant_id, "注文", [ASK], now=START)

    found = await script_checks(session, [with_script.tenant_id, without.tenant_id])

    assert [check.done for check in found[with_script.tenant_id]] == [True]
    assert [check.done for check in found[without.tenant_id]] == [False]
