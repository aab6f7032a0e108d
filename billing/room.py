"""Everything that billing plugs into the application."""

from billing.alarms import ALARMS
from billing.invoices.worker import draw_invoice, issue_invoice, prepare_invoice
from billing.ledger.summary import count_due
from billing.web.agreements import AgreementPages
from billing.web.credits import CreditPages
from billing.web.invoices.downloads import InvoiceFiles
from billing.web.invoices.months import InvoiceMonth
from billing.web.invoices.pages import InvoicePages
from billing.web.invoices.settings import InvoiceSettings
from billing.web.lines import LedgerPages
from billing.web.my_usage import MyUsage
from billing.web.plans import PlanPages
from billing.web.usage import UsagePages
from nanori.actors import Role
from nanori.rooms import NavItem, Room
from nanori.words import N_

ROOM = Room(
    name="billing",
    pages=[
        UsagePages, AgreementPages, CreditPages, LedgerPages, PlanPages, MyUsage,
        InvoicePages, InvoiceFiles, InvoiceMonth, InvoiceSettings,
    ],
    handlers=[prepare_invoice, issue_invoice, draw_invoice],
    ticks=[count_due],
    nav=[
        NavItem(N_("Billing"), "/billing", frozenset({Role.OPERATOR})),
        NavItem(N_("Usage"), "/my-usage", frozenset({Role.MERCHANT})),
        NavItem(N_("Invoices"), "/invoices", frozenset({Role.MERCHANT})),
    ],
    alarms=ALARMS,
)  # fmt: skip
