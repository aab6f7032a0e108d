"""Structured logs that hold no personal data: only known fields pass, and what they hold is looked through.

A log line is an event's name and its facts, ``log.info("call.ended", call_id=…, seconds=…)``. A field that is
not known here is dropped, and its name (not its value) is logged instead, so that its author notices.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any, TextIO
from uuid import UUID

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from nanori.settings import Settings

ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "exc_info",
        "request_id", "method", "route", "path", "status", "ms", "seconds", "bytes",
        "error", "where", "code", "reason", "dropped",
        "process", "port", "host", "version", "role", "locale",
        "room", "task", "job", "handler", "attempt", "attempts", "count", "state", "kind", "outcome",
        "channel", "at", "due_at", "month", "shop", "sid",
    }
)  # fmt: skip
"""Fields that may be logged; beside them each ``…_id`` that holds an id. ``shop`` is a slug, never a name."""

IDENTIFIER = re.compile(r"[0-9a-fA-F-]{32,36}|[A-Z]{2}[0-9a-f]{32}|\d{1,12}|")
MAIL_ADDRESS = re.compile(r"[^\s<>\"',;:=()]+@[^\s<>\"',;:=()]+")
PHONE_NUMBER = re.compile(r"(?<![\w.:-])(?:\+\d[\d -]{6,}\d|0\d{1,4}-?\d{1,4}-?\d{3,4})(?![\w:-])")
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
NOISY = ("httpx", "httpcore", "fontTools", "weasyprint", "asyncio", "mail.log", "procrastinate", "uvicorn")
DEEPEST_FRAMES = 8


def set_up_logs(settings: Settings, *, stream: TextIO = sys.stderr) -> None:
    """Send every log line of this process to ``stream``, ours and the libraries', in one form."""
    chain: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_traceback_values,
        only_known_fields,
        without_personal_data,
    ]
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(settings, chain))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level.upper())
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def only_known_fields(_logger: WrappedLogger, _method: str, fields: EventDict) -> EventDict:
    """Drop what nobody declared harmless, and say which fields those were."""
    kept = {name: value for name, value in fields.items() if _is_known(name, value)}
    dropped = sorted(name for name in fields if name not in kept and not name.startswith("_"))
    kept |= {name: value for name, value in fields.items() if name.startswith("_")}
    return kept | {"dropped": dropped} if dropped else kept


def without_personal_data(_logger: WrappedLogger, _method: str, fields: EventDict) -> EventDict:
    """Take addresses and telephone numbers out of texts, and the line breaks that could forge a line."""
    return {name: value if name.startswith("_") else _harmless(value) for name, value in fields.items()}


def without_traceback_values(_logger: WrappedLogger, _method: str, fields: EventDict) -> EventDict:
    """Say what kind of error it was and where, not its text: that may quote a row or what somebody typed."""
    error = fields.pop("exc_info", None) or getattr(fields.get("_record"), "exc_info", None)
    error = error[1] if isinstance(error, tuple) else error
    error = sys.exception() if error is True else error
    if isinstance(error, BaseException):
        frames = extract_tb(error.__traceback__)[-DEEPEST_FRAMES:]
        fields["error"] = type(error).__name__
        fields["where"] = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
    return fields


def scrubbed(text: str) -> str:
    """The text without mail addresses, telephone numbers and control characters."""
    text = MAIL_ADDRESS.sub("<address>", text)
    text = PHONE_NUMBER.sub("<number>", text)
    return CONTROL.sub(_escaped, text)


def _is_known(name: str, value: object) -> bool:
    if name in ALLOWED:
        return True
    return name.endswith("_id") and IDENTIFIER.fullmatch(str(value)) is not None


def _harmless(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, UUID | datetime):
        return str(value)
    if isinstance(value, Mapping):
        return {scrubbed(str(name)): _harmless(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_harmless(inner) for inner in value]
    return scrubbed(str(value))


def _escaped(found: re.Match[str]) -> str:
    return found.group().encode("unicode_escape").decode()


def _formatter(settings: Settings, chain: list[Processor]) -> logging.Formatter:
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.log_format == "console":
        last = _on_one_line
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )


def _on_one_line(_logger: WrappedLogger, _method: str, fields: MutableMapping[str, Any]) -> str:
    """For a person at a terminal: time, level, event, facts."""
    moment, level, event = fields.pop("timestamp"), fields.pop("level"), fields.pop("event")
    fields.pop("logger", None)
    facts = " ".join(f"{name}={value}" for name, value in fields.items())
    return f"{moment[11:19]} {level:<7} {event} {facts}".rstrip()
