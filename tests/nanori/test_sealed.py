"""What is sealed can be opened by the same key for the same purpose, and by nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanori.sealed import SealBroken, seal, unseal

KEY, OTHER_KEY = "k" * 32, "o" * 32


@given(st.text(max_size=80))
def test_a_sealed_text_comes_back_and_is_not_readable_meanwhile(text: str) -> None:
    sealed = seal(KEY, "test", text)
    assert unseal(KEY, "test", sealed) == text
    assert seal(KEY, "test", text) != sealed
    assert len(text) < 4 or text not in sealed


@pytest.mark.parametrize(
    ("key", "purpose", "damage"), [(OTHER_KEY, "test", ""), (KEY, "another", ""), (KEY, "test", "A")]
)
def test_another_key_another_purpose_and_a_changed_text_open_nothing(
    key: str, purpose: str, damage: str
) -> None:
    sealed = seal(KEY, "test", "shpat_invented")
    with pytest.raises(SealBroken):
        unseal(key, purpose, damage + sealed)
