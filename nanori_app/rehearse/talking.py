"""One agent's part in one call: from the first word to the end of the after-call work."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import httpx
from litestar.status_codes import HTTP_204_NO_CONTENT

from nanori_app.rehearse.floor import Acting, Floor
from nanori_app.rehearse.passing import pass_on
from nanori_app.rehearse.piece import After, CallPart, Escalation
from nanori_app.rehearse.supervisors import looks_in
from nanori_app.rehearse.telephones import TELEPHONES
from telephony.adapters.simulator.legs import Leg

LOOK = 1.0
CONNECTS_WITHIN = 45
REACHES_SHOPPER_WITHIN = 120
REACHES_SOMEBODY_WITHIN = 200
PAUSED = 'data-do="recording-resumption"'
PAUSES_WITHIN = 8


class Desk(Protocol):
    """What a talk needs of whoever sits at the desk."""

    floor: Floor

    async def do(self, path: str, **fields: str) -> httpx.Response: ...
    async def panel(self) -> str: ...


@dataclass(slots=True)
class Talk:
    """``mine``: the line of this agent's browser."""

    agent: Desk
    part: CallPart
    call_id: str
    mine: Leg

    @property
    def floor(self) -> Floor:
        return self.agent.floor

    async def do(self, what: str, **fields: str) -> bool:
        """Press a key of the call; whether the house did it."""
        answer = await self.agent.do(f"/calls/{self.call_id}/{what}", **fields)
        return answer.status_code == HTTP_204_NO_CONTENT

    async def with_caller(self, sid: str) -> Acting:
        """Somebody who has called us."""
        async for seconds in self._meet(lambda: self.floor.simulator.leg(sid), CONNECTS_WITHIN):
            yield seconds

    async def with_shopper(self) -> Acting:
        """Somebody whom we call: the agent is there first."""
        async for seconds in self._meet(lambda: self.floor.shopper_of(self.call_id), REACHES_SHOPPER_WITHIN):
            yield seconds

    async def as_colleague(self) -> Acting:
        """Asked by the agent who has the caller; may have the call in hand afterwards."""
        while not self.mine.is_over:
            yield LOOK
        async for seconds in self._wrap_up():
            yield seconds

    async def _meet(self, find: Callable[[], Leg | None], within: int) -> Acting:
        caller = find()
        for _ in range(within):
            yield LOOK
            caller = caller or find()
            if self.mine.is_over or (caller and (caller.is_over or self.floor.is_connected(caller))):
                break
        if caller is not None and self.floor.is_connected(caller):
            async for seconds in self._converse(caller):
                yield seconds
        for _ in range(CONNECTS_WITHIN):
            if self.mine.is_over:
                break
            yield LOOK
        async for seconds in self._wrap_up():
            yield seconds

    async def _converse(self, caller: Leg) -> Acting:
        part, began = self.part, self.floor.now
        if part.visit is not None:
            self.floor.act(looks_in(self.floor, part.visit, self.call_id, caller))
            if part.visit.asked:
                await self.do("help")
        if part.browser_dies_after is not None and part.number not in self.floor.seen.died:
            self.floor.seen.died.add(part.number)
            yield part.browser_dies_after
            self.floor.simulator.client_disconnect(self.mine.sid)
            return
        for doing in self._plans(caller):
            async for seconds in doing:
                yield seconds
            if self.mine.is_over or caller.is_over:
                return
        if part.agent_hangs_up:
            yield max(1.0, part.talks - (self.floor.now - began).total_seconds())
            await self.do("ending")
        while not (self.mine.is_over or caller.is_over):
            yield LOOK

    def _plans(self, caller: Leg) -> list[Acting]:
        """What the agent does in this call besides talking, in turn."""
        part = self.part
        plans = []
        if part.hold is not None:
            plans.append(self._hold(*part.hold))
        if part.card is not None:
            plans.append(self._take_card(caller, *part.card))
        if part.escalation is not None:
            plans.append(self._escalate(part.escalation, caller))
        if part.transfer is not None and part.number not in self.floor.seen.passed:
            self.floor.seen.passed.add(part.number)
            plans.append(pass_on(self, part.transfer, caller))
        return plans

    async def _hold(self, after: float, seconds: float) -> Acting:
        yield after
        await self.do("hold")
        yield seconds
        await self.do("resumption")

    async def _take_card(self, caller: Leg, after: float, seconds: float) -> Acting:
        """A card number is asked for only once the page says that nothing is being recorded."""
        yield after
        if not await self.do("recording-pause"):
            return
        for _ in range(PAUSES_WITHIN):
            yield LOOK
            if PAUSED in await self.agent.panel():
                break
        else:
            return
        if not caller.is_over:
            self.floor.key_in_card(caller)
        yield seconds
        await self.do("recording-resumption")

    async def _escalate(self, plan: Escalation, caller: Leg) -> Acting:
        """Call the shop's people; hand over to whoever comes, or come back to the caller."""
        yield plan.after
        shop = self.floor.shops[self.part.shop]
        for person, answering in zip(shop.setup.contacts, plan.contacts, strict=False):
            self.floor.simulator.settings.endpoints[person.phone] = TELEPHONES[answering]
        chosen = plan.only is not None and plan.only < len(shop.contacts)
        asked = {"contact": str(shop.contacts[plan.only or 0])} if chosen else {}
        if not await self.do("escalation", **asked):
            return
        for second in range(REACHES_SOMEBODY_WITHIN):
            yield LOOK
            if caller.participant is None:
                return
            if _contact_is_there(caller):
                break
            if plan.called_off_after is not None and second >= plan.called_off_after:
                await self.do("escalation-cancellation")
                return
            if second > CONNECTS_WITHIN and not caller.participant.held:
                return  # nobody was reached, the house has given the caller back
        yield 6.0
        await self.do("handover" if plan.then is After.HAND_OVER else "escalation-cancellation")

    async def _wrap_up(self) -> Acting:
        """Notes, the reason, and ready again; some leave it to the timer."""
        part = self.part
        if part.wraps_up_after is None:
            yield 1.0
            return
        yield part.wraps_up_after
        reasons = self.floor.shops[part.shop].reasons
        fields = {"notes": f"お電話 {part.number}", "next": "break" if part.takes_a_break else "ready"}
        if part.reason is not None and part.reason < len(reasons):
            fields["reason_id"] = str(reasons[part.reason])
        if await self.do("wrap-up", **fields) and part.takes_a_break:
            yield 180.0
            await self.agent.do("/desk/presence", state="ready")


def _contact_is_there(caller: Leg) -> bool:
    conference = caller.conference
    return conference is not None and any(one.label.startswith("contact") for one in conference.participants)
