"""What the page of a desk says about its price plan."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from billing.plans.queries import agreements_of, holding
from desks.ports import DeskFact
from nanori.actors import Role
from nanori.context import Context
from nanori.words import N_, words_for
from tenants.queries import shop as shop_by_id


async def plan_of_desk(
    session: AsyncSession, tenant_id: UUID, desk_id: UUID, context: Context
) -> Sequence[DeskFact]:
    """The plan that the desk's contacts fall under today; only for those who make agreements."""
    if not context.may(Role.OPERATOR):
        return []
    words = words_for(context.locale)
    shop = await shop_by_id(session, tenant_id)
    today = context.now.astimezone(ZoneInfo(shop.zone)).date()
    found = holding(await agreements_of(session, tenant_id), desk_id, today)
    said = words.gettext(N_("none agreed"))
    if found is not None:
        held, version = found
        whose = N_("{plan}, the desk's own") if held.row.desk_id else N_("{plan}, as the whole shop")
        said = words.gettext(whose, plan=version.plan.name)
    href = f"/billing/{tenant_id}/agreement?desk={desk_id}"
    return [DeskFact(label=words.gettext(N_("Price plan")), said=said, href=href)]
