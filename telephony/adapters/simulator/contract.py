"""Which REST requests are allowed: a table of what we use, and Twilio's own description where it is at hand.

The description is not shipped; the table says the same about the operations that we use, and a test compares
the two.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

Pairs = list[tuple[str, str]]
Check = Callable[[str], bool]

_BASE: Final = "/2010-04-01/Accounts/{AccountSid}"


def _matches(pattern: str) -> Check:
    return lambda value: re.fullmatch(pattern, value) is not None


_URL = _matches(r"https?://[^\s]+")
_METHOD = _matches("GET|POST")
_FLAG = _matches("true|false")
_WHOLE = _matches(r"\d{1,6}")
_TEXT = _matches(r".+")
_EVENT = _matches("initiated|ringing|answered|completed")
_CALL = _matches("CA[0-9a-fA-F]{32}")
_PATH_CHECKS: Final[dict[str, Check]] = {
    "AccountSid": _matches("AC[0-9a-fA-F]{32}"),
    "QueueSid": _matches("QU[0-9a-fA-F]{32}"),
    "ConferenceSid": _matches("CF[0-9a-fA-F]{32}"),
    "MemberKey": _matches("CA[0-9a-fA-F]{32}|Front"),
    "ParticipantKey": _TEXT,
    "RecordingKey": _matches("RE[0-9a-fA-F]{32}|Twilio.CURRENT"),
    "CallSid": _CALL,
    "RecordingSid": _matches("RE[0-9a-fA-F]{32}"),
}


@dataclass(frozen=True)
class Operation:
    """One request that the carrier accepts from us.

    Attributes:
        path: with ``{…}`` where an identifier stands.
        fields: form or query fields and what their values look like.
        repeated: fields that may occur more than once.
        one_of: of these groups, at least one field must be there.
    """

    name: str
    method: str
    path: str
    fields: dict[str, Check] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        escaped = re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}")
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+?)", escaped))

    @property
    def documented_path(self) -> str:
        """The path as the carrier's description spells it."""
        path = self.path.replace("{MemberKey}", "{CallSid}").replace("{ParticipantKey}", "{CallSid}")
        last = re.sub(
            r"\{(CallSid|RecordingKey|RecordingSid|QueueSid|ConferenceSid)\}\.json$", "{Sid}.json", path
        )
        return path if "/Members/" in path or "/Participants/" in path else last


_PAGE = {"PageSize": _WHOLE, "Page": _WHOLE, "PageToken": _TEXT}

OPERATIONS: Final = (
    Operation(
        "create_call",
        "POST",
        f"{_BASE}/Calls.json",
        {
            "To": _TEXT,
            "From": _TEXT,
            "Url": _URL,
            "Method": _METHOD,
            "FallbackUrl": _URL,
            "FallbackMethod": _METHOD,
            "StatusCallback": _URL,
            "StatusCallbackMethod": _METHOD,
            "StatusCallbackEvent": _EVENT,
            "Timeout": _WHOLE,
            "TimeLimit": _WHOLE,
        },
        required=("To", "From"),
        repeated=("StatusCallbackEvent",),
        one_of=("Url",),
    ),
    Operation(
        "list_calls", "GET", f"{_BASE}/Calls.json", {"Status": _TEXT, "To": _TEXT, "From": _TEXT} | _PAGE
    ),
    Operation("fetch_call", "GET", f"{_BASE}/Calls/{{CallSid}}.json"),
    Operation(
        "update_call",
        "POST",
        f"{_BASE}/Calls/{{CallSid}}.json",
        {"Url": _URL, "Method": _METHOD, "Status": _matches("canceled|completed"), "TimeLimit": _WHOLE},
        one_of=("Url", "Status", "TimeLimit"),
    ),
    Operation(
        "update_call_recording",
        "POST",
        f"{_BASE}/Calls/{{CallSid}}/Recordings/{{RecordingKey}}.json",
        {"Status": _matches("in-progress|paused|stopped"), "PauseBehavior": _matches("skip|silence")},
        required=("Status",),
    ),
    Operation(
        "list_conferences",
        "GET",
        f"{_BASE}/Conferences.json",
        {"FriendlyName": _TEXT, "Status": _matches("init|in-progress|completed")} | _PAGE,
    ),
    Operation("fetch_conference", "GET", f"{_BASE}/Conferences/{{ConferenceSid}}.json"),
    Operation(
        "update_conference",
        "POST",
        f"{_BASE}/Conferences/{{ConferenceSid}}.json",
        {"Status": _matches("completed")},
        required=("Status",),
    ),
    Operation(
        "list_participants",
        "GET",
        f"{_BASE}/Conferences/{{ConferenceSid}}/Participants.json",
        {"Muted": _FLAG, "Hold": _FLAG, "Coaching": _FLAG} | _PAGE,
    ),
    Operation(
        "fetch_participant",
        "GET",
        f"{_BASE}/Conferences/{{ConferenceSid}}/Participants/{{ParticipantKey}}.json",
    ),
    Operation(
        "update_participant",
        "POST",
        f"{_BASE}/Conferences/{{ConferenceSid}}/Participants/{{ParticipantKey}}.json",
        {
            "Muted": _FLAG,
            "Hold": _FLAG,
            "HoldUrl": _URL,
            "HoldMethod": _METHOD,
            "Coaching": _FLAG,
            "CallSidToCoach": _CALL,
            "EndConferenceOnExit": _FLAG,
        },
        one_of=("Muted", "Hold", "Coaching", "EndConferenceOnExit"),
    ),
    Operation(
        "delete_participant",
        "DELETE",
        f"{_BASE}/Conferences/{{ConferenceSid}}/Participants/{{ParticipantKey}}.json",
    ),
    Operation("list_queues", "GET", f"{_BASE}/Queues.json", _PAGE),
    Operation("fetch_queue", "GET", f"{_BASE}/Queues/{{QueueSid}}.json"),
    Operation("list_members", "GET", f"{_BASE}/Queues/{{QueueSid}}/Members.json", _PAGE),
    Operation("fetch_member", "GET", f"{_BASE}/Queues/{{QueueSid}}/Members/{{MemberKey}}.json"),
    Operation(
        "update_member",
        "POST",
        f"{_BASE}/Queues/{{QueueSid}}/Members/{{MemberKey}}.json",
        {"Url": _URL, "Method": _METHOD},
        required=("Url",),
    ),
    Operation("fetch_recording", "GET", f"{_BASE}/Recordings/{{RecordingSid}}.json"),
    Operation("delete_recording", "DELETE", f"{_BASE}/Recordings/{{RecordingSid}}.json"),
)


