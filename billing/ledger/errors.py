"""What the ledger refuses."""

from nanori.errors import Rejected
from nanori.words import N_


class MonthSealed(Rejected):
    """``month`` is billed and takes nothing more."""

    message = N_("{month} is billed already and does not change any more.")
