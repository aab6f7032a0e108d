-- A month's telephone and mail figures from raw events alone, by docs/algorithms/kpi.md; nothing of the reports' code.
-- :shop, :starts, :ends; formula A, 20 s, short 5 s, mails within 240 minutes of 9:00 to 18:00 on weekdays, Tokyo.
WITH RECURSIVE told AS (
    SELECT DISTINCT ON (data ->> 'case') data ->> 'case' AS joined, CASE kind WHEN 'merged_into' THEN data ->> 'into' END AS into_case
    FROM interaction_event WHERE tenant_id = :shop AND kind IN ('merged_into', 'merge_undone') AND at < :ends
    ORDER BY data ->> 'case', at DESC, id DESC
), way AS (
    SELECT joined, into_case FROM told WHERE into_case IS NOT NULL
    UNION ALL SELECT way.joined, told.into_case FROM way JOIN told ON told.joined = way.into_case WHERE told.into_case IS NOT NULL
), head AS (
    SELECT joined, into_case FROM way WHERE into_case NOT IN (SELECT joined FROM told WHERE into_case IS NOT NULL)
), goes AS (
    SELECT at, data ->> 'case' AS joined, CASE kind WHEN 'merged_into' THEN data ->> 'into' END AS into_case
    FROM interaction_event WHERE tenant_id = :shop AND kind IN ('merged_into', 'merge_undone') AND at < :ends
), e AS (
    SELECT i.id, i.number, i.channel, i.direction, i.party, i.shopper_id, i.reason_id, i.case_id, coalesce(head.into_case, i.case_id::text, i.number::text) AS matter, v.kind, v.at, v.seq, v.data,
           lead(v.at) OVER w AS next_at
    FROM interaction i JOIN interaction_event v ON v.tenant_id = i.tenant_id AND v.interaction_id = i.id
        LEFT JOIN head ON head.joined = i.case_id::text
    WHERE i.tenant_id = :shop
    WINDOW w AS (
        PARTITION BY i.id, v.kind IN ('answered', 'held', 'resumed', 'queued', 'transferred', 'ended')
        ORDER BY v.seq
    )
), one AS (
    SELECT id, number, channel, direction, party, shopper_id, reason_id, case_id, matter,
        min(coalesce(CAST(data ->> 'arrived_at' AS timestamptz), at)) FILTER (WHERE seq = 1) AS arrived,
        min(at) FILTER (WHERE seq = 1) AS known,
        min(data ->> 'mail') FILTER (WHERE kind = 'split_from') AS part_of,
        min(at) FILTER (WHERE kind = 'queued') AS queued,
        min(at) FILTER (WHERE kind = 'answered') AS answered,
        min(at) FILTER (WHERE kind = 'abandoned') AS abandoned,
        min(at) FILTER (WHERE kind = 'first_reply') AS replied,
        max(at) FILTER (WHERE kind = 'ended') AS ended,
        coalesce(bool_or(data ->> 'why' = 'out_of_hours'), false) AS shut,
        coalesce(sum(next_at - at) FILTER (WHERE kind IN ('answered', 'resumed')), '0') AS talk,
        coalesce(sum(next_at - at) FILTER (WHERE kind = 'held'), '0') AS hold,
        coalesce(max(at) FILTER (WHERE kind = 'wrapped_up')
            - min(at) FILTER (WHERE kind IN ('ended', 'transferred')), '0') AS acw,
        count(*) FILTER (WHERE kind = 'offered') AS offers,
        count(*) FILTER (WHERE kind = 'offer_missed') AS missed,
        bool_or(kind = 'transferred') AS transferred,
        bool_or(kind = 'escalated') AS escalated,
        bool_or(kind = 'voicemail_left') AS message,
        (array_agg(data -> 'faults' ORDER BY seq DESC) FILTER (WHERE kind = 'checked'))[1] AS faults
    FROM e GROUP BY id, number, channel, direction, party, shopper_id, reason_id, case_id, matter
), call AS (
    SELECT *,
        direction = 'inbound' AND party = 'human' AND NOT shut AND queued IS NOT NULL AND ended IS NOT NULL AS offered,
        coalesce(answered, abandoned) - queued AS waited
    FROM one WHERE channel = 'phone' AND arrived < :ends
), mail AS (
    SELECT *, (SELECT count(*) FROM one AS o WHERE o.channel = 'mail' AND o.party = 'human' AND o.matter = one.matter
        AND (o.arrived, o.number) < (one.arrived, one.number)) = 0 AS begins
    FROM one WHERE channel = 'mail' AND party = 'human' AND known < :ends
), known AS (
    SELECT *, offered AND answered IS NOT NULL AS taken, offered AND answered IS NULL AND abandoned IS NOT NULL AS left_us
    FROM call
), said AS (
    SELECT * FROM known WHERE arrived >= :starts
), contact AS (
    SELECT number, shopper_id, reason_id, arrived, ended, escalated FROM known WHERE taken
    UNION ALL SELECT number, shopper_id, reason_id, arrived, ended, escalated FROM mail WHERE part_of IS NULL OR NOT EXISTS (
        SELECT FROM mail AS same WHERE same.reason_id IS NOT DISTINCT FROM mail.reason_id AND same.number < mail.number
        AND mail.part_of IN (same.id::text, same.part_of))
), chain AS (
    SELECT *, coalesce(arrived - lag(arrived) OVER w <= '7 days', false) AS again,
        coalesce(lead(arrived) OVER w - arrived <= '7 days', false) AS followed
    FROM contact WHERE shopper_id IS NOT NULL AND reason_id IS NOT NULL
    WINDOW w AS (PARTITION BY shopper_id, reason_id ORDER BY arrived, number)
), mark AS (
    SELECT matter, number, kind, at, CAST(data ->> 'worked_ms' AS bigint) AS worked FROM e WHERE channel = 'mail' AND party = 'human'
), settled AS (
    SELECT number, bool_or(EXISTS (SELECT FROM mark AS later WHERE later.matter = mark.matter AND later.kind = 'reopened'
        AND later.at > mark.at AND later.at <= mark.at + interval '7 days')) AS again
    FROM mark WHERE kind = 'solved' AND at >= CAST(:starts AS timestamptz) - interval '7 days'
        AND at < CAST(:ends AS timestamptz) - interval '7 days'
    GROUP BY number
), took AS (
    SELECT mail.number, begins, sum(greatest('0', least(day + interval '18 hours', replied AT TIME ZONE 'Asia/Tokyo')
        - greatest(day + interval '9 hours', arrived AT TIME ZONE 'Asia/Tokyo'))) AS worked
    FROM mail, generate_series(timestamp '2026-07-01', timestamp '2026-11-01', '1 day') AS day
    WHERE replied >= :starts AND replied < :ends AND extract(isodow FROM day) < 6
        AND day NOT IN ('2026-09-21', '2026-09-22', '2026-09-23', '2026-10-12')
    GROUP BY mail.number, begins
), solve AS (
    SELECT e.at, coalesce(third.into_case, second.into_case, first.into_case, mail.case_id::text) AS head
    FROM mail JOIN e ON e.id = mail.id AND e.kind = 'solved' AND e.at < :ends
        LEFT JOIN LATERAL (SELECT into_case FROM goes WHERE joined = mail.case_id::text AND goes.at < e.at ORDER BY goes.at DESC LIMIT 1) AS first ON true
        LEFT JOIN LATERAL (SELECT into_case FROM goes WHERE joined = first.into_case AND goes.at < e.at ORDER BY goes.at DESC LIMIT 1) AS second ON true
        LEFT JOIN LATERAL (SELECT into_case FROM goes WHERE joined = second.into_case AND goes.at < e.at ORDER BY goes.at DESC LIMIT 1) AS third ON true
), wait AS (
    SELECT mail.matter, arrived, coalesce(min(solve.at), 'infinity') AS until
    FROM mail LEFT JOIN solve ON solve.at >= arrived AND solve.head = (
        SELECT coalesce(third.into_case, second.into_case, first.into_case, mail.case_id::text) FROM (SELECT) AS nothing
        LEFT JOIN LATERAL (SELECT into_case FROM goes WHERE joined = mail.case_id::text AND goes.at < solve.at ORDER BY goes.at DESC LIMIT 1) AS first ON true
        LEFT JOIN LATERAL (SELECT into_case FROM goes WHERE joined = first.into_case AND goes.at < solve.at ORDER BY goes.at DESC LIMIT 1) AS second ON true
        LEFT JOIN LATERAL (SELECT into_case FROM goes WHERE joined = second.into_case AND goes.at < solve.at ORDER BY goes.at DESC LIMIT 1) AS third ON true)
    WHERE mail.case_id IS NOT NULL GROUP BY mail.id, mail.matter, arrived
), rest AS (
    SELECT DISTINCT matter, until AS at FROM wait AS last WHERE isfinite(until)
        AND NOT EXISTS (SELECT FROM wait WHERE wait.matter = last.matter AND arrived <= last.until AND until > last.until)
        AND NOT EXISTS (SELECT FROM wait WHERE wait.matter = last.matter AND arrived > last.until AND arrived <= last.until + interval '7 days')
), span AS (
    SELECT matter, tstzrange(min(arrived), rest.at) AS whole
    FROM rest JOIN wait USING (matter)
    WHERE arrived <= rest.at AND arrived > coalesce((SELECT max(before.at) FROM rest AS before WHERE before.matter = rest.matter AND before.at < rest.at), '-infinity')
        AND rest.at >= CAST(:starts AS timestamptz) - interval '7 days' AND rest.at < CAST(:ends AS timestamptz) - interval '7 days'
    GROUP BY matter, rest.at
), turn AS (
    SELECT one.matter, move.kind, tstzrange(move.at, lead(move.at) OVER (PARTITION BY move.question_id ORDER BY move.seq)) AS during
    FROM question_move AS move JOIN shop_question AS asked ON asked.tenant_id = move.tenant_id AND asked.id = move.question_id
        JOIN one ON one.id = asked.interaction_id
    WHERE move.tenant_id = :shop AND move.kind <> 'acknowledged' AND move.at < :ends
), resolved AS (
    SELECT span.matter, upper(whole) - lower(whole) AS took, (SELECT coalesce(sum(upper(part) - lower(part)), '0') FROM unnest(theirs) AS part) AS shop,
        (SELECT coalesce(sum(upper(part) - lower(part)), '0') FROM unnest(ours - theirs) AS part) AS us
    FROM span, LATERAL (SELECT coalesce(range_agg(during * whole), '{}') AS theirs FROM turn WHERE turn.matter = span.matter AND kind IN ('asked', 'asked_again')) AS a,
        LATERAL (SELECT coalesce(range_agg(tstzrange(arrived, until) * whole), '{}') AS ours FROM wait WHERE wait.matter = span.matter) AS b
), meant AS (
    SELECT mail.*, greatest(known, (SELECT min(day + interval '18 hours') AT TIME ZONE 'Asia/Tokyo'
        FROM generate_series(timestamp '2026-07-01', timestamp '2026-12-01', '1 day') AS day
        WHERE extract(isodow FROM day) < 6 AND day NOT IN ('2026-09-21', '2026-09-22', '2026-09-23', '2026-10-12', '2026-11-03', '2026-11-23')
        AND day + interval '18 hours' > arrived AT TIME ZONE 'Asia/Tokyo')) AS shuts
    FROM mail WHERE replied IS NOT NULL OR coalesce(ended, 'infinity') >= :ends
), survey AS (
    SELECT e.data ->> 'survey' AS kind, CAST(given.data ->> 'score' AS integer) AS score
    FROM e LEFT JOIN e AS given ON given.id = e.id AND given.kind = 'survey_answered'
    WHERE e.kind = 'survey_asked' AND e.at >= :starts AND e.at < :ends
)
SELECT 'calls_inbound' AS key, count(*) FILTER (WHERE direction = 'inbound') AS above, NULL::bigint AS below FROM said
UNION ALL SELECT 'offered', count(*) FILTER (WHERE offered), NULL FROM said
UNION ALL SELECT 'answered', count(*) FILTER (WHERE taken), NULL FROM said
UNION ALL SELECT 'abandoned', count(*) FILTER (WHERE left_us), NULL FROM said
UNION ALL SELECT 'abandoned_short', count(*) FILTER (WHERE left_us AND waited <= '5 s'), NULL FROM said
UNION ALL SELECT 'lost_otherwise', count(*) FILTER (WHERE offered AND NOT taken AND NOT left_us), NULL FROM said
UNION ALL SELECT 'out_of_hours', count(*) FILTER (WHERE shut AND direction = 'inbound' AND party = 'human'), NULL FROM said
UNION ALL SELECT 'out_of_hours_voicemail', count(*) FILTER (WHERE shut AND message), NULL FROM said
UNION ALL SELECT 'answer_rate', count(*) FILTER (WHERE taken), count(*) FILTER (WHERE offered) FROM said
UNION ALL SELECT 'abandon_rate', count(*) FILTER (WHERE left_us), count(*) FILTER (WHERE offered) FROM said
UNION ALL SELECT 'abandon_rate_without_short', count(*) FILTER (WHERE left_us AND waited > '5 s'),
    count(*) FILTER (WHERE offered AND NOT (left_us AND waited <= '5 s')) FROM said