def find(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that a request names, and the identifiers in its path."""
    for operation in OPERATIONS:
        if operation.method == method and (match := operation.pattern.fullmatch(path)):
            return operation, match.groupdict()
    return None


def violations(operation: Operation, identifiers: dict[str, str], pairs: Pairs) -> list[str]:
    """What is wrong with a request; empty when nothing is."""
    names = {name for name, _ in pairs}
    wrong = [
        f"{name}={value} is malformed" for name, value in identifiers.items() if not _PATH_CHECKS[name](value)
    ]
    wrong += [f"{name} is missing" for name in operation.required if name not in names]
    wrong += [f"{name} is no field of {operation.name}" for name in sorted(names - set(operation.fields))]
    if operation.one_of and not names & set(operation.one_of):
        wrong.append(f"one of {', '.join(operation.one_of)} is needed")
    wrong += _repeated(pairs, operation.repeated)
    known = [(name, value) for name, value in pairs if name in operation.fields]
    return wrong + [
        f"{name}={value!r} is not allowed" for name, value in known if not operation.fields[name](value)
    ]


class Description:
    """Twilio's machine-readable description of its REST interface."""

    def __init__(self, file: Path) -> None:
        self._spec: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    @property
    def is_excerpt(self) -> bool:
        """Whether the file says of itself that it leaves operations out."""
        return bool(self._spec.get("excerpt", False))

    def operation(self, path: str, method: str) -> dict[str, Any]:
        """The description of one operation.

        Raises:
            KeyError: there is none.
        """
        found: dict[str, Any] = self._spec["paths"][path][method.lower()]
        return found

    def fields(self, path: str, method: str) -> dict[str, dict[str, Any]]:
        """Fields of an operation, by name: form fields, or query parameters for a GET."""
        operation = self.operation(path, method)
        if "requestBody" not in operation:
            return {
                one["name"]: one["schema"] for one in operation.get("parameters", []) if one["in"] == "query"
            }
        content = operation["requestBody"]["content"]["application/x-www-form-urlencoded"]
        properties: dict[str, dict[str, Any]] = content["schema"].get("properties", {})
        return properties

    def violations(self, operation: Operation, pairs: Pairs) -> list[str]:
        """What is wrong with a request by Twilio's own words."""
        fields = self.fields(operation.documented_path, operation.method)
        arrays = tuple(name for name, schema in fields.items() if schema.get("type") == "array")
        wrong = _repeated(pairs, arrays)
        for name, value in pairs:
            if name not in fields:
                wrong.append(f"{name} is not described")
            elif not self._allows(fields[name], value):
                wrong.append(f"{name}={value!r} is not described")
        return wrong

    def _allows(self, schema: dict[str, Any], value: str) -> bool:
        if "$ref" in schema:
            schema = self._spec["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
        if schema.get("type") == "array":
            return self._allows(schema["items"], value)
        kinds: dict[str, Check] = {"boolean": _FLAG, "integer": _matches(r"-?\d+")}
        is_kind = kinds.get(schema.get("type", ""), _matches(r"(?s).*"))
        return (
            is_kind(value)
            and value in schema.get("enum", [value])
            and re.search(schema.get("pattern", ""), value) is not None
        )


def _repeated(pairs: Iterable[tuple[str, str]], may: tuple[str, ...]) -> list[str]:
    counts = Counter(name for name, _ in pairs)
    return [f"{name} is repeated" for name, count in counts.items() if count > 1 and name not in may]
