"""A gate says days as the reader's language writes them."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from desks.gates import Item
from nanori.actors import Role
from nanori.words import register_catalogues, words_for
from nanori_app.pages.season.view import gate_lines
from nanori_app.rooms import PACKAGES

register_catalogues(PACKAGES)
LACKING = Item(
    key="shifts", done=False, there="", mends=Role.SUPERVISOR,
    lacking="At {at} the calls expected need {needed} agents on shift; {there} are planned",
    params={"at": datetime(2026, 11, 12, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo")), "needed": 3, "there": "1.5"},
)  # fmt: skip


@pytest.mark.parametrize(("locale", "day"), [("ja", "11/12 09:30"), ("en", "At 12 Nov 09:30 ")])
def test_a_moment_is_written_as_its_reader_writes_it(locale: str, day: str) -> None:
    (line,) = gate_lines([LACKING], words_for(locale))

    assert day in line.said
