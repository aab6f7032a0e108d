"""How many callers a desk lets into its line (pure; ``docs/algorithms/waiting.md``)."""

from typing import Final

HANDLED_IN: Final = 300
"""Seconds that a call with its after-call work is taken to need: rather few, so that few are sent away."""


def most_waiting(limit: int | None, *, agents: int, longest_wait: int) -> int | None:
    """How many may wait at once; None: as many as come.

    Without a number of its own a desk lets in as many as the agents who are there now can reach within the
    longest wait. Where nobody is there, the rule for empty desks decides.

    Args:
        limit: the desk's own number; 0 lets in as many as come, None is derived.
        agents: at work at this desk, busy ones included.
        longest_wait: of this desk, in seconds.
    """
    if limit is not None:
        return limit or None
    return max(agents, agents * longest_wait // HANDLED_IN) or None
