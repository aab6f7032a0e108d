"""The control interface with which a newcomer plays the caller, and the carrier in real time."""

import asyncio
import socket
from typing import Any

import httpx
import pytest

from telephony.adapters.simulator.app import serve
from telephony.adapters.simulator.endpoints import Endpoint
from telephony.adapters.transport import CarrierTransport
from telephony.adapters.twilio import TwilioCarrier
from tests.telephony.adapters.stage import ACCOUNT, MINATO, OURS, SHOPPER, TOKEN, Stage

PUBLIC = "http://carrier.example/sim"


def visitor(stage: Stage, key: str = "key") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=stage.app)  # type: ignore[arg-type]  # httpx spells ASGI its own way
    return httpx.AsyncClient(transport=transport, headers={"X-Sim-Key": key})


async def ask(stage: Stage, path: str, **body: Any) -> Any:
    answer = await visitor(stage).post(PUBLIC + path, json=body)
    assert answer.is_success, answer.text
    return answer.json()


async def test_nothing_is_told_or_done_without_the_key() -> None:
    stage = Stage()
    for path in ("/state", "/timeline", "/hears/CA1", "/legs/CA1"):
        assert (await visitor(stage, "wrong").get(PUBLIC + path)).status_code == 401
    for path in ("/calls", "/faults", "/legs/CA1/hangup", "/clients/a/connect"):
        assert (await visitor(stage, "").post(PUBLIC + path, json={})).status_code == 401


async def test_a_call_is_placed_pressed_and_hung_up() -> None:
    stage = Stage()
    stage.ours.pages |= {
        "/tw/in": '<Gather numDigits="1" action="/tw/menu"><Say>1を押してください。</Say></Gather>',
        "/tw/menu": "<Pause length='60'/>",
    }
    sid = (await ask(stage, "/calls", **{"from": SHOPPER, "to": MINATO}))["sid"]
    await stage.sim.advance(0.5)
    state = (await visitor(stage).get(PUBLIC + "/state")).json()
    assert state["legs"][0]["hears"] == [{"kind": "say", "text": "1を押してください。", "sid": ""}]
    await ask(stage, f"/legs/{sid}/digits", digits="1")
    await stage.sim.settle()
    assert stage.ours.of("/tw/menu")[0]["Digits"] == "1"
    assert (await ask(stage, f"/legs/{sid}/hangup"))["is_over"] is True


async def test_a_browser_connects_mutes_and_disconnects() -> None:
    stage = Stage()
    stage.serve_design_d()
    caller, agent = await stage.talk()
    await ask(stage, f"/legs/{agent}/mute", muted=True)
    hears = (await visitor(stage).get(f"{PUBLIC}/hears/{caller}")).json()
    assert hears["hears"] == []
    other = await ask(stage, "/clients/agent_8/connect", params={"leg": "token"})
    assert other["identity"] == "agent_8"
    assert (await ask(stage, "/clients/agent_7/disconnect"))["ended"] == [agent]


async def test_telephones_and_faults_are_set() -> None:
    stage = Stage()
    await ask(stage, "/endpoints/+819087654321", behaviour="human", answer_after=2, digits="1")
    assert stage.sim.settings.endpoints["+819087654321"] == Endpoint(answer_after=2, digits="1")
    assert (await ask(stage, "/faults", lose_callbacks=0.5))["lose_callbacks"] == 0.5


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/calls", {"from": SHOPPER, "to": "+815000000000"}, 404),
        ("/calls", {"from": SHOPPER}, 400),
        ("/calls", [], 400),
        ("/legs/CA1/hangup", {}, 404),
        ("/endpoints/+8190", {"behaviour": "asleep"}, 400),
        ("/endpoints/+8190", {"mood": "bad"}, 400),
        ("/faults", {"rain": 1}, 400),
        ("/clients/a/connect", {"params": 3}, 400),
    ],
)
async def test_bad_requests_are_refused_with_a_message(path: str, body: Any, status: int) -> None:
    answer = await visitor(Stage()).post(PUBLIC + path, json=body)
    assert answer.status_code == status
    assert answer.json()["message"]


