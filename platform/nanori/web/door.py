"""The door: signing in, signing out, choosing a language."""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from litestar import Controller, Request, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from sqlalchemy.ext.asyncio import AsyncSession

from nanori import audit
from nanori.actors import Actor, ActorKind, Role
from nanori.context import Context
from nanori.errors import Throttled
from nanori.identity import commands, queries, throttle
from nanori.identity.errors import WrongLogin
from nanori.identity.models import Account
from nanori.identity.passwords import matches
from nanori.identity.queries import SignedIn
from nanori.installation import Installation
from nanori.web.access import allow, anyone
from nanori.web.cookies import locale_cookie, session_cookie
from nanori.web.page import context_of, go, installation_of, render, words_of

AnyRequest = Request[Any, Any, State]
LOCALES = frozenset({"ja", "en"})


class Door(Controller):
    """Every page here works without an account, or ends one's visit."""

    @get("/login", opt=anyone("the way in"))
    async def show_login(self, request: AnyRequest) -> Template | Redirect:
        if context_of(request).roles:
            return Redirect("/", status_code=303)
        asked = request.query_params
        return _login_page(request, next_page=asked.get("next", "/"), locale=asked.get("locale", ""))

    @post("/login", opt=anyone("the way in"))
    async def sign_in(
        self, request: AnyRequest, session: NamedDependency[AsyncSession]
    ) -> Template | Redirect:
        """Check the password, slowly for whoever fails often; a new session value each time.

        A language that was chosen on this page is the account's from now on.
        """
        form = await request.form()
        email, password = str(form.get("email", "")).strip(), str(form.get("password", ""))
        next_page, locale = str(form.get("next", "/")), str(form.get("locale", ""))
        house, context = installation_of(request), context_of(request)
        try:
            account = await _identify(house, request, session, email=email, password=password)
        except (WrongLogin, Throttled) as refusal:
            said = refusal.said_in(words_of(request))
            return _login_page(
                request, next_page=next_page, locale=locale, email=email, error=said,
                status=refusal.status_code,
            )  # fmt: skip
        if locale in LOCALES:
            await commands.set_locale(session, account.id, locale)
        cookie = await commands.open_session(session, account.id, now=context.now)
        await _audit_login(session, context, account)
        return go(request, _own_path(next_page), cookies=[session_cookie(house.settings, cookie)])

    @post("/logout", opt=allow(*Role))
    async def sign_out(self, request: AnyRequest) -> Redirect:
        """End the session for good; a slow request of it cannot bring it back."""
        house, context = installation_of(request), context_of(request)
        person: SignedIn = request.scope["state"]["person"]
        async with house.staff.begin() as session:
            await commands.close_session(session, person.id_hash, now=context.now)
            await audit.record(session, context, "logout")
        answer = go(request, "/login", cookies=[session_cookie(house.settings, "")])
        answer.headers["Clear-Site-Data"] = '"cache", "storage"'
        return answer

    @post("/language", opt=anyone("a stranger reads the login page too"))
    async def choose_language(self, request: AnyRequest) -> Redirect:
        form = await request.form()
        locale = "en" if form.get("locale") == "en" else "ja"
        house, context = installation_of(request), context_of(request)
        back = _own_path(str(form.get("back", "/")))
        if context.actor.account_id is not None:
            async with house.staff.begin() as session:
                await commands.set_locale(session, context.actor.account_id, locale)
        elif urlsplit(back).path == "/login":
            asked = dict(parse_qsl(urlsplit(back).query)) | {"locale": locale}
            back = f"/login?{urlencode(asked)}"
        return go(request, back, cookies=[locale_cookie(house.settings, locale)])


async def _identify(
    house: Installation, request: AnyRequest, session: AsyncSession, *, email: str, password: str
) -> Account:
    """The account behind a login, or a refusal that is counted in its own transaction."""
    now = house.clock.now()
    secret = house.settings.secret_key
    address = request.client.host if request.client else "unknown"
    buckets = [
        ("login.account", throttle.subject_hash(secret, email.lower())),
        ("login.address", throttle.subject_hash(secret, address)),
    ]
    for purpose, subject in buckets:
        seconds = await throttle.seconds_blocked(session, purpose, subject, now=now)
        if seconds:
            raise Throttled(seconds=seconds)
    account = await queries.account_by_login(session, email)
    right = await matches(password, account.password_hash if account else None)
    if not right or account is None or account.disabled_at is not None:
        await session.rollback()  # the refusal would roll it back anyway; the count must stay
        async with house.staff.begin() as counting:
            for purpose, subject in buckets:
                await throttle.count_failure(counting, purpose, subject, now=now)
        raise WrongLogin
    await throttle.forget(session, *buckets[0])
    return account


async def _audit_login(session: AsyncSession, context: Context, account: Account) -> None:
    someone = Context(
        actor=Actor(kind=ActorKind.SYSTEM, account_id=account.id), name="", roles=frozenset(),
        shops=frozenset(), locale=context.locale, zone=context.zone, now=context.now,
        request_id=context.request_id,
    )  # fmt: skip
    await audit.record(session, someone, "login")


def _login_page(
    request: AnyRequest, *, next_page: str, locale: str, email: str = "", error: str = "", status: int = 200
) -> Template:
    """``locale``: chosen on this page, "" when not."""
    accounts = request.app.state.demo_accounts if installation_of(request).settings.demo else []
    return render(
        request, "nanori/login.html", status=status, next=_own_path(next_page), locale=locale, email=email,
        error=error, demo_accounts=accounts,
    )  # fmt: skip


def _own_path(path: str) -> str:
    """A path on this site; anything that could lead elsewhere becomes the start page."""
    safe = (
        path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path and "\r" not in path
    )
    return path if safe else "/"
