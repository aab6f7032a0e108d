"""Who may do what with orders. Pure."""

from nanori.actors import STAFF, Role

FEEDERS = (Role.SUPERVISOR, Role.OPERATOR, Role.MERCHANT)
"""Bring files in; a merchant for the shop's own."""
SEARCHERS = (Role.SUPERVISOR, Role.OPERATOR)
IN_CONTACT = tuple(STAFF)
"""Beside a call, a mail or a case."""
CONNECTORS = (Role.OPERATOR,)
"""Enter the way into a shop's own system."""
