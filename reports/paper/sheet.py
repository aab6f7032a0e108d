"""The whole report of one shop and month: HTML with its pictures, PDF bytes, and the figures beside it."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from nanori.charts import clip, text_width
from nanori.colours import text_on
from nanori.pdf import Asset, PdfPress
from nanori.words import Words
from reports.month import MonthFigures
from reports.paper import tables
from reports.paper.drawings import drawings
from reports.paper.sentences import Story
from reports.paper.wording import Wording

FONTS = ("BIZ UDGothic", "BIZ UDPGothic")
_SVG = "image/svg+xml"
_HEADER_WIDTH = 330
_LARGE_NAME, _MIDDLE_NAME = 13, 26


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


@dataclass(frozen=True, slots=True)
class Sheet:
    html: str
    assets: dict[str, Asset]


def paper_press() -> PdfPress:
    """An engine that knows which faces the report needs."""
    return PdfPress(fonts=FONTS)


def paper_pdf(paper: Paper, press: PdfPress) -> bytes:
    """The finished report; for workers and commands only.

    Raises:
        nanori.pdf.PdfFailed: or a subclass, see ``PdfPress.print``.
    """
    made = sheet(paper)
    return press.print(made.html, assets=made.assets)


def figures_json(paper: Paper) -> bytes:
    """The figures of the paper for a program: integers, and beside each the text as it is printed."""
    wording = Wording(paper.words)
    document = paper.month.as_json()
    document["figures"] = [
        figure.as_json() | {"text": wording.figure(figure)} for figure in paper.month.figures
    ]
    document["previous_figures"] = [
        figure.as_json() | {"text": wording.figure(figure)}
        for figure in (paper.before.figures if paper.before else ())
    ]
    document["previous_terms"] = dict(sorted(asdict(paper.before.terms).items())) if paper.before else None
    head = {
        "shop": paper.letterhead.brand,
        "locale": paper.words.locale,
        "made_on": paper.made_on.isoformat(),
    }
    return json.dumps(head | document, ensure_ascii=False, indent=1).encode() + b"\n"


def sheet(paper: Paper) -> Sheet:
    story = Story(paper.month, paper.before, Wording(paper.words))
    pictures = {name: Asset(_SVG, svg.encode()) for name, svg in drawings(story).items()}
    if paper.letterhead.logo:
        pictures["logo"] = paper.letterhead.logo
    template = _environment().get_template("month.html")
    return Sheet(template.render(_view(paper, story), _=paper.words.gettext), pictures)


def _view(paper: Paper, story: Story) -> dict[str, object]:
    words, period = paper.words, paper.month.period
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
        "made_on_iso": paper.made_on.isoformat(),
        "terms": paper.month.terms,
        "figure_count": words.number(len(paper.month.figures)),
        "story": story,
        "level": paper.month.figure("service_level"),
        **_tables(story),
    }


def _tables(story: Story) -> dict[str, object]:
    hidden = len(story.month.escalations) - tables.SHOWN_ESCALATIONS
    return {
        "headlines": tables.figure_rows(story, tables.HEADLINE_KEYS),
        "phone": tables.figure_rows(story, tables.PHONE_KEYS),
        "contacts": tables.figure_rows(story, tables.CONTACT_KEYS),
        "mail": tables.figure_rows(story, tables.MAIL_KEYS),
        "days": tables.daily_lines(story),
        "hours": tables.hourly_lines(story),
        "reasons": tables.reason_lines(story),
        "escalations": tables.escalation_lines(story),
        "hidden_escalations": max(0, hidden),
        "out_of_hours": tables.out_of_hours_lines(story),
        "bands_used": any(story.month.out_of_hours_by_hour),
        "bands": tables.band_names(),
        "apart": tables.apart_lines(story),
        "backlog": tables.backlog_lines(story),
        "letters": tables.letter_lines(story),
        "definitions": tables.definition_lines(story),
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