UNION ALL SELECT 'service_level', count(*) FILTER (WHERE taken AND waited <= '20 s'), count(*) FILTER (WHERE taken OR left_us) FROM said
UNION ALL SELECT 'speed_of_answer', sum(extract(epoch FROM waited) * 1000) FILTER (WHERE taken)::bigint, count(*) FILTER (WHERE taken) FROM said
UNION ALL SELECT 'wait_median', percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM waited) * 1000)::bigint, count(*) FROM said WHERE taken
UNION ALL SELECT 'wait_p90', percentile_disc(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM waited) * 1000)::bigint, count(*) FROM said WHERE taken
UNION ALL SELECT 'wait_longest', (max(extract(epoch FROM waited)) * 1000)::bigint, count(*) FROM said WHERE taken
UNION ALL SELECT 'time_to_abandon', (sum(extract(epoch FROM waited)) * 1000)::bigint, count(*) FROM said WHERE left_us
UNION ALL SELECT 'talk_time', (sum(extract(epoch FROM talk)) * 1000)::bigint, count(*) FROM said WHERE taken
UNION ALL SELECT 'hold_time', (sum(extract(epoch FROM hold)) * 1000)::bigint, count(*) FROM said WHERE taken
UNION ALL SELECT 'hold_time_when_held', (sum(extract(epoch FROM hold)) * 1000)::bigint, count(*) FROM said WHERE taken AND hold > '0'
UNION ALL SELECT 'after_call_work', (sum(extract(epoch FROM acw)) * 1000)::bigint, count(*) FROM said WHERE taken
UNION ALL SELECT 'handling_time', (sum(extract(epoch FROM talk + hold + acw)) * 1000)::bigint, count(*) FROM said WHERE taken
UNION ALL SELECT 'follow_up_handling_time', (sum(extract(epoch FROM talk + hold + acw)) * 1000)::bigint, count(*) FROM said
    WHERE direction = 'outbound' AND party = 'human' AND answered IS NOT NULL AND ended IS NOT NULL AND case_id IS NOT NULL
