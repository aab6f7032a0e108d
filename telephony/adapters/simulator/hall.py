"""All conferences of the carrier: who enters which, and what is played in them beside the talk."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from telephony.adapters.simulator.conferences import Conference, Participant
from telephony.adapters.simulator.interpreter import Interpreter
from telephony.adapters.simulator.runner import Request, Runner
from telephony.adapters.simulator.speech import Sound
from telephony.adapters.simulator.twiml import HOLD_VERBS

if TYPE_CHECKING:
    from telephony.adapters.simulator.exchange import Exchange

_OWN_MUSIC = Sound("music", "the carrier's own")


@dataclass(slots=True)
class StaticAside:
    """Music of the carrier's own beside the call."""

    sound: Sound | None


class Hall:
    """The conferences by SID, those that have ended included."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self.conferences: dict[str, Conference] = {}

    def named(self, name: str) -> Conference:
        """The conference of this name that has not ended, made where there is none."""
        found = self.find(name)
        if found is not None:
            return found
        made = Conference(self._exchange.new_sid("CF"), name, self._exchange.now, self._tell)
        self.conferences[made.sid] = made
        return made

    def find(self, key: str) -> Conference | None:
        """A conference by SID, or one by name that has not ended."""
        if key in self.conferences:
            return self.conferences[key]
        live = (one for one in self.conferences.values() if one.status != "completed")
        return next((one for one in live if one.name == key), None)

    def entertain(self, one: Participant) -> None:
        """Play what somebody hears who waits for the conference to start."""
        if one.leg.conference is None or one.leg.conference.has_started or one.terms.wait_url == "":
            return
        if one.terms.wait_url is None:
            one.aside = StaticAside(_OWN_MUSIC)
        else:
            self._play_aside(one, Request(one.terms.wait_url))

    def hold(self, conference: Conference, one: Participant, request: Request | None) -> None:
        """Take a participant aside; held a second time, the music changes."""
        one.stop_aside()
        if request is None:
            one.aside = StaticAside(_OWN_MUSIC)
        else:
            self._play_aside(one, request)
        conference.hold(one, held=True)

    def resume(self, conference: Conference, one: Participant) -> None:
        if one.held:
            one.stop_aside()
        conference.hold(one, held=False)

    def announce_to(self, conference: Conference, one: Participant, request: Request) -> None:
        """Play a document to one participant, over whatever is being said."""
        one.stop_announcement()

        def over(_: str) -> None:
            one.announced = one.announced_runner = None
            conference.announced(one.leg.sid)

        one.announced, one.announced_runner = self._beside(one, request, over)
        one.announced_runner.start()

    def announce(self, conference: Conference, request: Request) -> None:
        """Play a document to all who are in; held participants go on hearing their music."""
        if not conference.participants:
            return

        def over(_: str) -> None:
            conference.announcement = None
            conference.announced("")

        conference.announcement, runner = self._beside(conference.participants[0], request, over)
        runner.start()

    def _play_aside(self, one: Participant, request: Request) -> None:
        one.aside, one.aside_runner = self._beside(one, request, lambda _: None)
        one.aside_runner.start()

    def _beside(
        self, one: Participant, request: Request, on_end: Callable[[str], None]
    ) -> tuple[Interpreter, Runner]:
        interpreter = Interpreter(self._exchange, one.leg)
        steps = interpreter.once(request, HOLD_VERBS)
        return interpreter, self._exchange.runner(one.leg, steps, on_end)

    def _tell(self, conference: Conference, event: str, fields: dict[str, str]) -> None:
        exchange = self._exchange
        named = {
            "AccountSid": exchange.account_sid,
            "ConferenceSid": conference.sid,
            "FriendlyName": conference.name,
            "StatusCallbackEvent": event,
            "Timestamp": exchange.webhooks.timestamp(),
        }
        about = fields.get("CallSid", "")
        exchange.timeline.add(exchange.now, about, event, conference=conference.name)
        exchange.webhooks.callback(about, conference.callback or "", tuple((named | fields).items()))
