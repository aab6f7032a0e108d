"""The gate in front of offers: each way in which it is closed."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.steps import Goods
from scripts_talk.upsell import (
    Advertised,
    Advertisement,
    Term,
    cooling_off_until,
    gate,
    required_terms,
)
from scripts_talk.values import Passage

ONCE, EACH_MONTH = Goods(code="BEANS"), Goods(code="BEANS", is_subscription=True)
OTHER = Goods(code="CUP")
ALL = frozenset(Term)


def paper(*goods: Advertised, allows: bool = False) -> Advertisement:
    return Advertisement(code="w", goods=goods, allows_solicitation=allows)


SHOWN_ONCE = Advertised(code="BEANS", name="豆", shown=ALL - {Term.PERIOD})
SHOWN_MONTHLY = Advertised(code="BEANS", name="豆", is_subscription=True, shown=ALL)


@pytest.mark.parametrize(
    ("goods", "papers", "was_refused", "passage"),
    [
        (ONCE, [paper(SHOWN_ONCE)], False, Passage.OPEN),
        (EACH_MONTH, [paper(SHOWN_MONTHLY)], False, Passage.OPEN),
        (ONCE, [paper(SHOWN_ONCE)], True, Passage.OPEN),
        (ONCE, [], False, Passage.CLOSED),
        (OTHER, [paper(SHOWN_ONCE)], False, Passage.CLOSED),
        (EACH_MONTH, [paper(SHOWN_ONCE)], False, Passage.CLOSED),
        (ONCE, [paper(SHOWN_MONTHLY)], False, Passage.CLOSED),
        (ONCE, [paper(SHOWN_ONCE), paper()], False, Passage.CLOSED),
        (OTHER, [paper(SHOWN_ONCE, allows=True)], False, Passage.AS_SOLICITATION),
        (OTHER, [paper(SHOWN_ONCE, allows=True)], True, Passage.CLOSED),
        (OTHER, [paper(allows=True), paper()], False, Passage.CLOSED),
    ],
)
def test_who_gets_through(
    goods: Goods, papers: list[Advertisement], was_refused: bool, passage: Passage
) -> None:
    verdict = gate(goods, papers, was_refused=was_refused)
    assert verdict.passage is passage
    assert bool(verdict.why) is (passage is not Passage.OPEN)


@pytest.mark.parametrize("missing", Term)
def test_each_term_that_was_not_shown_closes_alone(missing: Term) -> None:
    monthly = Advertised(code="BEANS", name="豆", is_subscription=True, shown=ALL - {missing})
    assert gate(EACH_MONTH, [paper(monthly)], was_refused=False).passage is Passage.CLOSED
    once = Advertised(code="BEANS", name="豆", shown=ALL - {missing})
    is_needed = missing in required_terms(is_subscription=False)
    assert (gate(ONCE, [paper(once)], was_refused=False).passage is Passage.CLOSED) is is_needed


_advertised = st.builds(
    Advertised, code=st.sampled_from(["BEANS", "CUP"]), name=st.just("x"), is_subscription=st.booleans(),
    shown=st.frozensets(st.sampled_from(Term)),
)  # fmt: skip
_papers = st.lists(
    st.builds(
        Advertisement, code=st.just("w"), goods=st.lists(_advertised, max_size=3).map(tuple),
        allows_solicitation=st.booleans(),
    ),
    max_size=3,
)  # fmt: skip


@given(_papers, st.booleans(), st.booleans())
def test_nothing_is_offered_freely_that_some_advertisement_did_not_show_in_full(
    papers: Sequence[Advertisement], is_subscription: bool, was_refused: bool
) -> None:
    goods = Goods(code="BEANS", is_subscription=is_subscription)
    verdict = gate(goods, papers, was_refused=was_refused)
    shown_by_all = bool(papers) and all(
        any(
            (one.code, one.is_subscription) == ("BEANS", is_subscription)
            and required_terms(is_subscription=is_subscription) <= one.shown
            for one in each.goods
        )
        for each in papers
    )
    assert (verdict.passage is Passage.OPEN) is shown_by_all
    if was_refused:
        assert verdict.passage is not Passage.AS_SOLICITATION


def test_the_day_of_arrival_counts_as_the_first_of_eight() -> None:
    assert cooling_off_until(date(2026, 2, 25)) == date(2026, 3, 4)
