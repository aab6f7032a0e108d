"""HTTP transport for the ``twilio`` package.

The package's own asynchronous client ignores its timeout, can hand one request's answer to another and can
repeat a POST; this one has a total timeout, repeats only what was refused as too much, limits concurrency and
can point at another host.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
from twilio.http import AsyncHttpClient
from twilio.http.response import Response

from telephony.carrier_errors import CarrierUnknown

_TOO_MANY_REQUESTS = 429
_log = logging.getLogger(__name__)


class CarrierTransport(AsyncHttpClient):
    """Asynchronous requests of the ``twilio`` client over httpx.

    Args:
        base_url: replaces scheme and host of every request, to speak to a simulated carrier.
        transport: an httpx transport, for example one that calls an ASGI application in process.
        timeout_seconds: for one attempt, from start to last byte.
        attempts: how often a request is tried while the answer is 429; any other answer is final.
        at_once: how many requests may run at the same time.
        sleep: waits between attempts.
    """

    def __init__(
        self,
        *,
        base_url: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        timeout_seconds: float = 5.0,
        attempts: int = 4,
        at_once: int = 20,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        super().__init__(_log, is_async=True, timeout=timeout_seconds)
        self._base = httpx.URL(base_url) if base_url else None
        self._client = httpx.AsyncClient(transport=transport, timeout=timeout_seconds, trust_env=False)
        self._timeout_seconds = timeout_seconds
        self._attempts = attempts
        self._gate = asyncio.Semaphore(at_once)
        self._sleep = sleep

    async def request(  # type: ignore[override]  # the package's own client does the same
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of the package
        allow_redirects: bool = False,
    ) -> Response:
        """One request of the ``twilio`` client."""
        request = self._client.build_request(
            method, self._address(uri), params=params, data=_form(data), headers=headers
        )
        answer = await self._send(request, auth, timeout or self._timeout_seconds, follow=allow_redirects)
        return Response(answer.status_code, answer.text, answer.headers)

    async def download(self, uri: str, *, auth: tuple[str, str], at_most_seconds: float) -> httpx.Response:
        """A body as bytes, which the package cannot fetch; follows redirects to the media store."""
        request = self._client.build_request("GET", self._address(uri))
        return await self._send(request, auth, at_most_seconds, follow=True)

    async def close(self) -> None:
        await self._client.aclose()

    def _address(self, uri: str) -> httpx.URL:
        asked = httpx.URL(uri)
        if self._base is None:
            return asked
        return asked.copy_with(scheme=self._base.scheme, host=self._base.host, port=self._base.port)

    async def _send(
        self, request: httpx.Request, auth: tuple[str, str] | None, seconds: float, *, follow: bool
    ) -> httpx.Response:
        async with self._gate:
            for attempt in range(1, self._attempts + 1):
                answer = await self._once(request, auth, seconds, follow=follow)
                if answer.status_code != _TOO_MANY_REQUESTS or attempt == self._attempts:
                    break
                await self._sleep(_backoff_seconds(attempt))
        return answer

    async def _once(
        self, request: httpx.Request, auth: tuple[str, str] | None, seconds: float, *, follow: bool
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(seconds):
                return await self._client.send(request, auth=auth, follow_redirects=follow)
        except (TimeoutError, httpx.TransportError) as error:
            raise CarrierUnknown(f"{request.method} {request.url.path}: {type(error).__name__}") from error


def _form(data: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Field values as the carrier spells them; a list becomes a repeated field."""
    if data is None:
        return None
    return {name: _spelled(value) for name, value in data.items()}


def _spelled(value: Any) -> Any:
    if isinstance(value, list):
        return [_spelled(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _backoff_seconds(attempt: int) -> float:
    """0.25 s, 0.5 s, 1 s, …, each with up to as much again of jitter."""
    step = 0.25 * 2.0 ** (attempt - 1)
    return step + random.uniform(0, step)  # noqa: S311 - jitter, not a secret
