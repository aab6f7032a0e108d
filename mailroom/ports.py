"""What the mailroom needs from outside: somebody who carries mail away."""

from collections.abc import Sequence
from typing import Protocol

from nanori.installation import Port


class MailDelayed(Exception):  # noqa: N818 - named for the fact
    """Nothing was accepted; the same mail may be tried again later."""


class MailRefused(Exception):  # noqa: N818
    """Nothing was accepted, and trying again would not help."""


class MailUnknown(Exception):  # noqa: N818
    """The server had the mail in hand when it fell silent. It may be delivered: never sent again blindly."""


class Postman(Protocol):
    """Hands one finished mail to a mail server. Never called inside a database transaction."""

    async def send(self, *, sender: str, recipients: Sequence[str], content: bytes) -> None:
        """Return once the server has taken responsibility for the mail.

        Raises:
            MailDelayed, MailRefused, MailUnknown: as they say; nothing else.
        """


POSTMAN: Port[Postman] = Port("postman")
