"""Each figure's name and what it counts, as the last page prints it."""

from dataclasses import dataclass

from nanori.words import N_


@dataclass(frozen=True, slots=True)
class Definition:
    """``name`` and ``says`` are msgids; ``formula`` is notation and the same in every language."""

    name: str
    says: str
    formula: str = ""


DEFINITIONS: dict[str, Definition] = {
    "calls_inbound": Definition(N_("Calls to the number"), N_("Every incoming call, whatever became of it.")),
    "offered": Definition(
        N_("Calls offered"),
        N_("Calls that entered a staffed queue during opening hours. A transferred call counts once."),
        "N",
    ),
    "answered": Definition(N_("Calls answered"), N_("First connected to a person, not to a machine."), "A"),
    "abandoned": Definition(
        N_("Calls abandoned"), N_("The caller hung up in the queue before an answer."), "B"
    ),
    "abandoned_short": Definition(
        N_("Of these, short abandons"),
        N_("Hung up within the agreed short time; counted in B as well."),
        "Bs",
    ),
    "lost_otherwise": Definition(
        N_("Not answered for another reason"),
        N_("Queued, then a call back, a full queue, a voicemail or a fault; neither answered nor abandoned."),
        "N−A−B",
    ),
    "out_of_hours": Definition(
        N_("Calls outside opening hours"), N_("Arrived while the desk was closed; listed apart."), "O"
    ),
    "out_of_hours_voicemail": Definition(
        N_("Of these, messages left"), N_("Callers who left a recorded message while the desk was closed.")
    ),
    "answer_rate": Definition(N_("Answer rate"), N_("Answered among offered calls."), "A / N"),
    "abandon_rate": Definition(N_("Abandon rate"), N_("Abandoned among offered calls."), "B / N"),
    "abandon_rate_without_short": Definition(
        N_("Abandon rate without short abandons"),
        N_("As above, with short abandons left out above and below the line."),
        "(B−Bs) / (N−Bs)",
    ),
    "service_level": Definition(
        N_("Service level"), N_("The connection quality agreed in the contract, by its formula letter.")
    ),
    "service_level_second": Definition(
        N_("Service level, second formula"), N_("The same calls by the second letter of the contract.")
    ),
    "callers_in_weak_intervals": Definition(
        N_("Callers in weak intervals"),
        N_("Share of offered calls that arrived in an interval with an answer rate below 80%."),
    ),
    "speed_of_answer": Definition(
        N_("Average speed of answer"),
        N_("Waiting time of answered calls; abandoned calls are not in it."),
        "Σ wait / A",
    ),
    "wait_median": Definition(
        N_("Median wait"), N_("Half of the answered callers waited no longer (nearest rank).")
    ),
    "wait_p90": Definition(
        N_("90th percentile of wait"), N_("Nine in ten answered callers waited no longer (nearest rank).")
    ),
    "wait_longest": Definition(N_("Longest wait"), N_("The longest wait that ended in an answer.")),
    "time_to_abandon": Definition(
        N_("Average time to abandon"), N_("How long abandoned callers waited."), "Σ wait / B"
    ),
    "talk_time": Definition(N_("Average talk time"), N_("Conversation without hold."), "Σ talk / A"),
    "hold_time": Definition(
        N_("Average hold time"), N_("Hold spread over all answered calls."), "Σ hold / A"
    ),
    "hold_time_when_held": Definition(
        N_("Average hold time of held calls"), N_("Hold over those calls that were held at all.")
    ),
    "after_call_work": Definition(
        N_("Average after-call work"), N_("Work on a call after hanging up, past midnight too."), "Σ ACW / A"
    ),
    "handling_time": Definition(
        N_("Average handling time"), N_("Talk, hold and after-call work together."), "Σ (talk+hold+ACW) / A"
    ),
    "follow_up_handling_time": Definition(
        N_("Follow-up handling"), N_("The same of answered calls that we made for a matter.")
    ),
    "callbacks_asked": Definition(
        N_("Calls back asked for"),
        N_("Callers who left the queue to be called back in their place; not abandoned."),
    ),
    "callback_rate": Definition(
        N_("Call-back success rate"),
        N_("Reached by us in this month, among those who did not get through by themselves before."),
    ),
    "transfer_rate": Definition(N_("Transfer rate"), N_("Answered calls passed on to somebody else.")),
    "agent_no_answer": Definition(
        N_("Offers not taken"),
        N_("Rings to an agent that were not taken; the caller kept the place. Not calls."),
    ),
    "greeting_accuracy": Definition(
        N_("Right name confirmed"),
        N_("Answered calls in which each agent had your name on the screen and confirmed it."),
    ),
    "calls_checked": Definition(
        N_("Calls checked"),
        N_("Calls of this month that a supervisor checked by a form; of several checks the last counts."),
        "C",
    ),
    "name_right": Definition(
        N_("Greeting accuracy"), N_("Checked calls in which your name was said correctly."), "(C−e) / C"
    ),
    "no_customer_error": Definition(
        N_("No customer-critical error"),
        N_("Checked calls without any: one such error fails the call for this class."),
        "(C−e) / C",
    ),
    "no_business_error": Definition(
        N_("No business-critical error"),
        N_("The same for errors that cost you or us money, work or standing."),
        "(C−e) / C",
    ),
    "no_compliance_error": Definition(
        N_("No compliance-critical error"),
        N_("The same for errors against law, or the rules agreed with you."),
        "(C−e) / C",
    ),
    "mail_received": Definition(N_("Mails received"), N_("Mails from shoppers, by the time they arrived.")),
    "mail_replied": Definition(
        N_("Mails replied to"), N_("First replies by a person in this month; automatic replies never count.")
    ),
    "mail_no_action": Definition(
        N_("Mails without need of a reply"), N_("Received in this month and closed without a reply.")
    ),
    "mail_first_response": Definition(
        N_("Average first response"),
        N_("From the first mail of a matter to a person's first reply, in business time."),
    ),
    "mail_first_response_median": Definition(
        N_("Median first response"),
        N_("Half of the replies took no longer, in business time (nearest rank)."),
    ),
    "mail_turnaround": Definition(
        N_("Average turnaround"),
        N_("The same over every mail, later ones of a matter too."),
    ),
    "mail_within_target": Definition(
        N_("Mails replied to in time"),
        N_("Replied within the agreed time, among all that fell due in this month."),
    ),
    "mail_same_day": Definition(
        N_("Same-day reply rate"),
        N_("Answered before close; later mail is of the next open day."),
    ),
    "mail_backlog": Definition(
        N_("Mails open at the end"), N_("Received and neither replied to nor closed when the month ended.")
    ),
    "touches_per_case": Definition(
        N_("Answers per matter"),
        N_("Replies by a person in this month, over the matters that had one."),
    ),
    "reopen_rate": Definition(
        N_("Reopen rate"),
        N_("Matters settled in writing to which a new mail came within 7 days."),
    ),
    "resolution_time": Definition(
        N_("Average resolution time"),
        N_("From a matter's first mail until it was settled and 7 days brought no other, at all hours."),
    ),
    "resolution_median": Definition(
        N_("Median resolution time"), N_("Half of these matters took no longer (nearest rank).")
    ),
    "resolution_p90": Definition(
        N_("90th percentile of resolution"), N_("Nine in ten of them took no longer (nearest rank).")
    ),
    "resolution_ours": Definition(
        N_("Of this, it lay with us"), N_("Open, and no question of ours was with you.")
    ),
    "resolution_shop": Definition(
        N_("Of this, it lay with you"), N_("A question of ours waited for your answer.")
    ),
    "resolution_shopper": Definition(
        N_("Of this, with the shopper"),
        N_("Settled by an answer, until the shopper wrote again within 7 days."),
    ),
    "mails_per_hour": Definition(
        N_("Mails per hour"),
        N_("Answers by people, over the time in which agents had a mail in hand, answered or not."),
        "answers / h",
    ),
    "survey_asked": Definition(
        N_("Shoppers asked"), N_("Settled by a mail of this month that asked one question; each matter once.")
    ),
    "survey_answered": Definition(
        N_("Shoppers who answered"), N_("Of these; answers count until the month is closed.")
    ),
    "survey_response_rate": Definition(
        N_("Response rate"), N_("Answered among asked. Below 30 answers read the scores as voices.")
    ),
    "score_csat": Definition(
        N_("Satisfaction (CSAT)"), N_("Share of 4 and 5 among answers from 1 to 5."), "(4, 5) / n"
    ),
    "score_nps": Definition(
        N_("Recommendation (NPS)"),
        N_("Share of 9 and 10 less share of 0 to 6, among answers from 0 to 10; in points."),
        "%9–10 − %0–6",
    ),
    "score_ces": Definition(
        N_("Ease (CES)"), N_("Mean of the answers from 1, very difficult, to 7, very easy."), "Σ / n"
    ),
    "self_completed": Definition(
        N_("Completed by us"), N_("Answered calls and received mails settled without asking you.")
    ),
    "escalation_rate": Definition(
        N_("Passed to you"), N_("Answered calls and received mails that needed your decision.")
    ),
    "repeat_contact_rate": Definition(
        N_("Repeat contacts"),
        N_("Calls and mails of one shopper for one reason, within 7 days of another."),
    ),
    "first_contact_resolution": Definition(
        N_("Settled at the first contact"),
        N_("First calls and mails settled without asking you, and not repeated within 7 days."),
    ),
}

APART_NAMES: dict[str, str] = {
    "apart_out_of_hours": N_("Outside opening hours"),
    "apart_left_in_guidance": N_("Hung up during the announcement"),
    "apart_ivr_self_served": N_("Settled by the announcement"),
    "apart_overflow_before_queue": N_("Queue was full"),
    "apart_voicemail_before_queue": N_("Left a message without queueing"),
    "apart_system_fault_before_queue": N_("System fault before queueing"),
    "apart_connected_directly": N_("Connected without queueing"),
    "apart_blocked": N_("Blocked nuisance calls"),
    "apart_bot": N_("Calls with a machine"),
    "apart_test": N_("Our own test calls"),
    "apart_in_progress": N_("Still going on when the figures were made"),
    "apart_outbound": N_("Calls that we made"),
}

SERVICE_LEVEL_FORMULAS: dict[str, str] = {
    "A": "At / (A+B)",
    "B": "At / (A+B−Bs)",
    "C": "(At+Bs) / (A+B)",
    "D": "At / (A+B−Bt)",
    "E": "(At+Bt) / (A+B)",
    "F": "At / A",
}
