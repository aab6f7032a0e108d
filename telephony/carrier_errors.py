"""What a request to the carrier can end in besides success.

Each adapter translates its own failures into these once; nothing above it knows HTTP. Every class is a
decision of its own, see ``telephony/verdicts.py``.
"""


class CarrierError(Exception):
    """The carrier did not do what was asked, or nobody knows whether it did."""


class CarrierGone(CarrierError):  # noqa: N818 - named for the fact
    """The call, participant, queue member or recording is not there any more. Permanent."""


class CarrierBusy(CarrierError):  # noqa: N818 - named for the fact
    """The carrier refused because of too many requests. Nothing happened: repeat later."""


class CarrierUnknown(CarrierError):  # noqa: N818 - named for the fact
    """No answer, or an answer of an outage: the request may or may not have taken effect.

    Safe to repeat only where repeating is harmless; never repeat what makes a telephone ring.
    """


class CarrierRefused(CarrierError):  # noqa: N818 - named for the fact
    """The carrier understood and refused. Repeating the same request ends the same way."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")


class CredentialsRefused(CarrierRefused):
    """Our key is wrong, revoked or of another region. Nothing happened; an operator can mend it."""


class CallLimitReached(CarrierRefused):
    """The account has as many calls as it may have at once. Nothing happened; it may pass."""


class NumberUnreachable(CarrierRefused):
    """The number called is no number, or no carrier can deliver a call to it."""


class CountryNotPermitted(CarrierRefused):
    """The account may not call that country."""


class CallerIdRefused(CarrierRefused):
    """The number that we wanted to show is not the account's."""


class CoachNotThere(CarrierRefused):
    """The participant to be coached is not in the conference."""


class LabelTaken(CarrierRefused):
    """The conference has a participant of that name: ours by mistake."""
