"""When shoppers of the demo call and write: by hour, weekday and season, from a seed."""

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from nanori_app.demo.shops import SET_UPS, ZONE, is_open_at

HOURS = (
    0.10, 0.06, 0.04, 0.03, 0.03, 0.05, 0.10, 0.22, 0.55, 1.30, 1.60, 1.30,
    0.85, 1.05, 1.20, 1.15, 1.05, 0.90, 0.65, 0.50, 0.40, 0.32, 0.25, 0.15,
)  # fmt: skip
"""How busy each hour of the day is, against the others."""
MAIL_HOURS = (
    0.5, 0.3, 0.2, 0.1, 0.1, 0.2, 0.4, 0.8, 1.0, 1.1, 1.2, 1.1,
    1.3, 1.0, 1.0, 1.0, 0.9, 0.9, 1.0, 1.1, 1.3, 1.5, 1.4, 0.9,
)  # fmt: skip
WEEK = (1.35, 1.10, 1.00, 0.95, 1.00, 0.85, 0.70)
WEEK_OF: Mapping[str, tuple[float, ...]] = {
    "hanakage": (0.85, 0.90, 0.45, 1.00, 1.20, 1.35, 1.15),
    "kodama-outdoor": (1.10, 0.90, 0.90, 1.00, 1.15, 1.10, 0.95),
}
BUSY_SHARE, BUSY_TIMES = 0.07, 1.8
"""A parcel service that stands still, a mention on television: some days bring much more."""
MAILS_PER_CALL = 0.26
CALL_OUT_OF_HOURS = 0.35
"""Of those who would call, so many try although the shop is closed."""


def calls_on(slug: str, day: date, seed: int) -> list[datetime]:
    """Moments of one day at which somebody dials the shop's number, in order, aware UTC."""
    chance = random.Random(f"{seed} {slug} {day} calls")  # noqa: S311 - repeatable on purpose
    moments = _moments(chance, day, _rate(slug, day, chance), HOURS)
    return [at for at in moments if is_open_at(slug, at) or chance.random() < CALL_OUT_OF_HOURS]


def mails_on(slug: str, day: date, seed: int) -> list[datetime]:
    """Moments of one day at which a mail to the shop arrives, in order, aware UTC."""
    chance = random.Random(f"{seed} {slug} {day} mails")  # noqa: S311
    return _moments(chance, day, _rate(slug, day, chance) * MAILS_PER_CALL, MAIL_HOURS)


def _rate(slug: str, day: date, chance: random.Random) -> float:
    """How many to expect that day."""
    busy = BUSY_TIMES if chance.random() < BUSY_SHARE else chance.uniform(0.85, 1.15)
    return SET_UPS[slug].calls_a_day * WEEK_OF.get(slug, WEEK)[day.weekday()] * busy


def _moments(chance: random.Random, day: date, expected: float, hours: tuple[float, ...]) -> list[datetime]:
    """A Poisson process whose rate follows the hours of the day."""
    midnight = datetime.combine(day, time(), ZONE).astimezone(UTC)
    found = []
    for hour, weight in enumerate(hours):
        rate = expected * weight / sum(hours)
        at = chance.expovariate(rate)
        while at < 1:
            found.append(midnight + timedelta(milliseconds=int((hour + at) * 3_600_000)))
            at += chance.expovariate(rate)
    return found
