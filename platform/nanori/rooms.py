"""What a room hands to the composition root."""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar.types import ControllerRouterHandler

from nanori.actors import Role
from nanori.messages import Handler, Tick


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation, shown to whoever has one of ``roles``."""

    label: str  # msgid
    href: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Room:
    """One top-level domain package and everything that it plugs into the application."""

    name: str  # the Python package; also the prefix of its templates and static files
    pages: Sequence[ControllerRouterHandler] = ()
    handlers: Sequence[Handler] = ()
    ticks: Sequence[Tick] = ()
    nav: Sequence[NavItem] = ()
