"""Refusals around the close of a month."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class MonthNotOver(InvalidInput):
    """The month still runs in the shop's zone."""

    message = N_("This month is not over yet by the shop's clock.")

    def __init__(self) -> None:
        super().__init__({"month": self.message})


class MonthBusy(Rejected):
    message = N_(
        "A call of this month is still going on. Please close the month when it has been wrapped up."
    )


class MonthNotClosed(Rejected):
    message = N_("This month is not closed, so there is nothing to reopen.")


class ReasonMissing(InvalidInput):
    """Why a closed month is opened again stays beside its figures for good."""

    message = N_("Please say why: it is printed beside the new figures.")

    def __init__(self) -> None:
        super().__init__({"reason": self.message})


class FigureUnknown(NotFound):
    message = N_("There is no such figure.")


class SnapshotSpoilt(Rejected):
    """What is stored is not what was frozen: the database was changed behind our back."""

    message = N_("The stored month no longer matches its hash.")
