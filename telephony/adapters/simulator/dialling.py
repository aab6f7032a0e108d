"""``<Dial>``: into a conference, or to another telephone."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from telephony.adapters.simulator.conferences import Refused, Terms
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.recordings import RecordingTerms
from telephony.adapters.simulator.runner import ChildChanged, LeftConference, Request, Steps, Wait
from telephony.adapters.simulator.speech import Sound
from telephony.adapters.simulator.twiml import Verb

if TYPE_CHECKING:
    from telephony.adapters.simulator.interpreter import Interpreter

_LONGEST_SECONDS: Final = 14_400
_BAD_COACH: Final = 13240

Fields = tuple[tuple[str, str], ...]


def dial(on: "Interpreter", verb: Verb, base: str) -> Steps[Request | None]:
    """Carry out ``<Dial>``; its ``action`` takes over the call, except after a duplicate label."""
    conference = next((noun for noun in verb.nouns if noun.name == "Conference"), None)
    if conference is None:
        fields = yield from _dial_telephones(on, verb, base)
    else:
        entered = yield from _dial_conference(on, verb, conference, base)
        if entered is None:
            return None
        fields = entered
    if "action" not in verb.attributes:
        return None
    return Request(urljoin(base, verb.get("action")), verb.get("method", "POST"), fields)


def _dial_conference(on: "Interpreter", verb: Verb, noun: Verb, base: str) -> Steps[Fields | None]:
    records = verb.get("record", "do-not-record") != "do-not-record"
    recorded_by = RecordingTerms.of(verb, base) if records else None
    seconds = verb.number("timeLimit", _LONGEST_SECONDS)
    return (yield from be_in_conference(on, noun.text, _terms(noun, base), recorded_by, seconds=seconds))


def be_in_conference(
    on: "Interpreter",
    name: str,
    terms: Terms,
    recorded_by: RecordingTerms | None,
    *,
    seconds: int = _LONGEST_SECONDS,
) -> Steps[Fields | None]:
    """Enter a conference and stay until put out; None when it does not admit the leg."""
    exchange, leg = on.exchange, on.leg
    conference = exchange.hall.named(name)
    try:
        participant = conference.admit(leg, terms, now=exchange.now)
    except Refused as refused:
        exchange.problem(leg, refused.code, str(refused))
        return (("DialCallStatus", "failed"),) if refused.code == _BAD_COACH else None
    exchange.hall.entertain(participant)
    recording = exchange.recorder.start(leg, recorded_by) if recorded_by else None
    reason = "participant_hung_up"
    try:
        reason = yield from _stay(seconds)
    except GeneratorExit:
        reason = "participant_hung_up" if leg.is_over else "participant_updated_via_api"
        raise
    finally:
        conference.leave(participant, reason)
        if recording is not None:
            exchange.recorder.finish(recording)
    fields: Fields = (("DialCallStatus", "answered"), ("DialBridged", "true"))
    return fields if recording is None else (*fields, ("RecordingUrl", exchange.recorder.url(recording)))


def _stay(seconds: int) -> Steps[str]:
    """In the conference until put out of it or time is up."""
    while True:
        signal = yield Wait(seconds)
        if signal is None:
            return "participant_hung_up"
        if isinstance(signal, LeftConference):
            return signal.reason


def _terms(noun: Verb, base: str) -> Terms:
    wait = noun.attributes.get("waitUrl")
    callback = noun.get("statusCallback")
    return Terms(
        label=noun.get("participantLabel"),
        muted=noun.flag("muted"),
        starts=noun.flag("startConferenceOnEnter", default=True),
        ends=noun.flag("endConferenceOnExit"),
        coach=noun.get("coach"),
        wait_url=urljoin(base, wait) if wait else wait,
        callback=urljoin(base, callback) if callback else "",
        events=frozenset(noun.get("statusCallbackEvent").split()),
        at_most=noun.number("maxParticipants", 250),
    )


def _dial_telephones(on: "Interpreter", verb: Verb, base: str) -> Steps[Fields]:
    """Ring all nouns at once; the first that answers and lets its screening document end is connected."""
    exchange, leg = on.exchange, on.leg
    nouns = verb.nouns or (Verb("Number", {}, verb.text),)
    children = {
        child.sid: child for child in (exchange.outgoing.ring_child(leg, verb, noun, base) for noun in nouns)
    }
    try:
        with on.sounding(Sound("music", "ringing tone")):
            accepted, status = yield from _first_accepted(children)
        if accepted is None:
            return (("DialCallStatus", status), ("DialBridged", "false"))
        for other in children.values():
            if other is not accepted:
                exchange.end_leg(other, "canceled")
        yield from _talk(leg, accepted, verb.number("timeLimit", _LONGEST_SECONDS))
    finally:
        leg.bridged_with = None
        for child in children.values():
            child.bridged_with = None
            exchange.end_leg(child, "completed" if child.is_talking else "canceled")
    return (
        ("DialCallStatus", "completed"),
        ("DialCallSid", accepted.sid),
        ("DialCallDuration", str(accepted.seconds())),
        ("DialBridged", "true"),
    )


def _first_accepted(children: dict[str, Leg]) -> Steps[tuple[Leg | None, str]]:
    ringing, status = set(children), "no-answer"
    while ringing:
        signal = yield Wait(None)
        if not isinstance(signal, ChildChanged):
            continue
        if signal.status == "accepted":
            return children[signal.sid], "answered"
        ringing.discard(signal.sid)
        status = signal.status
    return None, status


def _talk(leg: Leg, other: Leg, seconds: int) -> Steps[None]:
    leg.bridged_with, other.bridged_with = other, leg
    while not other.is_over:
        signal = yield Wait(seconds)
        if signal is None:
            return
