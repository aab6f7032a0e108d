"""Whether one contact settled a matter: repeats and first contact resolution (docs/algorithms/kpi.md). Pure.

Two contacts are about one matter when the same shopper of the shop had the same reason. A contact whose
shopper or reason nobody knows can be told from no other one: it is in neither figure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from reports.facts import MailFact, Period, PhoneFact
from reports.figures import Figure, ratio
from reports.whole import matters_in

REPEAT_WITHIN = timedelta(days=7)
LOOKS_BACK = 2 * REPEAT_WITHIN
"""So long before a month its contacts are needed: the week before it has its first ones and repeats, too."""

Contact = PhoneFact | MailFact


@dataclass(frozen=True, slots=True)
class Matter:
    """One contact beside the shopper's contacts of the same reason."""

    contact: Contact
    is_repeat: bool  # another came at most seven days before
    comes_again: bool  # another follows within seven days

    @property
    def arrived_at(self) -> datetime:
        return arrival(self.contact)

    @property
    def is_resolved(self) -> bool:
        """Settled at once: over, decided without the shop, and nobody had to ask again."""
        contact = self.contact
        return contact.outcome is not None and not contact.escalated and not self.comes_again


def matters(contacts: Iterable[Contact]) -> list[Matter]:
    """Each contact that can be told apart, by shopper and reason."""
    lines: dict[tuple[UUID, str], list[Contact]] = {}
    for one in contacts:
        if one.shopper is not None and one.reason is not None:
            lines.setdefault((one.shopper, one.reason), []).append(one)
    return [matter for line in lines.values() for matter in _line(line)]


def repeats(found: Sequence[Matter], period: Period) -> tuple[list[Matter], list[Matter]]:
    """Repeats of the period, and all contacts of the period."""
    inside = [one for one in found if period.contains(one.arrived_at)]
    return [one for one in inside if one.is_repeat], inside


def resolved(found: Sequence[Matter], period: Period) -> tuple[list[Matter], list[Matter]]:
    """First contacts that settled the matter, and all first contacts whose seven days ended in the period."""
    start, end = period.starts_at - REPEAT_WITHIN, period.ends_at - REPEAT_WITHIN
    first = [one for one in found if not one.is_repeat and start <= one.arrived_at < end]
    return [one for one in first if one.is_resolved], first


def repeat_figures(contacts: Iterable[Contact], period: Period) -> tuple[Figure, ...]:
    found = matters(contacts)
    again, all_of = repeats(found, period)
    settled, first = resolved(found, period)
    return (
        ratio("repeat_contact_rate", len(again), len(all_of)),
        ratio("first_contact_resolution", len(settled), len(first)),
    )


def contacts_of(calls: Iterable[PhoneFact], mails: Iterable[MailFact]) -> list[Contact]:
    """Answered calls and mails from people, a mail's second question where it is about something else."""
    return [*(call for call in calls if call.is_answered), *matters_in(mails)]


def arrival(contact: Contact) -> datetime:
    return contact.received_at if isinstance(contact, MailFact) else contact.arrived_at


def _line(contacts: Sequence[Contact]) -> list[Matter]:
    ordered = sorted(contacts, key=lambda one: (arrival(one), one.number))
    near = [arrival(late) - arrival(early) <= REPEAT_WITHIN for early, late in pairwise(ordered)]
    return [
        Matter(one, is_repeat=before, comes_again=after)
        for one, before, after in zip(ordered, [False, *near], [*near, False], strict=True)
    ]
