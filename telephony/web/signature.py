"""Is this webhook the carrier's? The signature over our public URL and the raw form decides.

The URL is built from the settings and the request's raw path and query, never from headers (telephony.md 3).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.datastructures import FormMultiDict, State
from twilio.request_validator import RequestValidator

from nanori.errors import Forbidden
from nanori.settings import Settings
from telephony.labels import number_shown

CALL_SID = re.compile(r"CA[0-9a-f]{32}")


class Unsigned(Forbidden):
    """Not signed by the carrier, or not for our account."""


class Malformed(Forbidden):
    """Signed, but not a webhook that we understand."""

    status_code = 400


@dataclass(frozen=True, slots=True)
class Signed:
    """The fields of a webhook whose signature is right. Fields that nobody reads are ignored."""

    form: FormMultiDict
    query: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A field's value, "" when absent.

        Raises:
            Malformed: it is given twice: the signature does not say which one is meant.
        """
        values = self.form.getall(name, [])
        if len(values) > 1 or not all(isinstance(value, str) for value in values):
            raise Malformed
        return str(values[0]) if values else ""

    def number(self, name: str, default: int | None = None) -> int | None:
        value = self.text(name)
        return int(value) if value.isdecimal() else default

    def turn(self) -> int:
        """How often the caller had been queued when the address was given out."""
        return self.query_number("turn")

    def query_number(self, name: str) -> int:
        """A count of ours in the query; 1 when absent or malformed."""
        value = str(self.query.get(name, "1"))
        return int(value) if value.isdecimal() else 1

    def query_id(self, name: str) -> UUID | None:
        """An id of ours in the query; None when absent or malformed."""
        try:
            return UUID(str(self.query.get(name)))
        except ValueError:
            return None

    @property
    def call_sid(self) -> str:
        value = self.text("CallSid")
        if not CALL_SID.fullmatch(value):
            raise Malformed
        return value

    @property
    def from_number(self) -> str | None:
        """The caller's number; None when withheld or not a telephone number."""
        return number_shown(self.text("From"))


async def signed_form(request: Request[Any, Any, State], settings: Settings) -> Signed:
    """The form of a webhook, after its signature has been checked.

    Raises:
        Unsigned: no signature, a wrong one, or another account's.
    """
    headers = request.headers.getall("x-twilio-signature", [])
    if len(headers) != 1 or not headers[0]:
        raise Unsigned
    form = await request.form()
    url = _public_url(request, settings)
    tokens = [token for token in (settings.twilio_auth_token, settings.twilio_auth_token_next) if token]
    if not any(RequestValidator(token).validate(url, form, headers[0]) for token in tokens):
        raise Unsigned
    signed = Signed(form, request.query_params)
    if signed.text("AccountSid") != settings.twilio_account_sid:
        raise Unsigned
    return signed


def _public_url(request: Request[Any, Any, State], settings: Settings) -> str:
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    path = raw_path.partition(b"?")[0].decode("ascii", "replace")
    return settings.public_url + path + (f"?{query.decode('ascii', 'replace')}" if query else "")
