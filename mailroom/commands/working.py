"""How long agents work on an answer: from taking the case, from draft to draft, until it is sent. Pure.

A silence counts as far as the desk says that who types nothing is not writing any more (``WRITES_FOR``): what
is longer is cut to that. Work of an agent who lets go is kept for whoever answers.
"""

from datetime import datetime, timedelta

from desks.presence import WRITES_FOR
from interactions.models import Case

ONE_MILLISECOND = timedelta(milliseconds=1)


def go_on(case: Case, now: datetime) -> None:
    """An agent does something about the answer."""
    if case.touched_at is not None and now > case.touched_at:
        case.worked_ms += min(now - case.touched_at, WRITES_FOR) // ONE_MILLISECOND
    case.touched_at = now


def let_go(case: Case, now: datetime) -> int | None:
    """The answer is sent, or none is needed: milliseconds of work; None where none is known."""
    if case.touched_at is not None:
        go_on(case, now)
    worked, case.worked_ms, case.touched_at = case.worked_ms, 0, None
    return worked or None
