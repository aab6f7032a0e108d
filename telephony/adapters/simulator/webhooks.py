"""Sends what the carrier sends: requests for documents and callbacks, signed, with faults where asked for."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Final
from urllib.parse import urldefrag, urlencode

import httpx

from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.runner import Request
from telephony.adapters.simulator.scheduler import Scheduler
from telephony.adapters.simulator.signing import sign
from telephony.adapters.simulator.timeline import Timeline

_LIMIT_SECONDS: Final = 15.0  # for one request and all its tries, whatever the address wishes
_CANNOT_CONNECT: Final = 11205
_FAILED: Final = 11200
_USUAL_RETRIES: Final = 1
_LATE_SECONDS: Final = (1.0, 20.0)
_SLOW_SECONDS: Final = (1.0, 8.0)
TOO_LATE: Final = "no answer in time"

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Patience:
    """How a request is repeated and how long an answer may take, in seconds.

    Attributes:
        tries: how often it may be repeated.
        on: ``ct`` no connection, ``rt`` no answer in time, ``4xx``, ``5xx``, ``all``.
        one: for one answer.
        all_tries: for all of them together.
    """

    tries: int
    on: frozenset[str]
    one: float
    all_tries: float

    @classmethod
    def of(cls, url: str) -> "Patience":
        """As the address's fragment wishes, for example ``#rc=1&rp=ct,5xx&rt=4000``; times there in ms."""
        wishes = dict(pair.split("=", 1) for pair in urldefrag(url).fragment.split("&") if "=" in pair)
        return cls(
            tries=int(wishes.get("rc", _USUAL_RETRIES)),
            on=frozenset(wishes.get("rp", "ct").split(",")),
            one=min(int(wishes.get("rt", "15000")) / 1000, _LIMIT_SECONDS),
            all_tries=min(int(wishes.get("tt", "15000")) / 1000, _LIMIT_SECONDS),
        )

    def repeats(self, reply: "Reply") -> bool:
        """Whether such an answer is a reason to ask once more."""
        on = frozenset({"ct", "rt", "4xx", "5xx"}) if "all" in self.on else self.on
        if reply.error_code:
            return ("ct" if reply.error_code == _CANNOT_CONNECT else "rt") in on
        return f"{reply.status // 100}xx" in on


@dataclass(frozen=True, slots=True)
class Reply:
    """What our side answered; ``error_code`` is set when it did not. ``seconds``: how long that took."""

    status: int
    content_type: str = ""
    text: str = ""
    error_code: int = 0
    seconds: float = 0.0


Post = Callable[[str, str, dict[str, str], Fields], Awaitable[Reply]]


