"""Writes a piece from one seed. Pure: the same seed, shops and counts give the same piece."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nanori_app.rehearse.dice import Dice
from nanori_app.rehearse.piece import (
    After,
    Answering,
    CallPart,
    Escalation,
    MailPart,
    Move,
    OutgoingPart,
    Piece,
    Treatment,
)
from nanori_app.rehearse.ways import called_back, menu_keys, on_duty, to_call, transfer, visit
from tenants.hours import Calendar, is_open, open_intervals

CALLS_A_DAY = 24
LAST_DAY_OF_PLAY = 27
"""The last days of the month stay free, so that what is answered late is answered within the month."""
WEIGHTS = (0, 0, 0, 0, 0, 0, 1, 2, 4, 9, 14, 12, 7, 10, 11, 9, 8, 7, 4, 3, 3, 2, 1, 0)
"""Calls by the hour of the day, as shops know them: a morning peak, a second one after lunch."""
RUSH = timedelta(minutes=12)
CROWD, STORM = timedelta(minutes=25), timedelta(seconds=100)
"""A dense piece takes so long; in a storm all agents are busy and callers wait."""
RUSH_HOURS = (10, 14)
TRIES = 40
LONG_PIECE = 4
"""From so many days on, one on which most shops are closed belongs to it."""
SHOPPERS, WRITERS, REASONS = 400, 200, 5
WITHHELD = (
    "anonymous", "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253",
)  # fmt: skip
"""ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE, as the carrier spells them on a keypad."""
CALLS_TO_ONE_OF_OURS = 5
"""So many calls come in for each that an agent makes."""
AGENTS = 64
"""An agent is drawn from so many; whoever plays takes the remainder."""
ANSWERED_WITHIN = timedelta(days=3)


def compose(
    seed: int, calendars: Sequence[Calendar], first: date, *, calls: int, mails: int, dense: bool = False
) -> Piece:
    """Write the piece for these shops, in the month that begins with ``first``.

    ``dense``: all calls within half an hour, some of them around the hour at which the shops close.
    """
    dice = Dice(seed)
    days = _days(dice, first, calendars, max(calls, mails))
    parts = sorted((_call(dice, days, calendars) for _ in range(calls)), key=lambda part: part.at)
    if dense:
        parts = _crowded(dice, parts, calendars[0], days[0])
    letters = sorted((_mail(dice, days, calendars) for _ in range(mails)), key=lambda part: part.at)
    return Piece(
        calls=tuple(replace(part, number=number) for number, part in enumerate(parts)),
        mails=_with_follow_ups(dice, letters),
        outgoing=_outgoing(dice, parts),
        staff_late=dice.seconds(60, 400) if dice.percent(15) else 0.0,
        by_phone=tuple(dice.below(AGENTS) for _ in range(dice.one_of((0, 1, 2)))),
    )


def _outgoing(dice: Dice, parts: Sequence[CallPart]) -> tuple[OutgoingPart, ...]:
    """Calls that agents make, near the time of calls that come in."""
    made = []
    for number in range(-(-len(parts) // CALLS_TO_ONE_OF_OURS)):
        near = dice.one_of(parts)
        to, may_be_called = to_call(dice)
        made.append(
            OutgoingPart(
                number=number,
                shop=near.shop,
                agent=dice.below(AGENTS),
                at=near.at + timedelta(seconds=dice.seconds(0, 90)),
                to=to,
                may_be_called=may_be_called,
                answering=dice.one_of(list(Answering), (6, 1, 1, 2, 2, 1)),
                talks=5 + dice.around(40),
                dials_in=not dice.percent(8),
                gives_up_after=1 + dice.below(20) if dice.percent(20) else None,
                wraps_up_after=None if dice.percent(10) else dice.seconds(4, 60),
            )
        )
    return tuple(sorted(made, key=lambda part: part.at))


def _crowded(dice: Dice, parts: Sequence[CallPart], calendar: Calendar, day: date) -> list[CallPart]:
    """The same calls, all within half an hour: before opening, in the day, or towards closing time."""
    start = datetime.combine(day, time(), tzinfo=calendar.zone)
    spans = list(open_intervals(calendar, start, start + timedelta(days=1)))
    opens, closes = spans[0] if spans else (start, start + timedelta(hours=12))
    starts = (opens - timedelta(minutes=4), opens + timedelta(hours=1), closes - timedelta(minutes=18))
    begin, lasts = dice.one_of(starts, (1, 4, 2)).astimezone(UTC), dice.one_of((CROWD, STORM), (3, 2))
    return sorted(
        (replace(part, at=_whole(begin + lasts * dice.share())) for part in parts), key=lambda part: part.at
    )


def _days(dice: Dice, first: date, calendars: Sequence[Calendar], work: int) -> list[date]:
    """Days on which most shops are open, and for longer pieces one on which they are not."""
    month = [first + timedelta(days=day) for day in range(LAST_DAY_OF_PLAY)]
    busy = [day for day in month if 2 * sum(_opens_on(one, day) for one in calendars) > len(calendars)]
    wanted = max(1, -(-work // CALLS_A_DAY))
    chosen = dice.some_of(busy or month, min(wanted, len(busy or month)))
    quiet = [day for day in month if day not in busy]
    return sorted(chosen + (dice.some_of(quiet, 1) if quiet and busy and wanted >= LONG_PIECE else []))


def _opens_on(calendar: Calendar, day: date) -> bool:
    start = datetime.combine(day, time(), tzinfo=calendar.zone)
    return any(open_intervals(calendar, start, start + timedelta(days=1)))


def _call(dice: Dice, days: Sequence[date], calendars: Sequence[Calendar]) -> CallPart:
    shop = dice.below(len(calendars))
    return CallPart(
        number=0,
        shop=shop,
        at=_moment(dice, dice.one_of(days), calendars[shop]),
        caller=dice.one_of(WITHHELD) if dice.percent(6) else f"+81904000{dice.below(SHOPPERS):04}",
        patience=_patience(dice),
        talks=min(600.0, 20 + dice.around(100)),
        agent_hangs_up=dice.percent(20),
        speaks=0.0 if dice.percent(30) else dice.seconds(3, 40),
        moves=_moves(dice),
        decides_after=dice.seconds(1, 7),
        hold=(dice.seconds(3, 20), dice.seconds(5, 60)) if dice.percent(20) else None,
        escalation=_escalation(dice) if dice.percent(15) else None,
        browser_dies_after=dice.seconds(2, 30) if dice.percent(4) else None,
        wraps_up_after=None if dice.percent(5) else dice.seconds(4, 70),
        takes_a_break=dice.percent(5),
        reason=None if dice.percent(10) else dice.below(REASONS),
        menu_keys=menu_keys(dice),
        wants_callback=dice.percent(60),
        called_back=called_back(dice),
        asked_moves=_moves(dice),
        transfer=transfer(dice) if dice.percent(25) else None,
        visit=visit(dice) if dice.percent(15) else None,
        card=(dice.seconds(2, 15), dice.seconds(3, 20)) if dice.percent(20) else None,
        on_duty=on_duty(dice),
    )


def _moment(dice: Dice, day: date, calendar: Calendar) -> datetime:
    """When in the day: in a rush that all shops share, outside opening hours, or by the day's shape."""
    if dice.percent(45):
        return _whole(_at(day, dice.one_of(RUSH_HOURS), calendar.zone) + RUSH * dice.share())
    wants_closed = dice.percent(20)
    for _ in range(TRIES):
        moment = _by_shape(dice, day, calendar.zone)
        if is_open(calendar, moment) != wants_closed:
            break
    return moment


