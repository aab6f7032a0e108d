"""The control interface: play the people at the telephones of a simulated carrier.

All paths need the header ``X-Sim-Key``. Unknown legs and numbers answer 404, bad input 400, with ``message``.
"""

import hmac
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from litestar import Request, Response, Router, delete, get, post
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from telephony.adapters.simulator.endpoints import BEHAVIOURS, Endpoint
from telephony.adapters.simulator.hearing import heard
from telephony.adapters.simulator.legs import Leg
from telephony.adapters.simulator.simulator import NotInService, Simulator
from telephony.adapters.simulator.stories import callers, record, story

HttpRequest = Request[Any, Any, Any]
LONGEST_STEP_SECONDS = 86_400


class BadInput(ValueError):  # noqa: N818 - named for the fact
    """The body of a request says something else than expected."""


def control_router(simulator: Simulator, key: str) -> Router:
    """Routes under ``/sim`` for one simulator."""

    def guard(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if not hmac.compare_digest(connection.headers.get("x-sim-key", "").encode(), key.encode()):
            raise NotAuthorizedException("X-Sim-Key is missing or wrong")

    return Router(
        path="/sim",
        route_handlers=[*_call_routes(simulator), *_setting_routes(simulator), *_reading_routes(simulator)],
        guards=[guard],
        exception_handlers={
            KeyError: lambda _, error: _refusal(404, f"There is no {error.args[0]}"),
            NotInService: lambda _, error: _refusal(404, f"{error} is not in service"),
            ValueError: lambda _, error: _refusal(400, str(error)),
        },
    )


def leg_record(leg: Leg) -> dict[str, Any]:
    """One leg as the demo's page shows it, with what it hears now."""
    return {
        "sid": leg.sid,
        "direction": leg.direction,
        "from": leg.from_,
        "to": leg.to,
        "identity": leg.identity,
        "status": leg.status,
        "is_over": leg.is_over,
        "conference": leg.conference.name if leg.conference else "",
        "label": leg.participant.label if leg.participant else "",
        "is_held": bool(leg.participant and leg.participant.held),
        "is_recording": bool(leg.interpreter and leg.interpreter.is_recording),
        "created_at": leg.created_at.isoformat(),
        "answered_at": leg.answered_at.isoformat() if leg.answered_at else None,
        "ended_at": leg.ended_at.isoformat() if leg.ended_at else None,
        "hears": [asdict(thing) for thing in heard(leg)],
    }


def _call_routes(simulator: Simulator) -> list[Any]:
    deeds = _deeds(simulator)

    @post("/calls", status_code=201)
    async def place_call(request: HttpRequest) -> dict[str, Any]:
        asked = await _object(request)
        sid = simulator.place_call(
            _text(asked, "from"), _text(asked, "to"), speaks_seconds=float(asked.get("speaks_seconds", 3600))
        )
        return leg_record(simulator.leg(sid))

    @post("/legs/{sid:str}/{deed:str}", status_code=200)
    async def act(request: HttpRequest, sid: FromPath[str], deed: FromPath[str]) -> dict[str, Any]:
        leg = simulator.leg(sid)
        deeds[deed](sid, await _object(request))
        return leg_record(leg)

    @post("/clients/{identity:str}/connect", status_code=201)
    async def connect(request: HttpRequest, identity: FromPath[str]) -> dict[str, Any]:
        params = (await _object(request)).get("params", {})
        if not isinstance(params, dict):
            raise BadInput("params is an object of texts")
        sid = simulator.client_connect(identity, {str(name): str(value) for name, value in params.items()})
        return leg_record(simulator.leg(sid))

    @post("/clients/{identity:str}/disconnect", status_code=200)
    async def disconnect(identity: FromPath[str]) -> dict[str, Any]:
        ended = [leg.sid for leg in simulator.live_legs if leg.identity == identity]
        for sid in ended:
            simulator.client_disconnect(sid)
        return {"ended": ended}

    return [place_call, act, connect, disconnect]


def _deeds(simulator: Simulator) -> dict[str, Callable[[str, dict[str, Any]], None]]:
    """What the person at a leg can do, by the last part of the path."""
    return {
        "digits": lambda sid, asked: simulator.press(sid, _text(asked, "digits")),
        "mute": lambda sid, asked: simulator.client_mute(sid, muted=bool(asked.get("muted", True))),
        "hangup": lambda sid, _: simulator.hang_up(sid),
        "answer": lambda sid, _: simulator.answer(sid),
        "decline": lambda sid, _: simulator.decline(sid),
        "busy": lambda sid, _: simulator.decline(sid, "busy"),
        "noanswer": lambda sid, _: simulator.decline(sid, "no-answer"),
    }


def _setting_routes(simulator: Simulator) -> list[Any]:
    @post("/endpoints/{number:str}", status_code=200)
    async def set_endpoint(request: HttpRequest, number: FromPath[str]) -> dict[str, Any]:
        asked = await _object(request)
        if asked.get("behaviour", "human") not in BEHAVIOURS:
            raise ValueError(f"behaviour is one of {', '.join(sorted(BEHAVIOURS))}")
        try:
            endpoint = Endpoint(**asked)
        except TypeError as error:
            raise ValueError(str(error)) from error
        simulator.settings.endpoints[number] = endpoint
        return asdict(endpoint)

    @delete("/endpoints/{number:str}", status_code=204)
    async def forget_endpoint(number: FromPath[str]) -> None:
        simulator.settings.endpoints.pop(number, None)

    @post("/faults", status_code=200)
    async def set_faults(request: HttpRequest) -> dict[str, Any]:
        simulator.faults.set(await _object(request))
        return asdict(simulator.faults)

    @post("/clock/advance", status_code=200)
    async def advance(request: HttpRequest) -> dict[str, str]:
        """Let virtual time pass; refused while the carrier follows the wall clock."""
        seconds = (await _object(request)).get("seconds")
        if not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST_STEP_SECONDS:
            raise ValueError(f"seconds is a number from 0 to {LONGEST_STEP_SECONDS}")
        if simulator.scheduler.is_driven:
            raise ValueError("This carrier follows the wall clock.")
        await simulator.advance(seconds)
        return {"now": simulator.now.isoformat()}

    return [set_endpoint, forget_endpoint, set_faults, advance]


def _reading_routes(simulator: Simulator) -> list[Any]:
    @get("/state")
    async def state() -> dict[str, Any]:
        return {
            "now": simulator.now.isoformat(),
            "legs": [leg_record(leg) for leg in simulator.live_legs],
            "queues": [
                {"name": queue.name, "waiting": [member.leg.sid for member in queue.members]}
                for queue in simulator.exchange.queues.values()
            ],
            "endpoints": {number: asdict(one) for number, one in simulator.settings.endpoints.items()},
            "faults": asdict(simulator.faults),
            "problems": [asdict(one) | {"at": one.at.isoformat()} for one in simulator.problems[-20:]],
            "timeline_length": len(simulator.timeline.entries),
        }

    @get("/legs/{sid:str}")
    async def leg(sid: FromPath[str]) -> dict[str, Any]:
        return leg_record(simulator.leg(sid))

    @get("/hears/{sid:str}")
    async def hears(sid: FromPath[str]) -> dict[str, Any]:
        silence = simulator.longest_silence(sid)
        return {"hears": [asdict(thing) for thing in simulator.hears(sid)], "longest_silence": silence}

    @get("/timeline")
    async def timeline(request: HttpRequest) -> list[dict[str, Any]]:
        since = request.query_params.get("since", "0")
        return simulator.timeline.as_records(since=int(since))

    @get("/callers")
    async def newest_callers() -> list[dict[str, Any]]:
        return [leg_record(one) for one in callers(simulator.exchange)]

    @get("/callers/{sid:str}/story")
    async def story_of(sid: FromPath[str]) -> list[dict[str, Any]]:
        return [record(simulator.exchange, entry) for entry in story(simulator.exchange, sid)]

    return [state, leg, hears, timeline, newest_callers, story_of]


async def _object(request: HttpRequest) -> dict[str, Any]:
    asked = await request.json()
    if asked is None:
        return {}
    if not isinstance(asked, dict):
        raise BadInput("The body is an object")
    return asked


def _text(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is a text")
    return value


def _refusal(status: int, message: str) -> Response[dict[str, str]]:
    return Response({"message": message}, status_code=status)
