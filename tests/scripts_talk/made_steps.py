"""Steps and conditions as hypothesis makes them."""

from datetime import date, datetime

from hypothesis import strategies as st

from scripts_talk.conditions import Answer, Condition, Moment
from scripts_talk.steps import Branch, CapturedField, Goods, Step, Wording
from scripts_talk.values import END, FieldKind, Match, Situation, StepKind

KEYS = [f"k{number}" for number in range(6)]
FIELDS = ["order", "wish", "sum"]
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MINUTES = st.integers(0, 1439)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20).map(
    str.strip
)

answers = st.one_of(
    st.builds(Answer, field=st.sampled_from(FIELDS), test=st.just(Match.FILLED)),
    st.builds(Answer, field=st.just("wish"), test=st.just(Match.EQUALS), value=st.sampled_from("ab")),
    st.builds(
        Answer, field=st.just("sum"), test=st.sampled_from([Match.AT_LEAST, Match.BELOW]),
        value=st.integers(1, 9).map(str),
    ),
)  # fmt: skip
conditions = st.builds(
    Condition,
    situations=st.frozensets(st.sampled_from(Situation)),
    campaign=st.sampled_from(["", "", "summer", "winter"]),
    first_day=st.none() | DAYS,
    last_day=st.none() | DAYS,
    from_minute=st.none() | MINUTES,
    until_minute=st.none() | MINUTES,
    weekdays=st.frozensets(st.integers(0, 6)),
    answer=st.none() | answers,
)
moments = st.builds(
    Moment,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 -- local time of a shop
    situations=st.frozensets(st.sampled_from(Situation)),
    campaigns=st.frozensets(st.sampled_from(["summer", "winter"])),
)
captures = st.fixed_dictionaries(
    {},
    optional={
        "order": st.just("MC-1"),
        "wish": st.sampled_from("ab"),
        "sum": st.integers(0, 10).map(str),
    },
)
_field = st.builds(
    CapturedField,
    key=st.sampled_from([*FIELDS, "more"]),
    label=WORDS,
    kind=st.sampled_from(FieldKind),
    required=st.booleans(),
    choices=st.lists(WORDS, max_size=3).map(tuple),
)


def _step(key: str) -> st.SearchStrategy[Step]:
    target = st.sampled_from([*KEYS, END])
    return st.builds(
        Step,
        key=st.just(key),
        title=WORDS,
        kind=st.sampled_from(StepKind),
        say=WORDS,
        wordings=st.lists(st.builds(Wording, say=WORDS, when=conditions), max_size=2).map(tuple),
        hint=st.just("") | WORDS,
        fields=st.lists(_field, max_size=2).map(tuple),
        branches=st.lists(st.builds(Branch, to=target, when=conditions), max_size=2).map(tuple),
        then=st.just("") | target,
        goods=st.none() | st.builds(Goods, code=st.just("BEANS-200"), is_subscription=st.booleans()),
    )


talks = st.lists(st.sampled_from(KEYS), unique=True, min_size=1).flatmap(
    lambda keys: st.tuples(*(_step(key) for key in keys))
)
