"""What each login role may do to each table. A table that is missing here is out of every role's reach.

Staff pages and webhooks run as ``staff``, jobs and timers as ``worker``; the portal runs as ``merchant`` and
reads only what a merchant may see: neither case bodies nor shoppers nor agents nor anybody's login.
"""

from nanori.settings import LoginKind

READ = "SELECT"
ADD = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"

DECIDE = "SELECT, UPDATE (state, approval, decided_at, decided_by, decision_note)"

AGREE = "SELECT, INSERT, UPDATE (amount_yen)"
ASK = "SELECT, INSERT, UPDATE (asked_at)"
WITHDRAW = "SELECT, INSERT, UPDATE (state, decided_at, due_at, people)"
REMOVE = "SELECT, INSERT, UPDATE (removed_at, removal_id, deleted_at)"
DELETED = "SELECT, INSERT, UPDATE (deleted_at)"
OPEN = "SELECT, UPDATE (opened_at)"
ANSWER = "SELECT, UPDATE (state, verdict, answer, due_at)"

S, M, W = LoginKind.STAFF, LoginKind.MERCHANT, LoginKind.WORKER
BY_STAFF_AND_JOBS = {S: ALL, W: ALL}
LOGGED = {S: WRITE, W: WRITE}  # rows are never taken away
ADDED = {S: ADD, W: ADD}  # rows are neither changed nor taken away

