"""Everything that billing plugs into the application."""

from billing.alarms import ALARMS
from billing.ledger.summary import count_due
from billing.web.agreements import AgreementPages
from billing.web.credits import CreditPages
from billing.web.lines import LedgerPages
from billing.web.my_usage import MyUsage
from billing.web.plans import PlanPages
from billing.web.usage import UsagePages
from nanori.actors import Role
from nanori.rooms import NavItem, Room
from nanori.words import N_

ROOM = Room(
    name="billing",
    pages=[UsagePages, AgreementPages, CreditPages, LedgerPages, PlanPages, MyUsage],
    ticks=[count_due],
    nav=[
        NavItem(N_("Billing"), "/billing", frozenset({Role.OPERATOR})),
        NavItem(N_("Usage"), "/my-usage", frozenset({Role.MERCHANT})),
    ],
    alarms=ALARMS,
)
