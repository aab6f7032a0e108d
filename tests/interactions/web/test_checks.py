"""The form with which a supervisor checks a call: who sees it, and who sees what was found."""

from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from nanori.actors import Role
from nanori.audit import AuditEntry
from tests.support.calls import an_answered_call
from tests.support.people import a_shop, an_account, signed_in

NOTE = "語尾まではっきりと"
FOUND = {"name": "yes", "customer": "no", "business": "no", "compliance": "yes", "note": NOTE}


async def test_a_supervisor_checks_and_only_whom_it_concerns_reads_it(
    app: Litestar, session: AsyncSession
) -> None:
    shop = await a_shop(session)
    agent, other = [await an_account(session, Role.AGENT, shops=[shop.tenant_id]) for _ in range(2)]
    supervisor = await an_account(session, Role.SUPERVISOR)
    call = await an_answered_call(session, shop.tenant_id, agent.id)
    await session.commit()
    page, action = (
        f"/interactions/{shop.tenant_id}/{call.id}",
        f"/interactions/checks/{shop.tenant_id}/{call.id}",
    )
    async with signed_in(app, supervisor) as client:
        assert f"#{call.number}" in (await client.get("/interactions/checks?since=2000-01-01")).text
        assert action in (await client.get(page)).text
        refused = await client.post(action, data={**FOUND, "business": ""})
        assert refused.status_code == 422
        assert (await client.post(action, data=FOUND)).url.path == page
        read = (await client.get(page)).text
        assert NOTE in read
        assert f"#{call.number}" not in (await client.get("/interactions/checks?since=2000-01-01")).text
    async with signed_in(app, agent) as client:
        read = (await client.get(page)).text
        assert NOTE in read
        assert action not in read
        assert (await client.post(action, data=FOUND)).status_code == 404
        assert "通話をチェックしました" not in read
    async with signed_in(app, other) as client:
        assert NOTE not in (await client.get(page)).text
    kept = await session.get(Interaction, (shop.tenant_id, call.id), populate_existing=True)
    assert kept is not None
    assert kept.faults == "compliance"
    done = set(await session.scalars(select(AuditEntry.action)))
    assert {"checks.drawn", "call.checked"} <= done


async def test_from_a_check_the_way_leads_back_to_the_lot_of_the_same_shop(
    app: Litestar, session: AsyncSession
) -> None:
    """The first of the list is another one."""
    await a_shop(session, brand="あおぞら文具")
    shop = await a_shop(session, brand="ミナト珈琲")
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    supervisor = await an_account(session, Role.SUPERVISOR)
    call = await an_answered_call(session, shop.tenant_id, agent.id)
    await session.commit()
    async with signed_in(app, supervisor) as client:
        page = (await client.get(f"/interactions/{shop.tenant_id}/{call.id}")).text
        back = f"/interactions/checks?shop={shop.tenant_id}"
        lot = (await client.get(f"{back}&since=2000-01-01")).text

    assert f'href="{back}"' in page
    assert f"#{call.number}" in lot