UNION ALL SELECT 'transfer_rate', count(*) FILTER (WHERE transferred), count(*) FROM said WHERE taken
UNION ALL SELECT 'agent_no_answer', sum(missed)::bigint, sum(offers)::bigint FROM said WHERE offered
UNION ALL SELECT 'calls_checked', count(faults), NULL FROM said
UNION ALL SELECT 'name_right', count(*) FILTER (WHERE NOT faults ? 'name'), count(*) FROM said WHERE faults IS NOT NULL
UNION ALL SELECT 'no_customer_error', count(*) FILTER (WHERE NOT faults ? 'customer'), count(*) FROM said WHERE faults IS NOT NULL
UNION ALL SELECT 'no_business_error', count(*) FILTER (WHERE NOT faults ? 'business'), count(*) FROM said WHERE faults IS NOT NULL
UNION ALL SELECT 'no_compliance_error', count(*) FILTER (WHERE NOT faults ? 'compliance'), count(*) FROM said WHERE faults IS NOT NULL
UNION ALL SELECT 'apart_outbound', count(*), NULL FROM said WHERE direction = 'outbound'
UNION ALL SELECT 'apart_test', count(*), NULL FROM said WHERE direction = 'inbound' AND party = 'test'
UNION ALL SELECT 'apart_bot', count(*), NULL FROM said WHERE direction = 'inbound' AND party = 'bot'
UNION ALL SELECT 'apart_in_progress', count(*), NULL FROM said WHERE direction = 'inbound' AND party = 'human' AND ended IS NULL
UNION ALL SELECT 'mail_received', count(*), NULL FROM mail WHERE arrived >= :starts AND part_of IS NULL
UNION ALL SELECT 'mail_replied', count(*), NULL FROM mail WHERE replied >= :starts AND replied < :ends
UNION ALL SELECT 'mail_no_action', count(*), NULL FROM mail WHERE arrived >= :starts AND part_of IS NULL AND replied IS NULL AND ended < :ends
UNION ALL SELECT 'mail_backlog', count(*), NULL FROM mail WHERE coalesce(ended, 'infinity') >= :ends
UNION ALL SELECT 'escalation_rate', count(*) FILTER (WHERE escalated), count(*) FROM (
    SELECT escalated FROM said WHERE taken UNION ALL
    SELECT escalated OR EXISTS (SELECT FROM mail AS part WHERE part.part_of = mail.id::text AND part.escalated)
    FROM mail WHERE arrived >= :starts AND part_of IS NULL) AS every
