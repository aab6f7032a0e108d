"""A desk's menu, played by the simulated carrier."""

import pytest
from sqlalchemy import select
from uuid_utils.compat import uuid7

from desks.models import Desk, MenuOption, Waiting
from desks.values import DeskState, MenuAction
from interactions.models import Interaction
from interactions.values import Outcome
from nanori.db import across_shops
from telephony.models import Recording
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, kinds, one

PROMPT = "ご注文は1を、配送状況は2を、営業時間は3を、留守番電話は4を押してください。"


@pytest.fixture
async def second_desk(theatre: Theatre) -> Desk:
    """A menu of four keys at the theatre's desk, one of which leads to this other desk."""
    shop, desk = theatre.shop, theatre.desk
    async with across_shops(theatre.stage.house.staff) as session:
        other = Desk(
            tenant_id=shop.tenant_id, id=uuid7(), name="配送", state=DeskState.OPEN,
            created_at=desk.created_at.replace(year=desk.created_at.year + 1),
        )  # fmt: skip
        session.add(other)
        kept = await session.get_one(Desk, (desk.tenant_id, desk.id))
        kept.menu_prompt = PROMPT
        await session.flush()
        for digit, action, to, said in (
            ("1", MenuAction.QUEUE, None, ""),
            ("2", MenuAction.DESK, other.id, ""),
            ("3", MenuAction.SAY, None, "営業時間は、9時から18時までです。"),
            ("4", MenuAction.VOICEMAIL, None, ""),
        ):
            session.add(
                MenuOption(
                    tenant_id=shop.tenant_id, id=uuid7(), desk_id=desk.id, digit=digit, action=action,
                    to_desk_id=to, said=said,
                )
            )  # fmt: skip
    return other


async def call(theatre: Theatre, *presses: tuple[str, float], seconds: float = 40) -> str:
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER, presses=presses)
    await theatre.stage.simulator.advance(seconds)
    return sid


def healthy(theatre: Theatre) -> None:
    assert theatre.stage.simulator.problems == []
    assert theatre.stage.simulator.contract_violations == []


async def test_a_key_leads_to_the_desks_own_queue(theatre: Theatre, second_desk: Desk) -> None:
    await call(theatre, ("1", 2.0))

    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id
    assert (await kinds(theatre))[:3] == ["arrived", "guidance_ended", "queued"]
    healthy(theatre)


async def test_each_of_two_callers_gets_an_answer_to_the_own_key(theatre: Theatre, second_desk: Desk) -> None:
    """What a caller does is no repeat of what the one before did, although step and turn are the same."""
    for key in ("1", "2"):
        theatre.stage.simulator.hang_up(await call(theatre, (key, 2.0), seconds=20))
        await theatre.stage.simulator.advance(5)

    assert [one.desk_id for one in await every(theatre, Waiting)] == [theatre.desk.id, second_desk.id]
    assert [one.outcome for one in await every(theatre, Interaction)] == 2 * [Outcome.ABANDONED]
    assert (await kinds(theatre)).count("guidance_ended") == 2
    healthy(theatre)


async def test_a_key_leads_to_another_desk_which_the_log_then_names(
    theatre: Theatre, second_desk: Desk
) -> None:
    await call(theatre, ("2", 2.0))

    assert (await one(theatre, Waiting)).desk_id == second_desk.id
    assert (await one(theatre, Interaction)).desk_id == second_desk.id


async def test_a_desk_that_has_closed_since_leaves_the_caller_at_this_one(
    theatre: Theatre, second_desk: Desk
) -> None:
    async with across_shops(theatre.stage.house.staff) as session:
        there = await session.get_one(Desk, (second_desk.tenant_id, second_desk.id))
        there.state = DeskState.PAUSED
    await call(theatre, ("2", 2.0))

    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id


async def test_the_menu_gives_the_answer_and_nobody_is_needed(theatre: Theatre, second_desk: Desk) -> None:
    sid = await call(theatre, ("3", 2.0))
    await theatre.stage.simulator.advance(20)

    interaction = await one(theatre, Interaction)
    assert theatre.stage.simulator.leg(sid).is_over
    assert interaction.outcome is Outcome.IVR_SELF_SERVED
    assert await kinds(theatre) == ["arrived", "self_served", "ended"]
    assert await every(theatre, Waiting) == []
    healthy(theatre)


async def test_who_wants_a_person_after_the_answer_gets_one(theatre: Theatre, second_desk: Desk) -> None:
    sid = await call(theatre, ("3", 2.0), ("0", 2.0))
    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id
    theatre.stage.simulator.hang_up(sid)
    await theatre.stage.simulator.advance(5)

    assert (await one(theatre, Interaction)).outcome is Outcome.ABANDONED


async def test_the_menu_leads_to_voicemail(theatre: Theatre, second_desk: Desk) -> None:
    await call(theatre, ("4", 2.0), seconds=60)

    interaction = await one(theatre, Interaction)
    assert interaction.outcome is Outcome.VOICEMAIL
    assert interaction.case_id is not None
    assert (await one(theatre, Recording)).file_id is not None
    assert interaction.queued_at is None
    healthy(theatre)


async def test_silence_hears_the_menu_three_times_and_is_then_put_through(
    theatre: Theatre, second_desk: Desk
) -> None:
    sid = await call(theatre, seconds=90)

    prompts = [text for text in heard(theatre, sid) if text == f"say: {PROMPT}"]
    assert len(prompts) == 3
    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id
    healthy(theatre)


def heard(theatre: Theatre, sid: str) -> list[str]:
    """Each change of what this end of the line hears, in order."""
    changes = theatre.stage.simulator.timeline.of(sid, "hears")
    return [text for change in changes for text in change.detail["hears"]]


async def test_a_wrong_key_hears_that_it_was_wrong(theatre: Theatre, second_desk: Desk) -> None:
    sid = await call(theatre, ("7", 1.0), ("1", 1.0))

    assert "say: 恐れ入りますが、もう一度お選びください。" in heard(theatre, sid)
    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id


async def test_a_desk_with_a_prompt_and_no_keys_has_no_menu(theatre: Theatre) -> None:
    async with across_shops(theatre.stage.house.staff) as session:
        kept = await session.scalar(select(Desk))
        assert kept is not None
        kept.menu_prompt = PROMPT
    await call(theatre, seconds=10)

    assert (await one(theatre, Waiting)).desk_id == theatre.desk.id
