"""Reads TwiML as the carrier does: an unknown verb or value is an error, an unknown attribute a warning."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET

_SAY_AND_PLAY: Final = frozenset({"Say", "Play", "Pause"})
CALL_VERBS: Final = _SAY_AND_PLAY | {
    "Gather", "Enqueue", "Leave", "Redirect", "Hangup", "Reject", "Dial", "Record",
}  # fmt: skip
WAIT_VERBS: Final = _SAY_AND_PLAY | {"Hangup", "Redirect", "Leave", "Gather"}
HOLD_VERBS: Final = _SAY_AND_PLAY | {"Redirect"}
SCREEN_VERBS: Final = _SAY_AND_PLAY | {"Gather", "Redirect", "Hangup", "Record"}

_JAPANESE_VOICES: Final = re.compile(
    r"Polly\.(Mizuki|Takumi|(Kazuha|Tomoko|Takumi)-Neural)|Google\.ja-JP-(Wavenet|Standard)-[BCD]"
    r"|Google\.ja-JP-Chirp3-HD-(Aoede|Kore|Leda|Zephyr|Charon|Fenrir|Orus|Puck)"
)
_MOST_BYTES: Final = 64 * 1024
_MOST_SAY: Final = 4096
_INVALID_DOCUMENT: Final = 12100
UNKNOWN_ATTRIBUTE: Final = 12200
_INVALID_ATTRIBUTE: Final = 12200


class TwimlError(Exception):
    """The carrier cannot carry out a document; ``code`` is its error number."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Verb:
    """One element: a verb or the noun inside it."""

    name: str
    attributes: dict[str, str]
    text: str
    nouns: tuple["Verb", ...] = ()

    def get(self, name: str, default: str = "") -> str:
        return self.attributes.get(name, default)

    def flag(self, name: str, *, default: bool = False) -> bool:
        return self.attributes[name] == "true" if name in self.attributes else default

    def number(self, name: str, default: int) -> int:
        return int(self.attributes[name]) if name in self.attributes else default


@dataclass(frozen=True, slots=True)
class Document:
    """The verbs of one answer and the address that it came from. ``warnings``: what was passed over."""

    url: str
    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()


Check = Callable[[str], bool]


def _any(_: str) -> bool:
    return True


def _one_of(*values: str) -> Check:
    return lambda value: value in values


def _each_of(*values: str) -> Check:
    return lambda value: set(value.split()) <= set(values)


def _matches(pattern: str) -> Check:
    return lambda value: re.fullmatch(pattern, value) is not None


_FLAG = _one_of("true", "false")
_WHOLE = _matches(r"\d{1,6}")
_METHOD = _one_of("GET", "POST")
_KEYS = _matches(r"[0-9#*w]*")
_LANGUAGE = _matches(r"[a-z]{2,3}-[A-Z]{2}")
_VOICE = _matches(r"man|woman|alice|(Polly|Google)\.[\w-]+")
_LABEL = _matches(r".{1,128}")
_CONFERENCE_EVENTS = _each_of(
    "start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"
)
_RECORDING_EVENTS = _each_of("in-progress", "completed", "absent")
_CALL_EVENTS = _each_of("initiated", "ringing", "answered", "completed")
_RECORDING = {
    "recordingStatusCallback": _any,
    "recordingStatusCallbackMethod": _METHOD,
    "recordingStatusCallbackEvent": _RECORDING_EVENTS,
}
_ACTION = {"action": _any, "method": _METHOD}
_SCREENED = {
    "url": _any,
    "method": _METHOD,
    "statusCallback": _any,
    "statusCallbackMethod": _METHOD,
    "statusCallbackEvent": _CALL_EVENTS,
}


@dataclass(frozen=True, slots=True)
class _Shape:
    attributes: dict[str, Check] = field(default_factory=dict)
    nouns: frozenset[str] = frozenset()
    has_text: bool = False


