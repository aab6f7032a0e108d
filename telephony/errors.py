"""Everything that can be refused in telephony."""

from nanori.errors import NotFound, Rejected
from nanori.words import N_


class CallNotFound(NotFound):
    """No such call among the shops bound, or it is not this agent's."""


class NotTalking(Rejected):
    message = N_("You are not connected with the caller now.")


class CallStillRunning(Rejected):
    message = N_("The call is still running. End it first.")


class SoftphoneNotSetUp(Rejected):
    message = N_(
        "Calls in the browser are not set up: the operator must give Nanori a Twilio API key and app."
    )


class NobodyOnTheLine(Rejected):
    message = N_("The shop is not on the line yet.")


class NothingToSupervise(Rejected):
    message = N_("No agent is talking with a caller on this call now.")


class YouAreOnThePhone(Rejected):
    message = N_("You are on a call yourself. End it first.")
