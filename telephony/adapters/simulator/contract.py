"""Which REST requests are allowed, by our own table of what we use (``operations.py``).

Twilio's own description (``description.py``) is not shipped; a test compares the table with it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

Pairs = list[tuple[str, str]]
Check = Callable[[str], bool]

BASE: Final = "/2010-04-01/Accounts/{AccountSid}"


def matches(pattern: str) -> Check:
    """Whether a whole value looks like this."""
    compiled = re.compile(pattern)
    return lambda value: compiled.fullmatch(value) is not None


URL = matches(r"https?://[^\s]+")
METHOD = matches("GET|POST")
FLAG = matches("true|false")
WHOLE = matches(r"\d{1,6}")
TEXT = matches(r".+")
_PATH_CHECKS: Final[dict[str, Check]] = {
    "AccountSid": matches("AC[0-9a-fA-F]{32}"),
    "ApplicationSid": matches("AP[0-9a-fA-F]{32}"),
    "CallSid": matches("CA[0-9a-fA-F]{32}"),
    "ConferenceSid": matches("CF[0-9a-fA-F]{32}"),
    "ConferenceKey": TEXT,
    "CountryCode": matches("[A-Z]{2}"),
    "MemberKey": matches("CA[0-9a-fA-F]{32}|Front"),
    "MessageSid": matches("(SM|MM)[0-9a-fA-F]{32}"),
    "NumberSid": matches("PN[0-9a-fA-F]{32}"),
    "ParticipantKey": TEXT,
    "QueueSid": matches("QU[0-9a-fA-F]{32}"),
    "RecordingKey": matches("RE[0-9a-fA-F]{32}|Twilio.CURRENT"),
    "RecordingSid": matches("RE[0-9a-fA-F]{32}"),
}


@dataclass(frozen=True)
class Operation:
    """One request that the carrier accepts from us.

    Attributes:
        path: with ``{…}`` where an identifier stands.
        fields: form or query fields and what their values look like.
        repeated: fields that may occur more than once.
        one_of: of these fields, at least one must be there.
        needs: a field that makes sense only together with another one.
    """

    name: str
    method: str
    path: str
    fields: dict[str, Check] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    needs: dict[str, str] = field(default_factory=dict)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        escaped = re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}")
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+?)", escaped))

    @property
    def documented_path(self) -> str:
        """The path as the carrier's description spells it, which calls most last identifiers ``Sid``."""
        path = self.path.replace("{ConferenceKey}", "{ConferenceSid}")
        last = "{CallSid}" if re.search(r"/(Members|Participants)/\{\w+\}", path) else "{Sid}"
        return re.sub(r"\{\w+\}\.json$", f"{last}.json", path)


def find(operations: Iterable[Operation], method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation that a request names, and the identifiers in its path."""
    for operation in operations:
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
    wrong += [
        f"{name} without {other}"
        for name, other in operation.needs.items()
        if name in names and other not in names
    ]
    wrong += repeated(pairs, operation.repeated)
    known = [(name, value) for name, value in pairs if name in operation.fields]
    return wrong + [
        f"{name}={value!r} is not allowed" for name, value in known if not operation.fields[name](value)
    ]


def repeated(pairs: Iterable[tuple[str, str]], may: tuple[str, ...]) -> list[str]:
    """Fields that stand more than once and must not."""
    counts = Counter(name for name, _ in pairs)
    return [f"{name} is repeated" for name, count in counts.items() if count > 1 and name not in may]
