"""What a request to the carrier can end in besides success.

Each adapter translates its own failures into these once; nothing above it knows HTTP.
"""


class CarrierError(Exception):
    """The carrier did not do what was asked, or nobody knows whether it did."""


class CarrierGone(CarrierError):  # noqa: N818 - named for the fact
    """The call, participant, queue member or recording is not there any more. Permanent."""


class CarrierBusy(CarrierError):  # noqa: N818 - named for the fact
    """The carrier refused because of too many requests. Nothing happened: repeat later."""


class CarrierUnknown(CarrierError):  # noqa: N818 - named for the fact
    """No answer, or an answer of an outage: the request may or may not have taken effect.

    Safe to repeat only where repeating is harmless; never repeat a ``dial``.
    """


class CarrierRefused(CarrierError):  # noqa: N818 - named for the fact
    """The carrier understood and refused. Repeating the same request ends the same way."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}")
