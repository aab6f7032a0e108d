"""Breaks each invariant on purpose, one at a time: a check that never fails proves nothing.

A sabotage bears the name of the invariant that it breaks, and breaks no other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nanori.db import ALL_SHOPS, across_shops
from nanori_app.demo.cast import SHOPS
from nanori_app.rehearse import spoilt_rows
from nanori_app.rehearse.evidence import FIGURES_EQUAL_RECOUNT, PDF_EQUALS_FIGURES
from nanori_app.rehearse.floor import Acting, Floor
from nanori_app.rehearse.transports import Tamper
from telephony.adapters.simulator.legs import Leg

INTRUDER = "intruder"
HAUNTED_SECONDS = 150.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sabotage:
    """What is done, where: to the documents on their way to the carrier, on stage, or to the rows afterwards.

    ``figures``: the reports are falsified, see ``paper.make_reports``.
    """

    name: str
    says: str
    tamper: Tamper | None = None
    acting: Callable[[Floor], Acting] | None = None
    copies: int = 1  # of each mail that leaves
    statements: tuple[str, ...] = ()
    figures: bool = False


async def plant(connection: AsyncConnection, sabotage: Sabotage) -> None:
    """Spoil rows of the throw-away database, as its owner."""
    await connection.execute(ALL_SHOPS)
    for statement in sabotage.statements:
        await connection.execute(text(statement))


def _another_name(request: httpx.Request, said: str) -> str:
    if not request.url.path.endswith("/tw/app"):
        return said
    return re.sub(r"(<Say[^>]*>)[^<]*(</Say>)", r"\1べつのおみせです。\2", said)


def _silence(request: httpx.Request, said: str) -> str:
    if not request.url.path.endswith("/wait"):
        return said
    return '<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="20"/></Response>'


def _no_key(request: httpx.Request, said: str) -> str:
    if not request.url.path.endswith("/screen"):
        return said
    call_id = request.url.path.split("/")[3]
    return _into_conference(f"c-{call_id}", label=f"contact-{INTRUDER}")


def _no_document(request: httpx.Request, said: str) -> str:
    return "<Response><Nonsense" if request.url.path.endswith("/after") else said


def _open_door(request: httpx.Request, said: str) -> str:
    found = re.search(rf"leg={INTRUDER}\.(c-[0-9a-f-]{{36}})", request.content.decode())
    return _into_conference(found[1], label=f"agent-{INTRUDER}") if found else said


def _into_conference(name: str, *, label: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Response><Dial>'
        f'<Conference participantLabel="{label}" waitUrl="">{name}</Conference></Dial></Response>'
    )


async def _intrude(floor: Floor) -> Acting:
    """Somebody's browser dials into the first call that is being talked in, without having accepted it."""
    while not (connected := [leg for leg in floor.simulator.live_legs if floor.is_connected(leg)]):
        yield 1.0
    conference = connected[0].conference
    if conference is not None:
        leg = f"{INTRUDER}.{conference.name}"
        sid = floor.simulator.client_connect(f"agent_{INTRUDER}", {"leg": leg})
        yield 4.0
        floor.simulator.client_disconnect(sid)


def _all_names(request: httpx.Request, said: str) -> str:
    if not request.url.path.endswith("/tw/in"):
        return said
    names = "、".join(shop.brand_reading for shop in SHOPS)
    return said.replace("<Response>", f'<Response><Say language="ja-JP">{names}</Say>', 1)


def _another_call(request: httpx.Request, said: str) -> str:
    if not request.url.path.endswith("/tw/in"):
        return said
    return re.sub(r"/tw/v/[0-9a-f-]{36}/", f"/tw/v/{UUID(int=1)}/", said)


async def _key_in_card(floor: Floor) -> Acting:
    """While the call is recorded, the first caller who is connected keys in a card number."""
    while not (taped := [leg for leg in floor.simulator.live_legs if _is_taped(floor, leg)]):
        yield 1.0
    floor.key_in_card(taped[0])


def _is_taped(floor: Floor, leg: Leg) -> bool:
    return floor.is_connected(leg) and any(floor.simulator.exchange.recorder.running(leg))


