"""Everything that can be refused when a report is to be sent."""

from nanori.errors import InvalidInput, Rejected
from nanori.words import N_


class NotMade(Rejected):
    message = N_("The report is not finished yet.")


class NotApproved(Rejected):
    message = N_("Nobody has approved this report yet. One that was made again has to be read again.")


class NobodyToWriteTo(Rejected):
    message = N_("There is no mail address to send the report to. Please name one in the shop's plan.")


class NoSender(Rejected):
    message = N_("The shop has no mail address to send from.")


class PlanMalformed(InvalidInput):
    """The plan of a shop's reports cannot be kept like this."""
