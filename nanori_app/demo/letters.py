"""Two months of mails as they might have been: asked, answered, sometimes asked again, some still open."""

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from interactions.values import Channel, EventKind, Outcome, PartyKind
from nanori.actors import ActorKind
from nanori_app.demo.arrivals import mails_on
from nanori_app.demo.cast import SKILLS_OF
from nanori_app.demo.decisions import KNOWN_AFTER, put_to_the_shop
from nanori_app.demo.past import Past, Written, seconds
from nanori_app.demo.people import Crowd
from nanori_app.demo.shifts import is_working
from nanori_app.demo.shops import ZONE
from nanori_app.demo.words import THANKS, WELCOME, Letter

NEWSLETTERS: Final = 0.05
WRITES_AGAIN: Final = 0.16
NEEDS_NO_ANSWER: Final = 0.5
ONE_MILLISECOND: Final = timedelta(milliseconds=1)
OPENS, CLOSES = 9, 18
"""The hours in which the demo's agents write."""


def mails_between(first: date, end: date, *, seed: int, crowds: Mapping[str, Crowd]) -> Iterator[Past]:
    """Mails of the days from ``first`` on, before ``end``; shop by shop, each with what follows it."""
    day = first
    while day < end:
        for slug, crowd in crowds.items():
            for at in mails_on(slug, day, seed):
                chance = random.Random(f"{seed} {slug} {at} mail")  # noqa: S311 - repeatable on purpose
                yield from _exchange(crowd, at, chance, is_known=day < end - KNOWN_AFTER)
        day += timedelta(days=1)


def _exchange(crowd: Crowd, at: datetime, chance: random.Random, *, is_known: bool) -> Iterator[Past]:
    if chance.random() < NEWSLETTERS:
        yield _newsletter(crowd, at, chance)
        return
    person = crowd.somebody(chance)
    reason = crowd.reason(chance)
    letter = crowd.letter(reason, person, at, chance)
    first = Past(shop=crowd.part.slug, channel=Channel.MAIL, at=at, person=person, reason=reason)
    agent = _answer(first, letter, chance, may_ask=is_known)
    yield first
    if chance.random() < WRITES_AGAIN:
        yield _thanks(crowd, first, agent, chance)


def _answer(past: Past, letter: Letter, chance: random.Random, *, may_ask: bool = False) -> int:
    """Answer a mail, after the shop's word where that is needed. Returns who wrote."""
    replied = _office_time(past.at + timedelta(hours=chance.lognormvariate(0.6, 0.8)), chance)
    agent = _writer(past.shop, replied, chance)
    past.add(EventKind.RECEIVED, past.at, ActorKind.SHOPPER)
    if past.thread is not None:
        past.add(EventKind.REOPENED, past.at, ActorKind.SHOPPER)
    past.decision = put_to_the_shop(past, replied, agent) if may_ask else None
    if past.decision:
        replied = _office_time(past.decision.said_at + seconds(chance.uniform(300, 2400)), chance)
    worked = seconds(min(1800, 60 * chance.lognormvariate(1.6, 0.5))) // ONE_MILLISECOND
    past.add(EventKind.FIRST_REPLY, replied, ActorKind.AGENT, agent, worked_ms=worked)
    past.add(EventKind.ENDED, replied, ActorKind.AGENT, agent, by="agent")
    past.add(EventKind.SOLVED, replied, ActorKind.AGENT, agent)
    past.outcome = Outcome.REPLIED
    past.written = Written(letter.subject, letter.text, letter.answer)
    return agent


def _thanks(crowd: Crowd, first: Past, agent: int, chance: random.Random) -> Past:
    """The shopper writes back: it is answered, or read and put away."""
    english = crowd.part.locale == "en"
    at = first.last_at + timedelta(hours=chance.uniform(0.3, 20))
    past = Past(
        shop=first.shop, channel=Channel.MAIL, at=at, person=first.person, reason=first.reason, thread=first
    )
    subject = f"Re: {first.written.subject}" if first.written else "Re:"
    letter = Letter(subject, THANKS[english], WELCOME[english])
    if chance.random() >= NEEDS_NO_ANSWER:
        _answer(past, letter, chance)
        return past
    seen = _office_time(at + timedelta(hours=chance.uniform(0.2, 3)), chance)
    past.add(EventKind.RECEIVED, at, ActorKind.SHOPPER)
    past.add(EventKind.REOPENED, at, ActorKind.SHOPPER)
    past.add(EventKind.ENDED, seen, ActorKind.AGENT, agent, by="agent")
    past.add(EventKind.SOLVED, seen, ActorKind.AGENT, agent)
    past.outcome = Outcome.NO_ACTION
    past.written = Written(letter.subject, letter.text)
    return past


def _newsletter(crowd: Crowd, at: datetime, chance: random.Random) -> Past:
    """A machine wrote; an agent looks and puts it away."""
    english = crowd.part.locale == "en"
    past = Past(
        shop=crowd.part.slug, channel=Channel.MAIL, at=at, party=PartyKind.BOT, outcome=Outcome.NO_ACTION
    )
    seen = _office_time(at + timedelta(hours=chance.uniform(0.2, 5)), chance)
    past.add(EventKind.RECEIVED, at, ActorKind.SHOPPER)
    agent = _writer(past.shop, seen, chance)
    past.add(EventKind.ENDED, seen, ActorKind.AGENT, agent, by="agent")
    subject = "Your monthly trade letter" if english else "【配信専用】業界ニュース 今月号"
    text = "This address cannot receive replies." if english else "配信専用のメールです。"
    past.written = Written(subject, text)
    return past


def _office_time(at: datetime, chance: random.Random) -> datetime:
    """Then if agents write at that time, else next morning."""
    local = at.astimezone(ZONE)
    if OPENS <= local.hour < CLOSES:
        return at
    morning = local if local.hour < OPENS else local + timedelta(days=1)
    start = morning.replace(hour=OPENS, minute=0, second=0, microsecond=0)
    return start.astimezone(UTC) + seconds(chance.uniform(120, 6000))


def _writer(slug: str, at: datetime, chance: random.Random) -> int:
    agents = SKILLS_OF[slug]
    day = at.astimezone(ZONE).date()
    return chance.choice([agent for agent in agents if is_working(agent, day)] or list(agents))
