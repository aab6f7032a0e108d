"""A stranger plays the carrier: signed, unsigned, repeated, reordered and misplaced webhooks."""

import xml.etree.ElementTree as ET
from collections.abc import AsyncGenerator

import pytest
from litestar import Litestar
from litestar.testing import AsyncTestClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from interactions.models import Interaction, InteractionEvent
from interactions.values import EventKind, Outcome
from nanori.alerts import open_alerts
from nanori.db import bind_all_shops
from nanori.settings import Settings
from telephony import twiml
from telephony.models import Call
from telephony.values import CallState
from tests.support.carrier import CarrierClient, a_call_sid, signature
from tests.support.clock import TestClock
from tests.telephony.conftest import NUMBER, a_desk, a_ready_shop

SID = a_call_sid(1)
MIDNIGHT_HOURS = 14


@pytest.fixture
async def carrier(
    app: Litestar, session: AsyncSession, shared_settings: Settings
) -> AsyncGenerator[CarrierClient]:
    shop = await a_ready_shop(session, NUMBER)
    await a_desk(session, shop)
    await session.commit()
    async with AsyncTestClient(app, base_url=shared_settings.public_url) as client:
        yield CarrierClient(client, shared_settings)


async def test_an_unsigned_webhook_is_refused_and_leaves_nothing(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    answer = await carrier.post("/tw/in", sign=False, CallSid=SID, From="+819011112222", To=NUMBER)

    assert answer.status_code == 403
    assert await calls(session) == []


@pytest.mark.parametrize("header", ["", "nonsense", "RSOYDt4T1cUTdK1PDd93/VVr8B8="])
async def test_a_wrong_signature_is_refused(carrier: CarrierClient, header: str) -> None:
    answer = await carrier.client.post(
        "/tw/in", data={"CallSid": SID, "To": NUMBER}, headers={"X-Twilio-Signature": header}
    )

    assert answer.status_code == 403


async def test_another_account_is_refused_though_signed(carrier: CarrierClient) -> None:
    answer = await carrier.post("/tw/in", AccountSid="AC" + "9" * 32, CallSid=SID, To=NUMBER)

    assert answer.status_code == 403


async def test_the_dialled_number_names_the_shop_and_the_caller_is_greeted(carrier: CarrierClient) -> None:
    answer = await carrier.ring(SID, NUMBER)

    said = [verb.text or "" for verb in ET.fromstring(answer.text).iter("Say")]
    assert answer.headers["content-type"].startswith("text/xml")
    assert said[0] == "お電話ありがとうございます。みなとこーひーでございます。"
    assert ET.fromstring(answer.text).find("Enqueue") is not None


async def test_a_repeated_ring_hears_the_same_document_and_is_one_interaction(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    first, second = await carrier.ring(SID, NUMBER), await carrier.ring(SID, NUMBER)

    assert first.text == second.text
    assert len(await calls(session)) == 1
    assert len((await session.scalars(select(Interaction))).all()) == 1


async def test_an_unknown_number_is_told_so_in_words(carrier: CarrierClient, session: AsyncSession) -> None:
    answer = await carrier.ring(SID, "+815099999999")

    assert answer.status_code == 200
    assert "使われておりません" in answer.text
    assert await calls(session) == []
    (alert,) = await open_alerts(session)
    assert (alert.kind, alert.subject) == ("unknown_number", "+815099999999")


async def test_out_of_hours_a_message_is_taken_and_becomes_a_case(
    carrier: CarrierClient, session: AsyncSession, clock: TestClock
) -> None:
    clock.set(clock.now().replace(hour=MIDNIGHT_HOURS))
    answer = await carrier.ring(SID, NUMBER)
    action = str(ET.fromstring(answer.text).find("Record").get("action"))  # type: ignore[union-attr]  # it is there
    done = await carrier.post(
        action, CallSid=SID, RecordingUrl=f"https://api.example/RE{'1' * 32}", RecordingDuration="12"
    )
    await carrier.post("/tw/cb/call", CallSid=SID, CallStatus="completed", SequenceNumber="0")

    interaction = await the_interaction(session)
    assert "営業時間外" in answer.text
    assert done.status_code == 200
    assert interaction.outcome is Outcome.OUT_OF_HOURS
    assert interaction.case_id is not None


async def test_a_caller_who_hangs_up_in_the_queue_is_abandoned_however_the_reports_come(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    wait, dequeued = await enter_queue(carrier)
    for _ in range(2):
        await carrier.post("/tw/cb/call", CallSid=SID, CallStatus="completed", SequenceNumber="0")
        await carrier.post(dequeued, CallSid=SID, QueueResult="hangup", QueueTime="9")
        await carrier.post(wait, CallSid=SID, QueueSid="QU1", QueuePosition="1")

    interaction = await the_interaction(session)
    assert interaction.outcome is Outcome.ABANDONED
    assert [kind for kind in await kinds(session) if kind is EventKind.ENDED] == [EventKind.ENDED]
    assert (await calls(session))[0].state is CallState.CLOSED


async def test_a_full_queue_ends_in_voicemail_never_in_silence(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    answer = await carrier.ring(SID, NUMBER)
    dequeued = str(ET.fromstring(answer.text).find("Enqueue").get("action"))  # type: ignore[union-attr]  # it is there
    answer = await carrier.post(dequeued, CallSid=SID, QueueResult="queue-full")
    await carrier.post("/tw/cb/call", CallSid=SID, CallStatus="completed", SequenceNumber="0")

    assert ET.fromstring(answer.text).find("Record") is not None
    assert (await the_interaction(session)).outcome is Outcome.OVERFLOW


async def test_a_webhook_for_another_calls_path_is_not_believed(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    wait, _ = await enter_queue(carrier)
    answer = await carrier.post(wait, CallSid=a_call_sid(2), QueueSid="QU1")

    assert answer.status_code == 200
    assert "申し訳ございません" in answer.text


async def test_an_unknown_call_gets_an_apology_and_a_callback_gets_nothing(carrier: CarrierClient) -> None:
    nobody = "01a20000-0000-7000-8000-000000000000"
    document = await carrier.post(f"/tw/v/{nobody}/wait", CallSid=SID)
    callback = await carrier.post(
        f"/tw/cb/conf/{nobody}", CallSid=SID, ConferenceSid="CF1", StatusCallbackEvent="conference-end"
    )

    assert (document.status_code, callback.status_code) == (200, 204)


async def test_a_leg_token_that_we_never_gave_is_turned_away(carrier: CarrierClient) -> None:
    answer = await carrier.post("/tw/app", CallSid=SID, From="client:agent_1", leg="not-a-token")

    assert answer.status_code == 200
    assert ET.fromstring(answer.text).find("Dial") is None


async def test_a_field_given_twice_is_refused(carrier: CarrierClient, shared_settings: Settings) -> None:
    """The signature says nothing about which of the two was meant."""
    answer = await carrier.client.post(
        "/tw/in",
        content=f"AccountSid={shared_settings.twilio_account_sid}&CallSid={SID}&To=%2B81&To=%2B82",
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Twilio-Signature": _twice_signed(shared_settings),
        },
    )

    assert answer.status_code == 400


async def test_a_withheld_number_is_nobodys(carrier: CarrierClient, session: AsyncSession) -> None:
    for number, caller in enumerate(("anonymous", "+266696687", ""), start=10):
        await carrier.ring(a_call_sid(number), NUMBER, caller)

    await bind_all_shops(session)
    found = (await session.scalars(select(Interaction))).all()
    assert [one.shopper_id for one in found] == [None, None, None]


async def test_a_webhook_that_breaks_half_way_is_answered_in_words_and_leaves_nothing(
    carrier: CarrierClient, session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document cannot be written, after the caller was queued: the queueing is undone."""
    monkeypatch.delattr(twiml, "waiting")
    answer = await carrier.ring(SID, NUMBER)
    wait = str(ET.fromstring(answer.text).find("Enqueue").get("waitUrl"))  # type: ignore[union-attr]
    broken = await carrier.post(wait, CallSid=SID, QueueSid="QU1", QueuePosition="1")

    assert (broken.status_code, "申し訳ございません" in broken.text) == (200, True)
    assert await kinds_of_all(session) == [EventKind.ARRIVED]
    assert (await calls(session))[0].queue_sid is None


async def test_a_malformed_call_id_is_no_server_error(carrier: CarrierClient) -> None:
    answer = await carrier.ring("CA-nonsense", NUMBER)

    assert answer.status_code == 400


def _twice_signed(settings: Settings) -> str:
    form = {"AccountSid": settings.twilio_account_sid, "CallSid": SID, "To": "+81To+82"}
    return signature(settings.twilio_auth_token, f"{settings.public_url}/tw/in", form)


async def enter_queue(carrier: CarrierClient) -> tuple[str, str]:
    """Ring and hear the first waiting document; the wait and dequeue addresses."""
    answer = await carrier.ring(SID, NUMBER)
    enqueue = ET.fromstring(answer.text).find("Enqueue")
    assert enqueue is not None
    wait, dequeued = str(enqueue.get("waitUrl")), str(enqueue.get("action"))
    await carrier.post(wait, CallSid=SID, QueueSid="QU1", QueuePosition="1", QueueTime="0")
    return wait, dequeued


async def calls(session: AsyncSession) -> list[Call]:
    await bind_all_shops(session)
    return list(await session.scalars(select(Call).execution_options(populate_existing=True)))


async def the_interaction(session: AsyncSession) -> Interaction:
    await bind_all_shops(session)
    return (await session.scalars(select(Interaction).execution_options(populate_existing=True))).one()


async def kinds_of_all(session: AsyncSession) -> list[EventKind]:
    await bind_all_shops(session)
    return await kinds(session)


async def kinds(session: AsyncSession) -> list[EventKind]:
    events = await session.scalars(select(InteractionEvent).order_by(InteractionEvent.seq))
    return [event.kind for event in events]


async def test_a_handler_that_reads_nothing_of_the_form_is_behind_the_signature_too(
    carrier: CarrierClient,
) -> None:
    path = f"/tw/v/{uuid7()}/leg/{uuid7()}/after"

    assert (await carrier.post(path, CallSid=SID)).status_code == 200
    assert (await carrier.post(path, sign=False, CallSid=SID)).status_code == 403


async def test_a_callback_for_another_shops_call_is_taken_and_changes_nothing(
    carrier: CarrierClient, session: AsyncSession
) -> None:
    """The address names a call; the CallSid is of somebody else's."""
    wait, _ = await enter_queue(carrier)
    before = (await calls(session))[0].queue_sid
    stranger = await carrier.post(wait, CallSid=a_call_sid(99), QueueSid="QU9", QueuePosition="1")

    assert (stranger.status_code, "申し訳ございません" in stranger.text) == (200, True)
    assert (await calls(session))[0].queue_sid == before
