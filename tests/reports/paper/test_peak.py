"""What the engine needs at most for sample months: memory, which does not depend on the machine's day."""

from reports.paper.sheet import FONTS, VARIANT, sheet
from tests.reports.drawn_apart import Ready, draw_apart
from tests.reports.months import REASONS_EN, REASONS_JA, Month
from tests.reports.paper.test_sheet import paper

PROMISED = 120
MOST = 110
"""MB. Measured were 96 after many papers, 93 after the first; 129 to 149 with whole faces in memory."""


def test_the_engine_stays_small_in_both_languages() -> None:
    ready = []
    for number, locale in enumerate(("ja", "en") * 3):
        reasons = REASONS_JA if locale == "ja" else REASONS_EN
        one = paper(locale, Month(seed=number, calls_a_day=106, reasons=reasons).figures())
        made = sheet(one)
        ready.append(Ready(made.html, made.assets, made.enclosed))

    drawn = draw_apart(ready, fonts=FONTS, variant=VARIANT)

    assert 40 < drawn.peak < MOST < PROMISED
