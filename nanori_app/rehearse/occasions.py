"""Makes sure that a piece has what each sabotage needs: a long wait, a transfer, a supervisor, mails, …"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from nanori_app.rehearse.piece import (
    After,
    Answering,
    CallPart,
    Escalation,
    Leaving,
    MailPart,
    Move,
    OutgoingPart,
    Passing,
    Piece,
    Transfer,
    Treatment,
    Visit,
)
from tenants.hours import Calendar, opens_next

LEAST_CALLS, LEAST_MAILS = 7, 3
STAFF_LATE = 180.0
"""Whoever calls first waits a minute for the agents, and asks to be called back."""
_PLAIN: dict[str, Any] = {
    "agent_hangs_up": False,
    "hold": None,
    "escalation": None,
    "browser_dies_after": None,
    "transfer": None,
    "visit": None,
    "card": None,
    "moves": (),
    "asked_moves": (),
    "menu_keys": ("1",),
    "wants_callback": False,
    "patience": 400.0,
}


def with_occasions(piece: Piece, calendars: Sequence[Calendar], first: date) -> Piece:
    """The same piece, its first two calls and mails of a certain kind."""
    escalated, given_up, watched, passed, promised, *calls = piece.calls
    answered, left, *mails = piece.mails
    promise = _promised(promised, calendars, first)
    special = (
        _escalated(escalated, calendars, first),
        _given_up(given_up, calendars, first),
        _watched(watched, calendars, first),
        _passed(passed, calendars, first),
    )
    letters = (_treated(answered, Treatment.ANSWER), _treated(left, Treatment.LEAVE))
    return Piece(
        calls=tuple(sorted((promise, *(_after(promise, part) for part in (*special, *calls))), key=_moment)),
        mails=(*letters, *mails),
        outgoing=tuple(_reached(part, calendars, first) for part in piece.outgoing),
        staff_late=STAFF_LATE,
    )


def _moment(part: CallPart) -> datetime:
    return part.at


def _after(first: CallPart, part: CallPart) -> CallPart:
    """Nobody of the day calls before the first, who waits for an empty desk."""
    is_early = part.at.date() == first.at.date() and part.at < first.at + timedelta(minutes=4)
    return replace(part, at=part.at + timedelta(hours=2)) if is_early else part


def _escalated(part: CallPart, calendars: Sequence[Calendar], first: date) -> CallPart:
    """Waits long, since the first agent does not answer; then a contact is called and comes."""
    plan = Escalation(
        after=5.0,
        contacts=(Answering.PRESSES_1, Answering.PRESSES_1),
        then=After.COME_BACK,
        called_off_after=None,
    )
    changes = _PLAIN | {"moves": (Move.IGNORE,), "talks": 240.0, "escalation": plan}
    return replace(part, at=_opening(calendars[part.shop], first) + timedelta(minutes=30), **changes)


def _given_up(part: CallPart, calendars: Sequence[Calendar], first: date) -> CallPart:
    changes = _PLAIN | {"moves": (Move.REFUSE,) * 20, "patience": 45.0}
    return replace(part, at=_opening(calendars[part.shop], first) + timedelta(minutes=50), **changes)


def _watched(part: CallPart, calendars: Sequence[Calendar], first: date) -> CallPart:
    """A supervisor listens, then barges in; the shop records where there is a second one."""
    visit = Visit(after=4.0, asked=True, steps=(("listen", 12.0), ("barge", 10.0)), leaving=Leaving.LEAVES)
    changes = _PLAIN | {"visit": visit, "talks": 90.0, "shop": min(1, len(calendars) - 1)}
    return replace(part, at=_opening(calendars[-1], first) + timedelta(minutes=70), **changes)


def _passed(part: CallPart, calendars: Sequence[Calendar], first: date) -> CallPart:
    """The agent asks a colleague, who takes over."""
    passing = Transfer(after=4.0, way=Passing.HAND_OVER, talks=6.0, patience=60.0)
    changes = _PLAIN | {"transfer": passing, "talks": 90.0, "shop": 0}
    return replace(part, at=_opening(calendars[0], first) + timedelta(minutes=85), **changes)


def _promised(part: CallPart, calendars: Sequence[Calendar], first: date) -> CallPart:
    """Calls where a menu is, before the agents have come; and is at home when called back."""
    shop = min(1, len(calendars) - 1)
    changes = _PLAIN | {"wants_callback": True, "called_back": (), "talks": 40.0, "shop": shop}
    changes["caller"] = "+819040009999"
    return replace(part, at=_opening(calendars[shop], first) + timedelta(minutes=5), **changes)


def _reached(part: OutgoingPart, calendars: Sequence[Calendar], first: date) -> OutgoingPart:
    """An agent calls somebody who is at home."""
    return replace(
        part,
        at=_opening(calendars[part.shop], first) + timedelta(minutes=100 + 4 * part.number),
        to=f"090-5000-{part.number:04}",
        may_be_called=True,
        answering=Answering.PRESSES_1,
        dials_in=True,
        gives_up_after=None,
    )


def _treated(part: MailPart, treatment: Treatment) -> MailPart:
    return replace(part, treatment=treatment, follows=None)


def _opening(calendar: Calendar, first: date) -> datetime:
    start = datetime.combine(first, time(), tzinfo=UTC)
    return opens_next(calendar, start) or start
