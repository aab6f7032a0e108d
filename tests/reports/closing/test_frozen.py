"""What is frozen comes back whole, and equal months give equal hashes."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.closing.frozen import canonical, freeze, thaw
from reports.closing.snapshot import changes, content_hash, places, snapshot_of
from reports.closing.values import FORMULAS
from reports.month import month_figures
from tests.reports.months import OCTOBER, Month, empty_month, open_hours

HOURS = open_hours(OCTOBER)


@settings(max_examples=8)
@given(seed=st.integers(1, 1000), calls=st.sampled_from([0, 2, 25]))
def test_a_frozen_month_is_the_same_month(seed: int, calls: int) -> None:
    month = month_figures(Month(seed=seed, calls_a_day=calls).facts(), HOURS)
    assert thaw(json.loads(canonical(freeze(month)))) == month


def test_an_empty_month_can_be_frozen() -> None:
    assert thaw(json.loads(canonical(freeze(empty_month())))) == empty_month()


def test_the_order_in_which_the_log_was_read_does_not_matter() -> None:
    facts = Month(calls_a_day=8).facts()
    turned = type(facts)(
        period=facts.period, terms=facts.terms, calls=list(reversed(facts.calls)),
        mails=list(reversed(facts.mails)), settled=list(reversed(facts.settled)),
        escalations=list(reversed(facts.escalations)),
    )  # fmt: skip
    assert snapshot_of(facts, HOURS).content_hash == snapshot_of(turned, HOURS).content_hash


def test_the_hash_covers_each_record_and_each_figure() -> None:
    one = snapshot_of(Month(calls_a_day=3).facts(), HOURS)
    assert one.content_hash == content_hash(FORMULAS, one.document, one.patterns, one.records)
    assert one.content_hash != content_hash(FORMULAS + 1, one.document, one.patterns, one.records)
    assert one.content_hash != content_hash(FORMULAS, one.document, one.patterns, one.records[:-1])
    changed = one.document | {"waits_ms": []}
    assert one.content_hash != content_hash(FORMULAS, changed, one.patterns, one.records)


def test_patterns_name_the_figures_of_each_record() -> None:
    one = snapshot_of(Month(calls_a_day=8).facts(), HOURS)
    for figure in one.figures.figures:
        if figure.denominator is None:
            behind = set(places(one.patterns, figure.key))
            assert sum(record.pattern in behind for record in one.records) == figure.numerator, figure.key


def test_no_record_says_who_called() -> None:
    said = canonical([one.fact for one in snapshot_of(Month(calls_a_day=8).facts(), HOURS).records])
    assert b"shopper" not in said


def test_a_restatement_names_what_changed_and_nothing_else() -> None:
    old = month_figures(Month(seed=1, calls_a_day=3).facts(), HOURS)
    assert changes(old, old) == []
    new = month_figures(Month(seed=2, calls_a_day=3).facts(), HOURS)
    found = {one["key"]: one for one in changes(old, new)}
    assert found["offered"]["old"] == old.figure("offered").as_json()
    assert found["offered"]["new"] == new.figure("offered").as_json()
    assert "apart_bot" not in found
