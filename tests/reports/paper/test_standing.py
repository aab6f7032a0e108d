"""The cover tells whether the figures are frozen."""

from dataclasses import replace

import pytest

from reports.closing.values import MonthState, Standing
from reports.paper.sheet import sheet
from tests.reports.months import empty_month
from tests.reports.paper.test_sheet import paper


@pytest.mark.parametrize(
    ("state", "ja", "en"),
    [
        (MonthState.CLOSED, "締め済み", "Closed; hash 0123456789abcdef<"),
        (MonthState.RESTATED, "第2版で訂正", "Restated, edition 2: &lt;b&gt;"),
        (MonthState.REOPENED, "暫定", "the figures are provisional: &lt;b&gt;"),
    ],
)
def test_the_cover_says_how_the_figures_stand(state: MonthState, ja: str, en: str) -> None:
    standing = Standing(
        state=state, edition=2, closed_at=None, reason="<b>", content_hash="0123456789abcdef" * 4
    )
    month = replace(empty_month(), standing=standing)
    for locale, said in (("ja", ja), ("en", en)):
        assert said in sheet(paper(locale, month)).html


def test_a_month_that_was_never_closed_says_nothing() -> None:
    assert "Standing" not in sheet(paper("en", empty_month())).html
