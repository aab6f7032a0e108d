"""Parts of files: whatever a browser asks for, it gets bytes of the file and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanori.web.ranges import AT_ONCE, Part, part_asked_for


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        (None, None),
        ("bytes=0-", Part(0, 99)),
        ("bytes=10-19", Part(10, 19)),
        ("bytes=90-500", Part(90, 99)),
        ("bytes=-10", Part(90, 99)),
        ("bytes=-500", Part(0, 99)),
        ("bytes=5-2", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
    ],
)
def test_ranges_as_the_standard_has_them(asked: str | None, part: Part | None) -> None:
    assert part_asked_for(asked, 100) == part


@pytest.mark.parametrize("asked", ["bytes=100-", "bytes=200-300", "bytes=-0"])
def test_beyond_the_end_there_is_nothing(asked: str) -> None:
    with pytest.raises(ValueError, match="beyond"):
        part_asked_for(asked, 100)


@given(asked=st.from_regex(r"bytes=\d{0,12}-\d{0,12}", fullmatch=True), size=st.integers(1, 10**10))
def test_a_part_lies_within_the_file_and_is_never_large(asked: str, size: int) -> None:
    try:
        part = part_asked_for(asked, size)
    except ValueError:
        return
    if part is not None:
        assert 0 <= part.first <= part.last < size
        assert part.last - part.first < AT_ONCE
