"""Our cookies and the tokens bound to them."""

import hashlib
import hmac
from typing import Literal

import msgspec
from litestar.datastructures import Cookie

from nanori.settings import Settings

NOTICE_SECONDS = 30
LOCALE_SECONDS = 365 * 24 * 3600


class Notice(msgspec.Struct, frozen=True):
    """A sentence shown once on the next page."""

    kind: Literal["good", "warn", "bad"]
    text: str


def session_cookie_name(settings: Settings) -> str:
    """``__Host-`` keeps sibling hosts from planting one; browsers grant it to HTTPS only."""
    return "__Host-nanori" if _secure(settings) else "nanori"


def session_cookie(settings: Settings, value: str) -> Cookie:
    """Carries a login session; an empty value takes it away."""
    return Cookie(
        key=session_cookie_name(settings),
        value=value,
        path="/",
        httponly=True,
        samesite="lax",
        secure=_secure(settings),
        max_age=0 if value == "" else None,
    )


def locale_cookie(settings: Settings, locale: str) -> Cookie:
    """Remembers the language of somebody who is not signed in."""
    return Cookie(
        key="nanori_locale", value=locale, path="/", httponly=True, samesite="lax",
        secure=_secure(settings), max_age=LOCALE_SECONDS,
    )  # fmt: skip


def notice_cookie(settings: Settings, notice: Notice | None) -> Cookie:
    """Carries a notice over a redirect, signed, so that nobody else can put words on our pages."""
    value = "" if notice is None else _signed(settings, msgspec.json.encode(notice))
    return Cookie(
        key="nanori_notice", value=value, path="/", httponly=True, samesite="lax",
        secure=_secure(settings), max_age=NOTICE_SECONDS if value else 0,
    )  # fmt: skip


def read_notice(settings: Settings, value: str | None) -> Notice | None:
    """The notice of a cookie, or None when there is none or it is not ours."""
    payload, _, seal = (value or "").partition(".")
    if not payload or not hmac.compare_digest(_seal(settings, payload).encode(), seal.encode()):
        return None
    return msgspec.json.decode(bytes.fromhex(payload), type=Notice)


def csrf_token(settings: Settings, id_hash: bytes) -> str:
    """The token of one login session: worthless for any other."""
    return hmac.new(settings.secret_key.encode(), b"csrf:" + id_hash, hashlib.sha256).hexdigest()


def _signed(settings: Settings, payload: bytes) -> str:
    return f"{payload.hex()}.{_seal(settings, payload.hex())}"


def _seal(settings: Settings, payload: str) -> str:
    return hmac.new(settings.secret_key.encode(), b"notice:" + payload.encode(), hashlib.sha256).hexdigest()


def _secure(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")
