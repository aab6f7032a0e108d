"""How webhooks are answered: documents, nothing, or a refusal; never an error page."""

from typing import Any

import structlog
from litestar import Request, Response
from litestar.datastructures import State

from telephony import twiml
from telephony.web.signature import Malformed, Unsigned

AnyRequest = Request[Any, Any, State]
log = structlog.get_logger()


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


def apologise(request: AnyRequest, error: Exception) -> Response[Any]:
    """Something broke: a caller hears it in words, a callback is written down; nobody gets a 500."""
    log.error(
        "webhook.failed", route=request.scope["path_template"], error=type(error).__name__, exc_info=error
    )
    request.scope["state"]["undo"] = True  # the answer is a 200, what was half done must still go
    is_callback = "/cb/" in request.scope["path"]
    return nothing() if is_callback else document(twiml.sorry())