GRANTS: dict[str, dict[LoginKind, str]] = {
    "account": {S: WRITE, W: READ},
    "role_grant": {S: ALL, W: READ},
    "login_session": {S: WRITE},
    "throttle_bucket": {S: ALL},
    "audit_entry": {S: ADD, W: ADD, M: "INSERT"},
    "alert": LOGGED,
    "directory": {S: ALL, W: ALL, M: READ},
    "front_door": {S: WRITE, W: WRITE, M: WRITE},  # by triggers
    "file": {S: REMOVE, W: DELETED, M: ADD},
    "tenant": {S: WRITE, W: READ, M: READ},
    "contract_terms": {S: ALL, W: READ, M: READ},
    "answer_phrase": {S: WRITE, W: READ, M: READ},
    "opening_span": {S: ALL, W: READ, M: READ},
    "special_day": {S: ALL, W: READ, M: READ},
    "contact": {S: ALL, W: ALL, M: READ},
    "escalation_policy": {S: ALL, W: READ, M: READ},
    "escalation_step": {S: ALL, W: READ, M: READ},
    "escalation_step_contact": {S: ALL, W: READ, M: READ},
    "on_call": {S: ALL, W: "SELECT, DELETE", M: READ},
    "authority_limit": {S: ALL, W: READ, M: AGREE},
    "shop_wish": {S: WRITE, M: ADD},
    "shop_change": {S: WRITE, W: "SELECT, UPDATE", M: WITHDRAW},
    "changed_span": {S: ALL, W: READ, M: ADD},
    "phone_number": {S: ALL, W: "SELECT, DELETE", M: READ},
    "mail_address": {S: ALL, W: READ, M: READ},
    "pool_number": {S: ALL, W: READ},
    "line_promise": {S: ALL, W: WRITE},
    "script": {S: WRITE, W: READ, M: READ},
    "script_version": {S: WRITE, W: READ, M: DECIDE},
    "campaign": {S: ALL, W: READ},
    "script_talk": {S: WRITE, W: READ},
    "knowledge_rules": {S: WRITE, W: READ, M: READ},
    "article": {S: WRITE, W: READ, M: READ},
    "article_version": {S: WRITE, W: READ, M: READ},
    "article_remark": {S: ADD, W: READ, M: ADD},
    "read_receipt": {S: ADD, W: READ},
    "article_use": {S: ADD, W: READ},
    "open_question": {S: WRITE, W: READ},
    "quiz_rules": {S: WRITE, W: READ, M: READ},
    "quiz_question": {S: WRITE, W: READ, M: WRITE},
    "quiz_sitting": {S: WRITE, W: READ},
    "certificate": {S: WRITE, W: READ},
    "agent_profile": {S: WRITE, W: READ},
    "shop_reading": {S: WRITE, W: READ},
    "desk": {S: WRITE, W: WRITE, M: READ},
    "season": {S: WRITE, W: READ},
    "desk_span": {S: ALL, W: READ},
    "desk_day": {S: ALL, W: READ},
    "desk_move": ADDED,
    "gate_proof": ADDED,
    "roster_entry": {S: ALL, W: READ},
    "menu_option": {S: ALL, W: READ},
    "seat": LOGGED,
    "shift": {S: ALL, W: READ},
    "paid_hour": {S: WRITE},
    "own_phone": {S: ALL},
    "presence_interval": LOGGED,
    "waiting": LOGGED,
    "offer": LOGGED,
    "engagement": LOGGED,
    "counter": LOGGED,
    "shopper": BY_STAFF_AND_JOBS,
    "shopper_handle": BY_STAFF_AND_JOBS,
    "case": LOGGED,
    "case_join": LOGGED,
    "reason": {S: WRITE, W: WRITE, M: READ},
    "interaction": LOGGED,
    "interaction_event": ADDED,
    "note_addition": {S: WRITE},
    "shop_order": LOGGED,
    "parcel": LOGGED,
    "parcel_inquiry": LOGGED,
    "order_reading": {S: WRITE, W: WRITE, M: WRITE},
    "order_problem": {S: ADD, W: ADD, M: READ},
    "column_mapping": {S: WRITE, W: READ, M: WRITE},
    "shopify_connection": {S: ALL, W: "SELECT, UPDATE"},
    "escalation_run": LOGGED,
    "escalation_attempt": LOGGED,
    "shop_question": {S: WRITE, W: WRITE, M: ANSWER},
    "question_move": {S: WRITE, W: WRITE, M: ADD},
    "question_reach": LOGGED,
    "call": LOGGED,
    "leg": LOGGED,
    "webhook_receipt": ADDED,
    "recording": LOGGED,
    "message_search": {W: WRITE},
    "callback": LOGGED,
    "carrier_order": LOGGED,
    "summons": LOGGED,
    "raw_message": LOGGED,
    "message": LOGGED,
    "attachment": ADDED,
    "mail_draft": BY_STAFF_AND_JOBS,
    "outbox": LOGGED,
    "survey_rule": {S: WRITE, W: READ, M: READ},
    "survey": {S: WRITE, W: READ, M: READ},
    "month_report": {S: WRITE, W: WRITE, M: READ},
    "month_so_far": {S: WRITE, W: WRITE, M: ASK},
    "report_plan": {S: WRITE, W: WRITE},
    "figure_view": {S: WRITE, W: WRITE},
    "figure_letter": {S: READ, W: ADD},
    "report_approval": ADDED,
    "report_letter": {S: WRITE, W: WRITE, M: OPEN},
    "plan": {S: WRITE, W: READ},
    "plan_version": {S: ADD, W: READ},
    "agreement": {S: WRITE, W: READ},
    "ledger_month": {S: WRITE, W: WRITE, M: READ},
    "usage_line": {S: ADD, W: ADD, M: READ},
    "credit": {S: ADD, W: READ},
    "month_close": {S: WRITE, W: WRITE, M: READ},
    "closed_month": {S: ADD, W: ADD, M: READ},
    "closed_fact": {S: ADD, W: ADD, M: READ},
    "invoice_issuer": {S: WRITE, W: READ},
    "invoice_payer": {S: WRITE, W: READ},
    "invoice_payer_shop": {S: ALL, W: READ},
    "invoice_counter": LOGGED,
    "invoice_run": LOGGED,
    "invoice": {S: ALL, W: ALL, M: READ},
    "invoice_line": {S: ALL, W: ALL, M: READ},
    "invoice_paper": {S: ADD, W: ADD, M: READ},
}

QUEUE_GRANTS = (S, W)
