"""The whole report of one shop and month: HTML with its pictures, PDF bytes, and the figures beside it."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from nanori.charts import clip, text_width
from nanori.colours import text_on
from nanori.pdf import Asset, Enclosure, PdfPress
from nanori.words import N_, Words
from reports.beside import NOTHING_BESIDE, Beside
from reports.month import MonthFigures
from reports.paper import tables
from reports.paper.aside import SHOWN_ARTICLES, SHOWN_ESCALATIONS, SHOWN_QUESTIONS, Aside
from reports.paper.codes import CODES
from reports.paper.drawings import LONG_DAY, drawings
from reports.paper.enclosed import FIGURES_JSON, enclosures
from reports.paper.sentences import Story
from reports.paper.squares import CHAPTERS, square_name, squares
from reports.paper.standing import standing_line
from reports.paper.wording import Wording

FONTS = ("BIZ UDGothic", "BIZ UDPGothic")
VARIANT = "pdf/a-3a"
"""Tagged, every letter searchable, faces embedded, and the figures enclosed."""
_SVG, _PNG = "image/svg+xml", "image/png"
_HEADER_WIDTH = 330
_LARGE_NAME, _MIDDLE_NAME = 13, 26
_CONTENTS = {
    "summary": N_("The month in five sentences"),
    "calls": N_("When people called"),
    "speed": N_("How we answered"),
    "days": N_("Day by day"),
    "outside": N_("While the desk was closed"),
    "mail": N_("Mail"),
    "reasons": N_("What it was about, and what shoppers said"),
    "escalations": N_("What we passed to you"),
    "knowledge": N_("What we learnt, and give back to you"),
    "seasons": N_("Seasonal desks"),
    "seats": N_("Seats, and what sharing them saves"),
    "name": N_("Your name"),
    "checked": N_("Calls that were checked"),
    "definitions": N_("What each figure counts"),
    "agreed": N_("How the counting was agreed"),
}
"""Sections by their anchor; a desk without a season has no such section, nor has a month without checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who the report is for and from. ``logo`` is an image of the shop, if it has one.

    Raises:
        ValueError: ``colour`` is not ``#rrggbb``; it goes into the style sheet as it stands.
    """

    brand: str
    reading: str
    legal_name: str
    colour: str
    operator: str
    logo: Asset | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", self.colour):
            raise ValueError(f"not a colour: {self.colour!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """Everything that goes into the report, and nothing else: equal papers give equal bytes.

    ``made_on`` is the day the figures were taken from the log, not the day of printing.
    """

    letterhead: Letterhead
    month: MonthFigures
    before: MonthFigures | None
    words: Words
    made_on: date
    beside: Beside = NOTHING_BESIDE
    portal: str = ""  # where the records behind its figures are shown; "" prints codes without links


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything that the engine needs for one report."""

    html: str
    assets: Mapping[str, Asset]
    enclosed: Sequence[Enclosure]

    @property
    def figures(self) -> bytes:
        """As a program reads them."""
        [found] = [one.body for one in self.enclosed if one.name == FIGURES_JSON]
        return found


def paper_press() -> PdfPress:
    """An engine that knows which faces the report needs."""
    return PdfPress(fonts=FONTS, variant=VARIANT)


def paper_pdf(paper: Paper, press: PdfPress) -> bytes:
    """The finished report; for workers and commands only.

    Raises:
        nanori.pdf.PdfFailed: or a subclass, see ``PdfPress.print``.
    """
    return printed(sheet(paper), press)


def printed(made: Sheet, press: PdfPress) -> bytes:
    """As ``paper_pdf``, of what is ready: no engine waits for counting and wording."""
    return press.print(made.html, assets=made.assets, enclosed=made.enclosed)


def sheet(paper: Paper) -> Sheet:
    story = Story(paper.month, paper.before, Wording(paper.words))
    pictures = {name: Asset(_SVG, svg.encode()) for name, svg in drawings(story).items()}
    drawn = squares(paper.portal)
    pictures |= {square_name(chapter): Asset(_PNG, png) for chapter, png in drawn.items()}
    if paper.letterhead.logo:
        pictures["logo"] = paper.letterhead.logo
    template = _environment().get_template("month.html")
    said = {"_": paper.words.gettext, "ngettext": paper.words.ngettext}
    return Sheet(template.render(_view(paper, story, drawn), **said), pictures, enclosures(paper))


