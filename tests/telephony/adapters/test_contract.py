"""Each REST request is held against what Twilio describes."""

import os
from pathlib import Path

import pytest

from telephony.adapters.simulator.contract import OPERATIONS, Description, Operation, find, violations
from tests.telephony.adapters.stage import ACCOUNT

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
CALL = "CA" + "a" * 32
MEMBER = f"{BASE}/Queues/QU{'b' * 32}/Members/{CALL}.json"
TWILIO = Path(__file__).parents[4] / "shared" / "contracts" / "twilio_api_v2010.json"


def check(method: str, path: str, *pairs: tuple[str, str]) -> list[str]:
    found = find(method, path)
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
        (f"{BASE}/Calls/{CALL}.json", [], "one of Url, Status, TimeLimit is needed"),
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
    assert find("POST", f"{BASE}/Conferences/c-1/Nothing.json") is None
    assert find("DELETE", f"{BASE}/Calls.json") is None


@pytest.fixture(scope="module")
def description(tmp_path_factory: pytest.TempPathFactory) -> Description:
    """Twilio's own file where it is at hand, else an excerpt of the same shape."""
    named = Path(os.environ.get("NANORI_TWILIO_SPEC", TWILIO))
    if not named.exists():
        named = tmp_path_factory.mktemp("contract") / "excerpt.json"
        named.write_text(EXCERPT, encoding="utf-8")
    return Description(named)


def test_every_operation_of_the_table_is_described_by_twilio(description: Description) -> None:
    described = [one for one in OPERATIONS if is_described(description, one)]
    assert {"update_member", "update_call"} <= {one.name for one in described}
    for operation in described:
        fields = description.fields(operation.documented_path, operation.method)
        assert set(operation.fields) <= set(fields), operation.name


def is_described(description: Description, operation: Operation) -> bool:
    """With the whole file everything must be; the excerpt has two operations."""
    try:
        description.operation(operation.documented_path, operation.method)
    except KeyError:
        assert description.is_excerpt, operation.name
        return False
    return True


def test_twilios_description_finds_the_same_faults(description: Description) -> None:
    member = next(one for one in OPERATIONS if one.name == "update_member")
    update = next(one for one in OPERATIONS if one.name == "update_call")
    assert description.violations(member, [("Url", "https://a.example"), ("Method", "POST")]) == []
    assert description.violations(member, [("Method", "PUT")]) == ["Method='PUT' is not described"]
    assert description.violations(update, [("Status", "busy")]) == ["Status='busy' is not described"]
    assert description.violations(update, [("status", "completed")]) == ["status is not described"]


EXCERPT = """
{"excerpt": true, "paths": {
 "/2010-04-01/Accounts/{AccountSid}/Queues/{QueueSid}/Members/{CallSid}.json":
  {"post": {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"properties": {
   "Url": {"type": "string", "format": "uri"},
   "Method": {"type": "string", "enum": ["GET", "POST"]}}}}}}}},
 "/2010-04-01/Accounts/{AccountSid}/Calls/{Sid}.json": {"post": {"requestBody": {"content":
  {"application/x-www-form-urlencoded": {"schema": {"properties": {
   "Url": {"type": "string", "format": "uri"},
   "Method": {"type": "string", "enum": ["GET", "POST"]},
   "Status": {"$ref": "#/components/schemas/call_enum_update_status"},
   "TimeLimit": {"type": "integer"}}}}}}}}},
 "components": {"schemas": {"call_enum_update_status":
  {"type": "string", "enum": ["canceled", "completed"]}}}}
"""
