"""Is an unsafe request from our own page? The browser's word first, then a token bound to the session."""

import hmac

from litestar import Request
from litestar.datastructures import State
from litestar.enums import RequestEncodingType

from nanori.identity.queries import SignedIn
from nanori.settings import Settings
from nanori.web.cookies import csrf_token
from nanori.web.errors import ForeignRequest

FORM_TYPES = (RequestEncodingType.URL_ENCODED, RequestEncodingType.MULTI_PART)


def check_origin(request: Request[object, object, State], settings: Settings) -> None:
    """Refuse what a browser says comes from elsewhere. Without a browser's headers the token decides.

    Raises:
        ForeignRequest: another site asks.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise ForeignRequest
        return
    origin = request.headers.get("origin")
    if origin is not None and origin != settings.public_url:
        raise ForeignRequest


async def check_token(
    request: Request[object, object, State], settings: Settings, person: SignedIn | None
) -> None:
    """Compare the token of header ``X-CSRF-Token`` or field ``_csrf`` with the session's own.

    Raises:
        ForeignRequest: it is missing or of another session.
    """
    if person is None:
        return
    given = request.headers.get("x-csrf-token")
    if given is None and (request.content_type[0] in FORM_TYPES):
        field = (await request.form()).get("_csrf")
        given = field if isinstance(field, str) else None
    if given is None or not hmac.compare_digest(
        given.encode(), csrf_token(settings, person.id_hash).encode()
    ):
        raise ForeignRequest
