"""A whole installation in one process: our application, the simulated carrier, and time that is ours.

The application is the real one over the real database; webhooks and REST requests are real HTTP requests
that never touch a socket. Whatever would run in the background runs as an event of the simulator's schedule,
so that the same seed plays the same piece. Timers run when something is due and not by the second: a quiet
afternoon costs nothing.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import httpx
from litestar import Litestar
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from nanori.db import ALL_SHOPS_FOR_GOOD, Sessions
from nanori.identity import commands as identity
from nanori.installation import Installation, Port
from nanori.web.cookies import csrf_token, session_cookie_name
from nanori_app.asgi import borrowed_app
from nanori_app.due import Due, whats_due
from nanori_app.rehearse.carrier import SimulatorClock, carrier_settings
from nanori_app.rehearse.transports import Later, Tamper, Tampering, Waking
from nanori_app.rooms import ROOMS
from telephony.adapters.simulator.app import InProcess, build_simulator_app
from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.scheduler import Timer
from telephony.adapters.simulator.simulator import Simulator
from telephony.adapters.simulator.webhooks import HttpPost
from telephony.adapters.transport import CarrierTransport
from telephony.adapters.twilio import TwilioCarrier
from telephony.ports import CARRIER, SIMULATED_PHONE

NEVER = 600.0
"""Seconds by the wall clock until a request is given up: a busy machine is no lost answer in virtual time."""
DISPATCH_AFTER = 0.05
"""Seconds from an announcement to the process that hears it."""
LOOK_AGAIN = 1.0
"""Seconds from one run of the timers to the next at the earliest, as in the worker."""
RARELY = 3600.0
"""What stays due although the timers ran is looked at less and less often, down to this."""


class Softphones:
    """Dials in through the simulator itself, in the same sequence of events."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    async def connect(self, identity: str, leg_token: str) -> None:
        self._simulator.client_connect(identity, {"leg": leg_token})

    async def disconnect(self, identity: str) -> None:
        for leg in self._simulator.live_legs:
            if leg.identity == identity:
                self._simulator.client_disconnect(leg.sid)


@dataclass(slots=True)
class Browser:
    """One signed-in agent: requests as the page makes them."""

    account_id: UUID
    client: httpx.AsyncClient
    tab: str

    async def do(self, path: str, **fields: str) -> httpx.Response:
        """POST a form; the answer, whatever its status."""
        return await self.client.post(path, data={"tab": self.tab, **fields})


class Stage:
    """What plays together; see :func:`stage`.

    ``before_timers`` is run before each run of the timers: browsers say there that they are alive.
    ``samples`` are run whenever the house is looked at, with such a session.
    ``after_work`` is run when work was done and a desk shows something new, with a session over all shops.
    ``is_down``: nothing of ours answers or works.
    ``elsewhere``: documents on hosts that are not ours, by their address.
    """

    def __init__(
        self,
        house: Installation,
        simulator: Simulator,
        carrier: TwilioCarrier,
        app: Litestar,
        lookout: AsyncConnection,
    ) -> None:
        self.simulator = simulator
        self.carrier = carrier
        self.house = house
        self.app = app
        self._lookout = lookout
        self.before_timers: list[Callable[[], Awaitable[None]]] = []
        self.after_work: list[Callable[[AsyncSession], Awaitable[None]]] = []
        self.samples: list[Callable[[AsyncSession], Awaitable[None]]] = []
        self.is_down = False
        self.elsewhere: dict[str, str] = {}
        self._dispatch_is_due = False
        self._next_look: Timer | None = None
        self._pause = LOOK_AGAIN

    def transport(self) -> httpx.AsyncBaseTransport:
        """Our application without a socket; each request that changes something wakes the house."""
        return Waking(httpx.ASGITransport(cast(Any, self.app)), self.wake, lambda: self.is_down)

    async def browser(self, account_id: UUID) -> Browser:
        """Sign an agent in and take the seat."""
        async with self.house.staff.begin() as session:
            cookie = await identity.open_session(session, account_id, now=self.house.clock.now())
        settings = self.house.settings
        client = httpx.AsyncClient(
            transport=self.transport(),
            base_url=settings.public_url,
            cookies={session_cookie_name(settings): cookie},
            headers={
                "X-CSRF-Token": csrf_token(settings, identity.session_hash(cookie)),
                "Accept": "application/json",
            },
        )
        browser = Browser(account_id, client, tab=f"tab-{account_id.hex[:8]}")
        await browser.do("/desk/seat")
        return browser

    def wake(self) -> None:
        """Something was committed: run what is urgent, shortly after and once."""
        self._pause = LOOK_AGAIN
        self._work_soon()

    def _work_soon(self) -> None:
        if not self._dispatch_is_due:
            self._dispatch_is_due = True
            self.simulator.after(DISPATCH_AFTER, self._work)

    def look_again(self, seconds: float) -> None:
        """Run the timers ``seconds`` from now, whatever else is due."""
        self.simulator.after(seconds, self._timers)

    async def _work(self) -> None:
        """Do what is urgent, then set the alarm for what comes next."""
        self._dispatch_is_due = False
        if not await self._look_around():
            await self._run([urgent for room in ROOMS for urgent in room.urgent])
            await self._look_around(after_work=True)

    async def _look_around(self, *, after_work: bool = False) -> bool:
        """See what is due and what is new. False when something urgent is to be done first."""
        now = self.house.clock.now()
        async with AsyncSession(self._lookout) as session:
            due = await self._due(session)
            if due.urgent and not after_work:
                return False
            for look in self.after_work if due.ringing else ():
                await look(session)
            for sample in self.samples:
                await sample(session)
        if due.next_at is not None:
            self._set_alarm(max(self._pause, (due.next_at - now).total_seconds()))
        return True

    async def _due(self, session: AsyncSession) -> Due:
        await session.execute(ALL_SHOPS_FOR_GOOD)
        return await whats_due(session, now=self.house.clock.now())

    def _set_alarm(self, seconds: float) -> None:
        if self._next_look is not None:
            self._next_look.cancel()
        self._next_look = self.simulator.after(seconds, self._timers)

    async def _timers(self) -> None:
        """What the worker does, but for the urgent steps: they come next."""
        for prepare in self.before_timers:
            await prepare()
        async with AsyncSession(self._lookout) as session:
            due = await self._due(session)
        urgent = {step for room in ROOMS for step in room.urgent}
        steps = due.of(step for room in ROOMS for step in room.ticks)
        await self._run([step for step in steps if step not in urgent])
        self._pause = min(RARELY, self._pause * 2)
        self._work_soon()

    async def _run(self, steps: list[Callable[[Installation, datetime], Awaitable[None]]]) -> None:
        for step in () if self.is_down else steps:
            await step(self.house, self.house.clock.now())


