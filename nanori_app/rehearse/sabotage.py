"""Breaks each invariant on purpose, one at a time: a check that never fails proves nothing.

A sabotage bears the name of the invariant that it breaks, and breaks no other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from nanori.db import ALL_SHOPS
from nanori_app.rehearse.evidence import FIGURES_EQUAL_RECOUNT, PDF_EQUALS_FIGURES
from nanori_app.rehearse.floor import Acting, Floor
from nanori_app.rehearse.transports import Tamper

INTRUDER = "intruder"


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


_SECOND_INTERACTION = """
WITH one AS (
    SELECT i.*, (SELECT max(number) + 1 FROM interaction n WHERE n.tenant_id = i.tenant_id) AS following
    FROM interaction i WHERE channel = 'phone' ORDER BY i.tenant_id, i.number LIMIT 1
), twin AS (
    INSERT INTO interaction
    SELECT (jsonb_populate_record(NULL::interaction,
        to_jsonb(one) || jsonb_build_object('id', gen_random_uuid(), 'number', following))).* FROM one
    RETURNING tenant_id, id
)
INSERT INTO interaction_event
SELECT (jsonb_populate_record(NULL::interaction_event,
    to_jsonb(e) || jsonb_build_object('id', gen_random_uuid(), 'interaction_id', twin.id))).*
FROM twin, one JOIN interaction_event e ON e.tenant_id = one.tenant_id AND e.interaction_id = one.id
"""
_SECOND_END = """
INSERT INTO interaction_event
SELECT (jsonb_populate_record(NULL::interaction_event,
    to_jsonb(e) || jsonb_build_object('id', gen_random_uuid(), 'seq', e.seq + 1))).*
FROM interaction_event e WHERE e.kind = 'ended' AND NOT EXISTS (
    SELECT 1 FROM interaction_event n WHERE n.tenant_id = e.tenant_id
    AND n.interaction_id = e.interaction_id AND n.seq > e.seq)
AND EXISTS (SELECT 1 FROM interaction i WHERE i.tenant_id = e.tenant_id AND i.id = e.interaction_id
    AND i.channel = 'phone')
ORDER BY e.at, e.id LIMIT 1
"""
_SECOND_ENGAGEMENT = """
INSERT INTO engagement
SELECT (jsonb_populate_record(NULL::engagement,
    to_jsonb(e) || jsonb_build_object('id', gen_random_uuid()))).*
FROM engagement e WHERE e.channel = 'phone' AND e.ended_at > e.started_at ORDER BY e.started_at, e.id LIMIT 1
"""
_MOVED_TIME = """
UPDATE interaction SET guidance_ended_at = guidance_ended_at + interval '1 second'
WHERE id = (SELECT id FROM interaction WHERE guidance_ended_at IS NOT NULL ORDER BY arrived_at, id LIMIT 1)
"""
_MISSING_NUMBER = """
UPDATE interaction_event e SET seq = seq + 1
WHERE id = (SELECT id FROM interaction_event ORDER BY seq DESC, at, id LIMIT 1)
"""
_LEFT_WAITING = """
UPDATE waiting SET state = 'waiting' WHERE id = (SELECT id FROM waiting ORDER BY enqueued_at, id LIMIT 1)
"""
_NEVER_SETTLED = """
UPDATE call SET settled_at = NULL WHERE id = (SELECT id FROM call ORDER BY started_at, id LIMIT 1)
"""
_LOST_MAIL = """
DELETE FROM message WHERE id = (
    SELECT m.id FROM message m JOIN interaction i ON i.tenant_id = m.tenant_id AND i.id = m.interaction_id
    WHERE m.direction = 'inbound' AND i.outcome IS NULL ORDER BY m.at, m.id LIMIT 1)
"""

SABOTAGES: tuple[Sabotage, ...] = (
    Sabotage(
        name="one_interaction_per_call",
        says="a second interaction for one call",
        statements=(_SECOND_INTERACTION,),
    ),
    Sabotage(name="one_outcome_per_call", says="a call that ends twice", statements=(_SECOND_END,)),
    Sabotage(
        name="one_call_per_agent",
        says="an agent with two calls in hand",
        statements=(_SECOND_ENGAGEMENT,),
    ),
    Sabotage(name="right_name", says="another shop's name is whispered", tamper=_another_name),
    Sabotage(
        name="connected_after_accept",
        says="an agent's browser gets into a call that the agent has not accepted",
        tamper=_open_door,
        acting=_intrude,
    ),
    Sabotage(name="nobody_waits_in_silence", says="the music is missing", tamper=_silence),
    Sabotage(name="derived_times_follow_events", says="a stored time is moved", statements=(_MOVED_TIME,)),
    Sabotage(
        name="event_numbers_gap_free", says="an event's number is missing", statements=(_MISSING_NUMBER,)
    ),
    Sabotage(name="contact_pressed_1", says="contacts come in without a key", tamper=_no_key),
    Sabotage(name="carrier_saw_no_error", says="documents that are no documents", tamper=_no_document),
    Sabotage(name="nothing_left_open", says="a caller is left waiting", statements=(_LEFT_WAITING,)),
    Sabotage(
        name="carrier_has_let_go",
        says="a call whose line nobody looked at again",
        statements=(_NEVER_SETTLED,),
    ),
    Sabotage(name="each_mail_filed_once", says="a mail is lost", statements=(_LOST_MAIL,)),
    Sabotage(name="each_answer_sent_once", says="each answer leaves twice", copies=2),
    Sabotage(name=FIGURES_EQUAL_RECOUNT, says="one call too many in the report", figures=True),
    Sabotage(name=PDF_EQUALS_FIGURES, says="one call too many on the paper", figures=True),
)
BY_NAME = {sabotage.name: sabotage for sabotage in SABOTAGES}
