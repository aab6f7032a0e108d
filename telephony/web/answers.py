"""How webhooks are answered: documents, nothing, or a refusal; never silence, never an error page."""

from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import structlog
from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State
from sqlalchemy.exc import SQLAlchemyError

from nanori.alerts import Alarm, raise_alert_apart
from nanori.installation import Installation
from telephony import alarms, twiml
from telephony.errors import CallNotFound
from telephony.urls import ASKED_AGAIN, Urls
from telephony.web.signature import Malformed, Unsigned

AnyRequest = Request[Any, Any, State]
TRIES = 2
"""How often a caller is asked to wait a moment while the same webhook is tried again."""
log = structlog.get_logger()


class UnknownCall(CallNotFound):
    """A webhook about a call that we do not know, or of another call's leg."""

    def __init__(self, call_id: UUID) -> None:
        super().__init__()
        self.call_id = call_id


def document(xml: str) -> Response[Any]:
    """A document to play."""
    return Response(xml, media_type="text/xml; charset=utf-8", status_code=200)


def nothing() -> Response[Any]:
    """A callback has been taken."""
    return Response(None, status_code=204)


def refuse_unsigned(request: AnyRequest, error: Unsigned) -> Response[Any]:
    """To whoever is not the carrier: a status and no word more."""
    return _refuse(request, error, alarms.WEBHOOKS_REFUSED, "")


def refuse_malformed(request: AnyRequest, error: Malformed) -> Response[Any]:
    return _refuse(request, error, alarms.WEBHOOKS_MALFORMED, _route(request))


def say_not_known(request: AnyRequest, error: UnknownCall) -> Response[Any]:
    """There is nothing to go on with, and whoever is on the line hears so."""
    return _not_known(request, error, document(twiml.sorry()))


def take_not_known(request: AnyRequest, error: UnknownCall) -> Response[Any]:
    """A callback about no call of ours is taken, and changes nothing."""
    return _not_known(request, error, nothing())


def apologise(request: AnyRequest, error: Exception) -> Response[Any]:
    """Something broke on the way of an agent or a contact, who hears it in words and can try again."""
    return _broken(request, error, document(twiml.sorry()))


def write_down(request: AnyRequest, error: Exception) -> Response[Any]:
    """Something broke while a callback was taken."""
    return _broken(request, error, nothing())


def try_again(request: AnyRequest, error: Exception) -> Response[Any]:
    """Something broke on a caller's way: a moment's patience and the same once more, then a way out."""
    return _broken(request, error, document(_way_on(request)))


def _way_on(request: AnyRequest) -> str:
    path = request.scope["path"]
    query = dict(parse_qsl(request.scope["query_string"].decode("ascii", "replace")))
    tried = int(query["again"]) if query.get("again", "").isdecimal() else 0
    public_url = _house(request).settings.public_url
    if tried < TRIES or path.endswith("/hold"):
        again = urlencode(query | {"again": tried + 1})
        return twiml.once_more(f"{public_url}{path}?{again}{ASKED_AGAIN}")
    if path.endswith("/wait"):
        return twiml.leave_queue()  # a waiting document can only play, redirect and leave
    return twiml.fallback(Urls(public_url).fallback_message)


def _broken(request: AnyRequest, error: Exception, answer: Response[Any]) -> Response[Any]:
    log.error("webhook.failed", route=_route(request), error=type(error).__name__, exc_info=error)
    request.scope["state"]["undo"] = True  # the answer is a 200, what was half done must still go
    detail = type(error).__name__
    return told_of(request, answer, alarms.WEBHOOK_FAILED, _route(request), detail=detail)


def _not_known(request: AnyRequest, error: UnknownCall, answer: Response[Any]) -> Response[Any]:
    log.warning("webhook.unknown_call", route=_route(request), call_id=str(error.call_id))
    return told_of(request, answer, alarms.CALLS_UNKNOWN, "")


def _refuse(request: AnyRequest, error: Unsigned | Malformed, alarm: Alarm, subject: str) -> Response[Any]:
    log.warning("webhook.refused", status=error.status_code, route=_route(request))
    answer = Response("", media_type="text/plain", status_code=error.status_code)
    return told_of(request, answer, alarm, subject)


def told_of(
    request: AnyRequest, answer: Response[Any], alarm: Alarm, subject: str = "", *, detail: str = ""
) -> Response[Any]:
    """The answer; after it has left, and not for each of a flood, operators are told. Needs no database."""
    now = request.scope["state"]["context"].now
    times = request.app.state.tally.count(alarm, subject, now=now)
    if times:
        told = {"alarm": alarm, "subject": subject, "detail": detail, "times": times, "now": now}
        answer.background = BackgroundTask(_tell, _house(request), told)
    return answer


async def _tell(house: Installation, told: dict[str, Any]) -> None:
    """Without a database the alert is lost and the log holds it; the answer has left already."""
    try:
        await raise_alert_apart(house.staff, **told)
    except (SQLAlchemyError, OSError) as problem:
        log.warning("alert.not_raised", alarm=told["alarm"].name, error=type(problem).__name__)


def _route(request: AnyRequest) -> str:
    route: str = request.scope["path_template"]
    return route


def _house(request: AnyRequest) -> Installation:
    house: Installation = request.app.state.installation
    return house
