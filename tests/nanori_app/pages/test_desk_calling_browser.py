"""In a real browser: calling a shopper by keys alone, the agent's own telephone, asking for a supervisor."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect
from uuid_utils.compat import uuid7

from nanori import directory
from nanori.installation import Installation
from tenants.models import PhoneNumber
from tests.nanori_app.pages.test_desk_browser import Desk, a_desk
from tests.support.browser import axe_findings


async def has_a_number(desk: Desk) -> None:
    tenant_id, number = desk.stage.shops[0].tenant_id, "+815031960001"
    async with desk.behind() as session:
        await directory.promise(session, directory.Kind.NUMBER, number, shop_id=tenant_id)
        session.add(PhoneNumber(tenant_id=tenant_id, id=uuid7(), number=number))
    await desk.page.reload()
    await desk.page.wait_for_selector("#facts[data-holder=mine]", state="attached")


@pytest.mark.parametrize("narrow", [False, True])
async def test_a_shopper_is_called_by_keys_alone(
    browser: Browser, clone: Installation, *, narrow: bool
) -> None:
    axe = (Path(clone.settings.vendor_dir) / "axe.js").read_text()
    async with a_desk(browser, clone, narrow=narrow) as desk:
        await has_a_number(desk)
        await desk.take_calls()
        await desk.page.keyboard.press("d")
        await expect(desk.page.locator("#callout-to")).to_be_focused()
        await desk.page.keyboard.type("110")
        await desk.page.keyboard.press("Enter")
        await expect(desk.page.locator("#callout-error")).to_contain_text("緊急通報")
        assert await axe_findings(desk.page, axe) == []
        await desk.page.fill("#callout-to", "０９０－１２３４－５６７８")
        await desk.page.keyboard.press("Enter")
        await desk.is_in("calling")
        await desk.phone.carries(1)
        await expect(desk.page.locator(".phrase")).to_contain_text("お忙しいところ恐れ入ります")
        await expect(desk.page.locator("#callout")).to_have_count(0)
        assert await axe_findings(desk.page, axe) == []


async def test_who_answers_by_their_own_telephone_is_told_to_press_1(
    browser: Browser, clone: Installation
) -> None:
    axe = (Path(clone.settings.vendor_dir) / "axe.js").read_text()
    async with a_desk(browser, clone) as desk:
        await desk.page.click("#presence")
        await desk.page.click("#my-phone")
        await desk.page.fill("#to", "0570-000-000")
        await desk.page.press("#to", "Enter")
        await expect(desk.page.locator("#to-error")).to_be_visible()
        assert await axe_findings(desk.page, axe) == []
        await desk.page.fill("#to", "０９０ー５５５５ー０００１")
        await desk.page.press("#to", "Enter")
        await desk.page.wait_for_selector("#facts[data-holder=mine]", state="attached")
        await desk.page.click("#presence")
        await desk.page.click("#by-phone")
        await desk.page.wait_for_selector("#facts[data-by=phone]", state="attached")
        await desk.take_calls()
        await desk.rings()
        await desk.page.keyboard.press("Enter")
        await desk.is_in("joining")
        await expect(desk.page.locator(".desk-joining")).to_contain_text("末尾 0001")
        assert await axe_findings(desk.page, axe) == []
        assert desk.phone.dialled == []


async def test_a_supervisor_is_asked_for_by_one_key_and_called_off_by_the_same(
    browser: Browser, clone: Installation
) -> None:
    axe = (Path(clone.settings.vendor_dir) / "axe.js").read_text()
    async with a_desk(browser, clone) as desk:
        await desk.talks()
        await desk.page.keyboard.press("!")
        await expect(desk.page.locator(".desk-companion.is-asked")).to_be_visible()
        assert await axe_findings(desk.page, axe) == []
        await desk.page.keyboard.press("!")
        await expect(desk.page.locator(".desk-companion")).to_have_count(0)
