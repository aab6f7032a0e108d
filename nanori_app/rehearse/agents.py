"""What agents do: come in, answer what rings by what their own page shows, talk, wrap up, go home."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from nanori_app.rehearse.floor import Accepted, Acting, Floor
from nanori_app.rehearse.piece import After, Answering, CallPart, Escalation, Move
from nanori_app.rehearse.stage import Browser
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.adapters.simulator.legs import Leg

SHIFT = timedelta(hours=11)
BEATS = timedelta(seconds=20)
"""A page says more often that it is alive; here only when the timers look, just before it is too late."""
LOOK = 1.0
TOO_LATE_TO_DIAL_IN = 32.0
NEVER = timedelta.max
CONNECTS_WITHIN = 45
REACHES_SOMEBODY_WITHIN = 200
ON_SCREEN = re.compile(r'<div data-part="facts"[^>]*>')
SHOWN = re.compile(r'data-(shop|call|phrase)="([0-9a-f-]{36})"')

TELEPHONES = {
    Answering.PRESSES_1: Endpoint("human", answer_after=4, digits="1", press_after=5, hang_up_after=90),
    Answering.PRESSES_9: Endpoint("human", answer_after=3, digits="9", press_after=5, hang_up_after=40),
    Answering.VOICEMAIL: Endpoint("voicemail", answer_after=9, hang_up_after=40),
    Answering.BUSY: Endpoint("busy"),
    Answering.NO_ANSWER: Endpoint("no_answer"),
    Answering.UNREACHABLE: Endpoint("unreachable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """An offer that has reached an agent."""

    offer_id: UUID
    caller: str  # CallSid
    turn: int  # how many agents were asked about this caller before


@dataclass(slots=True, eq=False)
class Agent:
    """One person at a desk. ``is_acting``: in the middle of a call, so that nobody sends them back."""

    floor: Floor
    account_id: UUID
    browser: Browser | None = None
    came_in_at: datetime | None = None
    beat_at: datetime | None = None
    is_acting: bool = False
    is_here: bool = False
    known: set[UUID] = field(default_factory=set)

    @property
    def identity(self) -> str:
        """The name of this agent's softphone at the carrier."""
        return f"agent_{self.account_id.hex}"

    async def do(self, path: str, **fields: str) -> httpx.Response:
        return self.floor.note(await (await self.at_desk()).do(path, **fields))

    async def get(self, path: str) -> httpx.Response:
        return self.floor.note(await (await self.at_desk()).client.get(path))

    async def at_desk(self) -> Browser:
        """The browser, signed in anew when the last shift is over."""
        now = self.floor.now
        if self.browser is None or self.came_in_at is None or now - self.came_in_at > SHIFT:
            self.browser, self.came_in_at, self.beat_at = (
                await self.floor.stage.browser(self.account_id),
                now,
                now,
            )
        return self.browser

    async def come_in(self) -> None:
        await self.at_desk()
        await self.do("/desk/seat")
        await self.do("/desk/presence", state="ready")
        self.is_here = True

    async def beat(self) -> None:
        """Say that the page is alive."""
        now = self.floor.now
        if self.is_here and (self.beat_at is None or now - self.beat_at >= BEATS):
            self.beat_at = now
            await self.do("/desk/beat")

    async def go_home(self) -> Acting:
        """Leave as soon as nothing is in hand any more."""
        self.is_here = False
        while (await self.do("/desk/presence", state="offline")).status_code != HTTP_204_NO_CONTENT:
            yield 60.0

    async def be_ready_again(self) -> Acting:
        """The house has taken the agent out of routing: after a while they are back."""
        self.is_acting = True
        yield 20.0
        self.is_acting = False
        if self.is_here:
            await self.do("/desk/presence", state="ready")

    async def answer(self, ringing: Ringing) -> Acting:
        """It rings: take it, or not."""
        part = self.floor.seen.callers[ringing.caller]
        move = part.moves[ringing.turn] if ringing.turn < len(part.moves) else Move.ACCEPT
        ring_seconds = self.floor.shops[part.shop].setup.desk.ring_seconds
        path = f"/offers/{ringing.offer_id}"
        yield ring_seconds + 0.5 if move is Move.TOO_LATE else part.decides_after
        if move is Move.REFUSE:
            await self.do(f"{path}/refusal")
        elif move is not Move.IGNORE:
            accepted = await self._accept(ringing)
            if accepted is not None and move is not Move.NO_SOFTPHONE:
                self.is_acting = True
                async for seconds in self._talk(part, accepted, move):
                    yield seconds
                self.is_acting = False

    async def _accept(self, ringing: Ringing) -> dict[str, str] | None:
        """Press the button for the shop that the page shows; None when the house refuses."""
        browser = await self.at_desk()
        page = await self.get(f"/desk/panel?tab={browser.tab}")
        facts = ON_SCREEN.search(page.text)
        shown = dict(SHOWN.findall(facts[0] if facts else ""))
        if "shop" not in shown:
            return None
        answer = await self.do(f"/offers/{ringing.offer_id}/acceptance", **shown)
        if answer.status_code != HTTP_200_OK:
            return None
        self.floor.seen.accepted.append(
            Accepted(
                agent_id=self.account_id,
                caller=ringing.caller,
                shop_id=UUID(shown["shop"]),
                at=self.floor.now,
            )
        )
        taken: dict[str, str] = answer.json()
        return taken | {"caller": ringing.caller}

    async def _talk(self, part: CallPart, accepted: dict[str, str], move: Move) -> Acting:
        """From dialling in to the end of the after-call work."""
        yield TOO_LATE_TO_DIAL_IN if move is Move.LATE_SOFTPHONE else 0.6
        await self.do("/softphone/connection", leg=accepted["leg"])
        mine = self._my_leg()
        if mine is None:
            return
        self.floor.seen.agent_legs[mine.sid] = self.account_id
        if move is Move.DIES_EARLY:
            yield 0.2
            self.floor.simulator.client_disconnect(mine.sid)
            return
        caller = self.floor.simulator.leg(accepted["caller"])
        for _ in range(CONNECTS_WITHIN):
            yield LOOK
            if mine.is_over or caller.is_over or self.floor.is_connected(caller):
                break
        if self.floor.is_connected(caller):
            async for seconds in self._converse(part, accepted["call"], mine, caller):
                yield seconds
        for _ in range(CONNECTS_WITHIN):
            if mine.is_over:
                break
            yield LOOK
        async for seconds in self._wrap_up(part, accepted["call"]):
            yield seconds

    async def _converse(self, part: CallPart, call_id: str, mine: Leg, caller: Leg) -> Acting:
        began = self.floor.now
        if part.browser_dies_after is not None and part.number not in self.floor.seen.died:
            self.floor.seen.died.add(part.number)
            yield part.browser_dies_after
            self.floor.simulator.client_disconnect(mine.sid)
            return
        if part.hold is not None:
            yield part.hold[0]
            await self.do(f"/calls/{call_id}/hold")
            yield part.hold[1]
            await self.do(f"/calls/{call_id}/resumption")
        if part.escalation is not None:
            async for seconds in self._escalate(part, part.escalation, call_id, caller):
                yield seconds
        if part.agent_hangs_up:
            yield max(1.0, part.talks - (self.floor.now - began).total_seconds())
            await self.do(f"/calls/{call_id}/ending")
        while not (mine.is_over or caller.is_over):
            yield LOOK

    async def _escalate(self, part: CallPart, plan: Escalation, call_id: str, caller: Leg) -> Acting:
        """Call the shop's people; hand over to whoever comes, or come back to the caller."""
        yield plan.after
        people = self.floor.shops[part.shop].setup.contacts
        for person, answering in zip(people, plan.contacts, strict=False):
            self.floor.simulator.settings.endpoints[person.phone] = TELEPHONES[answering]
        if (await self.do(f"/calls/{call_id}/escalation")).status_code != HTTP_204_NO_CONTENT:
            return
        for second in range(REACHES_SOMEBODY_WITHIN):
            yield LOOK
            if caller.participant is None:
                return
            if _contact_is_there(caller):
                break
            if plan.called_off_after is not None and second >= plan.called_off_after:
                await self.do(f"/calls/{call_id}/escalation-cancellation")
                return
            if second > CONNECTS_WITHIN and not caller.participant.held:
                return  # nobody was reached, the house has given the caller back
        yield 6.0
        if plan.then is After.HAND_OVER:
            await self.do(f"/calls/{call_id}/handover")
        else:
            await self.do(f"/calls/{call_id}/escalation-cancellation")

    async def _wrap_up(self, part: CallPart, call_id: str) -> Acting:
        """Notes, the reason, and ready again; some leave it to the timer."""
        if part.wraps_up_after is None:
            yield 1.0
            return
        yield part.wraps_up_after
        reasons = self.floor.shops[part.shop].reasons
        fields = {"notes": f"お電話 {part.number}", "next": "break" if part.takes_a_break else "ready"}
        if part.reason is not None and part.reason < len(reasons):
            fields["reason_id"] = str(reasons[part.reason])
        saved = await self.do(f"/calls/{call_id}/wrap-up", **fields)
        if saved.status_code == HTTP_204_NO_CONTENT and part.takes_a_break:
            yield 180.0
            await self.do("/desk/presence", state="ready")

    def _my_leg(self) -> Leg | None:
        return next((leg for leg in self.floor.simulator.live_legs if leg.identity == self.identity), None)


def _contact_is_there(caller: Leg) -> bool:
    conference = caller.conference
    return conference is not None and any(one.label.startswith("contact") for one in conference.participants)
