"""Everything that can be refused in the log."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class InteractionNotFound(NotFound):
    """No such interaction among the shops bound."""


class CaseNotFound(NotFound):
    """No such case among the shops bound."""


class ReasonUnknown(Rejected):
    status_code = 422
    message = N_("Please choose a reason from the list.")


class EscalationRunning(Rejected):
    message = N_("The shop is already being called about this.")


class NobodyToCall(Rejected):
    message = N_("This shop has named nobody to call.")
