"""How the simulated carrier carries out documents, and what it does with bad ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.adapters.simulator.endpoints import Endpoint, NumberSettings
from telephony.adapters.simulator.speech import say_seconds
from telephony.adapters.simulator.twiml import TwimlError, parse
from tests.telephony.adapters.stage import MINATO, OURS, SHOPPER, Stage


async def call(stage: Stage, page: str, seconds: float = 20, **how: object) -> str:
    stage.ours.pages["/tw/in"] = page
    sid = stage.sim.place_call(SHOPPER, MINATO, **how)  # type: ignore[arg-type]  # passed on as given
    await stage.sim.advance(seconds)
    return sid


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("<Sai>hello</Sai>", 12100),
        ("<Say loud='yes'>hello</Say>", 12200),
        ("<Say", 12100),
        ("<Dial><Conference coach='nobody'>c</Conference></Dial>", 12200),
        ("<Gather input='speech'/>", 12200),
        ("<Enqueue/>", 12100),
        ("<Say></Say>", 13520),
        ("<Say language='ja-JP' voice='Polly.Joanna-Neural'>はい</Say>", 13512),
        ("<Say language='Japanese'>はい</Say>", 12200),
    ],
)
async def test_a_document_that_is_not_twiml_ends_the_call_with_an_apology(page: str, code: int) -> None:
    stage = Stage()
    sid = await call(stage, page)
    assert [problem.code for problem in stage.sim.problems] == [code]
    assert stage.sim.leg(sid).is_over


async def test_the_fallback_address_takes_over_and_is_told_why() -> None:
    stage = Stage()
    urls = NumberSettings(f"{OURS}/tw/in", fallback_url="https://backup.example/static/fallback")
    stage.sim.settings.numbers[MINATO] = urls
    stage.ours.pages["/static/fallback"] = "<Say>Please hold.</Say><Pause length='60'/>"
    sid = await call(stage, "<Nonsense/>", 0.5)
    assert [thing.text for thing in stage.sim.hears(sid)] == ["Please hold."]
    assert stage.ours.of("/static/fallback")[0]["ErrorCode"] == "12100"
    assert stage.ours.of("/static/fallback")[0]["ErrorUrl"] == f"{OURS}/tw/in"


@pytest.mark.parametrize(
    ("inside", "is_told"),
    [
        ("<Dial answerOnBridge='true'><Number>+819000000001</Number></Dial>", True),
        ("<Dial sequential='true'><Client>a</Client><Client>b</Client></Dial>", True),
        ("<Dial><Conference record='record-from-start'>c</Conference></Dial>", True),
        ("<Dial answerOnBridge='false'><Conference record='do-not-record'>c</Conference></Dial>", False),
    ],
)
def test_what_this_carrier_does_not_model_is_told(inside: str, *, is_told: bool) -> None:
    """Strict, it is an error: nobody builds on what only seems to work."""
    warnings = parse(OURS, "text/xml", f"<Response>{inside}</Response>").warnings
    assert any("no effect" in warning for warning in warnings) is is_told


def test_another_content_type_and_a_document_type_are_refused() -> None:
    with pytest.raises(TwimlError, match="TwiML"):
        parse(OURS, "application/json", "{}")
    with pytest.raises(TwimlError, match="type declaration"):
        parse(OURS, "text/xml", "<!DOCTYPE x><Response/>")
    with pytest.raises(TwimlError, match="64 KB"):
        parse(OURS, "text/xml", f"<Response><!--{'x' * 70_000}--></Response>")


async def test_nothing_pressed_falls_through_unless_the_empty_result_is_wanted() -> None:
    gather = (
        '<Gather numDigits="1" timeout="3" action="/tw/menu"{}><Say>Press.</Say></Gather><Pause length="60"/>'
    )
    stage = Stage()
    await call(stage, gather.format(""))
    assert stage.ours.of("/tw/menu") == []
    await call(stage, gather.format(' actionOnEmptyResult="true"'))
    assert "Digits" not in stage.ours.of("/tw/menu")[0]


async def test_pressing_cuts_the_prompt_short() -> None:
    stage = Stage()
    stage.ours.pages["/tw/menu"] = "<Pause length='60'/>"
    page = '<Gather numDigits="2" action="/tw/menu"><Play>/media/long.wav</Play></Gather>'
    await call(stage, page, 2, presses=[("42", 1)])
    assert stage.ours.of("/tw/menu")[0]["Digits"] == "42"


async def test_the_finish_key_ends_a_number_of_any_length() -> None:
    stage = Stage()
    await call(stage, '<Gather action="/tw/menu"/>', presses=[("123#", 1)])
    told = stage.ours.of("/tw/menu")[0]
    assert (told["Digits"], told["FinishedOnKey"]) == ("123", "#")


async def test_rejected_calls_are_never_answered() -> None:
    stage = Stage()
    refused = await call(stage, "<Reject/>", 1)
    busy = await call(stage, "<Reject reason='busy'/>", 1)
    assert stage.sim.leg(refused).status == "no-answer"
    assert stage.sim.leg(busy).status == "busy"
    assert stage.sim.leg(busy).answered_at is None


async def test_leaving_the_queue_goes_on_with_the_action() -> None:
    stage = Stage()
    stage.wait_in_queue()
    stage.ours.pages |= {"/tw/wait": "<Leave/>", "/tw/dequeued": "<Say>Please leave a message.</Say>"}
    sid = await call(stage, str(stage.ours.pages["/tw/in"]), 2)
    assert stage.ours.of("/tw/dequeued")[0]["QueueResult"] == "leave"
    assert [thing.text for thing in stage.sim.hears(sid)] == ["Please leave a message."]


async def test_a_wait_document_with_a_forbidden_verb_ends_the_wait_as_an_error() -> None:
    stage = Stage()
    stage.wait_in_queue()
    stage.ours.pages["/tw/wait"] = "<Record/>"
    await call(stage, str(stage.ours.pages["/tw/in"]))
    assert stage.ours.of("/tw/dequeued")[0]["QueueResult"] == "error"
    assert [problem.code for problem in stage.sim.problems] == [12100]


async def test_a_full_queue_sends_the_caller_on() -> None:
    stage = Stage()
    stage.wait_in_queue()
    stage.sim.exchange.queue_named("minato").max_size = 1
    await call(stage, str(stage.ours.pages["/tw/in"]), 5)
    await call(stage, str(stage.ours.pages["/tw/in"]), 5)
    assert [told["QueueResult"] for told in stage.ours.of("/tw/dequeued")] == ["queue-full"]


async def test_pressing_while_waiting_is_asked_inside_the_wait_and_keeps_the_place() -> None:
    stage = Stage()
    stage.wait_in_queue()
    stage.ours.pages |= {
        "/tw/wait": '<Gather numDigits="1" action="/tw/choice"><Play>/media/music.wav</Play></Gather>',
        "/tw/choice": "<Leave/>",
    }
    await call(stage, str(stage.ours.pages["/tw/in"]), 8, presses=[("1", 2)])
    assert stage.ours.of("/tw/choice")[0]["Digits"] == "1"
    assert stage.ours.of("/tw/choice")[0]["QueuePosition"] == "1"
    assert stage.ours.of("/tw/dequeued")[0]["QueueResult"] == "leave"


async def test_a_dialled_telephone_is_connected_when_its_screening_document_ends() -> None:
    stage = Stage(endpoints={"+819011112222": Endpoint(answer_after=3)})
    stage.ours.pages |= {"/tw/screen": "<Say>A call for you.</Say>", "/tw/after": "<Hangup/>"}
    page = '<Dial action="/tw/after" timeout="20"><Number url="/tw/screen">+819011112222</Number></Dial>'
    sid = await call(stage, page, 3.5)
    assert [thing.text for thing in stage.sim.hears(sid)] == ["ringing tone"]
    await stage.sim.advance(5)
    assert [thing.text for thing in stage.sim.hears(sid)] == ["+819011112222"]
    child = next(leg for leg in stage.sim.live_legs if leg.parent_sid == sid)
    stage.sim.hang_up(child.sid)
    await stage.sim.advance(1)
    told = stage.ours.of("/tw/after")[0]
    assert (told["DialCallStatus"], told["DialCallSid"]) == ("completed", child.sid)


async def test_a_dialled_telephone_that_does_not_answer_is_told_to_the_action() -> None:
    stage = Stage(endpoints={"+819011112222": Endpoint("no_answer")})
    page = '<Dial action="/tw/after" timeout="10"><Number>+819011112222</Number></Dial>'
    await call(stage, page, 30)
    assert stage.ours.of("/tw/after")[0]["DialCallStatus"] == "no-answer"


@given(st.text(min_size=1), st.text(min_size=1))
def test_a_longer_text_never_takes_less_time(first: str, second: str) -> None:
    assert say_seconds(first + second) >= max(say_seconds(first), say_seconds(second)) - 0.002


def test_japanese_is_spoken_at_seven_characters_a_second() -> None:
    assert say_seconds("ミナト珈琲でございます") == pytest.approx(11 / 7, abs=0.001)
    assert say_seconds("a" * 30) == 2.0
