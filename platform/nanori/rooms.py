"""What a room hands to the composition root."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar.types import ControllerRouterHandler

from nanori.actors import Role
from nanori.alerts import Alarm
from nanori.installation import Installation
from nanori.messages import Handler

Tick = Callable[[Installation, datetime], Awaitable[None]]
"""Fires what is due at the time given; opens its own transactions and may be run by many processes."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation, shown to whoever has one of ``roles``."""

    label: str  # msgid
    href: str
    roles: frozenset[Role]
    also: Sequence[str] = ()  # further addresses whose pages have their place below this entry
    counts: str = ""  # what of the request's state stands beside it, when it is not nought


@dataclass(frozen=True, slots=True)
class Room:
    """One top-level domain package and everything that it plugs into the application."""

    name: str  # the Python package; also the prefix of its templates and static files
    pages: Sequence[ControllerRouterHandler] = ()
    handlers: Sequence[Handler] = ()
    ticks: Sequence[Tick] = ()  # run by the worker, which looks each second whether they are due
    urgent: Sequence[Tick] = ()  # run besides by every web process as soon as work is announced
    nav: Sequence[NavItem] = ()
    alarms: Sequence[Alarm] = ()  # what it may raise for operators
