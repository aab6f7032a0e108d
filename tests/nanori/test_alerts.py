"""Causes that somebody must act on: counted while they last, pushed once, cleared once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import alerts, live
from nanori.actors import Role
from nanori.alerts import Alarm, Alert, AlertNotFound
from nanori.identity.models import Account
from nanori.installation import Installation
from nanori.live import FLOOR
from tests.support.clock import START
from tests.support.people import an_account

NUMBER_LOST = Alarm(name="number_lost", title="{subject} is lost", advice="Look for it.")
OFTEN = replace(NUMBER_LOST, name="often", at_least=3)
EVENING = START + timedelta(hours=5)


async def test_the_same_cause_is_one_alert_that_counts(session: AsyncSession) -> None:
    shop = uuid7()
    await alerts.raise_alert(session, NUMBER_LOST, "+8150", now=START, shop_id=shop, detail="a")
    await alerts.raise_alert(
        session, NUMBER_LOST, "+8150", now=START + timedelta(hours=5), detail="b", times=4
    )
    await alerts.raise_alert(session, NUMBER_LOST, "+8151", now=START)

    newest, other = await alerts.open_alerts(session)
    assert (newest.subject, newest.times, newest.detail, newest.shop_id) == ("+8150", 5, "b", shop)
    assert (newest.first_at, newest.last_at) == (START, EVENING)
    assert (other.subject, other.times) == ("+8151", 1)


async def test_an_alarm_that_needs_repeating_is_shown_from_then_on(session: AsyncSession) -> None:
    for minute in range(2):
        await alerts.raise_alert(session, OFTEN, now=START + timedelta(minutes=minute))
    before = await alerts.open_alerts(session)
    await alerts.raise_alert(session, OFTEN, now=START + timedelta(minutes=2))

    (shown,) = await alerts.open_alerts(session)
    assert before == []
    assert (shown.times, shown.shown_since) == (3, START + timedelta(minutes=2))


async def test_repeats_far_apart_do_not_add_up_to_an_alarm(session: AsyncSession) -> None:
    for hour in range(5):
        await alerts.raise_alert(session, OFTEN, now=START + timedelta(hours=hour))

    assert await alerts.open_alerts(session) == []


async def test_what_is_shown_stays_though_it_is_quiet_for_long(session: AsyncSession) -> None:
    await alerts.raise_alert(session, OFTEN, now=START, times=3)
    await alerts.raise_alert(session, OFTEN, now=START + timedelta(days=1))

    (shown,) = await alerts.open_alerts(session)
    assert (shown.times, shown.shown_since) == (4, START)


async def test_a_cleared_cause_that_comes_back_is_a_new_alert(session: AsyncSession) -> None:
    operator = await an_operator(session)
    await alerts.raise_alert(session, NUMBER_LOST, "+8150", now=START)
    (first,) = await alerts.open_alerts(session)
    await alerts.clear_alert(session, first.id, by=operator.id, now=START)
    await alerts.raise_alert(session, NUMBER_LOST, "+8150", now=START)

    (second,) = await alerts.open_alerts(session)
    assert second.id != first.id
    assert [one.id for one in await alerts.cleared_alerts(session, now=START)] == [first.id]
    with pytest.raises(AlertNotFound):
        await alerts.clear_alert(session, first.id, by=operator.id, now=START)


async def test_a_cause_that_goes_away_clears_its_alert_and_names_nobody(session: AsyncSession) -> None:
    await alerts.raise_alert(session, NUMBER_LOST, "+8150", now=START)
    await alerts.settle_alert(session, NUMBER_LOST, "+8151", now=START)
    still_open = await alerts.open_alerts(session)
    await alerts.settle_alert(session, NUMBER_LOST, "+8150", now=START)

    assert len(still_open) == 1
    assert await alerts.open_alerts(session) == []
    assert await session.scalar(select(Alert.cleared_by)) is None


async def test_the_figure_in_the_navigation_counts_what_is_shown(session: AsyncSession) -> None:
    await alerts.raise_alert(session, NUMBER_LOST, "+8150", now=START)
    await alerts.raise_alert(session, OFTEN, now=START)

    assert await session.scalar(text(alerts.OPEN_COUNT)) == 1


async def test_a_storm_of_one_cause_is_pushed_once_in_five_seconds(clone: Installation) -> None:
    """Real commits and a real listener: the alerts come in one after the other, the news once in a while."""
    await clone.hub.start()
    async with clone.hub.subscription(FLOOR) as news:
        for second in range(8):
            now = START + timedelta(seconds=second)
            await alerts.raise_alert_apart(clone.staff, NUMBER_LOST, "+8150", now=now)
        await alerts.raise_alert_apart(clone.staff, OFTEN, now=START)
        async with clone.staff.begin() as session:
            await live.announce(session, FLOOR, "end")
        heard = []
        while (one := await news.get()).event != "end":
            heard.append(one.event)

    assert heard == ["alerts", "alerts"]


async def an_operator(session: AsyncSession) -> Account:
    return await an_account(session, Role.OPERATOR)
