"""The shoppers of one shop of the demo, what they want, and what is noted about it."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from nanori_app.demo.cast import ShopPart
from nanori_app.demo.past import Person
from nanori_app.demo.shops import SET_UPS, ZONE
from nanori_app.demo.words import (
    ENGLISH,
    FAMILY,
    GIVEN,
    LETTERS,
    LETTERS_IN_ENGLISH,
    NOTES,
    NOTES_IN_ENGLISH,
    Letter,
)

COMES_AGAIN: Final = 0.45
RECENT: Final = 120
NO_NOTE: Final = 0.06
MOBILE: Final = ("+8190", "+8170")
"""Followed by 0000 and four digits: no telephone has such a number."""


@dataclass(slots=True)
class Crowd:
    """Everybody who has ever called or written to one shop."""

    part: ShopPart
    known: list[Person] = field(default_factory=list)
    numbers: set[str] = field(default_factory=set)

    def somebody(self, chance: random.Random) -> Person:
        """A newcomer, or somebody who was there lately."""
        if self.known and chance.random() < COMES_AGAIN:
            return chance.choice(self.known[-RECENT:])
        person = self._newcomer(chance)
        self.known.append(person)
        return person

    def reason(self, chance: random.Random) -> str:
        reasons = SET_UPS[self.part.slug].reasons
        return chance.choices([one.code for one in reasons], [one.weight for one in reasons])[0]

    def note(self, reason: str, at: datetime, chance: random.Random) -> str:
        """What the agent typed; now and then nothing."""
        if chance.random() < NO_NOTE:
            return ""
        notes = NOTES if self.part.locale == "ja" else NOTES_IN_ENGLISH
        return chance.choice(notes[reason]).format_map(self._facts(at, chance, ""))

    def letter(self, reason: str, person: Person, at: datetime, chance: random.Random) -> Letter:
        """A mail and the answer to it, the same facts in both."""
        letters = LETTERS if self.part.locale == "ja" else LETTERS_IN_ENGLISH
        chosen = chance.choice(letters[reason])
        facts = self._facts(at, chance, person.name)
        return Letter(*(text.format_map(facts) for text in (chosen.subject, chosen.text, chosen.answer)))

    def _facts(self, at: datetime, chance: random.Random, name: str) -> dict[str, str]:
        detail = SET_UPS[self.part.slug]
        day = at.astimezone(ZONE) + timedelta(days=chance.randint(2, 9))
        return {
            "ware": chance.choice(detail.wares),
            "order": f"{detail.order_prefix}-{chance.randint(10_000, 99_999)}",
            "day": f"{day.month}月{day.day}日" if self.part.locale == "ja" else f"{day.day} {day:%B}",
            "name": name,
        }

    def _newcomer(self, chance: random.Random) -> Person:
        phone = self._number(chance)
        if self.part.locale == "en":
            name, address = chance.choice(ENGLISH)
        else:
            family, romaji = chance.choice(FAMILY)
            name, address = f"{family} {chance.choice(GIVEN)}", romaji
        return Person(name, phone, f"{address}{phone[3:5]}{phone[-4:]}@mail.example")

    def _number(self, chance: random.Random) -> str:
        while True:
            number = f"{chance.choice(MOBILE)}0000{chance.randint(1000, 9999)}"
            if number not in self.numbers:
                self.numbers.add(number)
                return number
