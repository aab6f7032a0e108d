"""Passing a caller on to another desk: with a colleague who is asked first, or at once."""

from typing import TYPE_CHECKING

from nanori_app.rehearse.floor import Acting
from nanori_app.rehearse.piece import Passing, Transfer
from telephony.adapters.simulator.legs import Leg

if TYPE_CHECKING:
    from nanori_app.rehearse.talking import Talk

LOOK = 1.0
SOMEBODY_COMES_WITHIN = 90
TOLD_WITHIN = 3
"""Seconds until an agent sees that nobody was free."""
COLD = {Passing.COLD, Passing.COLD_GIVEN_UP}
CONSULT = "consult"


async def pass_on(talk: "Talk", plan: Transfer, caller: Leg) -> Acting:
    """What the agent does who wants somebody else to have the caller."""
    desk = talk.floor.shops[talk.part.shop].second_desk_id
    yield plan.after
    if desk is None:
        return
    if plan.way in COLD:
        if await talk.do("transfer", desk=str(desk)) and plan.way is Passing.COLD_GIVEN_UP:
            yield min(plan.talks, 2.0)
            talk.floor.simulator.hang_up(caller.sid)
        yield TOLD_WITHIN
        return
    if not await talk.do("consultation", desk=str(desk)):
        return
    async for seconds in _wait_for_colleague(talk, plan, caller):
        yield seconds
    if _colleague(talk, caller) is not None:
        yield plan.talks
        async for seconds in _settle(talk, plan.way, caller):
            yield seconds


async def _wait_for_colleague(talk: "Talk", plan: Transfer, caller: Leg) -> Acting:
    for second in range(SOMEBODY_COMES_WITHIN):
        yield LOOK
        if talk.mine.is_over or caller.participant is None or _colleague(talk, caller) is not None:
            return
        if plan.way is Passing.CALL_OFF and second >= plan.patience:
            await talk.do("consultation-ending")
            return
        if second > TOLD_WITHIN and not caller.participant.held:
            return  # nobody was free, the house has given the caller back


async def _settle(talk: "Talk", way: Passing, caller: Leg) -> Acting:
    """The colleague is there: who stays, and who goes how."""
    colleague = _colleague(talk, caller)
    simulator = talk.floor.simulator
    if way is Passing.ALL_THREE:
        await talk.do("resumption")
        yield 4.0
    if way in {Passing.HAND_OVER, Passing.ALL_THREE}:
        await talk.do("handover")
    elif way is Passing.AGENT_DIES:
        simulator.client_disconnect(talk.mine.sid)
    elif way is Passing.COLLEAGUE_DIES and colleague is not None:
        simulator.client_disconnect(colleague.sid)
    elif way is Passing.CALLER_LEAVES:
        simulator.hang_up(caller.sid)
    elif way is Passing.COLLEAGUE_LEAVES and colleague is not None:
        await _colleague_ends(talk, colleague)
    elif way is Passing.ALL_AT_ONCE and colleague is not None:
        await talk.do("handover")
        await _colleague_ends(talk, colleague)
        simulator.hang_up(caller.sid)
    else:
        await talk.do("consultation-ending")
    yield TOLD_WITHIN


async def _colleague_ends(talk: "Talk", colleague: Leg) -> None:
    account_id = talk.floor.seen.agent_legs.get(colleague.sid)
    if account_id is not None:
        await talk.floor.people[account_id].do(f"/calls/{talk.call_id}/consultation-ending")


def _colleague(talk: "Talk", caller: Leg) -> Leg | None:
    """Another agent's line in the same conference."""
    conference = caller.conference
    if conference is None:
        return None
    found = [
        one.leg
        for one in conference.participants
        if one.label.startswith(CONSULT) and one.leg is not talk.mine
    ]
    return found[0] if found else None
