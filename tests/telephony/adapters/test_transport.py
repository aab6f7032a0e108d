"""Requests to the carrier: time limits, repeats, and what a failure is called."""

import asyncio

import httpx
import pytest

from telephony.adapters.simulator.faults import Faults
from telephony.adapters.transport import CarrierTransport
from telephony.adapters.twilio import TwilioCarrier
from telephony.carrier_errors import CarrierBusy, CarrierGone, CarrierRefused, CarrierUnknown
from tests.telephony.adapters.stage import ACCOUNT, MINATO, OURS, TOKEN, Stage

CALL = "CA" + "0" * 32


def carrier(answers: list[httpx.Response], naps: list[float] | None = None) -> TwilioCarrier:
    async def nap(seconds: float) -> None:
        if naps is not None:
            naps.append(seconds)

    transport = httpx.MockTransport(lambda _: answers.pop(0))
    return TwilioCarrier(ACCOUNT, TOKEN, transport=CarrierTransport(transport=transport, sleep=nap))


def refusal(status: int, code: int) -> httpx.Response:
    return httpx.Response(status, json={"code": code, "message": "no", "more_info": "", "status": status})


async def test_too_many_requests_are_repeated_with_growing_pauses() -> None:
    naps: list[float] = []
    answers = [refusal(429, 20429), refusal(429, 20429), httpx.Response(200, json={"sid": CALL})]
    await carrier(answers, naps).hang_up(call_sid=CALL)
    assert answers == []
    assert 0.25 <= naps[0] <= 0.5 <= naps[1] <= 1.0


async def test_a_carrier_that_stays_busy_is_reported_as_busy() -> None:
    with pytest.raises(CarrierBusy):
        await carrier([refusal(429, 20429)] * 4).hang_up(call_sid=CALL)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refusal(404, 20404), CarrierGone),
        (refusal(400, 21220), CarrierGone),
        (refusal(400, 21210), CarrierRefused),
        (refusal(401, 20003), CarrierRefused),
        (refusal(503, 20500), CarrierUnknown),
        (httpx.Response(502, text="<html>bad gateway</html>"), CarrierUnknown),
        (
            httpx.Response(400, json={"type": "x", "title": "no", "status": 400, "code": 21211}),
            CarrierRefused,
        ),
        (httpx.Response(404, json={"type": "x", "title": "no", "status": 404, "code": 20404}), CarrierGone),
    ],
)
async def test_each_failure_has_one_name(answer: httpx.Response, error: type[Exception]) -> None:
    answers = [answer]
    with pytest.raises(error):
        await carrier(answers).redirect(call_sid=CALL, url=OURS)
    assert answers == []


async def test_a_refusal_keeps_the_carriers_number() -> None:
    with pytest.raises(CarrierRefused) as caught:
        await carrier([refusal(400, 21210)]).redirect(call_sid=CALL, url=OURS)
    assert (caught.value.code, caught.value.message) == (21210, "Unable to update record: no")


async def test_a_server_that_never_answers_is_given_up_and_not_asked_again() -> None:
    asked = []

    async def hang(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        await asyncio.sleep(60)
        return httpx.Response(200)

    transport = CarrierTransport(transport=httpx.MockTransport(hang), timeout_seconds=0.05)
    with pytest.raises(CarrierUnknown):
        await TwilioCarrier(ACCOUNT, TOKEN, transport=transport).hang_up(call_sid=CALL)
    assert len(asked) == 1


async def test_no_more_than_so_many_requests_run_at_once() -> None:
    running, most = 0, 0

    async def slow(_: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return httpx.Response(200, json={"sid": CALL})

    transport = CarrierTransport(transport=httpx.MockTransport(slow), at_once=3)
    one = TwilioCarrier(ACCOUNT, TOKEN, transport=transport)
    await asyncio.gather(*(one.hang_up(call_sid=CALL) for _ in range(12)))
    assert most == 3


async def test_a_list_is_sent_as_a_repeated_field_to_the_other_host() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(201, json={"sid": CALL})

    transport = CarrierTransport(base_url="http://127.0.0.1:8099", transport=httpx.MockTransport(answer))
    sid = await TwilioCarrier(ACCOUNT, TOKEN, transport=transport).dial(
        to="+819087654321", caller_id=MINATO, url=OURS, status_url=OURS, ring_seconds=20, limit_seconds=60
    )
    assert sid == CALL
    assert str(seen[0].url).startswith("http://127.0.0.1:8099/2010-04-01/Accounts/AC")
    assert seen[0].content.decode().count("StatusCallbackEvent=") == 4


async def test_an_answer_lost_after_the_effect_is_an_unknown_outcome() -> None:
    stage = Stage(faults=Faults(rest_timeout=1))
    with pytest.raises(CarrierUnknown):
        await stage.carrier.dial(
            to="+819087654321", caller_id=MINATO, url=f"{OURS}/x", status_url=f"{OURS}/tw/cb/call",
            ring_seconds=20, limit_seconds=60,
        )  # fmt: skip
    await stage.sim.advance(2)
    assert stage.ours.of("/tw/cb/call")[0]["CallStatus"] == "initiated"


async def test_a_simulated_refusal_as_too_much_has_no_effect() -> None:
    stage = Stage(faults=Faults(rest_busy=1))
    with pytest.raises(CarrierBusy):
        await stage.carrier.hang_up(call_sid=CALL)
    assert len(stage.naps) == 3


async def test_wrong_credentials_are_refused() -> None:
    stage = Stage()
    transport = httpx.ASGITransport(app=stage.app)  # type: ignore[arg-type]  # httpx spells ASGI its own way
    stranger = TwilioCarrier(ACCOUNT, "wrong", transport=CarrierTransport(transport=transport))
    with pytest.raises(CarrierRefused) as caught:
        await stranger.hang_up(call_sid=CALL)
    assert caught.value.code == 20003
