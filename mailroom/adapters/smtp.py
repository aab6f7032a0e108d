"""A mail server reached by SMTP: ``smtp://user:password@host:587`` (STARTTLS where offered) or ``smtps://``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib.errors import (
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from mailroom.ports import MailDelayed, MailRefused, MailUnknown

TIMEOUT_SECONDS = 20
FIRST_PERMANENT = 500
SUBMISSION, SUBMISSION_TLS = 587, 465


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """One server and how to log in to it."""

    host: str
    port: int
    use_tls: bool
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """The server that an address of the settings names."""
        parts = urlsplit(url)
        secure = parts.scheme == "smtps"
        return cls(
            host=parts.hostname or "",
            port=parts.port or (SUBMISSION_TLS if secure else SUBMISSION),
            use_tls=secure,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )

    async def send(self, *, sender: str, recipients: Sequence[str], content: bytes) -> None:
        client = aiosmtplib.SMTP(
            hostname=self.host, port=self.port, use_tls=self.use_tls, timeout=TIMEOUT_SECONDS,
            username=self.username, password=self.password,
        )  # fmt: skip
        try:
            await client.connect()
        except (SMTPException, OSError) as problem:  # the server's trouble or ours, not the mail's
            raise MailDelayed(type(problem).__name__) from problem
        try:
            await client.mail(sender)
            for recipient in recipients:
                await client.rcpt(recipient)
        except (SMTPException, OSError) as problem:
            client.close()
            raise _judged(problem) from problem
        await _hand_over(client, content)


async def _hand_over(client: aiosmtplib.SMTP, content: bytes) -> None:
    """From here on silence no longer means "not accepted"."""
    try:
        await client.data(content)
    except SMTPResponseException as answer:
        raise _judged(answer) from answer
    except (SMTPException, OSError) as silence:
        raise MailUnknown(type(silence).__name__) from silence
    finally:
        client.close()


def _judged(problem: SMTPException | OSError) -> MailDelayed | MailRefused:
    """Permanent only on the server's own word (5xx)."""
    if isinstance(problem, SMTPRecipientsRefused):
        code = max((refused.code for refused in problem.recipients), default=0)
        return MailRefused(str(code)) if code >= FIRST_PERMANENT else MailDelayed(str(code))
    if isinstance(problem, SMTPResponseException):
        said = f"{problem.code}"
        return MailRefused(said) if problem.code >= FIRST_PERMANENT else MailDelayed(said)
    return MailDelayed(type(problem).__name__)