UNION ALL SELECT 'mail_first_response', (sum(extract(epoch FROM worked)) * 1000)::bigint, count(*) FROM took WHERE begins
UNION ALL SELECT 'mail_turnaround', (sum(extract(epoch FROM worked)) * 1000)::bigint, count(*) FROM took
UNION ALL SELECT 'mail_same_day', count(*) FILTER (WHERE replied < shuts), count(*) FROM meant WHERE shuts > :starts AND shuts < :ends
UNION ALL SELECT 'touches_per_case', count(DISTINCT (matter, at)), count(DISTINCT matter) FROM mark
    WHERE kind IN ('first_reply', 'replied') AND at >= :starts AND at < :ends
UNION ALL SELECT 'reopen_rate', count(*) FILTER (WHERE again), count(*) FROM settled
UNION ALL SELECT 'resolution_time', (sum(extract(epoch FROM took)) * 1000)::bigint, count(*) FROM resolved
UNION ALL SELECT 'resolution_median', percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM took) * 1000)::bigint, count(*) FROM resolved
UNION ALL SELECT 'resolution_p90', percentile_disc(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM took) * 1000)::bigint, count(*) FROM resolved
UNION ALL SELECT 'resolution_ours', (sum(extract(epoch FROM us)) * 1000)::bigint, count(*) FROM resolved
UNION ALL SELECT 'resolution_shop', (sum(extract(epoch FROM shop)) * 1000)::bigint, count(*) FROM resolved
UNION ALL SELECT 'resolution_shopper', (sum(extract(epoch FROM took - us - shop)) * 1000)::bigint, count(*) FROM resolved
UNION ALL SELECT 'mails_per_hour', count(*) FILTER (WHERE answer), sum(worked)::bigint FROM (
    SELECT DISTINCT matter, at, worked, kind <> 'solved' AS answer FROM mark WHERE worked IS NOT NULL AND at >= :starts AND at < :ends) AS work
UNION ALL SELECT 'repeat_contact_rate', count(*) FILTER (WHERE again), count(*) FROM chain WHERE arrived >= :starts
UNION ALL SELECT 'first_contact_resolution', count(*) FILTER (WHERE NOT followed AND NOT escalated AND ended < :ends), count(*)
    FROM chain WHERE NOT again AND arrived >= CAST(:starts AS timestamptz) - interval '7 days'
        AND arrived < CAST(:ends AS timestamptz) - interval '7 days'
UNION ALL SELECT 'survey_asked', count(*), NULL FROM survey
UNION ALL SELECT 'survey_answered', count(score), NULL FROM survey
UNION ALL SELECT 'survey_response_rate', count(score), count(*) FROM survey
UNION ALL SELECT 'score_csat', count(*) FILTER (WHERE score > 3), count(score) FROM survey WHERE kind = 'csat'
UNION ALL SELECT 'score_nps', count(*) FILTER (WHERE score > 8) - count(*) FILTER (WHERE score < 7), count(score) FROM survey WHERE kind = 'nps'
UNION ALL SELECT 'score_ces', sum(score), count(score) FROM survey WHERE kind = 'ces'