def _by_shape(dice: Dice, day: date, zone: ZoneInfo) -> datetime:
    hour = dice.one_of(range(len(WEIGHTS)), WEIGHTS)
    return _whole(_at(day, hour, zone) + timedelta(hours=dice.share()))


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _patience(dice: Dice) -> float:
    """Some hang up while greeted, some soon, most wait for minutes."""
    shortest, longest = dice.one_of(((1, 8), (8, 40), (60, 420)), (6, 12, 82))
    return dice.seconds(shortest, longest)


def _moves(dice: Dice) -> tuple[Move, ...]:
    others = (
        Move.REFUSE, Move.IGNORE, Move.TOO_LATE, Move.NO_SOFTPHONE, Move.LATE_SOFTPHONE, Move.DIES_EARLY,
    )  # fmt: skip
    moves = []
    while dice.percent(13):
        moves.append(dice.one_of(others, (5, 4, 2, 2, 1, 1)))
    return tuple(moves)


def _escalation(dice: Dice) -> Escalation:
    return Escalation(
        after=dice.seconds(3, 20),
        contacts=tuple(dice.one_of(list(Answering), (6, 1, 1, 1, 1, 1)) for _ in range(2)),
        then=dice.one_of(list(After)),
        called_off_after=dice.seconds(5, 60) if dice.percent(15) else None,
        only=dice.below(2) if dice.percent(35) else None,
    )


def _mail(dice: Dice, days: Sequence[date], calendars: Sequence[Calendar]) -> MailPart:
    shop = dice.below(len(calendars))
    return MailPart(
        number=0,
        shop=shop,
        at=_by_shape(dice, dice.one_of(days), calendars[shop].zone),
        writer=dice.below(WRITERS),
        delivered_twice=dice.percent(10),
        treatment=dice.one_of(list(Treatment), (8, 1, 1)),
        treated_after=timedelta(minutes=5 + dice.below(1500)),
        follows=None,
    )


def _with_follow_ups(dice: Dice, letters: Sequence[MailPart]) -> tuple[MailPart, ...]:
    """Now and then somebody answers our answer: same shop, same writer, later."""
    mails: list[MailPart] = []
    for number, letter in enumerate(letters):
        answered = [
            mail
            for mail in mails
            if mail.shop == letter.shop
            and mail.treatment is Treatment.ANSWER
            and mail.at + ANSWERED_WITHIN < letter.at
        ]
        before = dice.one_of(answered) if answered and dice.percent(30) else None
        follows = None if before is None else before.number
        writer = letter.writer if before is None else before.writer
        mails.append(replace(letter, number=number, follows=follows, writer=writer))
    return tuple(mails)
