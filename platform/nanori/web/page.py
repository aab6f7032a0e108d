"""What every page shows around its content, and the one way to draw a template."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar import HttpMethod, Request
from litestar.datastructures import Cookie, State
from litestar.response import Redirect, Template

from nanori.actors import Role
from nanori.context import Context
from nanori.identity.queries import SignedIn
from nanori.installation import Installation
from nanori.rooms import NavItem
from nanori.web.cookies import Notice, csrf_token, notice_cookie, read_notice
from nanori.words import N_, Words, words_for

AnyRequest = Request[Any, Any, State]

ROLE_NAMES = {
    Role.AGENT: N_("Agent"),
    Role.SUPERVISOR: N_("Supervisor"),
    Role.OPERATOR: N_("Operator"),
    Role.MERCHANT: N_("Merchant"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NavLink:
    """An entry of the navigation as this page shows it."""

    label: str
    href: str
    is_here: bool
    count: int | None  # what waits there; None for an entry that counts nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The frame of a page."""

    locale: str
    words: Words
    actor_name: str
    roles: frozenset[Role]
    role_names: Sequence[str]
    nav: Sequence[NavLink]
    csrf_token: str
    path: str
    here: str  # the address, with its question, that shows this page again
    notice: Notice | None
    demo: bool
    simulated: bool  # nobody's telephone rings


def context_of(request: AnyRequest) -> Context:
    context: Context = request.scope["state"]["context"]
    return context


def words_of(request: AnyRequest) -> Words:
    """The language of whoever asks."""
    return words_for(context_of(request).locale)


def installation_of(request: AnyRequest) -> Installation:
    installation: Installation = request.app.state.installation
    return installation


def render(request: AnyRequest, template: str, *, status: int = 200, **values: Any) -> Template:
    """Draw a template inside the page of whoever asks. Never cached: it may show personal data."""
    page = page_of(request)
    cookies = [notice_cookie(installation_of(request).settings, None)] if page.notice else []
    return Template(
        template,
        context={"page": page, "words": page.words, **values},
        status_code=status,
        headers={"Cache-Control": "no-store"},
        cookies=cookies,
    )


def go(
    request: AnyRequest, path: str, *, notice: str = "", kind: str = "good", cookies: Sequence[Cookie] = ()
) -> Redirect:
    """Send the browser on after a form, with a sentence (a msgid) to show there."""
    said = [*cookies]
    if notice:
        settings = installation_of(request).settings
        text = words_for(context_of(request).locale).gettext(notice)
        said.append(notice_cookie(settings, Notice(kind=_kind(kind), text=text)))
    return Redirect(path, status_code=303, cookies=said)


def page_of(request: AnyRequest) -> Page:
    """The frame for this request."""
    settings = installation_of(request).settings
    context = context_of(request)
    words = words_for(context.locale)
    person: SignedIn | None = request.scope["state"].get("person")
    return Page(
        locale=context.locale,
        words=words,
        actor_name=context.name,
        roles=context.roles,
        role_names=[words.gettext(ROLE_NAMES[role]) for role in Role if role in context.roles],
        nav=_nav(request, words),
        csrf_token=csrf_token(settings, person.id_hash) if person else "",
        path=request.url.path,
        here=_here(request),
        notice=read_notice(settings, request.cookies.get("nanori_notice")),
        demo=settings.demo,
        simulated=settings.simulated,
    )


def _nav(request: AnyRequest, words: Words) -> Sequence[NavLink]:
    context, path = context_of(request), request.url.path
    items: Sequence[NavItem] = request.app.state.nav
    return [
        NavLink(
            label=words.gettext(item.label),
            href=item.href,
            is_here=any(path == one or path.startswith(one + "/") for one in (item.href, *item.also)),
            count=request.scope["state"].get(item.counts, 0) if item.counts else None,
        )
        for item in items
        if context.may(*item.roles)
    ]


def _here(request: AnyRequest) -> str:
    """A form that is shown again with what is wrong stands at the address that had it."""
    shown = urlsplit(str(request.url))
    if request.method != HttpMethod.GET:
        came_from = urlsplit(request.headers.get("referer", ""))
        shown = came_from if came_from.netloc == shown.netloc else shown._replace(path="/", query="")
    return shown.path + (f"?{shown.query}" if shown.query else "")


def _kind(kind: str) -> Any:
    if kind not in {"good", "warn", "bad"}:
        raise ValueError(f"a notice is good, warn or bad, not {kind!r}")
    return kind
