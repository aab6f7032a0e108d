"""Webhooks as the carrier sends them: signed forms, by the field names of its documentation."""

import base64
import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

import httpx
from litestar import Litestar
from litestar.testing import AsyncTestClient

from nanori.settings import Settings


class CarrierClient:
    """Posts forms to our webhooks under one account."""

    def __init__(self, client: AsyncTestClient[Litestar], settings: Settings) -> None:
        self.client = client
        self.settings = settings

    async def post(self, path: str, *, sign: bool = True, **fields: str) -> httpx.Response:
        """One webhook; ``path`` may carry a query and may be absolute as our documents give it."""
        parts = urlsplit(path)
        own = parts.path + (f"?{parts.query}" if parts.query else "")
        form = {"AccountSid": self.settings.twilio_account_sid, "ApiVersion": "2010-04-01"} | fields
        headers = {}
        if sign:
            headers["X-Twilio-Signature"] = signature(
                self.settings.twilio_auth_token, self.settings.public_url + own, form
            )
        return await self.client.post(own, data=form, headers=headers)

    async def ring(self, call_sid: str, to: str, caller: str = "+819011112222") -> httpx.Response:
        return await self.post(
            "/tw/in", CallSid=call_sid, From=caller, To=to, CallStatus="ringing", Direction="inbound",
            CallerName="",
        )  # fmt: skip


def signature(token: str, url: str, form: dict[str, Any]) -> str:
    """The signature by its published description, written apart from the library that checks it."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), text.encode(), hashlib.sha1)).decode()


def a_call_sid(number: int) -> str:
    return f"CA{number:032x}"
