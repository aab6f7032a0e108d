"""Calls are recorded where the shop wants it, with a pause for card numbers, and kept by us alone."""

from uuid import UUID

import pytest
from sqlalchemy import update

from interactions.models import Interaction
from nanori.actors import Role
from nanori.alerts import Alert
from nanori.audit import AuditEntry
from nanori.db import across_shops
from nanori_app.rehearse.stage import Browser
from telephony.adapters.simulator.faults import Faults
from telephony.commands import messages
from telephony.models import Call, CarrierOrder, Recording
from telephony.values import CallRecording, OrderKind, OrderState, RecordingKind
from tenants.models import Tenant
from tests.support.people import a_shop, an_account
from tests.telephony.conftest import NUMBER, SHOPPER, Theatre
from tests.telephony.test_flow import every, kinds, one, ready, take
from tests.telephony.test_menu import healthy


@pytest.fixture
async def taped(theatre: Theatre) -> Theatre:
    async with across_shops(theatre.stage.house.staff) as session:
        await session.execute(
            update(Tenant).values(records_calls=True, recording_notice="この通話は録音いたします。")
        )
    return theatre


async def talking(theatre: Theatre) -> tuple[Browser, UUID, str]:
    agent = await ready(theatre, 0)
    sid = theatre.stage.simulator.place_call(SHOPPER, NUMBER)
    await theatre.stage.simulator.advance(12)
    call_id = await take(theatre, agent)
    await theatre.stage.simulator.advance(10)
    return agent, call_id, sid


async def test_what_was_recorded_is_kept_here_and_deleted_there(taped: Theatre) -> None:
    simulator = taped.stage.simulator
    _, _, sid = await talking(taped)
    assert (await one(taped, Call)).recording is CallRecording.ON
    await simulator.advance(60)
    simulator.hang_up(sid)
    await simulator.advance(20)

    recording = await one(taped, Recording)
    assert recording.kind is RecordingKind.CALL
    assert recording.file_id is not None
    assert taped.stage.house.files.read(recording.tenant_id, recording.file_id)[:4] == b"RIFF"
    assert 60 <= recording.seconds <= 75
    assert simulator.exchange.recorder.recordings == {}
    assert (await kinds(taped)).count("recording_started") == 1
    assert (await one(taped, Call)).recording is None
    healthy(taped)


async def test_a_shop_that_does_not_record_is_not_recorded(theatre: Theatre) -> None:
    agent, call_id, _ = await talking(theatre)
    refused = await agent.do(f"/calls/{call_id}/recording-pause")

    assert theatre.stage.simulator.exchange.recorder.recordings == {}
    assert (await one(theatre, Call)).recording is None
    assert refused.status_code == 409


async def test_card_numbers_are_spoken_into_a_paused_recording(taped: Theatre) -> None:
    simulator = taped.stage.simulator
    agent, call_id, _ = await talking(taped)
    assert (await agent.do(f"/calls/{call_id}/recording-pause")).status_code == 204
    assert (await one(taped, Call)).recording is CallRecording.ON, "not before the carrier has said so"
    await simulator.advance(2)
    assert (await one(taped, Call)).recording is CallRecording.PAUSED
    assert [one.status for one in simulator.exchange.recorder.recordings.values()] == ["paused"]
    assert "録音停止中" in (await agent.client.get(f"/desk/panel?tab={agent.tab}")).text
    await agent.do(f"/calls/{call_id}/recording-resumption")
    await simulator.advance(2)

    assert (await one(taped, Call)).recording is CallRecording.ON
    assert [one.status for one in simulator.exchange.recorder.recordings.values()] == ["in-progress"]
    assert {"recording_paused", "recording_resumed"} <= set(await kinds(taped))
    healthy(taped)


async def test_pressing_twice_pauses_once(taped: Theatre) -> None:
    agent, call_id, _ = await talking(taped)
    for _ in range(2):
        assert (await agent.do(f"/calls/{call_id}/recording-pause")).status_code == 204
    await taped.stage.simulator.advance(2)
    assert (await agent.do(f"/calls/{call_id}/recording-pause")).status_code == 204

    orders = [row for row in await every(taped, CarrierOrder) if row.kind is OrderKind.PAUSE_RECORDING]
    assert len(orders) == 1
    assert (await kinds(taped)).count("recording_paused") == 1


