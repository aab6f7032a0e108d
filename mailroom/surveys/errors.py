"""Why a shopper cannot answer."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class LinkUnknown(NotFound):
    message = N_("This link does not lead anywhere. Please open it from the mail once more.")


class LinkEnded(Rejected):
    status_code = 410
    message = N_("This link has ended. Thank you for wanting to tell us.")


class AlreadyAnswered(Rejected):
    message = N_("Your answer has already reached us. It can be given once.")


class ScoreMissing(InvalidInput):
    message = N_("Please choose one of the numbers.")