def _view(paper: Paper, story: Story, squared: Container[str]) -> dict[str, object]:
    words, period = paper.words, paper.month.period
    without = _without(paper)
    return {
        "lang": words.locale,
        "sentences": [_phrases(sentence) for sentence in story.summary()],
        "level_text": story.wording.figure(paper.month.figure("service_level")),
        "css": _stylesheet(),
        "head": paper.letterhead,
        "short_brand": clip(paper.letterhead.brand, _HEADER_WIDTH),
        "name_size": _name_size(paper.letterhead.brand),
        "text_on_colour": text_on(paper.letterhead.colour),
        "month": words.month(period.first),
        "before": words.month(paper.before.period.first) if paper.before else None,
        "first_day": words.date(period.first),
        "last_day": words.date(period.end - timedelta(days=1)),
        "zone": period.zone.key,
        "made_on": words.date(paper.made_on),
        "standing": standing_line(paper.month.standing, words),
        "period_end": period.end.isoformat(),
        "portal": paper.portal,
        "portal_text": paper.portal.removeprefix("https://").removeprefix("http://"),
        "codes": CODES,
        "squares": {one: CODES[key] for one, key in CHAPTERS.items() if one in squared},
        "contents": [
            (anchor, words.gettext(name)) for anchor, name in _CONTENTS.items() if anchor not in without
        ],
        "terms": paper.month.terms,
        "figure_count": words.number(len(paper.month.figures)),
        "story": story,
        "level": paper.month.figure("service_level"),
        **_tables(story),
        **_asides(Aside(story, paper.beside)),
    }


def _without(paper: Paper) -> set[str]:
    """Sections that this paper has not."""
    seasons = set() if paper.beside.seasons else {"seasons"}
    was_checked = any(figure.key == "calls_checked" for figure in paper.month.figures)
    return seasons if was_checked else seasons | {"checked"}


def _tables(story: Story) -> dict[str, object]:
    return {
        "headlines": tables.figure_rows(story, tables.HEADLINE_KEYS),
        "phone": tables.figure_rows(story, tables.PHONE_KEYS),
        "checked": tables.figure_rows(story, tables.CHECKED_KEYS),
        "again": tables.figure_rows(story, tables.AGAIN_KEYS),
        "voice": tables.figure_rows(story, tables.VOICE_KEYS),
        "contacts": tables.figure_rows(story, tables.CONTACT_KEYS),
        "mail": tables.figure_rows(story, tables.MAIL_KEYS),
        "days": tables.daily_lines(story),
        "hours": tables.hourly_lines(story),
        "long_day": LONG_DAY,
        "reasons": tables.reason_lines(story),
        "out_of_hours": tables.out_of_hours_lines(story),
        "bands_used": any(story.month.out_of_hours_by_hour),
        "bands": tables.band_names(),
        "apart": tables.apart_lines(story),
        "backlog": tables.backlog_lines(story),
        "letters": tables.letter_lines(story),
        "definitions": tables.definition_lines(story),
    }


def _asides(aside: Aside) -> dict[str, object]:
    month, beside = aside.story.month, aside.beside
    return {
        "aside": aside,
        "escalations": aside.escalations(),
        "hidden_escalations": max(0, len(month.escalations) - SHOWN_ESCALATIONS),
        "questions": aside.questions(),
        "hidden_questions": max(0, len(beside.questions) - SHOWN_QUESTIONS),
        "articles": aside.articles(),
        "hidden_articles": max(0, len(beside.articles) - SHOWN_ARTICLES),
        "used": aside.used(),
        "seasons": aside.seasons(),
    }


def _phrases(sentence: str) -> list[str]:
    """A Japanese sentence at its commas, so that lines break between phrases; others stay in one piece."""
    return re.findall(r"[^、]+、?", sentence)


def _name_size(brand: str) -> str:
    """The cover's name shrinks in steps, so that long names break rarely and never leave the sheet."""
    letters = text_width(brand, 1)
    if letters <= _LARGE_NAME:
        return "large"
    return "middle" if letters <= _MIDDLE_NAME else "small"


@lru_cache
def _stylesheet() -> str:
    return (files("reports.paper") / "templates" / "month.css").read_text("utf-8")


@lru_cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports.paper", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
