"""What a sabotage does to the rows that the house has written."""

SECOND_INTERACTION = """
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
SECOND_END = """
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
SECOND_ENGAGEMENT = """
INSERT INTO engagement
SELECT (jsonb_populate_record(NULL::engagement,
    to_jsonb(e) || jsonb_build_object('id', gen_random_uuid()))).*
FROM engagement e WHERE e.channel = 'phone' AND e.ended_at > e.started_at ORDER BY e.started_at, e.id LIMIT 1
"""
MOVED_TIME = """
UPDATE interaction SET guidance_ended_at = guidance_ended_at + interval '1 second'
WHERE id = (SELECT id FROM interaction WHERE guidance_ended_at IS NOT NULL ORDER BY arrived_at, id LIMIT 1)
"""
MISSING_NUMBER = """
UPDATE interaction_event e SET seq = seq + 1
WHERE id = (SELECT id FROM interaction_event ORDER BY seq DESC, at, id LIMIT 1)
"""
LEFT_WAITING = """
UPDATE waiting SET state = 'waiting' WHERE id = (SELECT id FROM waiting ORDER BY enqueued_at, id LIMIT 1)
"""
NEVER_SETTLED = """
UPDATE call SET settled_at = NULL WHERE id = (SELECT id FROM call ORDER BY started_at, id LIMIT 1)
"""
LOST_MAIL = """
DELETE FROM message WHERE id = (
    SELECT m.id FROM message m JOIN interaction i ON i.tenant_id = m.tenant_id AND i.id = m.interaction_id
    WHERE m.direction = 'inbound' AND i.outcome IS NULL ORDER BY m.at, m.id LIMIT 1)
"""
NO_PROMISE = "DELETE FROM callback"
FOREIGN_NUMBER = "UPDATE call SET to_number = '+81300000000' WHERE direction = 'outbound'"
NOBODY_ASKED = """
UPDATE interaction_event SET data = jsonb_set(data, '{agent_id}', to_jsonb(interaction_id)) WHERE id = (
    SELECT asked.id FROM interaction_event AS asked
    JOIN interaction_event AS joined ON joined.interaction_id = asked.interaction_id
        AND joined.kind = 'consult_joined' AND joined.data ->> 'agent_id' = asked.data ->> 'agent_id'
    WHERE asked.kind = 'offered' AND asked.data ->> 'asked' = 'consult' ORDER BY asked.at, asked.id LIMIT 1)
"""
STILL_THERE = """
UPDATE leg SET state = 'joined' WHERE id = (
    SELECT id FROM leg WHERE role = 'agent' AND state = 'left' ORDER BY created_at, id LIMIT 1)
"""
NO_ORDER = """
DELETE FROM carrier_order WHERE call_id = (
    SELECT o.call_id FROM carrier_order o WHERE o.kind = 'connect' AND NOT EXISTS (
        SELECT 1 FROM carrier_order d WHERE d.call_id = o.call_id AND d.kind IN ('dial', 'dial_into'))
    ORDER BY o.created_at, o.id LIMIT 1)
"""
SECOND_DIAL = """
INSERT INTO carrier_order
SELECT (jsonb_populate_record(NULL::carrier_order,
    to_jsonb(o) || jsonb_build_object('id', gen_random_uuid()))).*
FROM carrier_order o WHERE o.kind IN ('dial', 'dial_into') AND o.state = 'done'
ORDER BY o.created_at, o.id LIMIT 1
"""
NO_TRAIL = "DELETE FROM audit_entry WHERE action = 'call.supervised'"
WAITS_AGAIN = """
UPDATE waiting SET state = 'waiting', connectable_at = NULL WHERE id = (
    SELECT w.id FROM waiting w
    JOIN call c ON c.tenant_id = w.tenant_id AND c.interaction_id = w.interaction_id
    WHERE c.state = 'closed' AND w.kind = 'call' AND w.state IN ('left', 'taken')
    ORDER BY w.enqueued_at, w.id LIMIT 1)
"""
WAITS_NO_MORE = """
UPDATE waiting SET state = 'left' WHERE state = 'waiting' AND connectable_at IS NULL AND EXISTS (
    SELECT 1 FROM call c WHERE c.tenant_id = waiting.tenant_id AND c.interaction_id = waiting.interaction_id
    AND c.state = 'closed')
"""
