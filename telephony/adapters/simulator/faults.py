"""What may go wrong on purpose. All off by default; chances are between 0 and 1 and drawn from the seed."""

from dataclasses import dataclass, fields
from typing import Any


@dataclass(slots=True)
class Faults:
    """Switches for misbehaviour.

    Attributes:
        duplicate_documents: chance that a request for TwiML is sent twice; the second answer counts.
        duplicate_callbacks: chance that a callback is sent twice.
        lose_callbacks: chance that a callback is never sent.
        reorder_seconds: callbacks leave at a random moment within this window and overtake each other.
        delay_seconds: every callback leaves this much later.
        late_callbacks: chance that a callback leaves another 1 to 20 seconds later.
        early_callbacks: chance that the first callback about a call that we place comes before the answer to
            our request.
        slow_documents: chance that our answer with a document takes 1 to 8 seconds, in silence.
        cut_off: chance that our answer takes longer than the carrier waits (``rt`` and ``tt`` of the address,
            at most 15 seconds): it had its effect with us, but counts as failed.
        rest_busy: chance that a REST request is refused with 429 before anything happens.
        rest_timeout: chance that a REST request takes effect but its answer never arrives.
        recording_absent: chance that a recording turns out empty.
        calls_lag: what is asked about calls is answered as it was so many seconds ago.
    """

    duplicate_documents: float = 0.0
    duplicate_callbacks: float = 0.0
    lose_callbacks: float = 0.0
    reorder_seconds: float = 0.0
    delay_seconds: float = 0.0
    late_callbacks: float = 0.0
    early_callbacks: float = 0.0
    slow_documents: float = 0.0
    cut_off: float = 0.0
    rest_busy: float = 0.0
    rest_timeout: float = 0.0
    recording_absent: float = 0.0
    calls_lag: float = 0.0

    def set(self, changes: dict[str, Any]) -> None:
        """Change some switches.

        Raises:
            ValueError: a name that does not exist or a value that is not a number.
        """
        known = {switch.name for switch in fields(self)}
        unknown = set(changes) - known
        if unknown:
            raise ValueError(
                f"No such fault: {', '.join(sorted(unknown))}. There are {', '.join(sorted(known))}."
            )
        values = {name: float(value) for name, value in changes.items()}
        for name, value in values.items():
            setattr(self, name, value)
