"""Find templates by room: ``telephony/call_list.html`` lies in ``telephony/web/templates/``."""

from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from jinja2 import BaseLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from litestar.plugins.jinja import JinjaTemplateEngine

from nanori.web.icons import install_icons
from nanori.web.translation import install_words


def template_engine(packages: Iterable[str], icons: Path) -> JinjaTemplateEngine:
    """Templates of every package, escaped, strict about what is undefined; compiled once in a process."""
    return JinjaTemplateEngine.from_environment(_environment(tuple(packages), icons))


@lru_cache(maxsize=1)
def _environment(packages: tuple[str, ...], icons: Path) -> Environment:
    loaders: dict[str, BaseLoader] = {
        package: FileSystemLoader(Path(str(files(package))) / "web" / "templates") for package in packages
    }
    environment = Environment(loader=PrefixLoader(loaders), autoescape=True, undefined=StrictUndefined)
    install_words(environment)
    install_icons(environment, icons)
    return environment
