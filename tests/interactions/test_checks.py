"""Checks of calls: what a supervisor found is a fact of the log, and the lot proposes the calls."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.checks import DRAWN, Check, check, coverage, drawn, latest_check
from interactions.errors import NotCheckable
from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind, Fault, PartyKind
from nanori.actors import Actor, ActorKind, Role
from tests.reports.logged import MONDAY, ShopLog
from tests.reports.months import at
from tests.support.clock import START
from tests.support.people import a_shop, an_account

MORNING = at(MONDAY, 10)
EVENING = at(MONDAY, 20)


async def a_book(session: AsyncSession) -> ShopLog:
    shop = await a_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    return ShopLog(session, shop, agent.id)


async def test_a_second_check_corrects_the_first_and_the_log_keeps_both(session: AsyncSession) -> None:
    book = await a_book(session)
    one = await book.answered(MORNING)
    sato = await an_account(session, Role.SUPERVISOR)
    actor = Actor(kind=ActorKind.SUPERVISOR, account_id=sato.id)
    first = Check(faults=frozenset({Fault.COMPLIANCE, Fault.NAME}), note="名のりを確認\x00")
    await check(session, one.tenant_id, one.id, first, actor=actor, now=START)
    assert one.faults == "name compliance"

    await check(session, one.tenant_id, one.id, Check(faults=frozenset()), actor=actor, now=START)
    assert one.faults == ""
    found = await latest_check(session, one)
    assert found == Check(faults=frozenset(), at=START, by=sato.id)
    kept = await session.scalars(
        select(InteractionEvent.data).where(InteractionEvent.kind == EventKind.CHECKED)
    )
    assert list(kept) == [{"faults": ["name", "compliance"], "note": "名のりを確認"}, {"faults": []}]


async def test_only_a_finished_call_with_a_person_is_checked(session: AsyncSession) -> None:
    book = await a_book(session)
    going_on = await book.call(MORNING, (EventKind.QUEUED, 8), (EventKind.ANSWERED, 12))
    refused = [going_on, await book.answered(MORNING, party=PartyKind.TEST), await book.mail(MORNING)]
    for one in refused:
        with pytest.raises(NotCheckable):
            await check(
                session, one.tenant_id, one.id, Check(faults=frozenset()), actor=book.agent, now=START
            )
    assert await numbers_drawn(book, "a") == []


async def test_the_lot_of_a_day_stays_and_what_was_checked_makes_room(session: AsyncSession) -> None:
    book = await a_book(session)
    calls = [await book.answered(MORNING + timedelta(minutes=n)) for n in range(DRAWN + 4)]
    await book.answered(EVENING)
    first = await numbers_drawn(book, "2026-10-06")

    assert first == await numbers_drawn(book, "2026-10-06")
    assert len(first) == DRAWN
    assert first != sorted(first)
    assert set(first) <= {one.number for one in calls}
    assert first != await numbers_drawn(book, "2026-10-07")
    taken = next(one for one in calls if one.number == first[0])
    await check(session, taken.tenant_id, taken.id, Check(faults=frozenset()), actor=book.agent, now=START)
    assert (await numbers_drawn(book, "2026-10-06"))[: DRAWN - 1] == first[1:]
    found = await coverage(session, taken.tenant_id, MORNING, EVENING)
    assert (found.checked, found.calls) == (1, DRAWN + 4)


async def numbers_drawn(book: ShopLog, seed: str) -> list[int]:
    found: list[Interaction] = list(
        await drawn(book.session, book.shop.tenant_id, MORNING, EVENING, seed=seed)
    )
    return [one.number for one in found]