_SHAPES: Final[dict[str, _Shape]] = {
    "Say": _Shape({"voice": _VOICE, "language": _LANGUAGE, "loop": _WHOLE}, has_text=True),
    "Play": _Shape({"loop": _WHOLE, "digits": _KEYS}, has_text=True),
    "Pause": _Shape({"length": _WHOLE}),
    "Gather": _Shape(
        _ACTION
        | {
            "input": _one_of("dtmf"),
            "numDigits": _WHOLE,
            "timeout": _WHOLE,
            "finishOnKey": _KEYS,
            "actionOnEmptyResult": _FLAG,
        },
        nouns=_SAY_AND_PLAY,
    ),
    "Enqueue": _Shape(
        _ACTION | {"waitUrl": _any, "waitUrlMethod": _METHOD, "maxQueueSize": _WHOLE}, has_text=True
    ),
    "Leave": _Shape(),
    "Redirect": _Shape({"method": _METHOD}, has_text=True),
    "Hangup": _Shape(),
    "Reject": _Shape({"reason": _one_of("rejected", "busy")}),
    "Record": _Shape(
        _ACTION
        | _RECORDING
        | {
            "maxLength": _WHOLE,
            "timeout": _WHOLE,
            "finishOnKey": _KEYS,
            "playBeep": _FLAG,
            "trim": _one_of("trim-silence", "do-not-trim"),
        }
    ),
    "Dial": _Shape(
        _ACTION
        | _RECORDING
        | {
            "timeout": _WHOLE,
            "timeLimit": _WHOLE,
            "callerId": _any,
            "answerOnBridge": _FLAG,
            "hangupOnStar": _FLAG,
            "ringTone": _matches(r"[a-z]{2}(-old)?"),
            "sequential": _FLAG,
            "record": _one_of(
                "do-not-record",
                "record-from-answer",
                "record-from-ringing",
                "record-from-answer-dual",
                "record-from-ringing-dual",
            ),
            "trim": _one_of("trim-silence", "do-not-trim"),
        },
        nouns=frozenset({"Number", "Client", "Conference"}),
        has_text=True,
    ),
    "Number": _Shape(_SCREENED | {"sendDigits": _KEYS}, has_text=True),
    "Client": _Shape(_SCREENED, nouns=frozenset({"Identity", "Parameter"}), has_text=True),
    "Identity": _Shape(has_text=True),
    "Parameter": _Shape({"name": _any, "value": _any}),
    "Conference": _Shape(
        {
            "participantLabel": _LABEL,
            "muted": _FLAG,
            "beep": _one_of("true", "false", "onEnter", "onExit"),
            "startConferenceOnEnter": _FLAG,
            "endConferenceOnExit": _FLAG,
            "waitUrl": _any,
            "waitMethod": _METHOD,
            "coach": _matches(r"CA[0-9a-fA-F]{32}"),
            "record": _one_of("do-not-record", "record-from-start"),
            "statusCallback": _any,
            "statusCallbackMethod": _METHOD,
            "statusCallbackEvent": _CONFERENCE_EVENTS,
            "jitterBufferSize": _one_of("small", "medium", "large", "off"),
            "region": _matches(r"[a-z]{2}\d"),
            "maxParticipants": _WHOLE,
        },
        has_text=True,
    ),
}


_NOT_MODELLED: Final[dict[str, dict[str, str]]] = {
    "Dial": {"answerOnBridge": "false", "sequential": "false", "hangupOnStar": "false", "ringTone": ""},
    "Enqueue": {"maxQueueSize": ""},
    "Conference": {"record": "do-not-record", "waitMethod": "POST"},
}
"""Right for the carrier, without effect here unless they say what happens anyway: told, never pretended."""


def parse(url: str, content_type: str, body: str) -> Document:
    """Read the answer of a webhook.

    Raises:
        TwimlError: 12300 another content type, 11750 too large, 12100 broken XML or unknown elements,
            12200 values that are not allowed.
    """
    kind = content_type.split(";", maxsplit=1)[0].strip().lower()
    if kind not in {"text/xml", "application/xml", "text/html"}:
        raise TwimlError(12300, f"Content-Type {content_type!r} is not TwiML")
    if len(body.encode()) > _MOST_BYTES:
        raise TwimlError(11750, "The document is larger than 64 KB")
    if "<!DOCTYPE" in body:
        raise TwimlError(_INVALID_DOCUMENT, "A document type declaration is not TwiML")
    try:
        root = ET.fromstring(body.strip())  # noqa: S314 - no document type, so no entities
    except ET.ParseError as error:
        raise TwimlError(_INVALID_DOCUMENT, f"Not XML: {error}") from error
    if root.tag != "Response":
        raise TwimlError(_INVALID_DOCUMENT, f"The root is {root.tag}, not Response")
    warnings: list[str] = []
    verbs = tuple(_verb(element, CALL_VERBS, warnings) for element in root)
    return Document(url, verbs, tuple(warnings))


def _verb(element: ET.Element, allowed: frozenset[str], warnings: list[str]) -> Verb:
    name = str(element.tag)
    if name not in allowed:
        raise TwimlError(_INVALID_DOCUMENT, f"{name} is not allowed here")
    shape = _SHAPES[name]
    warnings += [f"{name} has no attribute {each}" for each in element.attrib if each not in shape.attributes]
    warnings += [
        f"{name} {each} has no effect in this carrier"
        for each, usual in _NOT_MODELLED.get(name, {}).items()
        if element.get(each, usual) != usual
    ]
    known = {each: value for each, value in element.attrib.items() if each in shape.attributes}
    for attribute, value in known.items():
        if not shape.attributes[attribute](value):
            raise TwimlError(_INVALID_ATTRIBUTE, f"{name} {attribute}={value!r} is not allowed")
    text = "".join(element.itertext() if not len(element) else [element.text or ""]).strip()
    _check_text(name, text, shape)
    _check_voice(known)
    return Verb(name, known, text, tuple(_verb(child, shape.nouns, warnings) for child in element))


def _check_text(name: str, text: str, shape: _Shape) -> None:
    if text and not shape.has_text:
        raise TwimlError(_INVALID_DOCUMENT, f"{name} may not contain text")
    if name == "Say" and not 0 < len(text) <= _MOST_SAY:
        raise TwimlError(13520, "Say needs between 1 and 4096 characters")
    if name in {"Conference", "Enqueue", "Redirect"} and not text:
        raise TwimlError(_INVALID_DOCUMENT, f"{name} is empty")


def _check_voice(attributes: dict[str, str]) -> None:
    """A voice that does not speak the language makes the carrier say nothing at all."""
    voice = attributes.get("voice", "")
    if "." in voice and attributes.get("language") == "ja-JP" and not _JAPANESE_VOICES.fullmatch(voice):
        raise TwimlError(13512, f"{voice} does not speak ja-JP")
