"""Where a piece is played: the stage, its shops and people, and what was seen there with our own eyes."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import httpx

from mailroom.adapters.sink import Taken
from nanori_app.rehearse.piece import CallPart, MailPart
from nanori_app.rehearse.setting import StagedShop
from nanori_app.rehearse.stage import Stage
from nanori_app.rehearse.witness import is_agent, is_shopper
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.simulator import Simulator

Acting = AsyncGenerator[float]
"""What somebody does: each value yielded is a number of seconds to let pass."""

BROKEN = 500
CARD = "4242424242424242"
"""Keyed in while the recording is paused: it must be on no tape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An agent has pressed the button while the screen showed this shop: to accept, or to call."""

    agent_id: UUID
    call_id: str
    shop_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervised:
    """A supervisor was let into a call in this way."""

    call_id: str
    mode: str
    at: datetime


@dataclass(slots=True)
class Seen:
    """What happened, as those on the stage saw it; the database is not asked."""

    callers: dict[str, CallPart] = field(default_factory=dict)  # by CallSid
    calls: dict[str, CallPart] = field(default_factory=dict)  # by our id of the call, once accepted
    promised: dict[str, CallPart] = field(default_factory=dict)  # by telephone: whoever pressed 1
    accepted: list[Accepted] = field(default_factory=list)
    supervised: list[Supervised] = field(default_factory=list)
    supervisors: set[str] = field(default_factory=set)  # identities of their softphones
    forbidden: set[str] = field(default_factory=set)  # ids of calls to numbers that are never called
    called_off: set[UUID] = field(default_factory=set)  # promises that were taken back
    taped: list[str] = field(default_factory=list)  # lines on which a card number was recorded
    unreal: dict[str, str] = field(default_factory=dict)  # what no sample may show, by what it is about
    agent_legs: dict[str, UUID] = field(default_factory=dict)  # CallSid to agent
    own_phones: dict[str, UUID] = field(default_factory=dict)  # number to agent
    mails: dict[str, MailPart] = field(default_factory=dict)  # by Message-ID
    answers: dict[str, int] = field(default_factory=dict)  # Message-ID to answers that were taken
    died: set[int] = field(default_factory=set)  # calls in which a browser died: once is enough
    passed: set[int] = field(default_factory=set)  # calls that were passed on: once is enough
    broken: list[str] = field(default_factory=list)  # requests that ended in an error of ours


@dataclass(slots=True)
class Post:
    """A postman who keeps every mail; ``copies`` above one delivers too often, on purpose."""

    copies: int = 1
    taken: list[Taken] = field(default_factory=list)

    async def send(self, *, sender: str, recipients: list[str] | tuple[str, ...], content: bytes) -> None:
        self.taken += [Taken(sender, tuple(recipients), content)] * self.copies


class Person(Protocol):
    """Somebody of ours at a browser."""

    account_id: UUID

    async def do(self, path: str, **fields: str) -> httpx.Response: ...


@dataclass(slots=True)
class Floor:
    """Everything that those who act can reach."""

    stage: Stage
    shops: list[StagedShop]
    post: Post
    seen: Seen = field(default_factory=Seen)
    people: dict[UUID, Person] = field(default_factory=dict)  # by account
    supervisor: Person | None = None

    @property
    def simulator(self) -> Simulator:
        return self.stage.simulator

    @property
    def now(self) -> datetime:
        return self.stage.house.clock.now()

    def act(self, acting: Acting, *, after: float = 0.0) -> None:
        """Let somebody act from ``after`` seconds on, in the one sequence of events."""

        async def go_on() -> None:
            try:
                seconds = await anext(acting)
            except StopAsyncIteration:
                return
            self.simulator.after(seconds, go_on)

        self.simulator.after(after, go_on)

    def act_at(self, moment: datetime, acting: Acting) -> None:
        self.act(acting, after=max(0.0, (moment - self.simulator.now).total_seconds()))

    def later(self, moment: datetime, action: Callable[[], Awaitable[None] | None]) -> None:
        self.simulator.after(max(0.0, (moment - self.simulator.now).total_seconds()), action)

    def note(self, answer: httpx.Response) -> httpx.Response:
        """Whatever is refused is part of the play; a request that breaks is not."""
        if answer.status_code >= BROKEN:
            self.seen.broken.append(
                f"{answer.request.method} {answer.request.url.path}: {answer.status_code}"
            )
        return answer

    def key_in_card(self, leg: Leg) -> None:
        """Somebody keys in a card number; noted when the carrier has it on a tape then."""
        self.simulator.press(leg.sid, CARD)
        if any(CARD in recording.keys for recording in self.simulator.exchange.recorder.running(leg)):
            self.seen.taped.append(leg.sid)

    def shopper_of(self, call_id: str) -> Leg | None:
        """The line of the shopper whom we are calling; None while nobody is rung."""
        found = [
            leg for leg in self.simulator.live_legs if is_shopper(leg) and call_id in leg.status_callback
        ]
        return found[0] if found else None

    def is_connected(self, caller: Leg) -> bool:
        """The caller and an agent are in one conference, on hold or not."""
        conference = caller.conference
        if conference is None or not conference.has_started:
            return False
        return any(is_agent(one.leg) for one in conference.participants)