class HttpPost:
    """Sends webhooks over httpx; never follows redirects and waits at most 15 seconds.

    Args:
        transport: for example one that calls an ASGI application in process.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(transport=transport, timeout=_LIMIT_SECONDS, trust_env=False)

    async def __call__(self, method: str, url: str, headers: dict[str, str], fields: Fields) -> Reply:
        body = urlencode(fields) if method == "POST" else None
        kind = (
            {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"} if body is not None else {}
        )
        try:
            answer = await self._client.request(method, url, headers=headers | kind, content=body)
        except httpx.ConnectError:
            return Reply(0, error_code=_CANNOT_CONNECT)
        except httpx.TransportError:
            return Reply(0, error_code=_FAILED)
        return Reply(answer.status_code, answer.headers.get("Content-Type", ""), answer.text)

    async def close(self) -> None:
        await self._client.aclose()


class Webhooks:
    """Everything that leaves the carrier towards our side."""

    def __init__(
        self,
        scheduler: Scheduler,
        timeline: Timeline,
        *,
        post: Post,
        credentials: tuple[str, str],
        faults: Faults,
        chance: random.Random,
    ) -> None:
        self._scheduler = scheduler
        self._timeline = timeline
        self._post = post
        self.account_sid, self._auth_token = credentials
        self._faults = faults
        self._chance = chance
        self._hurried: list[Callable[[], Awaitable[None]]] | None = None
        self.sent = 0

    async def document(self, leg: Leg, request: Request) -> Reply:
        """Ask our side what to do with a call."""
        fields = self.call_fields(leg) + request.extra
        token = self._token()
        if self._happens(self._faults.duplicate_documents):
            await self._send(leg.sid, request.url, fields, token, method=request.method)
        patience = Patience.of(request.url)
        reply = await self._ask(leg, request, fields, token, min(patience.one, patience.all_tries))
        for _ in range(patience.tries):
            left = patience.all_tries - reply.seconds
            if left <= 0 or not patience.repeats(reply):
                break
            waited = reply.seconds
            reply = await self._ask(leg, request, fields, token, min(patience.one, left))
            reply = replace(reply, seconds=reply.seconds + waited)
        return reply

    async def _ask(self, leg: Leg, request: Request, fields: Fields, token: str, limit: float) -> Reply:
        """Once; what takes longer than ``limit`` seconds has been heard by our side all the same."""
        reply = await self._send(leg.sid, request.url, fields, token, method=request.method)
        seconds = 0.0
        if self._happens(self._faults.cut_off):
            seconds = limit
        elif self._happens(self._faults.slow_documents):
            seconds = self._chance.uniform(*_SLOW_SECONDS)
        if seconds < limit:
            return replace(reply, seconds=seconds)
        self._timeline.add(self._scheduler.now, leg.sid, "cut off", url=request.url)
        return Reply(0, error_code=_FAILED, text=TOO_LATE, seconds=limit)

    def callback(self, about: str, url: str, fields: Fields) -> None:
        """Tell our side something; the answer does not matter. Order and arrival are not promised."""
        if self._happens(self._faults.lose_callbacks):
            self._timeline.add(self._scheduler.now, about, "callback lost", url=url)
            return
        token = self._token()
        times = 2 if self._happens(self._faults.duplicate_callbacks) else 1
        for _ in range(times):
            late = self._faults.delay_seconds
            if self._faults.reorder_seconds:
                late += self._chance.uniform(0, self._faults.reorder_seconds)
            if self._happens(self._faults.late_callbacks):
                late += self._chance.uniform(*_LATE_SECONDS)
            if self._hurried is not None:
                self._hurried.append(lambda: self._deliver(about, url, fields, token))
            else:
                self._scheduler.after(late, lambda: self._deliver(about, url, fields, token))

    async def hurry(self, action: Callable[[], None]) -> None:
        """Do something whose callbacks arrive before anything else happens."""
        hurried: list[Callable[[], Awaitable[None]]] = []
        self._hurried = hurried
        try:
            action()
        finally:
            self._hurried = None
        for deliver in hurried:
            await deliver()

    def call_fields(self, leg: Leg) -> Fields:
        """The parameters that every voice request carries, empty ones included."""
        called = "" if leg.application_sid else leg.to
        named = {
            "CallSid": leg.sid,
            "AccountSid": self.account_sid,
            "From": leg.from_,
            "To": called,
            "Caller": leg.from_,
            "Called": called,
            "CallStatus": leg.status if leg.status != "initiated" else "ringing",
            "Direction": leg.direction,
            "ApiVersion": "2010-04-01",
        }
        if leg.application_sid:
            named["ApplicationSid"] = leg.application_sid
        elif not leg.identity:
            named |= {"CallerName": ""} if leg.direction == "inbound" else {}
            for side in ("From", "To", "Caller", "Called"):
                named |= {f"{side}City": "", f"{side}State": "", f"{side}Zip": "", f"{side}Country": "JP"}
        if leg.parent_sid:
            named["ParentCallSid"] = leg.parent_sid
        return tuple(named.items()) + leg.custom

    def timestamp(self) -> str:
        return format_datetime(self._scheduler.now)

    async def _deliver(self, about: str, url: str, fields: Fields, token: str) -> None:
        reply = await self._send(about, url, fields, token)
        patience = Patience.of(url)
        if patience.tries and patience.repeats(reply):
            await self._send(about, url, fields, token)

    async def _send(self, about: str, url: str, fields: Fields, token: str, *, method: str = "POST") -> Reply:
        target = urldefrag(url).url
        if method == "GET":
            target += ("&" if "?" in target else "?") + urlencode(fields)
            fields = ()
        headers = {
            "X-Twilio-Signature": sign(self._auth_token, target, fields),
            "I-Twilio-Idempotency-Token": token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        self.sent += 1
        reply = await self._post(method, target, headers, fields)
        status = reply.error_code or reply.status
        self._timeline.add(
            self._scheduler.now, about, "webhook", url=target, fields=dict(fields), status=status
        )
        return reply

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._chance.random() < chance

    def _token(self) -> str:
        return f"{self._chance.getrandbits(128):032x}"
