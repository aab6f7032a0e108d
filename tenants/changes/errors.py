"""What can be wrong with a change of a shop's."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class ChangeNotFound(NotFound):
    """No such change among the shops bound."""


class TooLate(Rejected):
    message = N_("This change is in force already, or was decided before.")
