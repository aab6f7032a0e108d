"""The main navigation: the rooms' entries between the roof's own, and which pages stand below which entry."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from nanori.actors import Role
from nanori.rooms import NavItem, Room
from nanori.words import N_

LEADERS: Final = frozenset({Role.SUPERVISOR, Role.OPERATOR})
FIRST: Final = (
    NavItem(N_("Your shop"), "/portal", frozenset({Role.MERCHANT})),
    NavItem(N_("My desk"), "/desk", frozenset({Role.AGENT})),
    NavItem(N_("My shops"), "/my-shops", frozenset({Role.AGENT})),
    NavItem(N_("Floor"), "/floor", LEADERS),
)
LAST: Final = (
    NavItem(N_("Staffing"), "/staffing", LEADERS),
    NavItem(N_("Alerts"), "/alerts", LEADERS, counts="open_alerts"),
)
BELOW: Final = {
    "/billing": ("/invoices",),
    "/desks": ("/agents", "/seasons"),
    "/knowledge": ("/quiz",),
    "/mail": ("/demo/mail",),
    "/reports": ("/figures", "/months", "/report-sending"),
}
"""Pages with an address of their own that are reached from another entry's page."""


def navigation(rooms: Iterable[Room]) -> Sequence[NavItem]:
    """Every entry in the order of the page, for all roles."""
    items = [*FIRST, *(item for room in rooms for item in room.nav), *LAST]
    return [replace(item, also=BELOW.get(item.href, ())) for item in items]
