"""What the desks do when a shop is added."""

from sqlalchemy import select

from desks.models import Desk
from nanori.db import across_shops
from nanori.installation import Installation
from nanori.settings import LoginKind
from nanori_app.post import build_post
from tenants.commands import Profile, create_shop
from tests.support.clock import START


async def test_a_new_shop_gets_its_desk_from_the_worker(clone: Installation) -> None:
    profile = Profile(
        legal_name="Northwind Tea K.K.", brand_name="Northwind Tea", brand_reading="のーすうぃんどてぃー",
        trade="tea", colour="#a35a00", locale="en",
    )  # fmt: skip
    async with clone.staff.begin() as session:
        shop = await create_shop(session, "northwind-tea", profile, now=START)
    post = build_post(clone.settings.url_for(LoginKind.WORKER))
    post.register(clone)
    async with post.queue.open_async():
        await post.queue.run_worker_async(wait=False, install_signal_handlers=False)

    async with across_shops(clone.staff) as session:
        desks = (await session.scalars(select(Desk).where(Desk.tenant_id == shop.tenant_id))).all()
    assert [(desk.name, desk.created_at) for desk in desks] == [("Customer desk", START)]
