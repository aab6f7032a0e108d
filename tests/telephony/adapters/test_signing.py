"""The simulated carrier's signatures against known vectors and against the package's validator."""

from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from telephony.adapters.simulator.signing import sign
from tests.telephony.adapters.stage import MINATO, SHOPPER, TOKEN, Stage

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]


@pytest.mark.parametrize(
    ("url", "fields", "signature"),
    [
        (URL, CALL, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        (URL.replace(".com", ".com:443"), CALL, "kvajT1Ptam85bY51eRf/AJRuM3w="),
        (URL.replace("https", "http").replace(".com", ".com:80"), CALL, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
        (URL.replace("https", "http").replace(".com", ".com:1234"), CALL, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
        (
            URL,
            [
                ("Sid", "CA123"),
                ("SidAccount", "AC123"),
                ("Digits", "5678"),
                ("Digits", "1234"),
                ("Digits", "1234"),
            ],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (URL, [*CALL, ("CallerName", "")], "KfHfUDJmVSCVi1pFgCm3DUfKdoQ="),
        ("https://mycompany.com/v", [("CallerName", "山田 太郎")], "aSVCNOfR+to6+n1CP1ag6tEevbw="),
        ("wss://mycompany.com/media", [], "okykUWKkAOgQseVjzERZh4soLeU="),
    ],
)
def test_known_signatures_come_out(url: str, fields: list[tuple[str, str]], signature: str) -> None:
    assert sign("12345", url, fields) == signature


@given(st.dictionaries(st.text(min_size=1), st.text()))
def test_the_package_accepts_every_signature(fields: dict[str, str]) -> None:
    assert RequestValidator(TOKEN).validate(URL, fields, sign(TOKEN, URL, fields.items()))


async def test_a_request_for_a_document_carries_the_common_parameters_even_empty_ones() -> None:
    stage = Stage()
    stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.settle()
    told = stage.ours.of("/tw/in")[0]
    assert {
        "CallStatus": "ringing",
        "Direction": "inbound",
        "From": SHOPPER,
        "To": MINATO,
    }.items() <= told.items()
    assert (told["FromCity"], told["CallerName"], told["FromCountry"]) == ("", "", "JP")
    assert stage.ours.unsigned == []


async def test_a_request_by_get_is_signed_with_its_query() -> None:
    stage = Stage()
    stage.ours.pages["/tw/in"] = '<Redirect method="GET">/tw/next?step=2</Redirect>'
    stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.settle()
    sent = next(entry for entry in stage.sim.timeline.entries if "/tw/next" in entry.detail.get("url", ""))
    query = dict(parse_qsl(sent.detail["url"].split("?")[1], keep_blank_values=True))
    assert query["step"] == "2"
    assert query["CallerName"] == ""
    assert stage.ours.unsigned == []
