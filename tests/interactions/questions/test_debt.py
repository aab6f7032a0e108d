"""Whose turn it is and for how long: golden stories, and laws that hold for every story."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interactions.questions.debt import Decided, Proposal, debt, proposals
from interactions.questions.values import MoveKind, Side, Verdict

NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)
A, S, W, B, C = (
    MoveKind.ASKED,
    MoveKind.ACKNOWLEDGED,
    MoveKind.ANSWERED,
    MoveKind.ASKED_AGAIN,
    MoveKind.CLOSED,
)


def story(*told: tuple[MoveKind, int]) -> list[tuple[MoveKind, datetime]]:
    return [(kind, NINE + timedelta(minutes=minute)) for kind, minute in told]


@pytest.mark.parametrize(
    ("told", "now", "holder", "since", "shop", "desk"),
    [
        ([], 60, None, None, 0, 0),
        ([(A, 0)], 60, Side.SHOP, 0, 60, 0),
        ([(A, 0), (S, 20)], 60, Side.SHOP, 0, 60, 0),
        ([(A, 0), (S, 20), (W, 50)], 60, Side.DESK, 50, 50, 10),
        ([(A, 0), (W, 10), (B, 15)], 60, Side.SHOP, 15, 55, 5),
        ([(A, 0), (W, 10), (B, 15), (W, 30), (C, 45)], 600, None, None, 25, 20),
        ([(A, 0), (C, 5)], 60, None, None, 5, 0),
    ],
)
def test_the_clocks_of_a_story(
    told: list[tuple[MoveKind, int]], now: int, holder: Side | None, since: int | None, shop: int, desk: int
) -> None:
    found = debt(story(*told), NINE + timedelta(minutes=now))

    assert found.holder is holder
    assert found.since == (None if since is None else NINE + timedelta(minutes=since))
    assert found.held == {Side.SHOP: timedelta(minutes=shop), Side.DESK: timedelta(minutes=desk)}


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from([S, W, B]), st.integers(0, 500)), max_size=8))
def test_no_minute_is_lost_or_counted_twice(gaps: list[tuple[MoveKind, int]]) -> None:
    minute, told = 0, [(A, 0)]
    for kind, gap in gaps:
        minute += gap
        told.append((kind, minute))
    now = NINE + timedelta(minutes=minute + 7)

    assert sum(debt(story(*told), now).held.values(), timedelta()) == now - NINE


def said(verdict: Verdict, *amounts: int | None) -> list[Decided]:
    return [Decided("返金", amount, verdict) for amount in amounts]


YES, NO = Verdict.APPROVED, Verdict.REFUSED


@pytest.mark.parametrize(
    ("decided", "limits", "proposed"),
    [
        (said(YES, 1000, 2000), {}, []),
        (said(YES, 1000, 3000, 2000), {}, [Proposal("返金", 3000, 3, 3)]),
        (said(YES, 1000, 3000, 2000) + said(NO, 2500), {}, []),
        (said(YES, 1000, 3000, 2000, 900) + said(NO, 2500), {}, [Proposal("返金", 2000, 3, 5)]),
        (said(YES, 1000, 3000, 2000), {"返金": 2000}, [Proposal("返金", 3000, 3, 3)]),
        (said(YES, 1000, 3000, 2000), {"返金": 3000}, []),
        (said(YES, 1000, 3000, 2000), {"返金": None}, []),
        (said(YES, None, None, None), {}, []),
        (said(Verdict.OTHER, 1000, 1000, 1000), {}, []),
    ],
)
def test_a_limit_is_proposed_below_everything_that_was_refused(
    decided: list[Decided], limits: dict[str, int | None], proposed: list[Proposal]
) -> None:
    assert proposals(decided, limits) == proposed
