"""The cast's scripts could be submitted as they are."""

import pytest

from nanori_app.demo.scripts import SCRIPTS
from scripts_talk.problems import problems


@pytest.mark.parametrize("slug", SCRIPTS)
def test_a_script_of_the_cast_has_nothing_wrong(slug: str) -> None:
    assert problems(SCRIPTS[slug][1]) == {}
