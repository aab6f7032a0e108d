"""What keeps a forecast or a plan of seats from being made."""

from nanori.errors import Rejected
from nanori.words import N_


class NothingCounted(Rejected):
    message = N_("No day has been counted yet. Enter the calls you expect, or choose an earlier period.")


class NoCalls(Rejected):
    message = N_(
        "Not one call came from {first} to {last}. Enter the calls you expect, or choose an earlier period."
    )


class TooManyCalls(Rejected):
    message = N_("Not even {most} agents keep these promises. Are the calls those of one interval?")
