"""Refusals of the reports room."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class MonthMalformed(InvalidInput):
    message = N_("Please give the month like 2026-10.")

    def __init__(self) -> None:
        super().__init__({"month": self.message})


class MonthAhead(InvalidInput):
    """The month has not begun in the shop's zone."""

    message = N_("This month has not begun yet.")

    def __init__(self) -> None:
        super().__init__({"month": self.message})


class ReportNotFound(NotFound):
    message = N_("There is no such report.")


class ReportFileLost(Rejected):
    """The row is there, its bytes are not: somebody emptied the data folder."""

    message = N_("The file of this report is missing. Please have the report made again.")
