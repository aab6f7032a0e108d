"""An agent's own number: who may see and change it, and which numbers are rung."""

from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from desks import presence
from desks.models import Seat
from nanori import directory
from nanori.actors import Role
from nanori.audit import AuditEntry
from telephony.models import OwnPhone
from tests.support.clock import START
from tests.support.people import a_shop, an_account, signed_in

OURS = "+815031960001"


async def test_an_agent_enters_a_number_that_may_be_rung(app: Litestar, session: AsyncSession) -> None:
    shop = await a_shop(session)
    await directory.promise(session, directory.Kind.NUMBER, OURS, shop_id=shop.tenant_id)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id], locale="en")
    await session.commit()
    async with signed_in(app, agent) as client:
        for typed, why in {
            "0990-123-456": "costs more",
            "+1 212 555 0123": "abroad",
            "050-3196-0001": "one of our own",
            "110": "Emergency",
            "call me": "not a telephone number",
        }.items():
            refused = await client.post("/desk/telephone", data={"to": typed})
            assert (refused.status_code, why in refused.text) == (422, True), typed
        saved = await client.post("/desk/telephone", data={"to": "090-5555-0001"}, follow_redirects=False)
        assert saved.status_code == 303
        assert "090-5555-0001" in (await client.get("/desk/telephone")).text
        assert "5555-0001" not in (await client.get("/desk")).text
    assert await session.scalar(select(OwnPhone.number)) == "+819055550001"
    assert list(await session.scalars(select(AuditEntry.action))) == []


async def test_a_supervisor_sees_and_changes_it_on_record(app: Litestar, session: AsyncSession) -> None:
    shop = await a_shop(session)
    agent = await an_account(session, Role.AGENT, shops=[shop.tenant_id])
    supervisor = await an_account(session, Role.SUPERVISOR)
    session.add(OwnPhone(agent_id=agent.id, number="+819055550001", changed_at=START))
    await presence.answer_by(session, agent.id, by_phone=True, now=START)
    await session.commit()
    page = f"/floor/agents/{agent.id}/telephone"
    async with signed_in(app, supervisor) as client:
        assert "090-5555-0001" in (await client.get(page)).text
        assert (await client.post(page, data={"to": ""}, follow_redirects=False)).status_code == 303
    rows = await session.execute(select(AuditEntry.action, AuditEntry.account_id, AuditEntry.subject_id))
    assert {tuple(row) for row in rows} == {
        ("agent.telephone_read", supervisor.id, agent.id),
        ("agent.telephone_changed", supervisor.id, agent.id),
    }
    assert await session.scalar(select(OwnPhone.number)) is None
    seat = await session.get_one(Seat, agent.id, populate_existing=True)
    assert not seat.by_phone, "without a number the browser answers again"