async def test_the_timeline_can_be_read_on_from_a_position() -> None:
    stage = Stage()
    stage.wait_in_queue()
    stage.sim.place_call(SHOPPER, MINATO)
    await stage.sim.advance(10)
    whole = (await visitor(stage).get(PUBLIC + "/timeline")).json()
    rest = (await visitor(stage).get(PUBLIC + "/timeline?since=3")).json()
    assert rest == whole[3:]
    assert {"created", "status", "webhook", "hears", "queued"} <= {entry["what"] for entry in whole}


async def test_the_story_of_a_call_holds_every_leg_webhook_and_request_of_it_and_no_other() -> None:
    stage = Stage()
    stage.serve_design_d()
    other = stage.sim.place_call("+819000000000", MINATO)
    stage.sim.hang_up(other)
    caller, _ = await stage.talk()
    stage.sim.press(caller, "5")
    stage.sim.hang_up(caller)
    await stage.sim.advance(5)
    listed = (await visitor(stage).get(f"{PUBLIC}/callers")).json()
    assert [one["sid"] for one in listed] == [caller, other]
    story = (await visitor(stage).get(f"{PUBLIC}/callers/{caller}/story")).json()
    assert other not in {one["leg"] for one in story}
    kinds = [one["what"] for one in story if one["leg"] == caller]
    assert kinds[0] == "created"
    assert {"webhook", "hears", "pressed", "participant-join", "hung up"} <= set(kinds)
    assert {one["who"] for one in story} >= {"caller"}
    assert any(one["what"] == "rest" and caller in one["detail"]["path"] for one in story)


async def test_in_virtual_time_the_control_interface_lets_time_pass() -> None:
    stage = Stage()
    stage.ours.pages["/tw/in"] = "<Pause length='30'/>"
    sid = (await ask(stage, "/calls", **{"from": SHOPPER, "to": MINATO}))["sid"]
    await ask(stage, "/clock/advance", seconds=10)
    assert stage.sim.leg(sid).status == "in-progress"
    await ask(stage, "/clock/advance", seconds=30)
    assert stage.sim.leg(sid).is_over


async def test_in_real_time_things_happen_by_themselves() -> None:
    stage = Stage()
    stage.ours.pages["/tw/in"] = "<Say>hi</Say><Say>there</Say>"
    told = asyncio.Event()

    async def note(_: dict[str, str]) -> None:
        told.set()

    stage.ours.on["/tw/cb/call"] = note
    clock = asyncio.create_task(stage.sim.scheduler.drive())
    try:
        sid = (await ask(stage, "/calls", **{"from": SHOPPER, "to": MINATO}))["sid"]
        async with asyncio.timeout(5):
            await told.wait()
    finally:
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)
    hears = [entry.detail["hears"] for entry in stage.sim.timeline.of(sid, "hears")]
    assert ["say: hi"] in hears
    assert ["say: there"] in hears
    assert stage.sim.leg(sid).seconds() == 1


async def test_served_over_a_socket_the_real_adapter_reaches_it() -> None:
    stage = Stage(usual_endpoint=Endpoint("no_answer"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    serving = asyncio.create_task(serve(stage.sim, host="127.0.0.1", port=port, control_key="key"))
    try:
        await until_open(port)
        carrier = TwilioCarrier(
            ACCOUNT, TOKEN, transport=CarrierTransport(base_url=f"http://127.0.0.1:{port}")
        )
        sid = await carrier.dial(
            to="+819087654321", caller_id=MINATO, url=OURS, status_url=OURS, ring_seconds=5, limit_seconds=60
        )
        await carrier.hang_up(call_sid=sid)
        await carrier.close()
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)
    assert stage.sim.leg(sid).status == "canceled"


async def until_open(port: int) -> None:
    async with asyncio.timeout(5):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except ConnectionError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
