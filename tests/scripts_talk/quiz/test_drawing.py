"""Which questions a quiz asks, and who passes: properties."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from scripts_talk.knowledge.changes import share_changed
from scripts_talk.quiz.drawing import Choice, Question, draw, judge

CHOICES = (Choice("a", True), Choice("b", False), Choice("c", False))


def question(number: int, article: int) -> Question:
    return Question(
        question_id=UUID(int=number), article_id=UUID(int=article), asked=f"{number}?", choices=CHOICES,
        why="それは",
    )  # fmt: skip


pools = st.lists(st.integers(0, 5), max_size=30).map(
    lambda articles: [question(number, article) for number, article in enumerate(articles)]
)


@given(pool=pools, count=st.integers(1, 12), seed=st.integers(0, 2**128 - 1), data=st.data())
def test_a_draw_is_fair_to_articles_and_depends_on_the_seed_alone(
    pool: list[Question], count: int, seed: int, data: st.DataObject
) -> None:
    drawn = draw(pool, count, seed=seed)

    assert len({one.question_id for one in drawn}) == len(drawn) == min(count, len(pool))
    by_id = {one.question_id: one for one in pool}
    for one in drawn:
        assert Counter(one.choices) == Counter(by_id[one.question_id].choices)
    asked, there = Counter(one.article_id for one in drawn), Counter(one.article_id for one in pool)
    for article in there:  # who has questions left is asked no less than one turn after the others
        assert asked[article] == there[article] or asked[article] >= max(asked.values()) - 1
    assert draw(data.draw(st.permutations(pool)), count, seed=seed) == drawn


@given(pool=pools.filter(bool), percent=st.integers(1, 100), data=st.data())
def test_who_has_enough_right_passes_and_one_more_never_hurts(
    pool: list[Question], percent: int, data: st.DataObject
) -> None:
    sets = st.frozensets(st.integers(0, 3))
    chosen = {place: data.draw(sets) for place in range(len(pool))}
    result = judge(pool, chosen, pass_percent=percent)

    assert result.right == sum(chosen[place] == {0} for place in range(len(pool)))
    assert result.passed == (result.right / len(pool) >= percent / 100 - 1e-12)
    better = chosen | {data.draw(st.integers(0, len(pool) - 1)): frozenset({0})}
    assert judge(pool, better, pass_percent=percent).passed >= result.passed
    assert judge(pool, dict.fromkeys(chosen, frozenset({0})), pass_percent=100).passed


def test_nobody_passes_a_quiz_without_questions() -> None:
    assert not judge([], {}, pass_percent=1).passed


def test_half_of_several_right_choices_is_wrong() -> None:
    both = Question(
        question_id=UUID(int=1), article_id=UUID(int=1), asked="?", why="",
        choices=[Choice("a", True), Choice("b", True), Choice("c", False)],
    )  # fmt: skip

    assert not judge([both], {0: frozenset({0})}, pass_percent=1).passed
    assert not judge([both], {0: frozenset({0, 1, 2})}, pass_percent=1).passed
    assert judge([both], {0: frozenset({0, 1})}, pass_percent=100).passed


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_how_much_changed_is_a_share(before: str, after: str) -> None:
    assert 0 <= share_changed(before, after) <= 1
    assert share_changed(before, before) == 0


def test_a_word_is_little_and_another_text_is_a_lot() -> None:
    text = "商品到着後、8日以内にご連絡ください。送料はお客様のご負担でお願いいたします。"
    assert share_changed(text, text.replace("8", "14")) < 0.1
    assert share_changed(text, "返品は承っておりません。") > 0.6
