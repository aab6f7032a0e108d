"""A small stand-in for our side: it answers webhooks as design D of a call does, without a database."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from twilio.request_validator import RequestValidator

from telephony.adapters.simulator.app import InProcess, build_simulator_app
from telephony.adapters.simulator.endpoints import CarrierSettings, NumberSettings
from telephony.adapters.simulator.faults import Faults
from telephony.adapters.simulator.simulator import Simulator
from telephony.adapters.simulator.webhooks import HttpPost
from telephony.adapters.transport import CarrierTransport
from telephony.adapters.twilio import TwilioCarrier
from telephony.carrier_errors import CarrierGone
from telephony.ports import Carrier

ACCOUNT = "AC" + "5a" * 16
TOKEN = "a token that only tests know"
OURS = "https://nanori.example"
MINATO = "+815031960001"
SHOPPER = "+819012345678"
NINE_O_CLOCK = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)

Fields = dict[str, str]
Page = Callable[[Fields], str]


class OurSide:
    """Answers paths with documents; everything else with 204. Keeps what it was told.

    Attributes:
        pages: path → TwiML, or a function from the fields to TwiML.
        unsigned: requests whose signature the ``twilio`` package refuses.
    """

    def __init__(self) -> None:
        self.pages: dict[str, str | Page] = {}
        self.told: list[tuple[str, Fields]] = []
        self.unsigned: list[str] = []
        self.on: dict[str, Callable[[Fields], Any]] = {}
        self._validator = RequestValidator(TOKEN)

    def of(self, path: str, **wanted: str) -> list[Fields]:
        """What was told at a path, in order of arrival."""
        return [fields for at, fields in self.told if at == path and wanted.items() <= fields.items()]

    async def handle(self, request: httpx.Request) -> httpx.Response:
        url = urlsplit(str(request.url))
        fields = dict(parse_qsl((await request.aread()).decode(), keep_blank_values=True))
        if not self._validator.validate(str(request.url), fields, request.headers["X-Twilio-Signature"]):
            self.unsigned.append(url.path)
        self.told.append((url.path, fields))
        if url.path in self.on:
            await self.on[url.path](fields)
        page = self.pages.get(url.path)
        if page is None:
            return httpx.Response(204)
        text = page if isinstance(page, str) else page(fields)
        return httpx.Response(200, headers={"Content-Type": "text/xml"}, text=f"<Response>{text}</Response>")


class Stage:
    """A simulator, our side and the real adapter between them, all in one process."""

    def __init__(self, *, seed: int = 1, faults: Faults | None = None, **settings: Any) -> None:
        self.ours = OurSide()
        number = NumberSettings(f"{OURS}/tw/in", f"{OURS}/tw/cb/call")
        self.sim = Simulator(
            seed=seed,
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            post=HttpPost(httpx.MockTransport(self.ours.handle)),
            start=NINE_O_CLOCK,
            settings=CarrierSettings(app_url=f"{OURS}/tw/app", numbers={MINATO: number}, **settings),
            faults=faults,
        )
        self.app = build_simulator_app(self.sim, control_key="key")
        self.naps: list[float] = []
        transport = CarrierTransport(
            base_url="http://carrier.example", transport=InProcess(self.app), sleep=self._nap
        )
        self.carrier: Carrier = TwilioCarrier(ACCOUNT, TOKEN, transport=transport)

    async def _nap(self, seconds: float) -> None:
        self.naps.append(seconds)

    def wait_in_queue(self) -> None:
        """Our side greets and queues every caller; the wait music is 20 seconds long."""
        self.ours.pages |= {
            "/tw/in": "<Say>ミナト珈琲でございます。</Say>"
            '<Enqueue action="/tw/dequeued" waitUrl="/tw/wait">minato</Enqueue>',
            "/tw/wait": "<Play>/media/music.wav</Play><Play>/media/music.wav</Play>",
            "/tw/dequeued": "",
        }

    def serve_design_d(self) -> None:
        """Queue, the agent's leg with its whisper, and the conference in which they meet."""
        self.wait_in_queue()
        self.ours.pages |= {
            "/tw/app": "<Say>ミナト珈琲です。</Say>"
            + conference('participantLabel="agent-7"', action="/tw/leg/after"),
            "/tw/connect": conference(
                'participantLabel="caller" endConferenceOnExit="true"', recorded=True, action="/tw/after-dial"
            ),
            "/tw/leg/after": "<Hangup/>",
            "/tw/after-dial": "<Hangup/>",
            "/tw/hold": '<Play loop="0">/media/hold.wav</Play>',
        }
        self.ours.on["/tw/cb/conf"] = self._connect_when_the_agent_is_there

    async def _connect_when_the_agent_is_there(self, fields: Fields) -> None:
        waits = self.ours.of("/tw/wait")
        if (
            waits
            and fields["StatusCallbackEvent"] == "participant-join"
            and fields["ParticipantLabel"] == "agent-7"
        ):
            with suppress(CarrierGone):
                await self.carrier.connect_waiting(
                    queue_sid=waits[-1]["QueueSid"], call_sid=waits[-1]["CallSid"], url=f"{OURS}/tw/connect"
                )

    async def talk(self) -> tuple[str, str]:
        """A caller and an agent in conversation; returns both CallSids."""
        caller = self.sim.place_call(SHOPPER, MINATO)
        await self.sim.advance(5)
        agent = self.sim.client_connect("agent_7", {"leg": "token"})
        await self.sim.advance(5)
        return caller, agent

    @property
    def conference_sid(self) -> str:
        return self.ours.of("/tw/cb/conf")[0]["ConferenceSid"]


def conference(attributes: str, *, recorded: bool = False, action: str = "") -> str:
    """``<Dial><Conference>`` as our side writes it."""
    record = (
        ' record="record-from-answer-dual" recordingStatusCallback="/tw/cb/rec"'
        ' recordingStatusCallbackEvent="in-progress completed absent"'
        if recorded
        else ""
    )
    after = f' action="{action}"' if action else ""
    return (
        f'<Dial{after}{record}><Conference {attributes} beep="false" waitUrl="" statusCallback="/tw/cb/conf"'
        ' statusCallbackEvent="start end join leave mute hold modify">c-1</Conference></Dial>'
    )
