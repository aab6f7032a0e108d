"""A piece comes from its seed alone, and sounds like a shop's day."""

from collections import Counter
from datetime import date
from zoneinfo import ZoneInfo

from nanori_app.rehearse.composing import compose
from nanori_app.rehearse.piece import Piece
from nanori_app.rehearse.shops import invented_shops
from tenants.hours import Calendar, is_open

TOKYO = ZoneInfo("Asia/Tokyo")
CALENDARS = [Calendar(TOKYO, setup.week) for setup in invented_shops(3)]


def piece(seed: int, *, calls: int = 300, mails: int = 100) -> Piece:
    return compose(seed, CALENDARS, date(2026, 10, 1), calls=calls, mails=mails)


def test_the_same_seed_gives_the_same_piece_and_another_one_another() -> None:
    assert piece(4) == piece(4)
    assert piece(4) != piece(5)


def test_a_piece_has_as_many_calls_and_mails_as_asked_for_in_order_of_time() -> None:
    made = piece(4)
    assert (len(made.calls), len(made.mails)) == (300, 100)
    assert [part.at for part in made.calls] == sorted(part.at for part in made.calls)
    assert [part.number for part in made.mails] == list(range(100))


def test_most_calls_come_in_opening_hours_and_few_at_night() -> None:
    calls = piece(4).calls
    hours = Counter(part.at.astimezone(TOKYO).hour for part in calls)
    opened = sum(is_open(CALENDARS[part.shop], part.at) for part in calls)
    assert 0.6 < opened / len(calls) < 0.95
    assert hours[10] > 3 * hours[18]
    assert sum(hours[hour] for hour in range(6)) == 0


def test_a_follow_up_is_from_the_same_writer_to_the_same_shop() -> None:
    mails = piece(4).mails
    following = [part for part in mails if part.follows is not None]
    assert following
    for part in following:
        before = mails[part.follows or 0]
        assert (before.shop, before.writer) == (part.shop, part.writer)
        assert before.at < part.at
