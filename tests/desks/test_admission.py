import pytest

from desks.admission import HANDLED_IN, most_waiting


@pytest.mark.parametrize(
    ("limit", "agents", "longest_wait", "most"),
    [
        (80, 3, 600, 80),
        (80, 0, 600, 80),
        (0, 3, 600, None),
        (None, 3, 2 * HANDLED_IN, 6),
        (None, 3, HANDLED_IN + HANDLED_IN // 2, 4),
        (None, 3, 30, 3),  # never fewer than there are agents
        (None, 0, 600, None),  # an empty desk has a rule of its own
    ],
)
def test_how_many_may_wait(limit: int | None, agents: int, longest_wait: int, most: int | None) -> None:
    assert most_waiting(limit, agents=agents, longest_wait=longest_wait) == most
