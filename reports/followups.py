"""Our own calls inside a matter, and what handling them took (formula: ``docs/algorithms/kpi.md``). Pure."""

from collections.abc import Sequence

from interactions.values import Outcome, PartyKind
from reports.facts import PhoneFact
from reports.figures import Figure, mean_ms


def follow_up_figures(facts: Sequence[PhoneFact]) -> tuple[Figure, ...]:
    """Nothing for a month without such a call."""
    found = follow_ups(facts)
    if not found:
        return ()
    handled = sum(fact.talk_ms + fact.hold_ms + fact.acw_ms for fact in found)
    return (mean_ms("follow_up_handling_time", handled, len(found)),)


def follow_ups(facts: Sequence[PhoneFact]) -> list[PhoneFact]:
    """Calls that we made for a case and a person answered; those in vain are not handled, as calls to us."""
    return [
        fact
        for fact in facts
        if not fact.inbound
        and fact.in_case
        and fact.party is PartyKind.HUMAN
        and fact.outcome is Outcome.ANSWERED
        and fact.answered_at is not None
    ]
