"""From a failure to words: full pages for people, fragments for HTMX, JSON for programs."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import structlog
from litestar import MediaType, Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_400_BAD_REQUEST, HTTP_500_INTERNAL_SERVER_ERROR
from uuid_utils.compat import uuid7

from nanori.context import Context
from nanori.errors import Error, Forbidden, InvalidInput, NotFound, Rejected
from nanori.web.errors import SignInFirst
from nanori.web.page import render
from nanori.words import Words, preferred_locale, words_for

AnyRequest = Request[Any, Any, State]
log = structlog.get_logger()

GONE = "client disconnected prematurely"
"""Litestar's words for a sender who leaves in the middle of a request: nobody is there to be told."""
BY_STATUS: dict[int, type[Error]] = {
    403: Forbidden,
    404: NotFound,
    405: NotFound,
    409: Rejected,
    422: InvalidInput,
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What a problem page says."""

    status: int
    code: str
    message: str
    request_id: str


def show_error(request: AnyRequest, error: Error) -> Response[Any]:
    """An expected refusal, in the reader's language."""
    if isinstance(error, SignInFirst) and not _wants_fragment(request) and not _wants_json(request):
        return Redirect(f"/login?next={quote(request.url.path)}", status_code=303)
    context: Context | None = request.scope["state"].get("context")
    words = _words(request, context)
    problem = Problem(error.status_code, type(error).__name__, error.said_in(words), _request_id(context))
    fields = {name: words.gettext(text) for name, text in getattr(error, "fields", {}).items()}
    return _answer(request, problem, fields)


def show_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals (unknown route, malformed path) in our words."""
    if error.detail == GONE:
        log.info("request.given_up", request_id=_request_id(request.scope["state"].get("context")))
        return Response("", status_code=HTTP_400_BAD_REQUEST, media_type=MediaType.TEXT)
    if error.status_code >= HTTP_500_INTERNAL_SERVER_ERROR:
        return show_bug(request, error)
    kind = BY_STATUS.get(error.status_code, InvalidInput)
    return show_error(request, kind())


def show_bug(request: AnyRequest, error: Exception) -> Response[Any]:
    """A bug or an outage: logged with its number, told without a word of its content."""
    context: Context | None = request.scope["state"].get("context")
    number = _request_id(context)
    log.error("request.failed", request_id=number, error=type(error).__name__, exc_info=error)
    words = _words(request, context)
    return _answer(request, Problem(500, "Bug", words.gettext(Error.message), number), {})


def _answer(request: AnyRequest, problem: Problem, fields: dict[str, str]) -> Response[Any]:
    if _wants_json(request):
        told = {"code": problem.code, "message": problem.message, "request_id": problem.request_id}
        return Response(
            told | ({"fields": fields} if fields else {}),
            status_code=problem.status,
            media_type=MediaType.JSON,
        )
    if request.scope["state"].get("context") is None:
        return Template(
            "nanori/problem_bare.html",
            context={"problem": problem, "words": _words(request, None)},
            status_code=problem.status,
        )
    template = "nanori/_problem.html" if _wants_fragment(request) else "nanori/problem.html"
    return render(request, template, status=problem.status, problem=problem)


def _words(request: AnyRequest, context: Context | None) -> Words:
    """Of the reader, as far as the failure lets us know: the context, the cookie, the browser's wish."""
    if context is not None:
        return words_for(context.locale)
    asked = request.cookies.get("nanori_locale") or request.headers.get("accept-language") or ""
    return words_for(preferred_locale(asked, otherwise="ja"))


def _request_id(context: Context | None) -> str:
    return str(context.request_id if context else uuid7())


def _wants_fragment(request: AnyRequest) -> bool:
    return request.headers.get("hx-request") == "true"


def _wants_json(request: AnyRequest) -> bool:
    return "application/json" in request.headers.get("accept", "")
