"""Phrases as people set them up, of a shop or of one of its desks: what each is for, and rows of a form.

Not among the room's own pages, since a desk's page has the same rows.
"""

from dataclasses import dataclass

from nanori.text import one_line
from nanori.web.forms import Posted
from nanori.words import N_
from tenants.values import DayPart, Situation

REQUIRED = N_("This field is required.")
LONGEST_PHRASE = 200

SITUATIONS = {
    Situation.NORMAL: (N_("Ordinary calls"), N_("Said when nothing else fits.")),
    Situation.AFTER_WAIT: (N_("After a wait"), N_("Said when the caller has waited 10 seconds or longer.")),
    Situation.COMPLAINT: (
        N_("Complaints"),
        N_("Said on the complaint line, where thanks would be out of place."),
    ),
    Situation.CALLING: (N_("Calls that we make"), N_("Said when an agent calls a shopper or calls back.")),
}
DAY_PARTS = {
    DayPart.ANY: N_("All day"),
    DayPart.MORNING: N_("Until 11:00"),
    DayPart.DAYTIME: N_("11:00 to 17:00"),
    DayPart.EVENING: N_("From 17:00"),
}


@dataclass(slots=True)
class PhraseRow:
    """One wording on the form: a situation at a time of day."""

    situation: Situation
    day_part: DayPart
    text: str
    error: str = ""
    otherwise: str = ""  # what is said where a desk has no words of its own
    is_of_desk: bool = False

    @property
    def is_needed(self) -> bool:
        ordinary = (self.situation, self.day_part) == (Situation.NORMAL, DayPart.ANY)
        return ordinary and not self.is_of_desk

    @property
    def name(self) -> str:
        return f"phrase-{self.situation}-{self.day_part}"


def posted_phrases(posted: Posted, *, is_of_desk: bool = False) -> list[PhraseRow]:
    """Every wording as typed; the shop's ordinary one for all day must be there."""
    rows = [
        PhraseRow(
            situation, part, one_line(str(posted.getall(f"phrase-{situation}-{part}", [""])[0])),
            is_of_desk=is_of_desk,
        )
        for situation in Situation
        for part in DayPart
    ]  # fmt: skip
    for row in rows:
        if not row.text and row.is_needed:
            row.error = REQUIRED
        elif len(row.text) > LONGEST_PHRASE:
            row.error = N_("This is too long to say in one breath.")
    return rows
