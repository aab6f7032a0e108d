"""The page of alerts: for whoever can act, in their words, gone when somebody has seen to it."""

from collections.abc import AsyncGenerator

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import alerts
from nanori.actors import Role
from nanori.alerts import Alarm
from nanori.audit import AuditEntry
from nanori.rooms import Room
from nanori_app.pages.alerts import alarms_of
from nanori_app.rooms import ROOMS
from reports.alarms import MONTH_NOT_CLOSED
from reports.closing.errors import MonthBusy
from telephony.alarms import BAD_CONTACT_NUMBER, ORDER_REFUSED, UNKNOWN_NUMBER
from tenants.models import Tenant
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

NUMBER = "+815031960009"


@pytest.fixture
async def supervisor(app: Litestar, session: AsyncSession) -> AsyncGenerator[Client]:
    account = await an_account(session, Role.SUPERVISOR)
    await session.commit()
    async with signed_in(app, account) as client:
        yield client


async def test_an_alert_says_what_is_wrong_what_to_do_and_where(
    supervisor: Client, session: AsyncSession
) -> None:
    shop = await a_shop(session)
    await alerts.raise_alert(
        session, BAD_CONTACT_NUMBER, "a contact", now=START, shop_id=shop.tenant_id, detail="21211"
    )
    await session.commit()
    page = (await supervisor.get("/alerts")).text

    assert "連絡先の電話番号につながりません" in page
    assert "ショップに正しい番号を確認し" in page
    assert f'href="/shops/{shop.tenant_id}/contacts"' in page
    assert shop.brand_name in page
    assert "21211" in page


async def test_a_months_alert_names_shop_month_and_reason(supervisor: Client, session: AsyncSession) -> None:
    shop = await a_shop(session)
    await fail_to_close(session, shop)
    await session.commit()
    page = (await supervisor.get("/alerts")).text

    assert "2026-10 の月を締められませんでした" in page
    assert "この月に始まった通話がまだ続いています" in page
    assert f'href="/months/{shop.tenant_id}/2026-10"' in page
    assert shop.brand_name in page


async def fail_to_close(session: AsyncSession, shop: Tenant) -> None:
    subject = f"{shop.tenant_id}/2026-10"
    await alerts.raise_alert(
        session, MONTH_NOT_CLOSED, subject, now=START, shop_id=shop.tenant_id, detail=MonthBusy.message
    )


async def test_what_loses_calls_stands_first(supervisor: Client, session: AsyncSession) -> None:
    await alerts.raise_alert(session, UNKNOWN_NUMBER, NUMBER, now=START)
    await alerts.raise_alert(session, ORDER_REFUSED, "hold", now=START)
    await session.commit()
    page = (await supervisor.get("/alerts")).text

    assert page.index(NUMBER) < page.index("(hold)")


async def test_every_page_of_a_leader_says_how_many_wait(supervisor: Client, session: AsyncSession) -> None:
    before = (await supervisor.get("/interactions")).text
    await alerts.raise_alert(session, UNKNOWN_NUMBER, NUMBER, now=START)
    await session.commit()
    after = (await supervisor.get("/interactions")).text

    assert 'data-count-news="alerts" hidden>0<' in before
    assert 'data-count-news="alerts">1<' in after
    assert (await supervisor.get("/alerts/count")).json() == {"count": 1}


async def test_clearing_is_on_the_trail_and_the_list_is_empty_in_words(
    supervisor: Client, session: AsyncSession
) -> None:
    await alerts.raise_alert(session, UNKNOWN_NUMBER, NUMBER, now=START)
    (alert,) = await alerts.open_alerts(session)
    await session.commit()
    first = await supervisor.post(f"/alerts/{alert.id}/clearing", follow_redirects=False)
    second = await supervisor.post(f"/alerts/{alert.id}/clearing", follow_redirects=False)
    page = (await supervisor.get("/alerts")).text

    assert (first.status_code, second.status_code) == (303, 404)
    assert "対応が必要なことはありません" in page
    assert "試験 太郎" in page
    assert (await session.scalars(select(AuditEntry.action))).all() == ["alert.cleared"]


async def test_the_page_reads_only_its_list_again(supervisor: Client) -> None:
    fragment = (await supervisor.get("/alerts", headers={"HX-Request": "true"})).text

    assert "<html" not in fragment
    assert "対応が必要なことはありません" in fragment


def test_no_two_rooms_call_their_alarms_the_same() -> None:
    assert len(alarms_of(ROOMS)) == sum(len(room.alarms) for room in ROOMS)
    twice = Alarm(name="unknown_number", title="", advice="")
    with pytest.raises(ValueError, match="unknown_number"):
        alarms_of([*ROOMS, Room(name="another", alarms=[twice])])
