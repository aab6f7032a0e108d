"""Scripts as files: what is written is read again, and what cannot be read is told in words."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanori.words import words_for
from scripts_talk.filing import ScriptFile, UnreadableFile, read_file, write_file
from scripts_talk.steps import Step
from tests.scripts_talk.made_steps import WORDS, talks

GOOD: dict[str, Any] = {
    "nanori_script": 1,
    "name": "受注",
    "steps": [{"title": "a", "say": "x", "branches": [{"to": "end", "when": {"weekdays": [6]}}]}],
}


@settings(max_examples=40)
@given(WORDS, talks)
def test_a_written_script_is_read_as_it_was(name: str, steps: tuple[Step, ...]) -> None:
    script = ScriptFile(name=name, order_pattern="MC-####", steps=steps)
    assert read_file(write_file(script).encode()) == script


def told(content: bytes) -> list[str]:
    with pytest.raises(UnreadableFile) as refusal:
        read_file(content)
    return [problem.in_words(words_for("en")) for problem in refusal.value.problems]


def with_step(**changes: object) -> bytes:
    return json.dumps(GOOD | {"steps": [GOOD["steps"][0], GOOD["steps"][0] | changes]}).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x82\xa0", "The file is not in UTF-8."),
        (b'{\n  "name": "x"\n  "steps"', "Line 3, character 3: this is not JSON."),
        (b"[]", "This is no script of ours."),
        (b"[" * 100_000, "This is no script of ours."),
        (b'{"nanori_script": 2}', "The file has format 2"),
        (b'{"nanori_script": 1, "name": "x"}', "“steps” is missing."),
        (with_step(titel="x"), "Step 2: “titel” means nothing here."),
        (with_step(title=3), "Step 2: “title” must be a text"),
        (with_step(kind="upsell"), "Step 2: “kind” must be one of: talk, offer, cancellation."),
        (with_step(fields="x"), "Step 2: “fields” must be a list."),
        (with_step(fields=[{"key": "a", "label": "b", "kind": "x"}]), "Step 2, field 1:"),
        (with_step(branches=[{"to": "end"}, {}]), "Step 2, branch 2: “to” is missing."),
        (with_step(branches=[{"to": "end", "when": {"first_day": "12/24"}}]), "must be a day"),
        (with_step(branches=[{"to": "end", "when": {"weekdays": [7]}}]), "a number from 0 to 6"),
        (with_step(wordings=[{"say": "x", "when": []}]), "Step 2, other words 1: Here something in curly"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(content: bytes, sentence: str) -> None:
    assert sentence in " / ".join(told(content))


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["title", "say", "kind", "branches", "when", "goods", "to", "answer"]), inner
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(_json, max_size=3))
def test_no_file_whatever_makes_more_than_a_sentence(steps: list[object]) -> None:
    """Refused in words or read: nothing else comes of it."""
    content = json.dumps(GOOD | {"steps": steps}).encode()
    with suppress(UnreadableFile):
        read_file(content)
        return
    assert all(told(content))
