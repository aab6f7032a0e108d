"""What this room adds to the readiness of a shop."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from desks.models import Desk, MenuOption, RosterEntry
from desks.values import DeskState, Unattended
from nanori.words import N_
from tenants.models import Contact
from tenants.readiness import Check


async def desk_checks(session: AsyncSession, tenant_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Check]]:
    """Whether somebody may answer at each shop's open desk, and what its callers are promised in vain."""
    staffed = set(
        await session.scalars(
            select(RosterEntry.tenant_id)
            .join(Desk, (Desk.tenant_id == RosterEntry.tenant_id) & (Desk.id == RosterEntry.desk_id))
            .where(RosterEntry.tenant_id.in_(tenant_ids), Desk.state == DeskState.OPEN)
        )
    )
    found = {tenant_id: [_agents(done=tenant_id in staffed)] for tenant_id in tenant_ids}
    for tenant_id, checks in (await _empty_promises(session, tenant_ids)).items():
        found[tenant_id] += checks
    return found


async def _empty_promises(session: AsyncSession, tenant_ids: Sequence[UUID]) -> dict[UUID, list[Check]]:
    """Keys that lead to a desk which is not open, and desks that would call people whom nobody has named."""
    there = aliased(Desk)
    lost_keys = await session.execute(
        select(Desk, MenuOption.digit, there.name)
        .join(MenuOption, (MenuOption.tenant_id == Desk.tenant_id) & (MenuOption.desk_id == Desk.id))
        .join(there, (there.tenant_id == MenuOption.tenant_id) & (there.id == MenuOption.to_desk_id))
        .where(
            Desk.tenant_id.in_(tenant_ids), Desk.state == DeskState.OPEN, Desk.menu_prompt != "",
            there.state != DeskState.OPEN,
        )
        .order_by(Desk.created_at, MenuOption.digit)
    )  # fmt: skip
    found: dict[UUID, list[Check]] = defaultdict(list)
    for desk, digit, to in lost_keys:
        found[desk.tenant_id].append(_lost_key(desk, digit, to))
    for desk in await _nobody_to_call(session, tenant_ids):
        found[desk.tenant_id].append(_uncalled(desk))
    return found


async def _nobody_to_call(session: AsyncSession, tenant_ids: Sequence[UUID]) -> Iterable[Desk]:
    somebody = exists().where(Contact.tenant_id == Desk.tenant_id, Contact.phone != "")
    return await session.scalars(
        select(Desk)
        .where(
            Desk.tenant_id.in_(tenant_ids), Desk.state == DeskState.OPEN,
            Desk.unattended == Unattended.CONTACTS, ~somebody,
        )
        .order_by(Desk.created_at)
    )  # fmt: skip


def _agents(*, done: bool) -> Check:
    return Check(
        key="agents",
        page="desk",
        done=done,
        there=N_("Agents on the desk's roster"),
        lacking=N_("No agent may answer for this shop yet"),
    )


def _lost_key(desk: Desk, digit: str, to: str) -> Check:
    return Check(
        key="menu",
        page=f"/desks/{desk.tenant_id}/{desk.id}/callers",
        needed=False,
        done=False,
        lacking=N_("Key {digit} of {desk} leads to {to}, which is not open: such callers stay at {desk}"),
        params={"digit": digit, "desk": desk.name, "to": to},
    )


def _uncalled(desk: Desk) -> Check:
    return Check(
        key="unattended",
        page="contacts",
        needed=False,
        done=False,
        lacking=N_("When nobody is there, {desk} is to call the shop, which has named nobody with a number"),
        params={"desk": desk.name},
    )
