"""Who may call a handler. Each handler says so in its ``opt``; the application does not start otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from litestar import Litestar
from litestar.handlers import BaseRouteHandler
from litestar.routes import BaseRoute

from nanori.actors import STAFF, Role


class Door(StrEnum):
    """Which door a request comes through."""

    ROLES = "roles"  # signed in, with one of the roles
    ANYONE = "anyone"  # a person, signed in or not
    OPEN = "open"  # no person at all: files that are the same for everybody
    CARRIER = "carrier"  # the handler checks the carrier's signature before it does anything


@dataclass(frozen=True, slots=True)
class Access:
    door: Door
    roles: frozenset[Role] = frozenset()
    why: str = ""  # for the doors that ask for no account
    stream: bool = False  # holds no transaction while it runs


def allow(*roles: Role, stream: bool = False) -> dict[str, Any]:
    """Let in accounts that have one of the roles."""
    return {"access": Access(Door.ROLES, frozenset(roles), stream=stream)}


def allow_staff(*, stream: bool = False) -> dict[str, Any]:
    """Let in agents, supervisors and operators."""
    return allow(*STAFF, stream=stream)


def anyone(why: str) -> dict[str, Any]:
    """Let in people without an account, for the reason given."""
    return {"access": Access(Door.ANYONE, why=why)}


def open_files(why: str) -> dict[str, Any]:
    """Serve the same bytes to everybody, without looking who asks."""
    return {"access": Access(Door.OPEN, why=why)}


def signed_by_carrier() -> dict[str, Any]:
    """Let in the carrier's webhooks; the handler answers 403 to what the carrier did not sign."""
    return {"access": Access(Door.CARRIER, why="the signature is the credential")}


class AccessUndeclared(Exception):  # noqa: N818 - a programming error, found at start
    """A handler does not say who may call it."""


def declared(handler: BaseRouteHandler) -> Access:
    """What a handler declares.

    Raises:
        AccessUndeclared: nothing.
    """
    access = handler.opt.get("access")
    if not isinstance(access, Access):
        raise AccessUndeclared(f"{handler} does not declare who may call it: opt=allow(…)")
    return access


def check_declared(app: Litestar) -> None:
    """Refuse to start with a handler that anybody could call by oversight."""
    for handler in handlers_of(app.routes):
        declared(handler)


def handlers_of(routes: Iterable[BaseRoute]) -> list[BaseRouteHandler]:
    """Every handler of the route table, each once; Litestar's own OPTIONS answers left out."""
    found: dict[int, BaseRouteHandler] = {}
    for route in routes:
        candidates = getattr(route, "route_handlers", None) or [getattr(route, "route_handler", None)]
        for handler in candidates:
            if isinstance(handler, BaseRouteHandler) and "OPTIONS" not in getattr(
                handler, "http_methods", ()
            ):
                found[id(handler)] = handler
    return list(found.values())
