"""The failures that the platform knows how to show to a person.

Error
├── Rejected          409  the request was understood, the world is not ready for it
├── NotFound          404  no such thing *for this actor*
├── Forbidden         403  the actor may not do this
├── Throttled         429  too often; try again later
└── InvalidInput      422  one or more fields are wrong

Anything that is not an ``Error`` is a bug or an outage: it becomes a 500 and wakes somebody up.
"""

from collections.abc import Mapping
from typing import ClassVar

from nanori.words import N_, Words

UNEXPECTED = N_("Something went wrong. Please try again.")
"""What is said of work behind the scenes that failed for a reason of ours."""


class Error(Exception):
    """A failure we expected: ``message`` is a msgid, filled with ``params`` and safe to show."""

    status_code: ClassVar[int] = 500
    message: ClassVar[str] = N_("Something went wrong.")

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(self.message.format(**params))

    def said_in(self, words: Words) -> str:
        """The sentence for the user, in the user's language."""
        return words.gettext(self.message).format(**self.params)


class Rejected(Error):  # noqa: N818 - named for the fact, not for the mechanism
    status_code = 409
    message = N_("This cannot be done now.")


class NotFound(Error):  # noqa: N818
    status_code = 404
    message = N_("This does not exist, or it is not yours to see.")


class Forbidden(Error):  # noqa: N818
    status_code = 403
    message = N_("You may not do this.")


class Throttled(Error):  # noqa: N818
    """``seconds`` until the next try makes sense."""

    status_code = 429
    message = N_("Too many attempts. Please wait {seconds} seconds.")


class InvalidInput(Error):  # noqa: N818
    """``fields`` maps a field's name to a msgid that says what is wrong with it."""

    status_code = 422
    message = N_("Please check the marked fields.")

    def __init__(self, fields: Mapping[str, str] | None = None, **params: object) -> None:
        self.fields = dict(fields or {})
        super().__init__(**params)
