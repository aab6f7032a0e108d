"""Who may do what with talk scripts: pure."""

from nanori.actors import Role
from nanori.context import Context

READERS = (Role.OPERATOR, Role.SUPERVISOR)
WRITERS = (Role.OPERATOR, Role.SUPERVISOR)
DECIDERS = (Role.MERCHANT,)


def may_write(context: Context) -> bool:
    """Write drafts and ask the shop: the work of those who lead the agents."""
    return context.may(*WRITERS)
