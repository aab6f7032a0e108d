"""Who may know what of an interaction. Pure."""

from collections.abc import Iterable

from interactions.models import InteractionEvent
from interactions.values import EventKind
from nanori.actors import Role
from nanori.context import Context

SILENT = "listen"
"""The way of supervising that neither agent nor caller can notice."""


def may_know_of_listening(context: Context, *, tells_agents: bool) -> bool:
    """Supervisors and operators always; agents where the shop tells them."""
    return tells_agents or context.may(Role.SUPERVISOR, Role.OPERATOR)


def known_events(
    events: Iterable[InteractionEvent], context: Context, *, tells_agents: bool
) -> list[InteractionEvent]:
    """The events that this reader may know; a check of a call is told beside them, to whom it concerns."""
    events = [one for one in events if one.kind is not EventKind.CHECKED]
    if may_know_of_listening(context, tells_agents=tells_agents):
        return events
    return [one for one in events if one.kind is not EventKind.SUPERVISED or one.data.get("mode") != SILENT]
