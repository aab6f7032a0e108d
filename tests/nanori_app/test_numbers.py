"""Numbers between the carrier and the shops, over the simulated carrier's REST interface."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import directory
from nanori.errors import InvalidInput
from nanori.installation import Installation
from nanori_app import numbers as lines
from nanori_app.cli.group import nanori as command
from nanori_app.cli.numbers import E164
from nanori_app.numbers import NumberUnknown, State, StillAShops, StillInQuarantine
from telephony.adapters.twilio import TwilioCarrier
from telephony.adapters.twilio_numbers import TwilioNumbers
from telephony.carrier_errors import CarrierRefused
from telephony.ports import NUMBERS, NumberKind
from tenants.models import Tenant
from tenants.queries import numbers_of
from tests.support.clock import START
from tests.support.people import a_shop
from tests.telephony.adapters.stage import MINATO, Stage

NOTHING = {"bundle_sid": "", "address_sid": ""}


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.fixture
def house(installation: Installation, stage: Stage) -> Installation:
    carrier = stage.carrier
    assert isinstance(carrier, TwilioCarrier)
    return replace(installation, plugged={NUMBERS: TwilioNumbers(carrier)})


@pytest.fixture
async def shop(session: AsyncSession) -> Tenant:
    shop = await a_shop(session, slug="minato")
    await session.commit()
    return shop


async def available(house: Installation) -> str:
    found = await house.port(NUMBERS).available(country="JP", kind=NumberKind.NATIONAL, contains="", limit=3)
    assert len(found) == 3
    return found[0]


async def states(house: Installation) -> dict[str, tuple[State, str]]:
    return {line.number: (line.state, line.shop) for line in await lines.listed(house)}


async def test_a_number_is_bought_set_up_and_rings_for_its_shop(
    house: Installation, stage: Stage, shop: Tenant, session: AsyncSession
) -> None:
    number = await available(house)
    await lines.buy(house, number, shop_id=shop.tenant_id, now=START, **NOTHING)

    assert (await states(house))[number] == (State.READY, "minato")
    at_carrier = stage.sim.exchange.settings.numbers[number]
    public = house.settings.public_url
    assert at_carrier.voice_url == f"{public}/tw/in#ct=1500&rt=4500&rc=2&rp=ct,rt,5xx&e=tokyo"
    assert at_carrier.fallback_url == f"{public}/tw/fallback"
    found = await directory.look_up(session, directory.Kind.NUMBER, number)
    assert found is not None
    assert found.shop_id == shop.tenant_id
    assert stage.sim.contract_violations == []


async def test_a_purchase_that_the_carrier_refuses_leaves_no_promise(
    house: Installation, shop: Tenant, session: AsyncSession
) -> None:
    with pytest.raises(CarrierRefused):
        await lines.buy(house, "+815000000000", shop_id=shop.tenant_id, now=START, **NOTHING)

    assert await directory.look_up(session, directory.Kind.NUMBER, "+815000000000") is None
    assert await numbers_of(session, shop.tenant_id) == []


async def test_a_number_of_another_shop_is_not_even_asked_for(
    house: Installation, stage: Stage, shop: Tenant, session: AsyncSession
) -> None:
    other = await a_shop(session, slug="hanakage")
    number = await available(house)
    await session.commit()
    await lines.buy(house, number, shop_id=other.tenant_id, now=START, **NOTHING)
    asked = len(stage.sim.exchange.settings.numbers)
    with pytest.raises(InvalidInput):
        await lines.buy(house, number, shop_id=shop.tenant_id, now=START, **NOTHING)

    assert len(stage.sim.exchange.settings.numbers) == asked


async def test_what_is_set_up_otherwise_is_set_right_and_nothing_else_is_touched(
    house: Installation, stage: Stage, shop: Tenant
) -> None:
    number = await available(house)
    await lines.buy(house, number, shop_id=shop.tenant_id, now=START, **NOTHING)

    assert (await states(house))[MINATO] == (State.SPARE, "")
    assert await lines.configure(house, []) == [MINATO]
    assert await lines.configure(house, []) == []
    with pytest.raises(NumberUnknown):
        await lines.configure(house, ["+819000000000"])


async def test_a_released_number_rests_and_only_then_is_another_shops_or_the_carriers(
    house: Installation, stage: Stage, shop: Tenant, session: AsyncSession
) -> None:
    number = await available(house)
    await lines.buy(house, number, shop_id=shop.tenant_id, now=START, **NOTHING)
    with pytest.raises(StillAShops):
        await lines.give_back(house, number, even_in_quarantine=True, now=START)
    line = await lines.take_from_shop(house, number, now=START)

    days = timedelta(days=house.settings.number_quarantine_days)
    assert (line.state, line.free_at) == (State.QUARANTINE, START + days)
    assert (await states(house))[number] == (State.QUARANTINE, "minato")
    with pytest.raises(StillInQuarantine):
        await lines.give_back(house, number, even_in_quarantine=False, now=START)
    other = await a_shop(session, slug="hanakage")
    await session.commit()
    with pytest.raises(InvalidInput):
        await lines.buy(house, number, shop_id=other.tenant_id, now=START, **NOTHING)
    await lines.give_back(house, number, even_in_quarantine=False, now=START + days)
    assert number not in stage.sim.exchange.settings.numbers


async def test_a_number_that_rings_nowhere_cannot_be_taken_away(house: Installation) -> None:
    with pytest.raises(NumberUnknown):
        await lines.take_from_shop(house, "+815000000000", now=START)


@pytest.mark.parametrize(
    "words", [["numbers", "buy", "0312345678", "--shop", "x"], ["numbers", "release", "+8"]]
)
def test_a_number_must_be_written_with_its_country(words: list[str]) -> None:
    done = CliRunner().invoke(command, words)

    assert done.exit_code == 2
    assert "must be written like +815031960001" in done.output


def test_a_number_as_the_carrier_writes_it_is_taken() -> None:
    assert E164().convert("+815031960001", None, None) == "+815031960001"


def test_the_fallback_document_is_printed_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NANORI_PUBLIC_URL", "https://tw.nanori.example")
    done = CliRunner().invoke(command, ["fallback-document", "--duty-phone", "+815012345678"])

    assert done.exit_code == 0, done.output
    assert done.output.startswith("<?xml")
    assert "<Dial" in done.output
    assert 'action="https://tw.nanori.example/tw/fallback/message"' in done.output


def test_lists_are_json_for_programs() -> None:
    line = lines.Line(number="+8150", state=State.SPARE)

    assert json.loads(json.dumps({"state": line.state})) == {"state": "spare"}
