"""What bad input and broken answers get: words that a person understands, an alert, and a way on."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from litestar import Litestar
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from interactions.models import Interaction
from interactions.values import Outcome
from nanori.alerts import Alert
from nanori.db import bind_all_shops
from nanori.tally import Tally
from telephony import alarms, twiml
from telephony.commands import callers, queueing
from telephony.models import Call, CarrierOrder, Recording
from tests.support.carrier import CarrierClient, a_call_sid
from tests.support.clock import START, TestClock
from tests.telephony.conftest import NUMBER
from tests.telephony.web.test_webhooks import SID, carrier, enter_queue

__all__ = ["carrier"]  # the fixture
RECORDING = f"https://api.example/RE{'1' * 32}"


def verbs(text: str) -> list[str]:
    return [verb.tag for verb in ET.fromstring(text)]


def redirect(text: str) -> str:
    return str(ET.fromstring(text).findtext("Redirect"))


async def kinds(session: AsyncSession) -> dict[str, int]:
    """How often which alert was raised, shown or not."""
    rows = await session.scalars(select(Alert).execution_options(populate_existing=True))
    return {alert.kind: alert.times for alert in rows}


async def test_a_ring_that_breaks_is_tried_again_and_then_takes_a_message(
    carrier: CarrierClient, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice a moment's patience, then the fallback: never silence and never an error page."""
    monkeypatch.delattr(callers, "arrive")
    answer = await carrier.ring(SID, NUMBER)
    assert verbs(answer.text) == ["Say", "Redirect"]
    for tried in (1, 2):
        asked, _, how = redirect(answer.text).partition("#")  # the rest tells the carrier how to ask
        assert asked.endswith(f"/tw/in?again={tried}")
        assert "rc=2" in how
        answer = await carrier.post(
            redirect(answer.text), CallSid=SID, From="+819011112222", To=NUMBER, CallStatus="ringing"
        )
        assert answer.status_code == 200

    assert verbs(answer.text) == ["Say", "Say", "Say", "Record"]
    assert (await kinds(session))["webhook_failed"] >= 1


