"""What billing raises for operators."""

from nanori.alerts import Alarm
from nanori.words import N_

_ADVICE = N_("Tell the shop before the bill does, and look whether another plan would cost it less.")
USED_80 = Alarm(
    name="usage_80",
    title=N_("80% of the included units are used"),
    advice=_ADVICE,
    where="/billing/{shop}",
)
USED_100 = Alarm(
    name="usage_100",
    title=N_("The included units are used up"),
    advice=_ADVICE,
    where="/billing/{shop}",
)
USED_120 = Alarm(
    name="usage_120",
    title=N_("Usage is 20% beyond the included units"),
    advice=_ADVICE,
    where="/billing/{shop}",
)
INVOICE_NOT_MADE = Alarm(
    name="invoice_not_made",
    title=N_("The invoice for {part} could not be made"),
    advice=N_("The other payers' invoices go on. Mend what is said here and make this one again."),
    where="/invoices/month?month={part}",
    says_why=True,
)
PAPER_NOT_DRAWN = Alarm(
    name="invoice_not_drawn",
    title=N_("The files of an invoice could not be drawn"),
    advice=N_("It is issued and stands as it is. Have the files drawn again on its page."),
    where="/invoices/{subject}",
)
BY_PERCENT = {80: USED_80, 100: USED_100, 120: USED_120}
ALARMS = (*BY_PERCENT.values(), INVOICE_NOT_MADE, PAPER_NOT_DRAWN)
