"""What agents do: come in, answer what rings by what their own page shows, talk, wrap up, go home."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import httpx
from litestar.status_codes import HTTP_200_OK, HTTP_204_NO_CONTENT

from desks.values import WaitingKind
from nanori_app.rehearse.floor import Accepted, Acting, Floor
from nanori_app.rehearse.piece import Answering, CallPart, Move
from nanori_app.rehearse.stage import Browser
from nanori_app.rehearse.talking import Talk
from nanori_app.rehearse.telephones import AT_HAND, MY_OWN, at_home
from telephony.adapters.simulator.legs import Leg

SHIFT = timedelta(hours=11)
BEATS = timedelta(seconds=20)
"""A page says more often that it is alive; here only when the timers look, just before it is too late."""
TOO_LATE_TO_DIAL_IN = 32.0
RINGS_WITHIN = 30
"""Seconds until an own telephone rings, though the carrier refuses requests."""
ON_SCREEN = re.compile(r'<div data-part="facts"[^>]*>')
SHOWN = re.compile(r'data-(shop|call|phrase)="([0-9a-f-]{36})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing:
    """An offer that has reached an agent."""

    offer_id: UUID
    kind: WaitingKind
    call_id: str
    caller: str  # CallSid; "" while nobody was rung
    phone: str  # the shopper's; "" when withheld
    turn: int  # how many agents were asked in this way before; of callbacks how often it was tried


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
    own_phone: str = ""  # rung instead of the browser
    known: set[UUID] = field(default_factory=set)

    @property
    def identity(self) -> str:
        """The name of this agent's softphone at the carrier."""
        return f"agent_{self.account_id.hex}"

    async def do(self, path: str, **fields: str) -> httpx.Response:
        return self.floor.note(await (await self.at_desk()).do(path, **fields))

    async def get(self, path: str) -> httpx.Response:
        return self.floor.note(await (await self.at_desk()).client.get(path))

    async def panel(self) -> str:
        """What the page shows."""
        browser = await self.at_desk()
        return (await self.get(f"/desk/panel?tab={browser.tab}")).text

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
        if self.own_phone:
            await self.do("/desk/telephone", to=self.own_phone)
            await self.do("/desk/answering", by="phone")
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
        part = self._part_of(ringing)
        if part is None:
            return
        moves = part.moves if ringing.kind is WaitingKind.CALL else part.asked_moves
        move = moves[ringing.turn] if ringing.turn < len(moves) else Move.ACCEPT
        ring_seconds = self.floor.shops[part.shop].setup.desk.ring_seconds
        path = f"/offers/{ringing.offer_id}"
        yield ring_seconds + 0.5 if move is Move.TOO_LATE else part.decides_after
        if move is Move.REFUSE:
            await self.do(f"{path}/refusal")
        elif move is not Move.IGNORE:
            self.lays_phone(move)
            accepted = await self._accept(ringing)
            if accepted is not None and move is not Move.NO_SOFTPHONE:
                self.floor.seen.calls[accepted["call"]] = part
                self.is_acting = True
                async for seconds in self._take(part, ringing, accepted, move):
                    yield seconds
                self.is_acting = False

    def _part_of(self, ringing: Ringing) -> CallPart | None:
        seen = self.floor.seen
        if ringing.kind is WaitingKind.CONSULT:
            return seen.calls.get(ringing.call_id)
        if ringing.kind is WaitingKind.CALLBACK:
            part = seen.promised.get(ringing.phone)
            if part is not None:
                tried = ringing.turn < len(part.called_back)
                answering = part.called_back[ringing.turn] if tried else Answering.PRESSES_1
                self.floor.simulator.settings.endpoints[ringing.phone] = at_home(answering, part.talks)
            return part
        return seen.callers.get(ringing.caller) or seen.calls.get(ringing.call_id)

    async def _accept(self, ringing: Ringing) -> dict[str, str] | None:
        """Press the button for the shop that the page shows; None when the house refuses."""
        facts = ON_SCREEN.search(await self.panel())
        shown = dict(SHOWN.findall(facts[0] if facts else ""))
        if "shop" not in shown:
            return None
        answer = await self.do(f"/offers/{ringing.offer_id}/acceptance", **shown)
        if answer.status_code != HTTP_200_OK:
            return None
        taken: dict[str, str] = answer.json()
        self.note_accepted(taken["call"], UUID(shown["shop"]))
        return taken

    def note_accepted(self, call_id: str, shop_id: UUID) -> None:
        accepted = Accepted(agent_id=self.account_id, call_id=call_id, shop_id=shop_id, at=self.floor.now)
        self.floor.seen.accepted.append(accepted)

    async def _take(self, part: CallPart, ringing: Ringing, accepted: dict[str, str], move: Move) -> Acting:
        """From dialling in to the end of the after-call work."""
        yield TOO_LATE_TO_DIAL_IN if move is Move.LATE_SOFTPHONE else 0.6
        async for seconds in self.until_rung():
            yield seconds
        mine = await self.dial_in(accepted["leg"])
        if mine is None:
            return
        if move is Move.DIES_EARLY and not self.own_phone:
            yield 0.2
            self.floor.simulator.client_disconnect(mine.sid)
            return
        talk = Talk(self, part, accepted["call"], mine)
        if ringing.kind is WaitingKind.CALL:
            playing = talk.with_caller(ringing.caller)
        elif ringing.kind is WaitingKind.CONSULT:
            playing = talk.as_colleague()
        else:
            playing = talk.with_shopper()
        async for seconds in playing:
            yield seconds

    def lays_phone(self, move: Move) -> None:
        """What becomes of the own telephone when it rings next."""
        if self.own_phone:
            self.floor.simulator.settings.endpoints[self.own_phone] = MY_OWN.get(move, AT_HAND)

    async def until_rung(self) -> Acting:
        """Until the own telephone rings; a browser dials in by itself."""
        for _ in range(RINGS_WITHIN if self.own_phone else 0):
            if self.my_leg() is not None:
                return
            yield 1.0

    async def dial_in(self, token: str) -> Leg | None:
        """The browser calls in with its token, or the own telephone rings; None when nothing came of it."""
        if not self.own_phone:
            await self.do("/softphone/connection", leg=token)
        mine = self.my_leg()
        if mine is not None:
            self.floor.seen.agent_legs[mine.sid] = self.account_id
        return mine

    def my_leg(self) -> Leg | None:
        lines = self.floor.simulator.live_legs
        if self.own_phone:
            return next((leg for leg in lines if leg.to == self.own_phone), None)
        return next((leg for leg in lines if leg.identity == self.identity), None)
