import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanori.words import register_catalogues, words_for
from reports.figures import Comparison, Figure, count, mean_ms, percentile_ms, ratio
from reports.paper.wording import Wording

register_catalogues(["reports"])
EN, JA = Wording(words_for("en")), Wording(words_for("ja"))


@pytest.mark.parametrize(
    ("figure", "english", "japanese"),
    [
        (ratio("answer_rate", 860, 1060), "81.1%", "81.1%"),
        (ratio("answer_rate", 1, 2000), "0.1%", "0.1%"),
        (ratio("answer_rate", 0, 0), "—", "—"),
        (count("offered", 12345), "12,345", "12,345"),
        (mean_ms("speed_of_answer", 25_150, 2), "12.6 s", "12.6秒"),
        (mean_ms("talk_time", 59_999, 1), "60.0 s", "60.0秒"),
        (mean_ms("talk_time", 193_500, 1), "3 min 14 s", "3分14秒"),
        (mean_ms("mail_first_response", 7_230_000, 1), "2 h 1 min", "2時間1分"),
        (percentile_ms("wait_median", [], 50), "—", "—"),
    ],
)
def test_a_figure_is_printed_in_the_readers_way(figure: Figure, english: str, japanese: str) -> None:
    assert EN.figure(figure) == english
    assert JA.figure(figure) == japanese


def test_the_origin_shows_what_can_be_divided_again() -> None:
    assert EN.origin(ratio("answer_rate", 860, 1060)) == "860 / 1,060"
    assert JA.origin(mean_ms("talk_time", 193_500, 7)) == "193.500秒 / 7"
    assert EN.origin(percentile_ms("wait_median", [1, 2, 3], 50)) == "n = 3"
    assert EN.origin(ratio("answer_rate", 0, 0)) == EN.origin(count("offered", 3)) == ""


def wait(ms: int) -> Figure:
    return mean_ms("speed_of_answer", ms * 40, 40)


def test_a_difference_is_that_of_the_printed_values() -> None:
    assert EN.change(Comparison(wait(27_060), wait(26_240))) == "+0.9 s"
    assert EN.change(Comparison(wait(253_000), wait(258_100))) == "−5 s"
    assert JA.change(Comparison(wait(14_460_000), wait(13_185_000))) == "+21分"
    assert EN.change(Comparison(wait(26_210), wait(26_240))) == "±0.0 s"
    assert JA.change(Comparison(ratio("a", 60, 100), ratio("a", 65, 100))) == "−5.0ポイント"
    assert EN.change(Comparison(count("offered", 45), count("offered", 30))) == "+50.0%"


def test_small_months_show_no_difference() -> None:
    assert EN.change(Comparison(count("offered", 45), count("offered", 29))) == ""
    assert EN.change(Comparison(count("offered", 45), None)) == ""


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_any_two_durations_have_a_difference_that_can_be_printed(now: int, before: int) -> None:
    said = EN.change(Comparison(wait(now), wait(before)))
    assert said[0] in "+−±"
