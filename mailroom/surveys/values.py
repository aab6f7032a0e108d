"""Which question is asked, and which scores it has. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

VALID_FOR = timedelta(days=14)
"""How long a link can be answered."""
NOT_AGAIN_FOR = timedelta(days=30)
"""How long an address that was asked is left alone."""
LONGEST_COMMENT = 1000
LONGEST_QUESTION = 200


class SurveyKind(StrEnum):
    """Each has its own scale, so that no score can be taken for one of another."""

    CSAT = "csat"
    NPS = "nps"
    CES = "ces"


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole numbers, both ends inside."""

    least: int
    most: int

    @property
    def scores(self) -> range:
        return range(self.least, self.most + 1)


SCALES: dict[SurveyKind, Scale] = {
    SurveyKind.CSAT: Scale(1, 5),
    SurveyKind.NPS: Scale(0, 10),
    SurveyKind.CES: Scale(1, 7),
}
