"""What must hold after every play: each name stands for a function from the evidence to what violates it.

Each of them can be broken on purpose (``sabotage.py``), and so can those of the paper (``paper.py``).
"""

from collections.abc import Callable
from typing import Any

from nanori_app.rehearse.evidence import Evidence, Invariant, Violation
from nanori_app.rehearse.hold_in_house import (
    each_order_acts_once,
    no_request_without_order,
    queue_is_the_carriers,
    supervisor_on_record,
)
from nanori_app.rehearse.hold_in_log import (
    carrier_has_let_go,
    derived_times_follow_events,
    each_answer_sent_once,
    each_mail_filed_once,
    event_numbers_gap_free,
    nothing_left_open,
    one_interaction_per_call,
    one_outcome_per_call,
)
from nanori_app.rehearse.hold_on_line import (
    carrier_saw_no_error,
    connected_after_accept,
    contact_pressed_1,
    nobody_waits_in_silence,
    one_call_per_agent,
    right_name,
)
from nanori_app.rehearse.hold_on_ways import (
    callback_kept_once,
    documents_of_own_call,
    no_card_on_tape,
    no_other_shops_name,
    nobody_stays_behind,
    one_agent_unless_asked,
    outbound_shows_own_number,
)

INVARIANTS: tuple[Invariant, ...] = (
    one_interaction_per_call,
    one_outcome_per_call,
    one_call_per_agent,
    right_name,
    connected_after_accept,
    nobody_waits_in_silence,
    derived_times_follow_events,
    event_numbers_gap_free,
    contact_pressed_1,
    carrier_saw_no_error,
    nothing_left_open,
    carrier_has_let_go,
    each_mail_filed_once,
    each_answer_sent_once,
    callback_kept_once,
    no_other_shops_name,
    documents_of_own_call,
    no_card_on_tape,
    outbound_shows_own_number,
    one_agent_unless_asked,
    nobody_stays_behind,
    no_request_without_order,
    each_order_acts_once,
    queue_is_the_carriers,
    supervisor_on_record,
)


def violations(evidence: Evidence) -> list[Violation]:
    """All that does not hold."""
    return [
        Violation(name_of(invariant), ids, detail)
        for invariant in INVARIANTS
        for ids, detail in invariant(evidence)
    ]


def name_of(invariant: Callable[..., Any]) -> str:
    return invariant.__name__
