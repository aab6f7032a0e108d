"""What reports raise for operators."""

from nanori.alerts import Alarm
from nanori.words import N_

MONTH_NOT_CLOSED = Alarm(
    name="month_not_closed",
    title=N_("The month {part} could not be closed"),
    advice=N_("The other shops go on. Mend what is said here and close this shop's month again."),
    where="/months/{subject}",
    says_why=True,
)
ALARMS = (MONTH_NOT_CLOSED,)
