"""Serves the simulated carrier over HTTP: Twilio's REST paths, and a control interface of its own."""

import asyncio
import base64
import hmac
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qsl, urlencode

import httpx
import uvicorn
from litestar import Litestar, Request, Response, route

from telephony.adapters.simulator import contract
from telephony.adapters.simulator.control import control_router
from telephony.adapters.simulator.description import Description
from telephony.adapters.simulator.operations import OPERATIONS
from telephony.adapters.simulator.resources import CREATED, Answer, RestError, not_found
from telephony.adapters.simulator.rest import Rest
from telephony.adapters.simulator.simulator import Simulator

_LOST: Final = "X-Sim-Answer-Lost"
_MEDIA: Final = ".wav"

HttpRequest = Request[Any, Any, Any]


class RestDoor:
    """Checks who asks and what for, then performs it.

    Args:
        description: Twilio's own description, checked besides the table.
    """

    def __init__(self, simulator: Simulator, description: Description | None = None) -> None:
        self._simulator = simulator
        self._rest = Rest(simulator.exchange)
        self._description = description
        credentials = f"{simulator.account_sid}:{simulator.auth_token}".encode()
        self._authorization = "Basic " + base64.b64encode(credentials).decode()

    async def answer(self, request: HttpRequest) -> Response[Any]:
        path = request.scope["path"]
        pairs = parse_qsl((await request.body()).decode(), keep_blank_values=True)
        pairs += parse_qsl(request.scope["query_string"].decode(), keep_blank_values=True)
        try:
            self._authenticate(request)
            if request.method == "GET" and path.endswith(_MEDIA):
                return self._media(path)
            status, body = self._perform(request.method, path, pairs)
            _name_next_page(body, path, pairs)
            await self._tell_early(status, body)
        except RestError as refused:
            status, body = refused.status, refused.body()
        self._note(request.method, path, pairs, status)
        return self._respond(status, body, writes=request.method != "GET")

    def _authenticate(self, request: HttpRequest) -> None:
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), self._authorization.encode()):
            raise RestError(401, 20003, "Authenticate")

    def _perform(self, method: str, path: str, pairs: contract.Pairs) -> Answer:
        if self._happens(self._simulator.faults.rest_busy):
            raise RestError(429, 20429, "Too many requests")
        found = contract.find(OPERATIONS, method, path)
        if found is None:
            self._simulator.contract_violations.append(f"{method} {path}: not in the contract")
            raise not_found(path)
        operation, identifiers = found
        wrong = contract.violations(operation, identifiers, pairs)
        if self._description is not None:
            wrong += self._description.violations(operation, identifiers, pairs)
        if wrong:
            self._simulator.contract_violations += [f"{operation.name}: {one}" for one in wrong]
            raise RestError(400, 20001, "; ".join(wrong))
        form: dict[str, list[str]] = {}
        for name, value in pairs:
            form.setdefault(name, []).append(value)
        return self._rest.perform(operation.name, identifiers, form)

    async def _tell_early(self, status: int, body: dict[str, Any] | None) -> None:
        exchange = self._simulator.exchange
        leg = exchange.legs.get((body or {}).get("call_sid") or (body or {}).get("sid", ""))
        if status == CREATED and leg is not None and self._happens(exchange.faults.early_callbacks):
            await exchange.outgoing.dial_early(leg)

    def _media(self, path: str) -> Response[bytes]:
        sid = path.rsplit("/", 1)[-1].removesuffix(_MEDIA)
        return Response(self._rest.wav(sid), media_type="audio/x-wav")

    def _respond(self, status: int, body: dict[str, Any] | None, *, writes: bool) -> Response[Any]:
        if writes and self._happens(self._simulator.faults.rest_timeout):
            return Response(
                {"code": 20500, "message": "Gateway timeout"}, status_code=504, headers={_LOST: "1"}
            )
        return Response(body, status_code=status)

    def _note(self, method: str, path: str, pairs: contract.Pairs, status: int) -> None:
        simulator = self._simulator
        simulator.timeline.add(
            simulator.now, "", "rest", method=method, path=path, fields=pairs, status=status
        )

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self._simulator.exchange.chance.random() < chance


def _name_next_page(body: dict[str, Any] | None, path: str, pairs: contract.Pairs) -> None:
    """The next page of a list is at the same path and of the same search."""
    if body and body.get("next_page_uri"):
        search = urlencode([pair for pair in pairs if pair[0] not in {"Page", "PageSize"}])
        body["next_page_uri"] = f"{path}{body['next_page_uri']}" + (f"&{search}" if search else "")


def build_simulator_app(
    simulator: Simulator, *, control_key: str | None = None, description: Path | None = None
) -> Litestar:
    """The ASGI application of a simulator.

    Args:
        control_key: what ``X-Sim-Key`` must carry on ``/sim/…``; without one there is no control interface.
        description: file with Twilio's description of its REST interface, when at hand.
    """
    door = RestDoor(simulator, Description(description) if description else None)

    @route("/2010-04-01/{rest:path}", http_method=["GET", "POST", "DELETE"], status_code=200)
    async def rest_interface(request: HttpRequest) -> Response[Any]:
        return await door.answer(request)

    routes: list[Any] = [rest_interface]
    if control_key is not None:
        routes.append(control_router(simulator, control_key))
    return Litestar(route_handlers=routes, openapi_config=None, logging_config=None)


class InProcess(httpx.AsyncBaseTransport):
    """Carries our REST requests to a simulator in the same process.

    An answer lost on purpose becomes a timeout.
    """

    def __init__(self, app: Litestar) -> None:
        self._inner = httpx.ASGITransport(app=cast(Any, app))  # httpx spells ASGI types its own way

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._inner.handle_async_request(request)
        if _LOST in answer.headers:
            raise httpx.ReadTimeout("The answer was lost on purpose", request=request)
        return answer


async def serve(
    simulator: Simulator, *, host: str, port: int, control_key: str, description: Path | None = None
) -> None:
    """Serve a simulator in real time until stopped by a signal."""
    app = build_simulator_app(simulator, control_key=control_key, description=description)
    server = uvicorn.Server(uvicorn.Config(app, host=host, port=port, log_level="warning"))
    clock = asyncio.create_task(simulator.scheduler.drive())
    serving = asyncio.create_task(server.serve())
    try:
        await asyncio.wait({clock, serving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        clock.cancel()
        outcomes = await asyncio.gather(serving, clock, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome
