"""Everything that interactions plugs into the application."""

from interactions.web.log import LogPages
from interactions.worker import give_reasons
from nanori.actors import STAFF
from nanori.rooms import NavItem, Room
from nanori.words import N_

ROOM = Room(
    name="interactions",
    pages=[LogPages],
    handlers=[give_reasons],
    nav=[NavItem(N_("Log"), "/interactions", STAFF)],
)
