"""Everything that interactions plugs into the application."""

from interactions.alarms import ALARMS
from interactions.orders.policy import FEEDERS
from interactions.orders.worker import read_orders, send_waiting, visit_shops
from interactions.questions.worker import follow_policies
from interactions.web.checks import CheckPages
from interactions.web.inquiries import InquiryOpening, InquiryPages
from interactions.web.log import LogPages
from interactions.web.order_panel import OrdersInContact
from interactions.web.order_readings import OrderReadingPages
from interactions.web.order_shopify import ShopifyPages
from interactions.web.orders import OrderPages
from interactions.web.questions import QuestionPages
from interactions.web.shop_questions import ShopQuestionPages
from interactions.worker import forget_contacts, give_reasons
from nanori.actors import STAFF, Role
from nanori.rooms import NavItem, Room
from nanori.words import N_

ROOM = Room(
    name="interactions",
    pages=[
        LogPages,
        CheckPages,
        OrderPages,
        OrderReadingPages,
        ShopifyPages,
        OrdersInContact,
        InquiryOpening,
        InquiryPages,
        QuestionPages,
        ShopQuestionPages,
    ],
    handlers=[give_reasons, forget_contacts, read_orders],
    ticks=[visit_shops, send_waiting, follow_policies],
    nav=[
        NavItem(N_("Log"), "/interactions", STAFF),
        NavItem(N_("Parcels"), "/inquiries", STAFF),
        NavItem(N_("Orders"), "/orders", frozenset(FEEDERS)),
        NavItem(N_("Questions"), "/questions", STAFF),
        NavItem(N_("Questions from the desk"), "/shop-questions", frozenset({Role.MERCHANT})),
    ],
    alarms=ALARMS,
)
