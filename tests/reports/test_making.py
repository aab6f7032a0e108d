"""Drawing: one engine for those who wait, none when nobody does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from nanori.pdf import PdfTookTooLong
from nanori.words import register_catalogues, words_for
from reports.making import DrawingRoom, draw
from reports.paper.sheet import Letterhead, Paper
from tests.reports.months import empty_month

register_catalogues(["reports"])

PAPER = Paper(
    letterhead=Letterhead(
        brand="ミナト珈琲", reading="みなとこーひー", legal_name="株式会社ミナト珈琲", colour="#7a3e1d",
        operator="ナノリ・コンタクト株式会社",
    ),
    month=empty_month(),
    before=None,
    words=words_for("ja"),
    made_on=date(2026, 11, 1),
)  # fmt: skip


def test_papers_drawn_side_by_side_are_those_drawn_alone_and_the_engine_goes_afterwards() -> None:
    room = DrawingRoom()
    with ThreadPoolExecutor(3) as threads:
        made = list(threads.map(room.draw, [PAPER] * 3))

    assert [one == draw([PAPER])[0] for one in made] == [True] * 3
    assert room._press._engine is None


def test_a_paper_that_takes_too_long_is_given_up_and_the_next_one_drawn() -> None:
    room = DrawingRoom(seconds=0.01)
    for _ in range(2):
        with pytest.raises(PdfTookTooLong):
            room.draw(PAPER)

    assert room._press._engine is None
