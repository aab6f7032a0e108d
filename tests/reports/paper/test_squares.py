"""The squares of the paper: each leads where its chapter's code leads, and only to the portal."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import segno
from segno import encoder

from reports.paper.codes import key_of
from reports.paper.sheet import sheet
from reports.paper.squares import CHAPTERS, address, codes, square_name, squares
from tests.reports.paper.test_sheet import PORTAL, paper


def test_each_chapter_has_one_and_its_code_is_the_figures() -> None:
    drawn = squares(PORTAL)
    assert set(drawn) == set(CHAPTERS)
    assert len(set(drawn.values())) == len(CHAPTERS)
    assert all(one.startswith(b"\x89PNG") for one in drawn.values())
    for chapter, key in CHAPTERS.items():
        place, _, code = address(PORTAL, chapter).partition("?code=")
        assert (place, key_of(code)) == (PORTAL, key)


def test_the_mask_of_the_first_is_nearly_the_best_for_the_others() -> None:
    """By the penalties of ISO/IEC 18004, 7.8.3, which the first one's own mask makes lowest."""
    drawn = codes(PORTAL)
    lowest, taken = 0, 0
    for chapter, code in drawn.items():
        text = address(PORTAL, chapter)
        penalties = [_penalty(segno.make_qr(text, error="l", boost_error=False, mask=n)) for n in range(8)]
        lowest, taken = lowest + min(penalties), taken + _penalty(code)
    assert len({code.mask for code in drawn.values()}) == 1
    assert lowest <= taken < lowest * 1.05


def _penalty(code: segno.QRCode) -> int:
    rows = [bytearray(row) for row in code.matrix]
    scores: Callable[[Sequence[bytearray], int, int], Sequence[int]] = encoder.mask_scores
    return sum(scores(rows, len(rows), len(rows)))


def test_equal_addresses_are_equal_bytes_and_no_portal_is_no_square() -> None:
    assert squares(PORTAL) == squares(PORTAL)
    assert squares("") == {}


def test_the_paper_shows_them_with_words_for_who_cannot_see_them() -> None:
    made = sheet(paper())
    for chapter in CHAPTERS:
        shown = f'src="asset:///{square_name(chapter)}" alt="元の記録へのQRコード'
        assert shown in made.html
        assert square_name(chapter) in made.assets
    assert 'class="square"' not in sheet(replace(paper(), portal="")).html
