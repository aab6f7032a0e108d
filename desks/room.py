"""Everything that desks plugs into the application."""

from desks.life import tick
from desks.web.desks import DeskPages
from desks.web.escalation import EscalationPages
from desks.web.limits import LimitPages
from desks.web.on_call import OnCallPages
from desks.web.one_desk import DeskPage
from desks.web.reception import ReceptionPage
from desks.web.words import DeskWordsPage
from desks.worker import give_desk
from nanori.actors import Role
from nanori.rooms import NavItem, Room
from nanori.words import N_

ROOM = Room(
    name="desks",
    pages=[
        DeskPages,
        DeskPage,
        ReceptionPage,
        DeskWordsPage,
        EscalationPages,
        OnCallPages,
        LimitPages,
    ],
    handlers=[give_desk],
    ticks=[tick],
    nav=[NavItem(N_("Desks"), "/desks", frozenset({Role.SUPERVISOR, Role.OPERATOR}))],
)
