import re
from importlib.resources import files
from importlib.resources.abc import Traversable

import pytest

TEMPLATES = sorted(
    (file for file in (files("reports.paper") / "templates").iterdir() if file.name.endswith(".html")),
    key=lambda file: file.name,
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_a_template_carries_no_inline_style_no_script_and_nothing_from_outside(template: Traversable) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"\sstyle=|<script|https?:|\| *safe", text.replace("{{ css | safe }}", ""))