async def test_what_was_broken_for_a_moment_goes_on_as_if_nothing_had_been(
    carrier: CarrierClient, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.delattr(callers, "arrive")
        answer = await carrier.ring(SID, NUMBER)
    again = await carrier.post(
        redirect(answer.text), CallSid=SID, From="+819011112222", To=NUMBER, CallStatus="ringing"
    )

    assert ET.fromstring(again.text).find("Enqueue") is not None


async def test_a_waiting_document_that_stays_broken_lets_the_caller_leave_the_queue(
    carrier: CarrierClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A document for the queue may not record; leaving leads to one that may."""
    wait, _ = await enter_queue(carrier)
    monkeypatch.delattr(queueing, "wait")
    answer = await carrier.post(wait, CallSid=SID, QueueSid="QU1", QueuePosition="1")
    assert verbs(answer.text) == ["Say", "Redirect"]
    asked = wait.partition("#")[0]  # what follows tells the carrier how to ask
    answer = await carrier.post(f"{asked}?again=2", CallSid=SID, QueueSid="QU1", QueuePosition="1")

    assert verbs(answer.text) == ["Leave"]


async def test_a_broken_callback_is_taken_in_silence_and_told_to_operators(
    carrier: CarrierClient, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enter_queue(carrier)
    monkeypatch.setattr("telephony.web.callbacks.statuses", None)
    answer = await carrier.post("/tw/cb/call", CallSid=SID, CallStatus="completed", SequenceNumber="0")

    assert (answer.status_code, answer.text) == (204, "")
    assert (await kinds(session))["webhook_failed"] == 1


async def test_unsigned_webhooks_in_number_are_an_alert_one_alone_is_not(
    app: Litestar, carrier: CarrierClient, session: AsyncSession, clock: TestClock
) -> None:
    await carrier.post("/tw/in", sign=False, CallSid=SID, To=NUMBER)
    first = await shown(session)
    for _ in range(alarms.WEBHOOKS_REFUSED.at_least):
        await carrier.post("/tw/in", sign=False, CallSid=SID, To=NUMBER)
    clock.set(clock.now() + timedelta(seconds=6))
    await carrier.post("/tw/in", sign=False, CallSid=SID, To=NUMBER)

    assert first == []
    assert await shown(session) == ["webhooks_refused"]


async def test_malformed_webhooks_name_their_route(carrier: CarrierClient, session: AsyncSession) -> None:
    answer = await carrier.ring("CA-nonsense", NUMBER)

    assert answer.status_code == 400
    assert await session.scalar(select(Alert.subject)) == "/tw/in"


async def test_repeats_are_counted_and_change_nothing(carrier: CarrierClient, session: AsyncSession) -> None:
    first, second = await carrier.ring(SID, NUMBER), await carrier.ring(SID, NUMBER)

    assert first.text == second.text
    assert await kinds(session) == {"webhooks_repeated": 1}
    assert await shown(session) == []


async def test_a_callback_about_no_call_of_ours_is_taken_and_counted(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    path = f"/tw/cb/conf/{'0' * 8}-0000-7000-8000-{'0' * 12}"
    answer = await carrier.post(path, ConferenceSid="CF1", StatusCallbackEvent="conference-end")

    assert answer.status_code == 204
    assert await kinds(session) == {"calls_unknown": 1}


async def test_the_fallback_asks_for_a_message_and_operators_are_told(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    answer = await carrier.post(
        "/tw/fallback", CallSid=SID, To=NUMBER, ErrorCode="11200", ErrorUrl="https://x"
    )

    assert verbs(answer.text) == ["Say", "Say", "Say", "Record"]
    (alert,) = await session.scalars(select(Alert))
    assert (alert.kind, alert.detail) == ("fallback_used", "11200")


async def test_a_message_left_with_the_fallback_is_a_case_of_the_shop_that_was_called(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    """The call itself was never logged: the house was away when it rang."""
    for _ in range(2):
        answer = await carrier.post(
            "/tw/fallback/message", CallSid=SID, From="+819011112222", To=NUMBER, RecordingUrl=RECORDING,
            RecordingDuration="9",
        )  # fmt: skip
    await carrier.post("/tw/cb/call", CallSid=SID, CallStatus="completed", SequenceNumber="0")

    await bind_all_shops(session)
    interaction = (await session.scalars(select(Interaction))).one()
    assert "承りました" in answer.text
    assert (interaction.outcome, interaction.case_id is None) == (Outcome.SYSTEM_FAULT, False)
    assert len((await session.scalars(select(Recording))).all()) == 1
    assert "fetch_recording" in {order.kind.value for order in await session.scalars(select(CarrierOrder))}


async def test_a_message_for_a_number_of_no_shop_is_answered_all_the_same(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    answer = await carrier.post(
        "/tw/fallback/message", CallSid=SID, To="+815000000000", RecordingUrl=RECORDING
    )

    assert answer.status_code == 200
    await bind_all_shops(session)
    assert (await session.scalars(select(Call))).all() == []


@pytest.mark.parametrize(
    ("level", "payload", "told"),
    [
        ("ERROR", '{"error_code": "12100", "resource_sid": "CA1"}', ["12100"]),
        ("ERROR", '{"error_code": 16025}', ["16025"]),
        ("WARNING", '{"error_code": "12100"}', []),
        ("ERROR", '{"error_code": "30007"}', []),  # about a text message
        ("ERROR", "nonsense", []),
        ("ERROR", "[1]", []),
    ],
)
async def test_the_carriers_own_complaints_about_documents_are_alerts(
    carrier: CarrierClient, session: AsyncSession, level: str, payload: str, told: list[str]
) -> None:
    answer = await carrier.post("/tw/cb/debugger", Sid="NO1", Level=level, Payload=payload)

    assert answer.status_code == 204
    assert [alert.subject for alert in await session.scalars(select(Alert))] == told


async def test_a_call_to_another_number_does_not_stop_the_first_alert(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    for number, sid in (("+815099999998", 5), ("+815099999999", 6), ("anonymous", 7)):
        answer = await carrier.ring(a_call_sid(sid), number)
        assert "使われておりません" in answer.text

    assert await shown(session) == ["unknown_number"] * 3


def test_a_flood_is_written_once_in_five_seconds_and_nothing_is_lost() -> None:
    tally = Tally()
    written = [
        tally.count(alarms.WEBHOOKS_REFUSED, now=START + timedelta(seconds=number / 10))
        for number in range(120)
    ]

    assert [number for number, times in enumerate(written) if times] == [0, 50, 100]
    assert written[0] + written[50] + written[100] == 101
    assert tally.count(alarms.WEBHOOKS_REFUSED, "another", now=START) == 1


def test_the_fallback_document_can_ring_a_duty_phone_first() -> None:
    assert verbs(twiml.fallback("https://x/", duty_phone="+81501")) == ["Say", "Dial", "Say", "Say", "Record"]


async def shown(session: AsyncSession) -> list[str]:
    rows = await session.scalars(select(Alert.kind).where(Alert.shown_since.is_not(None)))
    return list(rows)
