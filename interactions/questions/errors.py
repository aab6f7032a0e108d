"""Everything that can be refused about questions to a shop."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class QuestionNotFound(NotFound):
    """No such question among the shops bound."""


class AlreadyAsked(Rejected):
    message = N_("The shop has been asked about this already.")


class NotYourTurn(Rejected):
    message = N_("Somebody was quicker: please look at the question again.")
