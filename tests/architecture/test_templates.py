"""Templates keep the content policy, draw icons that exist, and name templates that exist."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, meta

from nanori.web.templating import template_engine
from nanori_app.setup.catalogues import PACKAGES
from tests.architecture.sources import ROOT

VENDOR = ROOT / "var" / "vendor"
ICON = re.compile(r"""icon\(\s*["']([a-z0-9-]+)["']""")
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*="),
    "an inline handler": re.compile(r"\son[a-z]+\s*="),
    "an inline script": re.compile(r"<script(?![^>]*\ssrc=)"),
    "a style element": re.compile(r"<style"),
    "text that is not escaped": re.compile(r"\|\s*safe\b"),
    "a script for htmx": re.compile(r"\shx-on"),
}


def templates() -> Iterator[tuple[str, Path]]:
    """Name as the loader knows it, and file, of every page template."""
    for package, folder in PACKAGES.items():
        base = folder / "web" / "templates"
        for file in sorted(base.rglob("*.html")):
            yield f"{package}/{file.relative_to(base).as_posix()}", file


TEMPLATES = dict(templates())


@pytest.fixture(scope="module")
def environment() -> Environment:
    return template_engine(PACKAGES, VENDOR / "icons.json").engine


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_keeps_the_content_policy(name: str) -> None:
    text = TEMPLATES[name].read_text()

    assert [what for what, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_draws_icons_that_exist(name: str) -> None:
    known = json.loads((VENDOR / "icons.json").read_text())

    assert set(ICON.findall(TEMPLATES[name].read_text())) <= set(known)


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_can_be_read_and_names_only_templates_that_exist(
    environment: Environment, name: str
) -> None:
    tree = environment.parse(TEMPLATES[name].read_text(), name)
    wanted = [other for other in meta.find_referenced_templates(tree) if other]

    assert [other for other in wanted if other.endswith(".html") and other not in TEMPLATES] == []
