"""Which words to say first: pure choice among a shop's phrases, by desk, situation and time of day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from tenants.values import DayPart, Situation

NOON_SIDE, EVENING_SIDE = 11, 17
WAIT_TO_APOLOGISE_FOR = timedelta(seconds=10)
"""About three rings: from then on 「お待たせいたしました」 is due (domain.md 2.6)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One wording in force; ``version`` is what the log keeps."""

    situation: Situation
    day_part: DayPart
    version: int
    text: str
    id: UUID | None = None  # of the stored wording
    is_of_desk: bool = False  # of the one desk that is asked about


def phrase_for(
    phrases: Iterable[Phrase], situation: Situation, at: datetime, zone: ZoneInfo
) -> Phrase | None:
    """The phrase that fits best: the desk's own before the shop's, of each the situation before the time of
    day, and the ordinary one rather than none.

    When we call, the ordinary one does not fit: it thanks for a call.
    """
    known = {(phrase.is_of_desk, phrase.situation, phrase.day_part): phrase for phrase in phrases}
    part = day_part(at, zone)
    wanted = [(situation, part), (situation, DayPart.ANY)]
    if situation is not Situation.CALLING:
        wanted += [(Situation.NORMAL, part), (Situation.NORMAL, DayPart.ANY)]
    keys = [(is_of_desk, *fits) for is_of_desk in (True, False) for fits in wanted]
    return next((known[key] for key in keys if key in known), None)


def situation_after(waited: timedelta) -> Situation:
    """What the caller has been through, by the time spent waiting."""
    return Situation.AFTER_WAIT if waited >= WAIT_TO_APOLOGISE_FOR else Situation.NORMAL


def day_part(at: datetime, zone: ZoneInfo) -> DayPart:
    """Morning until 11:00, evening from 17:00, by the shop's clock."""
    hour = at.astimezone(zone).hour
    if hour < NOON_SIDE:
        return DayPart.MORNING
    return DayPart.EVENING if hour >= EVENING_SIDE else DayPart.DAYTIME


def first_phrases(brand_name: str, locale: str) -> dict[Situation, str]:
    """What a new shop starts with, for all day; the operator words them as the shop wishes."""
    if locale == "en":
        return {
            Situation.NORMAL: f"Thank you for calling {brand_name}. How may I help you?",
            Situation.AFTER_WAIT: f"Thank you for waiting. This is {brand_name}. How may I help you?",
            Situation.COMPLAINT: f"This is {brand_name}, customer relations. How may I help you?",
            Situation.CALLING: f"Hello, this is {brand_name} calling. Is this a good moment?",
        }
    return {
        Situation.NORMAL: f"お電話ありがとうございます。{brand_name}でございます。",
        Situation.AFTER_WAIT: f"大変お待たせいたしました。{brand_name}でございます。",
        Situation.COMPLAINT: f"{brand_name}、お客様相談窓口でございます。",
        Situation.CALLING: f"お忙しいところ恐れ入ります。{brand_name}でございます。",
    }
