"""Order numbers in what people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.orders.mentions import MOST_CANDIDATES, numbers_in

NUMBERS = st.one_of(
    st.from_regex(r"[A-Z]{1,4}-[0-9]{2,8}", fullmatch=True),
    st.from_regex(r"[1-9][0-9]{5,11}", fullmatch=True),
)


SENTENCES = ["注文{}が届きません。", "{}の件です", "（{}）", "Order {}, please", "#{}", "\n{}\n"]


@given(NUMBERS, st.sampled_from(SENTENCES))
def test_a_number_is_found_wherever_it_stands_in_a_sentence(number: str, sentence: str) -> None:
    assert numbers_in(sentence.format(number)) == [number]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("注文番号：ｍｃ－１０２３", ["MC-1023"]),
        ("ご注文 1023 の件", ["1023"]),
        ("#1023 です", ["1023"]),
        ("2026年の1500円", []),
        ("1023", []),
        ("届きません", []),
        ("MC-1 と MC-1 と MC-2", ["MC-1", "MC-2"]),
    ],
)
def test_short_figures_count_only_behind_a_word_for_orders(text: str, found: list[str]) -> None:
    assert numbers_in(text) == found


@given(st.text(max_size=3000))
def test_nothing_that_is_written_breaks_it_or_makes_it_ask_for_much(text: str) -> None:
    assert len(numbers_in(text * 10)) <= MOST_CANDIDATES
