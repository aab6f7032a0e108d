"""The trail: written with the deed, and never changed by those who write it."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from nanori import audit
from nanori.actors import Actor, ActorKind, Role
from nanori.audit import AuditEntry
from nanori.context import Context
from nanori.installation import Installation
from tests.support.clock import START


def a_context() -> Context:
    return Context(
        actor=Actor(kind=ActorKind.SUPERVISOR, account_id=uuid7()), name="佐藤 美咲",
        roles=frozenset({Role.SUPERVISOR}), shops=frozenset(), locale="ja", zone=ZoneInfo("Asia/Tokyo"),
        now=START, request_id=uuid7(),
    )  # fmt: skip


async def test_an_entry_names_who_what_when_and_in_which_request(session: AsyncSession) -> None:
    context, shop, subject = a_context(), uuid7(), uuid7()
    await audit.record(session, context, "case.read", shop_id=shop, subject_id=subject, detail={"rows": 1})

    entry = (await session.scalars(select(AuditEntry))).one()
    assert (entry.account_id, entry.actor_kind) == (context.actor.account_id, ActorKind.SUPERVISOR)
    assert (entry.action, entry.shop_id, entry.subject_id) == ("case.read", shop, subject)
    assert (entry.at.astimezone(UTC), entry.request_id, entry.detail) == (
        START, context.request_id, {"rows": 1},
    )  # fmt: skip


async def test_a_deed_that_is_rolled_back_leaves_no_entry(clone: Installation) -> None:
    async with clone.staff() as session:
        await audit.record(session, a_context(), "case.read")
        await session.rollback()
        assert (await session.scalars(select(AuditEntry))).all() == []


@pytest.mark.parametrize(
    "change", [update(AuditEntry).values(action="nothing"), delete(AuditEntry)], ids=["change", "removal"]
)
async def test_no_login_role_can_rewrite_the_trail(clone: Installation, change: object) -> None:
    for sessions in (clone.staff, clone.merchant, clone.worker):
        async with sessions() as session:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await session.execute(change)  # type: ignore[call-overload]  # both are statements


async def test_a_merchant_may_leave_entries_and_read_none(clone: Installation) -> None:
    async with clone.merchant.begin() as session:
        await audit.record(session, a_context(), "report.read")
    async with clone.merchant() as session:
        with pytest.raises(ProgrammingError, match="permission denied"):
            await session.execute(select(AuditEntry))
