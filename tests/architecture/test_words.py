"""Every sentence has its Japanese, and no catalogue keeps what nobody says."""

import re
import string

import pytest

from nanori_app.setup.catalogues import PACKAGES, catalogue_of, gaps

PLACEHOLDER = re.compile(r"%\((\w+)\)")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_sentence_has_its_japanese_and_none_is_stale(package: str) -> None:
    assert list(gaps(package)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_translation_keeps_the_places_for_values(package: str) -> None:
    for message in catalogue_of(package):
        if message.id and message.string:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            said = [message.string] if isinstance(message.string, str) else list(message.string)
            wanted = set().union(*map(places, ids))
            assert set().union(*map(places, said)) == wanted, message.id


def places(text: str) -> set[str]:
    """Names of the values that a text asks for."""
    braces = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    return braces | set(PLACEHOLDER.findall(text))