async def _haunt(floor: Floor) -> Acting:
    """Somebody waits again whose call is over, for as long as the reconciler would let it be."""
    haunted = 0
    while not haunted:
        yield 5.0
        haunted = await _execute(floor, spoilt_rows.WAITS_AGAIN)
    yield HAUNTED_SECONDS
    await _execute(floor, spoilt_rows.WAITS_NO_MORE)


async def _execute(floor: Floor, statement: str) -> int:
    async with across_shops(floor.stage.house.staff) as session:
        done = await session.execute(text(statement))
    return int(getattr(done, "rowcount", 0))


SABOTAGES: tuple[Sabotage, ...] = (
    Sabotage(
        name="one_interaction_per_call",
        says="a second interaction for one call",
        statements=(spoilt_rows.SECOND_INTERACTION,),
    ),
    Sabotage(
        name="one_outcome_per_call", says="a call that ends twice", statements=(spoilt_rows.SECOND_END,)
    ),
    Sabotage(
        name="one_call_per_agent",
        says="an agent with two calls in hand",
        statements=(spoilt_rows.SECOND_ENGAGEMENT,),
    ),
    Sabotage(name="right_name", says="another shop's name is whispered", tamper=_another_name),
    Sabotage(
        name="connected_after_accept",
        says="an agent's browser gets into a call that the agent has not accepted",
        tamper=_open_door,
        acting=_intrude,
    ),
    Sabotage(name="nobody_waits_in_silence", says="the music is missing", tamper=_silence),
    Sabotage(
        name="derived_times_follow_events",
        says="a stored time is moved",
        statements=(spoilt_rows.MOVED_TIME,),
    ),
    Sabotage(
        name="event_numbers_gap_free",
        says="an event's number is missing",
        statements=(spoilt_rows.MISSING_NUMBER,),
    ),
    Sabotage(name="contact_pressed_1", says="contacts come in without a key", tamper=_no_key),
    Sabotage(name="carrier_saw_no_error", says="documents that are no documents", tamper=_no_document),
    Sabotage(
        name="nothing_left_open", says="a caller is left waiting", statements=(spoilt_rows.LEFT_WAITING,)
    ),
    Sabotage(
        name="carrier_has_let_go",
        says="a call whose line nobody looked at again",
        statements=(spoilt_rows.NEVER_SETTLED,),
    ),
    Sabotage(name="each_mail_filed_once", says="a mail is lost", statements=(spoilt_rows.LOST_MAIL,)),
    Sabotage(name="each_answer_sent_once", says="each answer leaves twice", copies=2),
    Sabotage(
        name="callback_kept_once",
        says="promises to call back are forgotten",
        statements=(spoilt_rows.NO_PROMISE,),
    ),
    Sabotage(name="no_other_shops_name", says="callers are greeted by all shops", tamper=_all_names),
    Sabotage(name="documents_of_own_call", says="callers get another call's document", tamper=_another_call),
    Sabotage(name="no_card_on_tape", says="a card number is keyed in too early", acting=_key_in_card),
    Sabotage(
        name="outbound_shows_own_number",
        says="a call shows a number of nobody's",
        statements=(spoilt_rows.FOREIGN_NUMBER,),
    ),
    Sabotage(
        name="one_agent_unless_asked",
        says="an agent joins without having been asked",
        statements=(spoilt_rows.NOBODY_ASKED,),
    ),
    Sabotage(
        name="nobody_stays_behind",
        says="an agent stays in a call that is over",
        statements=(spoilt_rows.STILL_THERE,),
    ),
    Sabotage(
        name="no_request_without_order",
        says="the carrier is asked before the order is written",
        statements=(spoilt_rows.NO_ORDER,),
    ),
    Sabotage(
        name="each_order_acts_once",
        says="one of two orders to dial did nothing",
        statements=(spoilt_rows.SECOND_DIAL,),
    ),
    Sabotage(name="queue_is_the_carriers", says="somebody waits whose call is over", acting=_haunt),
    Sabotage(
        name="supervisor_on_record",
        says="a supervisor leaves no trace",
        statements=(spoilt_rows.NO_TRAIL,),
    ),
    Sabotage(name=FIGURES_EQUAL_RECOUNT, says="one call too many in the report", figures=True),
    Sabotage(name=PDF_EQUALS_FIGURES, says="one call too many on the paper", figures=True),
)
BY_NAME = {sabotage.name: sabotage for sabotage in SABOTAGES}
