"""Everything that can be refused in telephony."""

from nanori.errors import InvalidInput, NotFound, Rejected
from nanori.words import N_


class CallNotFound(NotFound):
    """No such call among the shops bound, or it is not this agent's."""


class NotTalking(Rejected):
    message = N_("You are not connected with the caller now.")


class NotRecording(Rejected):
    message = N_("This call is not being recorded.")


class CallStillRunning(Rejected):
    message = N_("The call is still running. End it first.")


class SoftphoneNotSetUp(Rejected):
    message = N_(
        "Calls in the browser are not set up: the operator must give Nanori a Twilio API key and app."
    )


class ContactNotFound(NotFound):
    """No such contact among those of the call's shop."""


class AskingSomebody(Rejected):
    message = N_("Somebody is being asked already. Stop that first.")


class NotYourNotes(Rejected):
    message = N_("A colleague has this call in hand and writes the notes.")


class CallbackNotFound(NotFound):
    """No such promise among the shops bound."""


class NobodyOnTheLine(Rejected):
    message = N_("The shop is not on the line yet.")


class NothingToSupervise(Rejected):
    message = N_("No agent is talking with a caller on this call now.")


class YouAreOnThePhone(Rejected):
    message = N_("You are on a call yourself. End it first.")


class NumberRefused(InvalidInput):
    """A number that we do not call; see :mod:`telephony.dialling`."""

    def __init__(self) -> None:
        super().__init__({"to": self.message})


class NumberWithheld(NumberRefused):
    message = N_("The number was withheld, so there is nothing to call.")


class NotANumber(NumberRefused):
    message = N_("This is not a telephone number. Please check the digits.")


class EmergencyNumber(NumberRefused):
    message = N_(
        "Emergency numbers cannot be called from here: help would come to the wrong place."
        " Please use an ordinary telephone."
    )


class SpecialNumber(NumberRefused):
    message = N_("This is a special service number. Nanori calls only numbers of people and companies.")


class PremiumNumber(NumberRefused):
    message = N_("This number costs more than an ordinary call (such as 0570 and 0990), so it is not called.")


class NumberAbroad(NumberRefused):
    message = N_("This number is abroad, in a country that this shop does not call.")


class OwnNumber(NumberRefused):
    message = N_("This is one of our own numbers. The call would come back to us.")


class NoPhoneEntered(Rejected):
    message = N_("Enter the number of your own telephone first.")


class NoNumberOfOurs(Rejected):
    message = N_("This shop has no telephone number of its own yet, so nobody can call under its name.")
