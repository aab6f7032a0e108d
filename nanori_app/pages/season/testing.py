"""Test calls to a season's numbers, after the request that asked for them: they take seconds."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from desks.season_models import GateProof
from desks.start_gate import TESTED
from nanori import live
from nanori.context import Context
from nanori.db import across_shops, unit_of_work
from nanori.installation import Installation
from nanori_app.rehearse.one_call import Borrow, Heard, try_number
from tenants import promises


@dataclass(frozen=True, slots=True)
class Tested:
    """Which desk's numbers are called, and for whom."""

    tenant_id: UUID
    desk_id: UUID
    context: Context


async def call_numbers(house: Installation, borrow: Borrow, asked: Tested) -> None:
    """Call each number before, in and after the season; each result is kept and told at once."""
    async with across_shops(house.staff) as session:
        lines = await promises.promises_to(session, asked.tenant_id, asked.desk_id)
        numbers = [one.line for one in lines if one.line.startswith("+")]
    for number in numbers:
        heard = await try_number(house, borrow, asked.tenant_id, asked.desk_id, number)
        async with unit_of_work(house.staff, [asked.tenant_id]) as session:
            _prove(session, house, asked, number, heard)
            await session.flush()
            await live.announce(session, live.FLOOR, "season", desk=asked.desk_id)


def _prove(session: AsyncSession, house: Installation, asked: Tested, number: str, heard: Heard) -> None:
    session.add(
        GateProof(
            tenant_id=asked.tenant_id, id=uuid7(), desk_id=asked.desk_id, key=TESTED, subject=number,
            at=house.clock.now(), good=heard.good, account_id=asked.context.actor.account_id,
            detail=heard.as_json(),
        )
    )  # fmt: skip
