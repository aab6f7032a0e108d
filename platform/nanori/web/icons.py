"""``{{ icon("phone") }}``: a Lucide icon drawn into the page, in the colour of the text beside it.

The drawings are not ours to keep in the repository; set-up copies them to ``var/vendor/icons.json``.
"""

import json
from functools import cached_property
from pathlib import Path

from jinja2 import Environment
from markupsafe import Markup

Shape = tuple[str, dict[str, str]]


class Icons:
    """The drawings of one file, read when the first icon is asked for."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._drawn: dict[tuple[str, str], Markup] = {}

    def __call__(self, name: str, label: str = "") -> Markup:
        """Draw one icon. Without a label it is decoration and hidden from screen readers.

        Raises:
            LookupError: no icon has this name.
        """
        key = (name, label)
        if key not in self._drawn:
            self._drawn[key] = self._draw(name, label)
        return self._drawn[key]

    def _draw(self, name: str, label: str) -> Markup:
        if name not in self._shapes:
            raise LookupError(f"no icon is named {name!r}")
        inside = Markup("").join(_element(tag, attributes) for tag, attributes in self._shapes[name])
        told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup('<svg class="icon" viewBox="0 0 24 24" {}>{}</svg>').format(told, inside)

    @cached_property
    def _shapes(self) -> dict[str, list[Shape]]:
        if not self.file.is_file():
            raise LookupError(f"{self.file} is missing: run `python -m nanori_app.setup.browser_files`")
        shapes: dict[str, list[Shape]] = json.loads(self.file.read_text())
        return shapes


def _element(tag: str, attributes: dict[str, str]) -> Markup:
    inside = Markup(" ").join(Markup('{}="{}"').format(k, v) for k, v in attributes.items())
    return Markup("<{} {}/>").format(tag, inside)


def install_icons(environment: Environment, file: Path) -> None:
    environment.globals["icon"] = Icons(file)
