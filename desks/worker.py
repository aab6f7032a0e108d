"""What the desks do when something happened below."""

from sqlalchemy.ext.asyncio import AsyncSession

from desks.roster import open_standing_desk
from nanori.messages import handles
from nanori.words import N_, words_for
from tenants.events import ShopAdded
from tenants.queries import shop as shop_by_id


@handles(ShopAdded)
async def give_desk(session: AsyncSession, news: ShopAdded) -> None:
    """A new shop gets its standing desk, named in the shop's own language."""
    shop = await shop_by_id(session, news.tenant_id)
    name = words_for(shop.locale).gettext(N_("Customer desk"))
    await open_standing_desk(session, news.tenant_id, name=name, now=news.at)
