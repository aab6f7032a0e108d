"""What the supervisor does: listens, whispers, barges in, and leaves in one way or another."""

from litestar.status_codes import HTTP_200_OK

from nanori_app.rehearse.floor import Acting, Floor, Supervised
from nanori_app.rehearse.piece import Leaving, Visit
from telephony.adapters.simulator.legs import Leg


async def looks_in(floor: Floor, plan: Visit, call_id: str, caller: Leg) -> Acting:
    """One visit to a call; whoever supervises another call leaves that one by it."""
    supervisor = floor.supervisor
    if supervisor is None:
        return
    identity = f"agent_{supervisor.account_id.hex}"
    floor.seen.supervisors.add(identity)
    yield plan.after
    for mode, seconds in plan.steps:
        if caller.is_over:
            return
        answer = await supervisor.do(f"/calls/{call_id}/supervision", mode=mode)
        if answer.status_code != HTTP_200_OK:
            return
        floor.seen.supervised.append(Supervised(call_id=call_id, mode=mode, at=floor.now))
        if token := answer.json().get("leg"):
            if _line(floor, identity) is not None:  # as the page does: one browser, one call
                await supervisor.do("/softphone/disconnection")
            await supervisor.do("/softphone/connection", leg=token)
        yield seconds
    mine = _line(floor, identity)
    if plan.leaving is Leaving.LEAVES:
        await supervisor.do(f"/calls/{call_id}/supervision-ending")
    elif plan.leaving is Leaving.DIES and mine is not None:
        floor.simulator.client_disconnect(mine.sid)


def _line(floor: Floor, identity: str) -> Leg | None:
    return next((leg for leg in floor.simulator.live_legs if leg.identity == identity), None)
