"""Ways from the simulated carrier and the browsers to our application, all within one process."""

from collections.abc import Callable, Mapping

import httpx

Tamper = Callable[[httpx.Request, str], str]
"""From a request and our answer to what arrives instead."""


class Waking(httpx.AsyncBaseTransport):
    """Our application as a transport; each request that changes something may have left work to do.

    While the house is down, nobody answers.
    """

    def __init__(
        self, inner: httpx.AsyncBaseTransport, wake: Callable[[], None], is_down: Callable[[], bool]
    ) -> None:
        self._inner = inner
        self._wake = wake
        self._is_down = is_down

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self._is_down():
            raise httpx.ConnectError("the house is down")
        answer = await self._inner.handle_async_request(request)
        if request.method != "GET":
            self._wake()
        return answer


class Later(httpx.AsyncBaseTransport):
    """A transport that is known only after whoever uses it has been made; beside it, documents elsewhere."""

    def __init__(self) -> None:
        self.inner: httpx.AsyncBaseTransport | None = None
        self.elsewhere: Mapping[str, str] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        document = self.elsewhere.get(str(request.url))
        if document is not None:
            return httpx.Response(200, headers={"Content-Type": "text/xml"}, text=document)
        if self.inner is None:
            raise httpx.ConnectError("nobody is there yet")
        return await self.inner.handle_async_request(request)


class Tampering(httpx.AsyncBaseTransport):
    """Changes what our side answers before the carrier reads it."""

    def __init__(self, inner: httpx.AsyncBaseTransport, tamper: Tamper) -> None:
        self._inner = inner
        self._tamper = tamper

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        said = (await answer.aread()).decode()
        kind = answer.headers.get("Content-Type", "")
        return httpx.Response(
            answer.status_code, headers={"Content-Type": kind}, text=self._tamper(request, said)
        )
