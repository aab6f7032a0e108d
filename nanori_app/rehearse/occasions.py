"""Makes sure that a piece has what a sabotage needs: a long wait, an escalation, a lost caller, mails."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from nanori_app.rehearse.piece import (
    After,
    Answering,
    CallPart,
    Escalation,
    MailPart,
    Move,
    Piece,
    Treatment,
)
from tenants.hours import Calendar, opens_next

LEAST_CALLS, LEAST_MAILS = 6, 3


def with_occasions(piece: Piece, calendars: Sequence[Calendar], first: date) -> Piece:
    """The same piece, its first two calls and mails of a certain kind."""
    escalated, given_up, *calls = piece.calls
    answered, left, *mails = piece.mails
    special = (_escalated(escalated, calendars, first), _given_up(given_up, calendars, first))
    letters = (_treated(answered, Treatment.ANSWER), _treated(left, Treatment.LEAVE))
    return Piece(
        calls=tuple(sorted((*special, *calls), key=lambda part: part.at)),
        mails=(*letters, *mails),
    )


def _escalated(part: CallPart, calendars: Sequence[Calendar], first: date) -> CallPart:
    """Waits long, since the first agent does not answer; then a contact is called and comes."""
    plan = Escalation(
        after=5.0,
        contacts=(Answering.PRESSES_1, Answering.PRESSES_1),
        then=After.COME_BACK,
        called_off_after=None,
    )
    return replace(
        part,
        at=_opening(calendars[part.shop], first) + timedelta(minutes=30),
        moves=(Move.IGNORE,),
        patience=400.0,
        talks=240.0,
        agent_hangs_up=False,
        hold=None,
        browser_dies_after=None,
        escalation=plan,
    )


def _given_up(part: CallPart, calendars: Sequence[Calendar], first: date) -> CallPart:
    return replace(
        part,
        at=_opening(calendars[part.shop], first) + timedelta(minutes=50),
        moves=(Move.REFUSE,) * 20,
        patience=45.0,
    )


def _treated(part: MailPart, treatment: Treatment) -> MailPart:
    return replace(part, treatment=treatment, follows=None)


def _opening(calendar: Calendar, first: date) -> datetime:
    start = datetime.combine(first, time(), tzinfo=UTC)
    return opens_next(calendar, start) or start
