import io
import json
import logging
from collections.abc import Generator
from typing import Any
from uuid import UUID

import pytest
import structlog

from nanori.logs import scrubbed, set_up_logs
from nanori.settings import Settings

CALL = UUID("01980000-0000-7000-8000-000000000001")


@pytest.fixture
def stream() -> Generator[io.StringIO]:
    """A log in JSON; everything is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logs(Settings(secret_key="x" * 40, log_format="json"), stream=stream)
    yield stream
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_event_and_its_known_facts_are_logged(stream: io.StringIO) -> None:
    structlog.get_logger("telephony").info("call.ended", call_id=CALL, seconds=12, status=200)
    [line] = lines(stream)
    assert line["event"] == "call.ended"
    assert (line["call_id"], line["seconds"], line["status"], line["level"]) == (str(CALL), 12, 200, "info")


def test_field_that_nobody_declared_is_dropped_and_only_its_name_told(stream: io.StringIO) -> None:
    structlog.get_logger().info("call.ended", caller="+81312345678", name="山田 花子", call_id=CALL)
    [line] = lines(stream)
    assert line["dropped"] == ["caller", "name"]
    assert "山田" not in stream.getvalue()
    assert "81312345678" not in stream.getvalue()


def test_id_field_holds_nothing_but_an_id(stream: io.StringIO) -> None:
    structlog.get_logger().info("mail.received", shopper_id="hanako@example.com")
    assert "hanako" not in stream.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        "no box for hanako.yamada+shop@example.com here",
        "Key (login)=(hanako@example.com) already exists",
        "dialling +81312345678 failed",
        "dialling +81 3-1234-5678 failed",
        "dialling 03-1234-5678 failed",
        "dialling 09012345678 failed",
    ],
)
def test_addresses_and_numbers_are_taken_out_of_texts(text: str) -> None:
    left = scrubbed(text)
    assert "hanako" not in left
    assert "1234" not in left
    assert "5678" not in left


def test_ids_and_times_survive_the_search_for_numbers() -> None:
    text = f"job 12 of {CALL} at 2026-11-22T09:00:00Z on 127.0.0.1:8400"
    assert scrubbed(text) == text


def test_line_break_cannot_forge_a_second_line(stream: io.StringIO) -> None:
    structlog.get_logger().warning("request", reason='ok\n{"event": "forged"}\r\u2028more')
    assert len(lines(stream)) == 1
    assert "\u2028" not in stream.getvalue()


def test_error_tells_its_kind_and_place_but_not_its_text(stream: io.StringIO) -> None:
    try:
        int("hanako said 1234")
    except ValueError:
        structlog.get_logger().exception("job.failed", task="t")
    [line] = lines(stream)
    assert line["error"] == "ValueError"
    assert line["where"][-1].startswith("test_logs.py:")
    assert "hanako" not in stream.getvalue()


def test_lines_of_libraries_take_the_same_form(stream: io.StringIO) -> None:
    try:
        dict[str, str]()["hanako@example.com"]
    except KeyError:
        logging.getLogger("procrastinate").exception("Job %s failed for %s", 7, "hanako@example.com")
    [line] = lines(stream)
    assert (line["logger"], line["level"], line["error"]) == ("procrastinate", "error", "KeyError")
    assert line["event"] == "Job 7 failed for <address>"
    assert "hanako" not in stream.getvalue()


def test_level_below_the_settings_is_silent(stream: io.StringIO) -> None:
    structlog.get_logger().debug("call.ended")
    logging.getLogger("procrastinate").debug("polling")
    assert lines(stream) == []


def test_console_form_is_one_line_for_a_person() -> None:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    stream = io.StringIO()
    set_up_logs(Settings(secret_key="x" * 40, log_format="console"), stream=stream)
    structlog.get_logger().info("call.ended", seconds=3)
    structlog.reset_defaults()
    root.handlers = handlers
    root.setLevel(level)
    assert stream.getvalue().rstrip().endswith("info    call.ended seconds=3")
