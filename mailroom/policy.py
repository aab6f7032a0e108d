"""Who may do what with mail: pure."""

from nanori.actors import Role

READERS = (Role.AGENT, Role.SUPERVISOR)
"""Agents of the shops bound, and supervisors of all of them; the portal never sees a mail."""

WRITERS = (Role.AGENT, Role.SUPERVISOR)
FREERS = (Role.SUPERVISOR,)
"""Who may free a case that another has taken."""

KEEPERS = (Role.SUPERVISOR, Role.OPERATOR)
"""Who looks after mails that could not be filed or sent."""