async def test_a_pause_that_the_carrier_refuses_is_said_on_the_screen(taped: Theatre) -> None:
    simulator = taped.stage.simulator
    agent, call_id, _ = await talking(taped)
    for recording in list(simulator.exchange.recorder.recordings.values()):
        simulator.exchange.recorder.finish(recording)  # there is nothing to pause any more
    await agent.do(f"/calls/{call_id}/recording-pause")
    await simulator.advance(3)

    states = [row.state for row in await every(taped, CarrierOrder) if row.kind is OrderKind.PAUSE_RECORDING]
    assert states[0] not in {OrderState.DONE, OrderState.TODO, OrderState.SENDING}
    assert (await one(taped, Call)).recording is CallRecording.ON
    panel = (await agent.client.get(f"/desk/panel?tab={agent.tab}")).text
    assert "録音を停止できませんでした" in panel
    assert "recording_paused" not in await kinds(taped)


async def test_another_agent_cannot_pause_it(taped: Theatre) -> None:
    _, call_id, _ = await talking(taped)
    other = await ready(taped, 1)

    assert (await other.do(f"/calls/{call_id}/recording-pause")).status_code == 404


async def test_a_recording_that_never_came_is_told_to_operators(taped: Theatre) -> None:
    taped.stage.simulator.exchange.recorder._faults = Faults(recording_absent=1.0)
    _, _, sid = await talking(taped)
    taped.stage.simulator.hang_up(sid)
    await taped.stage.simulator.advance(20)

    assert [alert.kind for alert in await every(taped, Alert)] == ["recording_missing"]
    assert (await one(taped, Recording)).file_id is None


async def test_who_listens_gets_the_part_asked_for_and_is_noted(taped: Theatre) -> None:
    agent, _, sid = await talking(taped)
    taped.stage.simulator.hang_up(sid)
    await taped.stage.simulator.advance(20)
    recording, call = await one(taped, Recording), await one(taped, Call)
    page = f"/interactions/{call.tenant_id}/{call.interaction_id}"
    path = f"{page}/recordings/{recording.id}"
    shown = await agent.client.get(page, headers={"Accept": "text/html"})
    whole = await agent.client.get(path)
    part = await agent.client.get(path, headers={"Range": "bytes=0-3"})
    beyond = await agent.client.get(path, headers={"Range": "bytes=999999999-"})

    assert path in shown.text
    assert whole.status_code == 200
    assert whole.content[:4] == part.content == b"RIFF"
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes 0-3/{len(whole.content)}"
    assert beyond.status_code == 416
    noted = [one.detail for one in await every(taped, AuditEntry) if one.action == "call.played"]
    assert noted == [{}, {"range": "bytes=0-3"}]


async def test_nobody_of_another_shop_can_listen(taped: Theatre) -> None:
    _, _, sid = await talking(taped)
    taped.stage.simulator.hang_up(sid)
    await taped.stage.simulator.advance(20)
    recording, call = await one(taped, Recording), await one(taped, Call)
    async with across_shops(taped.stage.house.staff) as session:
        stranger = await an_account(session, Role.AGENT, shops=[(await a_shop(session)).tenant_id])
    browser = await taped.stage.browser(stranger.id)
    path = f"/interactions/{call.tenant_id}/{call.interaction_id}/recordings/{recording.id}"

    assert (await browser.client.get(path)).status_code == 404


@pytest.mark.parametrize("heard_of_it", [True, False])
async def test_a_message_whose_report_was_lost_is_found_and_becomes_a_case(
    theatre: Theatre, monkeypatch: pytest.MonkeyPatch, *, heard_of_it: bool
) -> None:
    """The callback alone, or what was to be written down with the document, too."""

    async def nothing(*_: object, **__: object) -> None:
        return None

    simulator = theatre.stage.simulator
    simulator.faults.lose_callbacks = 1.0
    simulator.place_call(SHOPPER, NUMBER)
    with monkeypatch.context() as patched:
        if not heard_of_it:
            patched.setattr(messages, "take_message", nothing)
        while not simulator.exchange.recorder.recordings or simulator.live_legs:
            await simulator.advance(5)
    await simulator.advance(90)

    recording = await one(theatre, Recording)
    assert recording.kind is RecordingKind.VOICEMAIL
    assert recording.file_id is not None
    assert (await one(theatre, Interaction)).case_id is not None
    assert (await kinds(theatre)).count("voicemail_left") == 1
    assert simulator.exchange.recorder.recordings == {}
    assert (await one(theatre, Call)).settled_at is not None


async def test_a_recorded_call_whose_report_was_lost_is_fetched(taped: Theatre) -> None:
    simulator = taped.stage.simulator
    _, _, sid = await talking(taped)
    simulator.faults.lose_callbacks = 1.0
    simulator.hang_up(sid)
    await simulator.advance(60)

    assert (await one(taped, Recording)).file_id is not None
    assert (await one(taped, Call)).settled_at is not None
