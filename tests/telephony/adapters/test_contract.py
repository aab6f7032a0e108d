"""Each REST request is held against what Twilio describes."""

import os
from pathlib import Path

import pytest

from telephony.adapters.simulator.contract import Operation, find, violations
from telephony.adapters.simulator.description import Description
from telephony.adapters.simulator.operations import OPERATIONS
from tests.telephony.adapters.stage import ACCOUNT

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
CALL = "CA" + "a" * 32
MEMBER = f"{BASE}/Queues/QU{'b' * 32}/Members/{CALL}.json"
TWILIO = os.environ.get("NANORI_TWILIO_SPEC", "")


def check(method: str, path: str, *pairs: tuple[str, str]) -> list[str]:
    found = find(OPERATIONS, method, path)
    assert found is not None
    return violations(*found, list(pairs))


def test_a_request_of_ours_has_nothing_wrong() -> None:
    assert check("POST", MEMBER, ("Url", "https://nanori.example/tw"), ("Method", "POST")) == []


@pytest.mark.parametrize(
    ("path", "pairs", "complaint"),
    [
        (MEMBER, [("Method", "POST")], "Url is missing"),
        (MEMBER, [("Url", "/relative")], "Url='/relative' is not allowed"),
        (MEMBER, [("Url", "https://a.example"), ("url", "x")], "url is no field of update_member"),
        (MEMBER, [("Url", "https://a.example"), ("Url", "https://b.example")], "Url is repeated"),
        (f"{BASE}/Calls/{CALL}.json", [("Status", "busy")], "Status='busy' is not allowed"),
        (f"{BASE}/Calls/{CALL}.json", [], "one of Url, Twiml, Status, TimeLimit is needed"),
        (f"{BASE}/Calls/CA12.json", [("Status", "completed")], "CallSid=CA12 is malformed"),
        (
            f"{BASE}/Conferences/CF{'c' * 32}/Participants/caller.json",
            [("Hold", "True")],
            "Hold='True' is not allowed",
        ),
        (
            f"{BASE}/Calls.json",
            [
                ("To", "+8190"),
                ("From", "+8150"),
                ("Url", "https://a"),
                ("StatusCallbackEvent", "initiated ringing"),
            ],
            "StatusCallbackEvent='initiated ringing' is not allowed",
        ),
    ],
)
def test_a_bad_request_is_named(path: str, pairs: list[tuple[str, str]], complaint: str) -> None:
    assert check("POST", path, *pairs) == [complaint]


def test_paths_outside_the_table_are_unknown() -> None:
    assert find(OPERATIONS, "POST", f"{BASE}/Conferences/c-1/Nothing.json") is None
    assert find(OPERATIONS, "DELETE", f"{BASE}/Calls.json") is None


@pytest.fixture(scope="module")
def twilio(excerpt: Description) -> Description:
    """Twilio's own file where it is at hand, else an excerpt of the same shape."""
    return Description(Path(TWILIO)) if TWILIO else excerpt


def is_described(twilio: Description, operation: Operation) -> bool:
    """With the whole file everything must be; the excerpt has two operations."""
    try:
        twilio.operation(operation.documented_path, operation.method)
    except KeyError:
        assert twilio.is_excerpt, operation.name
        return False
    return True


@pytest.fixture(scope="module")
def excerpt(tmp_path_factory: pytest.TempPathFactory) -> Description:
    file = tmp_path_factory.mktemp("contract") / "excerpt.json"
    file.write_text(EXCERPT, encoding="utf-8")
    return Description(file)


WORDS = (
    "busy", "canceled", "completed", "dual", "false", "GET", "in-progress", "init", "large", "mono", "off",
    "paused", "POST", "PUT", "queued", "ringing", "skip", "small", "stopped", "trim-silence", "true",
)  # fmt: skip


def named(name: str) -> Operation:
    return next(one for one in OPERATIONS if one.name == name)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_twilio_describes_each_operation_of_the_table_alike(
    twilio: Description, operation: Operation
) -> None:
    if not is_described(twilio, operation):
        return
    path, method = operation.documented_path, operation.method
    fields = twilio.fields(path, method)
    assert set(operation.fields) <= set(fields)
    arrays = {name for name, schema in fields.items() if schema.get("type") == "array"}
    assert arrays & set(operation.fields) == set(operation.repeated)
    assert set(twilio.required(path, method)) <= set(operation.required)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_the_table_allows_only_values_that_twilio_lists(twilio: Description, operation: Operation) -> None:
    if not is_described(twilio, operation):
        return
    for name, check in operation.fields.items():
        listed = twilio.values(operation.documented_path, operation.method, name)
        ours = {value for value in WORDS if check(value)}
        if listed and len(ours) < len(WORDS):
            assert ours <= listed, name


def test_a_description_finds_the_same_faults(excerpt: Description) -> None:
    member, update = named("update_member"), named("update_call")
    queue = {"AccountSid": ACCOUNT, "QueueSid": "QU" + "b" * 32, "MemberKey": CALL}
    call = {"AccountSid": ACCOUNT, "CallSid": CALL}
    assert excerpt.violations(member, queue, [("Url", "https://a.example"), ("Method", "POST")]) == []
    assert excerpt.violations(member, queue, [("Url", "https://a.example"), ("Method", "PUT")]) == [
        "Method='PUT' is not described"
    ]
    assert excerpt.violations(member, queue, [("Method", "POST")]) == ["Url is missing"]
    assert excerpt.violations(member, queue, [("Url", "no address")]) == ["Url='no address' is not described"]
    assert excerpt.violations(update, call, [("Status", "busy")]) == ["Status='busy' is not described"]
    assert excerpt.violations(update, call, [("status", "completed")]) == ["status is not described"]
    assert excerpt.violations(update, call | {"CallSid": "CA12"}, []) == ["CallSid=CA12 is not described"]


EXCERPT = """
{"excerpt": true, "paths": {
 "/2010-04-01/Accounts/{AccountSid}/Queues/{QueueSid}/Members/{CallSid}.json":
  {"post": {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"properties": {
   "Url": {"type": "string", "format": "uri"},
   "Method": {"type": "string", "enum": ["GET", "POST"]}}, "required": ["Url"]}}}}}},
 "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json": {"post":
  {"parameters": [{"name": "Sid", "in": "path", "schema": {"type": "string", "pattern": "^CA[0-9a-f]{32}$"}}],
   "requestBody": {"content":
  {"application/x-www-form-urlencoded": {"schema": {"properties": {
   "Url": {"type": "string", "format": "uri"},
   "Method": {"type": "string", "enum": ["GET", "POST"]},
   "Status": {"$ref": "#/components/schemas/call_enum_update_status"},
   "Twiml": {"type": "string"}, "TimeLimit": {"type": "integer"}}}}}}}}},
 "components": {"schemas": {"call_enum_update_status":
  {"type": "string", "enum": ["canceled", "completed"]}}}}
"""
