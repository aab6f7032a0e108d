"""``/demo/carrier``: who may see it, what it says, and that the carrier's key stays inside."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from litestar.testing import AsyncTestClient
from sqlalchemy.ext.asyncio import AsyncSession

from nanori.actors import Role
from nanori.installation import Installation
from nanori.settings import Settings
from nanori_app.asgi import borrowed_app
from nanori_app.wiring import plugs
from telephony.adapters.simulated_phone import SimulatorLevers
from telephony.adapters.simulator.app import InProcess, build_simulator_app
from telephony.adapters.simulator.endpoints import CarrierSettings, NumberSettings
from telephony.adapters.simulator.simulator import Simulator
from telephony.adapters.simulator.webhooks import HttpPost
from telephony.ports import CARRIER, SIMULATED_PHONE
from tenants import commands as shops
from tests.support.clock import START
from tests.support.people import Client, a_shop, an_account, signed_in

KEY = "the key of the control interface"
NUMBER = "+815031960001"


@pytest.fixture
def simulator() -> Simulator:
    ours = CarrierSettings(any_number=NumberSettings("http://testserver.local/tw/in"))
    return Simulator(
        seed=1, account_sid="AC" + "5" * 32, auth_token="t", post=HttpPost(), start=START, settings=ours
    )


@pytest.fixture
async def house(
    installation: Installation, session: AsyncSession, simulator: Simulator
) -> AsyncGenerator[Installation]:
    """A demo with one shop, whose telephone network runs in this process."""
    shop = await a_shop(session, slug="minato-coffee")
    await shops.add_number(session, shop.tenant_id, NUMBER)
    await session.commit()
    network = InProcess(build_simulator_app(simulator, control_key=KEY))
    levers = SimulatorLevers("http://carrier.local", KEY, transport=network)
    yield replace(
        installation,
        settings=installation.settings.model_copy(update={"demo": True}),
        plugged={SIMULATED_PHONE: levers},
    )
    await levers.close()


@asynccontextmanager
async def somebody(house: Installation) -> AsyncGenerator[Client]:
    with borrowed_app(house) as app:
        async with AsyncTestClient(app, base_url="http://testserver.local") as client:
            client.headers["Accept-Language"] = "en"
            yield client


async def test_anybody_may_choose_a_shop_in_a_demo(house: Installation) -> None:
    async with somebody(house) as client:
        page = await client.get("/demo/carrier")
    assert page.status_code == 200
    assert "ミナト珈琲" in page.text
    assert "050-3196-0001" in page.text
    assert KEY not in page.text


async def test_outside_of_a_demo_the_page_is_for_staff_alone(
    house: Installation, session: AsyncSession
) -> None:
    real = replace(house, settings=house.settings.model_copy(update={"demo": False}))
    async with somebody(real) as client:
        assert (await client.get("/demo/carrier")).status_code == 404
    operator = await an_account(session, Role.OPERATOR)
    await session.commit()
    with borrowed_app(real) as app:
        async with signed_in(app, operator) as client:
            assert (await client.get("/demo/carrier")).status_code == 200


async def test_with_a_real_account_there_is_no_such_page(house: Installation) -> None:
    real = replace(house, settings=house.settings.model_copy(update={"simulated": False}))
    async with somebody(real) as client:
        assert (await client.get("/demo/carrier")).status_code == 404


async def test_the_caller_hears_the_ringing_tone_and_may_hang_up(
    house: Installation, simulator: Simulator
) -> None:
    async with somebody(house) as client:
        placed = await client.post(
            "/demo/carrier/calls", data={"shop": "minato-coffee", "from": "090-0000-1001"}
        )
        assert placed.status_code == 201
        call, since = placed.json()["call"], placed.json()["since"]
        assert simulator.leg(call).from_ == "+819000001001"
        line = f"/demo/carrier/lines?call={call}&since={since}"
        assert "The ringing tone" in (await client.get(line)).text
        pressed = await client.post(f"/demo/carrier/legs/{call}/digits", data={"digits": "5#"})
        assert pressed.status_code == 204
        assert "You pressed 5#" in (await client.get(line)).text
        assert (await client.post(f"/demo/carrier/legs/{call}/hangup")).status_code == 204
        assert "You hung up" in (await client.get(line)).text


async def test_a_withheld_number_is_not_told(house: Installation, simulator: Simulator) -> None:
    async with somebody(house) as client:
        asked = {"shop": "minato-coffee", "from": "", "withheld": "1"}
        call = (await client.post("/demo/carrier/calls", data=asked)).json()["call"]
    assert simulator.leg(call).from_ == "anonymous"


@pytest.mark.parametrize("number", ["my telephone", "12", "+0312345678", "090-0000-1001-99999"])
async def test_what_is_no_number_is_refused_at_its_field(house: Installation, number: str) -> None:
    async with somebody(house) as client:
        client.headers["Accept"] = "application/json"
        answer = await client.post("/demo/carrier/calls", data={"shop": "minato-coffee", "from": number})
    assert answer.status_code == 422
    assert "090-0000-1001" in answer.json()["fields"]["from"]


@pytest.mark.parametrize(
    "path", ["legs/CA{sid}/hangup", "legs/CA{sid}/explode", "legs/nonsense/hangup", "logos/nobody"]
)
async def test_unknown_calls_deeds_and_shops_do_not_exist(house: Installation, path: str) -> None:
    address = "/demo/carrier/" + path.format(sid=secrets.token_hex(16))
    async with somebody(house) as client:
        answer = await (client.get(address) if "logos" in path else client.post(address))
    assert answer.status_code == 404


async def test_a_silent_network_is_said_in_words(house: Installation) -> None:
    nowhere = SimulatorLevers("http://127.0.0.1:9", KEY)
    async with somebody(replace(house, plugged={SIMULATED_PHONE: nowhere})) as client:
        answer = await client.get("/demo/carrier/lines")
    await nowhere.close()
    assert answer.status_code == 503
    assert "does not answer" in answer.text


def test_only_the_simulated_carrier_has_levers() -> None:
    secret = "x" * 40
    assert SIMULATED_PHONE in plugs(Settings(secret_key=secret))
    real = Settings(
        secret_key=secret,
        twilio_account_sid="AC" + "1" * 32,
        twilio_auth_token="token",
        smtp_url="smtp://m.example",
    )
    assert CARRIER in plugs(real)
    assert SIMULATED_PHONE not in plugs(real)


async def test_the_story_of_a_call_shows_what_was_said_and_heard(
    house: Installation, simulator: Simulator
) -> None:
    caller = simulator.place_call("+819000001001", NUMBER)
    await simulator.settle()
    async with somebody(house) as client:
        empty = await client.get("/demo/carrier/timeline")
        page = await client.get(f"/demo/carrier/timeline?call={caller}")
        unknown = await client.get(f"/demo/carrier/timeline?call=CA{'0' * 32}")
    assert "Choose a call" in empty.text
    assert (page.status_code, unknown.status_code) == (200, 404)
    assert "ミナト珈琲" in page.text
    assert "/tw/in" in page.text
    assert "story-line is-caller" in page.text
    assert "CallSid" in page.text
