"""Who may do what with reports: pure."""

from nanori.actors import Role
from nanori.context import Context

MAKERS = (Role.SUPERVISOR, Role.OPERATOR)
READERS = (*MAKERS, Role.MERCHANT)


def may_make(context: Context) -> bool:
    """Have reports made; a merchant reads those of the own shop."""
    return context.may(*MAKERS)
