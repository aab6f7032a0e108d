"""Everything that can be refused in the log."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class InteractionNotFound(NotFound):
    """No such interaction among the shops bound."""


class CaseNotFound(NotFound):
    """No such case among the shops bound."""


class JoinNotFound(NotFound):
    """No such join of two cases among the shops bound, or it is undone."""


class CaseIsJoined(Rejected):
    message = N_("This case goes on in No. {number}. Please work on it there.")


class SameCase(Rejected):
    message = N_("These are one case already.")


class CasesChanged(Rejected):
    message = N_("One of the two cases has just been joined with another. Please look again.")


class NothingToJoin(Rejected):
    message = N_("No call and no mail belongs to this case: there is nothing to join.")


class ParcelStillSought(Rejected):
    message = N_("A parcel is being looked for in this case. Settle that first.")


class NotCheckable(Rejected):
    message = N_("Only a finished call in which an agent spoke with a person can be checked.")


class ReasonUnknown(Rejected):
    status_code = 422
    message = N_("Please choose a reason from the list.")


class EscalationRunning(Rejected):
    message = N_("The shop is already being called about this.")


class NobodyToCall(Rejected):
    message = N_("This shop has named nobody to call.")
