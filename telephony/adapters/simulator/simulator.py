"""The simulated carrier as tests, rehearsals and the demo use it."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from telephony.adapters.simulator.endpoints import CarrierSettings, NumberSettings
from telephony.adapters.simulator.exchange import Exchange, Problem
from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.hearing import Heard, Silence, heard
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.runner import Request
from telephony.adapters.simulator.scheduler import Action, Scheduler, Timer
from telephony.adapters.simulator.timeline import Timeline
from telephony.adapters.simulator.webhooks import Post

_PLAY_SECONDS: Final = 10.0


class NotInService(Exception):  # noqa: N818 - what a caller would be told
    """Nobody has this number."""


class Complaint(AssertionError):  # noqa: N818 - it fails whatever test plays on
    """A strict carrier has found something wrong with us."""


def _ten_seconds(_: str) -> float:
    return _PLAY_SECONDS


class Simulator:
    """Telephones, browsers and the carrier between them and our side.

    Acting (``place_call``, ``press``, …) returns at once; what follows happens when time moves:
    ``await advance(…)`` in virtual time, or while ``scheduler.drive()`` runs in real time.

    Args:
        seed: the same seed and the same actions give the same timeline, CallSids included.
        post: sends webhooks to our side, see ``webhooks.HttpPost``.
        start: when virtual time begins, aware.
        settings: numbers, telephones and the address of the softphone's application.
        play_seconds: duration of a played file, by its address.
    """

    def __init__(
        self,
        *,
        seed: int,
        account_sid: str,
        auth_token: str,
        post: Post,
        start: datetime,
        settings: CarrierSettings | None = None,
        faults: Faults | None = None,
        play_seconds: Callable[[str], float] = _ten_seconds,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.settings = settings or CarrierSettings()
        self.faults = faults or Faults()
        self.scheduler = Scheduler(start)
        self.exchange = Exchange(
            self.scheduler,
            chance=random.Random(seed),  # noqa: S311 - repeatable on purpose
            credentials=(account_sid, auth_token),
            post=post,
            faults=self.faults,
            settings=self.settings,
            play_seconds=play_seconds,
        )
        self.contract_violations: list[str] = []
        if self.settings.strict:
            self.scheduler.before_time_moves.append(self._complain)

    # Time

    @property
    def now(self) -> datetime:
        return self.scheduler.now

    async def settle(self) -> None:
        """Let everything happen that is due now."""
        await self.scheduler.settle()

    async def advance(self, seconds: float) -> None:
        """Let time pass."""
        await self.scheduler.advance(seconds)

    async def run_until(self, moment: datetime) -> None:
        """Let time pass until a moment."""
        await self.scheduler.run_until(moment)

    def after(self, seconds: float, action: Action) -> Timer:
        """Let a person (or a test) do something later, in the same sequence of events."""
        return self.scheduler.after(seconds, action)

    # People at telephones

    def place_call(
        self, from_: str, to: str, *, presses: Sequence[tuple[str, float]] = (), speaks_seconds: float = 8.0
    ) -> str:
        """Somebody dials one of our numbers; returns the CallSid.

        Args:
            from_: E.164, or a word such as ``anonymous`` for a withheld number.
            presses: digits for each question in turn, with the seconds the caller takes.
            speaks_seconds: how long the caller talks when asked to leave a message.

        Raises:
            NotInService: ``to`` is not one of our numbers.
        """
        number = self._number(to)
        exchange = self.exchange
        leg = Leg(
            sid=exchange.new_sid("CA"),
            direction="inbound",
            from_=from_,
            to=to,
            created_at=self.now,
            voice_url=number.voice_url,
            fallback_url=number.fallback_url,
            status_callback=number.status_callback,
            presses=list(presses),
            speaks_seconds=speaks_seconds,
            status="ringing",
        )
        return self._arrive(leg)

    def hang_up(self, sid: str) -> None:
        """The person at the other end of a leg hangs up. Nothing happens when it is over."""
        leg = self.leg(sid)
        if not leg.is_over:
            self.exchange.note(leg, "hung up")
            self.exchange.end_leg(leg)

    def press(self, sid: str, digits: str) -> None:
        """Press keys, one after the other."""
        self.exchange.press(self.leg(sid), digits)

    def answer(self, sid: str) -> None:
        """Pick up a ringing telephone."""
        self.exchange.outgoing.pick_up(self.leg(sid))

    def decline(self, sid: str, status: str = "busy") -> None:
        """Refuse a ringing telephone: ``busy``, ``no-answer`` or ``failed``."""
        leg = self.leg(sid)
        if not leg.is_talking:
            self.exchange.end_leg(leg, status)

    # People at browsers

    def client_connect(self, identity: str, params: Mapping[str, str]) -> str:
        """An agent's browser dials in; returns the CallSid. ``params`` arrive as plain fields."""
        leg = Leg(
            sid=self.exchange.new_sid("CA"),
            direction="inbound",
            from_=f"client:{identity}",
            to=self.settings.application_sid,
            created_at=self.now,
            voice_url=self.settings.app_url,
            application_sid=self.settings.application_sid,
            identity=identity,
            custom=tuple(params.items()),
            status="ringing",
        )
        return self._arrive(leg)

    def client_disconnect(self, sid: str) -> None:
        """The browser ends its call, or dies."""
        self.hang_up(sid)

    def client_mute(self, sid: str, *, muted: bool) -> None:
        """Mute in the browser; the conference does not know."""
        leg = self.leg(sid)
        leg.mic_off = muted
        self.exchange.note(leg, "microphone", muted=muted)

    # Looking

    def leg(self, sid: str) -> Leg:
        """One leg, live or over.

        Raises:
            KeyError: there never was one.
        """
        return self.exchange.legs[sid]

    @property
    def live_legs(self) -> list[Leg]:
        return list(self.exchange.live.values())

    def hears(self, sid: str) -> tuple[Heard, ...]:
        """All that reaches the ear at this end of a leg now."""
        return heard(self.leg(sid))

    def longest_silence(self, sid: str) -> float:
        """The longest time in seconds for which an answered leg heard nothing."""
        return self.exchange.ears.longest_silence(sid)

    @property
    def silences(self) -> list[Silence]:
        """Every spell, now over, in which an answered leg heard nothing."""
        return self.exchange.ears.silences

    @property
    def timeline(self) -> Timeline:
        return self.exchange.timeline

    @property
    def problems(self) -> list[Problem]:
        """Errors of ours that the carrier noticed; empty in a healthy run."""
        return self.exchange.problems

    def _complain(self) -> None:
        """Do not let time pass over a mistake of ours.

        Raises:
            Complaint: there is one.
        """
        wrong = [f"{one.code} {one.message}" for one in self.problems] + self.contract_violations
        if wrong:
            raise Complaint("; ".join(wrong))

    def _number(self, to: str) -> NumberSettings:
        number = self.settings.numbers.get(to, self.settings.any_number)
        if number is None:
            raise NotInService(to)
        return number

    def _arrive(self, leg: Leg) -> str:
        self.exchange.add_leg(leg)
        self.exchange.run(leg, Request(leg.voice_url))
        return leg.sid
