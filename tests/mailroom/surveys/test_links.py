"""A link names one shop and one contact, cannot be made by others, and ends."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from mailroom.surveys.errors import LinkUnknown
from mailroom.surveys.links import Links
from tests.support.clock import START

LINKS = Links("s" * 40, "https://desk.example")
SHOP, CONTACT = uuid7(), uuid7()
TOKEN = LINKS.token(SHOP, CONTACT, now=START)


def test_a_link_says_what_it_was_made_of_and_nothing_else() -> None:
    found = LINKS.read(TOKEN)
    assert (found.tenant_id, found.interaction_id) == (SHOP, CONTACT)
    assert found.ends_at == START + timedelta(days=14)
    assert LINKS.url(SHOP, CONTACT, now=START) == f"https://desk.example/feedback/{TOKEN}"
    assert len(TOKEN) == 70
    assert set(TOKEN) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(place=st.integers(0, len(TOKEN) - 2), letter=st.sampled_from("AQgw09-_"))
def test_whoever_changes_a_letter_has_no_link(place: int, letter: str) -> None:
    changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
    if changed != TOKEN:
        with pytest.raises(LinkUnknown):
            LINKS.read(changed)


@given(st.text(max_size=120))
def test_anything_else_is_no_link(text: str) -> None:
    with pytest.raises(LinkUnknown):
        LINKS.read(text)


def test_another_shops_contact_and_another_installation_need_another_seal() -> None:
    other = LINKS.token(uuid7(), CONTACT, now=START)
    with pytest.raises(LinkUnknown):
        LINKS.read(other[:21] + TOKEN[21:])
    with pytest.raises(LinkUnknown):
        Links("t" * 40, "https://desk.example").read(TOKEN)
    with pytest.raises(LinkUnknown):
        LINKS.read(TOKEN + "AAAA")
