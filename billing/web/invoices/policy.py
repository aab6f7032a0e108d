"""Who may do what with invoices: pure."""

from nanori.actors import Role
from nanori.context import Context

MAKERS = (Role.OPERATOR,)
READERS = (Role.OPERATOR, Role.MERCHANT)


def may_make(context: Context) -> bool:
    """Prepare, issue and correct; a merchant reads the shop's own."""
    return context.may(*MAKERS)
