"""The page on which a desk's menu, callbacks and empty hours are set up."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import menus, roster
from desks.menus import Key, Reception
from desks.models import Desk, MenuOption
from desks.readiness import desk_checks
from desks.values import DeskState, MenuAction, Unattended
from tenants.models import Tenant
from tests.desks.web.test_desks import page_of
from tests.support.clock import START
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


async def test_a_key_to_a_desk_that_has_closed_is_told_of_here_and_in_the_readiness(
    supervisor: Client, session: AsyncSession, desk: Desk
) -> None:
    shop = await session.get_one(Tenant, desk.tenant_id)
    repairs = await roster.open_desk(session, desk.tenant_id, name="修理デスク", now=START)
    keys = [Key(digit="2", action=MenuAction.DESK, to_desk_id=repairs.id)]
    reception = Reception(menu_prompt="修理は2を押してください。", keys=keys, unattended=Unattended.CONTACTS)
    await menus.set_reception(session, desk.tenant_id, desk_id=desk.id, reception=reception)
    healthy = [check.key for check in (await desk_checks(session, [shop.tenant_id]))[shop.tenant_id]]
    repairs.state = DeskState.CLOSED
    await session.commit()
    page = await supervisor.get(f"{page_of(desk)}/callers")
    overview = await supervisor.get(f"/shops/{desk.tenant_id}")

    assert healthy == ["agents", "unattended"]  # the shop has named nobody
    assert "つなぎ先の窓口をお選びください。" in page.text
    assert f'href="{page_of(desk)}/callers"' in overview.text
    assert "は修理デスクにつながりますが" in overview.text


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
