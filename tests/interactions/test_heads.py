"""Whatever is joined and parted in whatever order: each case goes on in exactly one that stands."""

from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from interactions.heads import Joining, heads

CASES = [UUID(int=number) for number in range(6)]
A, B, C, D = CASES[:4]


def test_a_join_of_a_join_leads_to_the_last_and_an_undoing_takes_its_followers_along() -> None:
    told = [Joining(A, B), Joining(B, C), Joining(D, C)]
    assert heads(told) == {A: C, B: C, D: C}
    assert heads([*told, Joining(B, None)]) == {A: B, D: C}
    assert heads([*told, Joining(B, None), Joining(A, None)]) == {D: C}


@given(st.lists(st.tuples(st.sampled_from(CASES), st.sampled_from(CASES), st.booleans())))
def test_no_circle_no_chain_and_nothing_lost(wishes: list[tuple[UUID, UUID, bool]]) -> None:
    """What the commands let through: a standing case into another's head, and the undoing of any join."""
    told: list[Joining] = []
    for case_id, other, undoes in wishes:
        found = heads(told)
        into = found.get(other, other)
        if undoes and case_id in found:
            told.append(Joining(case_id, None))
        elif not undoes and case_id not in found and into != case_id:
            told.append(Joining(case_id, into))
    found = heads(told)
    assert not set(found) & set(found.values()), "a head is never joined itself"
    assert sum(Counter(found.get(one, one) for one in CASES).values()) == len(CASES)
    live = Counter(one.case_id for one in told if one.into_id) - Counter(
        one.case_id for one in told if one.into_id is None
    )
    assert set(found) == set(live)
    assert set(live.values()) <= {1}, "not twice"
