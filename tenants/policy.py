"""Who may do what with a shop's set-up: pure."""

from nanori.actors import Role
from nanori.context import Context

READERS = (Role.OPERATOR, Role.SUPERVISOR)
WRITERS = (Role.OPERATOR,)
EVERYBODY = (Role.AGENT, Role.SUPERVISOR, Role.OPERATOR, Role.MERCHANT)


def may_set_up(context: Context) -> bool:
    """Change what a shop is: the operator's work; a supervisor reads."""
    return context.may(*WRITERS)
