"""The page on which a desk's menu, callbacks and empty hours are set up."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import menus
from desks.models import Desk, MenuOption
from desks.values import MenuAction, Unattended
from tests.desks.web.test_desks import page_of
from tests.support.people import Client, a_shop
from tests.telephony.conftest import a_desk

MENU = {
    "menu_prompt": "ご注文は1を、営業時間は2を押してください。",
    "offers_callback": "y",
    "unattended": "contacts",
    "key-digit": ["1", "２"],
    "key-action": ["queue", "say"],
    "key-desk": ["", ""],
    "key-said": ["", "9時から18時までです。"],
}


async def test_a_menu_is_saved_as_typed_and_shown_again(
    supervisor: Client,
    session: AsyncSession,
    desk: Desk,
) -> None:
    saved = await supervisor.post(f"{page_of(desk)}/callers", data=MENU, follow_redirects=False)
    page = await supervisor.get(f"{page_of(desk)}/callers")
    kept = await session.get_one(Desk, (desk.tenant_id, desk.id), populate_existing=True)
    now = await menus.reception_of(session, kept)

    assert saved.status_code == 303
    assert [(key.digit, key.action) for key in now.keys] == [("1", MenuAction.QUEUE), ("2", MenuAction.SAY)]
    assert (now.unattended, now.offers_callback) == (Unattended.CONTACTS, True)
    assert "9時から18時までです。" in page.text
    assert "営業時間は2を" in page.text


async def test_leaving_all_out_takes_the_menu_away(
    supervisor: Client,
    session: AsyncSession,
    desk: Desk,
) -> None:
    await supervisor.post(f"{page_of(desk)}/callers", data=MENU)
    await supervisor.post(f"{page_of(desk)}/callers", data={"unattended": "voicemail"})
    kept = await session.get_one(Desk, (desk.tenant_id, desk.id), populate_existing=True)

    assert (await session.scalars(select(MenuOption))).all() == []
    assert (kept.menu_prompt, kept.offers_callback) == ("", False)


async def test_what_is_wrong_is_said_beside_it_and_stays_as_typed(
    supervisor: Client,
    session: AsyncSession,
    desk: Desk,
) -> None:
    typed = MENU | {
        "menu_prompt": "",
        "key-digit": ["1", "1", "x", "4"],
        "key-action": ["queue", "say", "queue", "desk"],
        "key-desk": ["", "", "", ""],
        "key-said": ["", "", "あ", "い"],
    }
    page = await supervisor.post(f"{page_of(desk)}/callers", data=typed)

    assert page.status_code == 422
    for sentence in (
        "どのボタンがあるか",
        "読み上げる回答をご入力ください",
        "0から9までの数字1つ",
        "つなぎ先の窓口をお選びください",
        "このボタンは2回指定されています",
    ):
        assert sentence in page.text, sentence
    assert (await session.scalars(select(MenuOption))).all() == []


async def test_a_key_cannot_lead_to_another_shops_desk(
    supervisor: Client,
    session: AsyncSession,
    desk: Desk,
) -> None:
    foreign = await a_desk(session, await a_shop(session))
    await session.commit()
    typed = MENU | {"key-action": ["desk", "queue"], "key-desk": [str(foreign.id), ""]}
    page = await supervisor.post(f"{page_of(desk)}/callers", data=typed)

    assert page.status_code == 422
    assert "つなぎ先の窓口をお選びください" in page.text
