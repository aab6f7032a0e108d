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


class PeriodWrong(InvalidInput):
    message = N_("The last day must be the first or one of the 365 days after it.")

    def __init__(self) -> None:
        super().__init__({"last": self.message})


class DayMalformed(InvalidInput):
    """``name``: the field."""

    message = N_("Please give a day.")

    def __init__(self, name: str) -> None:
        super().__init__({name: self.message})
