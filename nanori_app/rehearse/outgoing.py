"""Calls that agents make by themselves: to a number that they type, for the shop that they see."""

from litestar.status_codes import HTTP_200_OK

from nanori_app.rehearse.agents import Agent
from nanori_app.rehearse.floor import Acting
from nanori_app.rehearse.piece import Move, OutgoingPart
from nanori_app.rehearse.telephones import at_home

LOOK = 1.0
COMES_TO_AN_END_WITHIN = 600


async def call_out(agent: Agent, part: OutgoingPart) -> Acting:
    """From pressing "call" to the end of the after-call work. Whoever is busy does not call."""
    floor = agent.floor
    if agent.is_acting or not agent.is_here:
        return
    phone = "+81" + part.to.replace("-", "")[1:]
    floor.simulator.settings.endpoints[phone] = at_home(part.answering, part.talks)
    shop = floor.shops[part.shop]
    agent.lays_phone(Move.ACCEPT if part.dials_in else Move.NO_SOFTPHONE)
    answer = await agent.do(f"/shops/{shop.tenant_id}/calls", to=part.to)
    if answer.status_code != HTTP_200_OK:
        return
    call_id: str = answer.json()["call"]
    agent.note_accepted(call_id, shop.tenant_id)
    if not part.may_be_called:
        floor.seen.forbidden.add(call_id)
    if not part.dials_in:
        return
    agent.is_acting = True
    yield 0.6
    async for seconds in agent.until_rung():
        yield seconds
    mine = await agent.dial_in(answer.json()["leg"])
    for second in range(COMES_TO_AN_END_WITHIN):
        if mine is None or mine.is_over:
            break
        if second == part.gives_up_after:
            await agent.do(f"/calls/{call_id}/ending")
        yield LOOK
    if part.wraps_up_after is not None:
        yield part.wraps_up_after
        await agent.do(f"/calls/{call_id}/wrap-up", next="ready")
    agent.is_acting = False
