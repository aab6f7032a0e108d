"""How webhooks are answered: documents, nothing, or a refusal; never an error page."""

from typing import Any
from uuid import UUID

import structlog
from litestar import Request, Response
from litestar.datastructures import State

from telephony import twiml
from telephony.errors import CallNotFound
from telephony.web.signature import Malformed, Unsigned

AnyRequest = Request[Any, Any, State]
log = structlog.get_logger()


class UnknownCall(CallNotFound):
    """A webhook about a call that we do not know, or of another call's leg."""

    def __init__(self, call_id: UUID) -> None:
        super().__init__()
        self.call_id = call_id


def document(xml: str) -> Response[str]:
    """A document to play."""
    return Response(xml, media_type="text/xml; charset=utf-8", status_code=200)


def nothing() -> Response[None]:
    """A callback has been taken."""
    return Response(None, status_code=204)


def refuse(request: AnyRequest, error: Unsigned | Malformed) -> Response[str]:
    """To whoever is not the carrier: a status and no word more."""
    log.warning("webhook.refused", status=error.status_code, route=request.scope["path_template"])
    return Response("", media_type="text/plain", status_code=error.status_code)


def not_known(request: AnyRequest, error: UnknownCall) -> Response[Any]:
    """Nothing to go on with: whoever is on the line hears so, a callback is taken and changes nothing."""
    log.warning("webhook.unknown_call", route=request.scope["path_template"], call_id=str(error.call_id))
    return nothing() if _only_tells(request) else document(twiml.sorry())


def apologise(request: AnyRequest, error: Exception) -> Response[Any]:
    """Something broke: a caller hears it in words, a callback is written down; nobody gets a 500."""
    log.error(
        "webhook.failed", route=request.scope["path_template"], error=type(error).__name__, exc_info=error
    )
    request.scope["state"]["undo"] = True  # the answer is a 200, what was half done must still go
    return nothing() if _only_tells(request) else document(twiml.sorry())


def _only_tells(request: AnyRequest) -> bool:
    return "/cb/" in request.scope["path"]
