"""What the rules of the ledger are called, for whoever reads a line."""

from collections.abc import Mapping

from billing.plans.judging import Rule
from nanori.words import N_

RULES: Mapping[Rule, str] = {
    Rule.ANSWERED: N_("Answered by us"),
    Rule.REPLIED: N_("Replied to by us"),
    Rule.MESSAGE: N_("Message on the answering machine taken"),
    Rule.OUR_CALL: N_("Call back that reached somebody"),
    Rule.FIRST_OF_CASE: N_("First contact of its case"),
    Rule.STILL_OPEN: N_("Not settled when the month was counted"),
    Rule.ABANDONED: N_("The caller hung up before anybody answered"),
    Rule.CLOSED: N_("The desk was closed; the caller was told so"),
    Rule.ANNOUNCEMENT: N_("The announcement settled it"),
    Rule.QUEUE_FULL: N_("Nobody was free, and the queue was full"),
    Rule.MESSAGE_FREE: N_("Message on the answering machine: free in this plan"),
    Rule.CALLBACK_ASKED: N_("Asked to be called back"),
    Rule.BLOCKED: N_("Blocked number"),
    Rule.MACHINE: N_("A machine called or wrote"),
    Rule.NOT_REACHED: N_("Our call reached nobody"),
    Rule.OUR_CALL_FREE: N_("Our own call: free in this plan"),
    Rule.NO_REPLY_NEEDED: N_("Needed no reply"),
    Rule.ANSWERED_TOGETHER: N_("Answered together with an earlier mail"),
    Rule.PART_OF_MAIL: N_("Second question of a mail that is counted"),
    Rule.TOO_SHORT: N_("Shorter than the plan bills"),
    Rule.WRONG_NUMBER: N_("Wrong number"),
    Rule.SALES: N_("Sales call"),
    Rule.SILENT: N_("Silent call"),
    Rule.TEST: N_("Test call"),
    Rule.OUR_FAULT: N_("Caused by us"),
    Rule.LATER_IN_CASE: N_("A further contact of a case that is counted"),
    Rule.NOT_PRICED: N_("The plan does not count this"),
    Rule.NO_AGREEMENT: N_("No plan was agreed for this day"),
}
