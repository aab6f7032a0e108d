"""The short code of each figure: printed beside it, and typed or clicked to see what it was counted from."""

CODES: dict[str, str] = {
    "calls_inbound": "T01",
    "offered": "T02",
    "answered": "T03",
    "abandoned": "T04",
    "abandoned_short": "T05",
    "lost_otherwise": "T06",
    "out_of_hours": "T07",
    "out_of_hours_voicemail": "T08",
    "answer_rate": "T09",
    "abandon_rate": "T10",
    "abandon_rate_without_short": "T11",
    "service_level": "T12",
    "service_level_second": "T13",
    "callers_in_weak_intervals": "T14",
    "speed_of_answer": "T15",
    "wait_median": "T16",
    "wait_p90": "T17",
    "wait_longest": "T18",
    "time_to_abandon": "T19",
    "talk_time": "T20",
    "hold_time": "T21",
    "hold_time_when_held": "T22",
    "after_call_work": "T23",
    "handling_time": "T24",
    "callbacks_asked": "T25",
    "callback_rate": "T26",
    "transfer_rate": "T27",
    "agent_no_answer": "T28",
    "greeting_accuracy": "T29",
    "calls_checked": "T30",
    "name_right": "T31",
    "no_customer_error": "T32",
    "no_business_error": "T33",
    "no_compliance_error": "T34",
    "mail_received": "M01",
    "mail_replied": "M02",
    "mail_no_action": "M03",
    "mail_first_response": "M04",
    "mail_first_response_median": "M05",
    "mail_within_target": "M06",
    "mail_backlog": "M07",
    "mail_turnaround": "M08",
    "touches_per_case": "M09",
    "reopen_rate": "M10",
    "mails_per_hour": "M11",
    "survey_asked": "V01",
    "survey_answered": "V02",
    "survey_response_rate": "V03",
    "score_csat": "V04",
    "score_nps": "V05",
    "score_ces": "V06",
    "self_completed": "K01",
    "escalation_rate": "K02",
    "repeat_contact_rate": "K03",
    "first_contact_resolution": "K04",
}
"""T: telephone, M: mail, V: what shoppers say, K: both together. A code is never given to another figure."""

KEYS: dict[str, str] = {code: key for key, code in CODES.items()}


def key_of(typed: str) -> str | None:
    """The figure that somebody means by ``t12``, ``T 12`` or its key; None for none."""
    tidy = typed.strip().replace(" ", "")
    return KEYS.get(tidy.upper(), tidy if tidy in CODES else None)
