"""Everything that interactions plugs into the application."""

from interactions.orders.policy import FEEDERS
from interactions.orders.worker import read_orders, send_waiting
from interactions.web.log import LogPages
from interactions.web.order_panel import OrdersInContact
from interactions.web.order_readings import OrderReadingPages
from interactions.web.orders import OrderPages
from interactions.worker import give_reasons
from nanori.actors import STAFF
from nanori.rooms import NavItem, Room
from nanori.words import N_

ROOM = Room(
    name="interactions",
    pages=[LogPages, OrderPages, OrderReadingPages, OrdersInContact],
    handlers=[give_reasons, read_orders],
    ticks=[send_waiting],
    nav=[
        NavItem(N_("Log"), "/interactions", STAFF),
        NavItem(N_("Orders"), "/orders", frozenset(FEEDERS)),
    ],
)