@asynccontextmanager
async def stage(
    house: Installation,
    *,
    seed: int,
    start: datetime,
    numbers: list[str],
    faults: Faults | None = None,
    plugged: Mapping[Port[Any], Any] | None = None,
    tamper: Tamper | None = None,
    **carrier: Any,
) -> AsyncGenerator[Stage]:
    """Set the stage over an installation whose clock is a :class:`SimulatorClock`.

    Args:
        start: aware time at which the piece begins.
        numbers: the shops' numbers, E.164, whose calls reach us.
        plugged: what is plugged into the house besides the simulated carrier.
        tamper: changes our answers on their way to the carrier, to see whether anybody notices.
        carrier: further settings of the simulated carrier.
    """
    settings = house.settings
    ours = Later()
    simulator = Simulator(
        seed=seed,
        account_sid=settings.twilio_account_sid,
        auth_token=settings.twilio_auth_token,
        post=HttpPost(ours),
        start=start,
        settings=carrier_settings(settings.public_url, numbers, carrier),
        faults=faults or Faults(),
    )
    _clock_of(house).simulator = simulator
    async with _opened(house, simulator, plugged or {}) as set_stage:
        way_in = set_stage.transport()
        ours.elsewhere = set_stage.elsewhere
        ours.inner = way_in if tamper is None else Tampering(way_in, tamper)
        yield set_stage


@asynccontextmanager
async def _opened(
    house: Installation, simulator: Simulator, plugged: Mapping[Port[Any], Any]
) -> AsyncGenerator[Stage]:
    """With the simulated carrier plugged in, and an application for as long as the stage stands."""
    carrier = _carrier(house, simulator)
    ours: dict[Port[Any], Any] = {CARRIER: carrier, SIMULATED_PHONE: Softphones(simulator)}
    full = replace(house, plugged={**house.plugged, **ours, **plugged})
    try:
        with borrowed_app(full) as app:
            async with _lookout(full.worker) as lookout:
                yield Stage(full, simulator, carrier, app, lookout)
    finally:
        await carrier.close()


@asynccontextmanager
async def _lookout(sessions: Sessions) -> AsyncGenerator[AsyncConnection]:
    """A connection on which each look stands alone, without a transaction; nobody has it afterwards."""
    async with sessions.kw["bind"].connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield connection
        finally:
            await connection.invalidate()


def _clock_of(house: Installation) -> SimulatorClock:
    if not isinstance(house.clock, SimulatorClock):
        raise TypeError("a stage needs a SimulatorClock")
    return house.clock


def _carrier(house: Installation, simulator: Simulator) -> TwilioCarrier:
    async def no_time(_: float) -> None:
        return None

    transport = CarrierTransport(
        transport=InProcess(build_simulator_app(simulator)), sleep=no_time, timeout_seconds=NEVER
    )
    return TwilioCarrier(
        house.settings.twilio_account_sid, house.settings.twilio_auth_token, transport=transport
    )
