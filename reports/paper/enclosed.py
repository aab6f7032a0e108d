"""The figures of a report for programs: JSON and CSV, enclosed in the PDF and lying beside it."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

from nanori.pdf import Enclosure
from nanori.words import N_
from reports.beside import Beside
from reports.checked import interval
from reports.facts import MILLISECOND
from reports.figures import Figure
from reports.paper.codes import CODES
from reports.paper.definitions import APART_NAMES, DEFINITIONS
from reports.paper.wording import Wording

if TYPE_CHECKING:
    from reports.paper.sheet import Paper

FIGURES_JSON = "figures.json"
HEADER = ("code", "key", "name", "text", "value", "unit", "numerator", "denominator", "formula", "previous")


def enclosures(paper: "Paper") -> list[Enclosure]:
    """Both files as the PDF carries them, dated with the end of the month."""
    gettext, at = paper.words.gettext, paper.month.period.ends_at
    table, tree = gettext(N_("Figures as a table")), gettext(N_("Figures for programs"))
    return [
        Enclosure(name="figures.csv", body=figures_csv(paper), says=table, made_at=at),
        Enclosure(name=FIGURES_JSON, body=figures_json(paper), says=tree, made_at=at),
    ]


def figures_json(paper: "Paper") -> bytes:
    """The figures of the paper for a program: integers, and beside each the text as it is printed."""
    wording = Wording(paper.words)
    document = paper.month.as_json()
    document["figures"] = [_figure(figure, wording) for figure in paper.month.figures]
    document["previous_figures"] = [
        _figure(figure, wording) for figure in (paper.before.figures if paper.before else ())
    ]
    document["previous_terms"] = dict(sorted(asdict(paper.before.terms).items())) if paper.before else None
    head = {
        "shop": paper.letterhead.brand,
        "locale": paper.words.locale,
        "made_on": paper.made_on.isoformat(),
    }
    whole = head | document | _beside(paper.beside)
    return json.dumps(whole, ensure_ascii=False, indent=1).encode() + b"\n"


def figures_csv(paper: "Paper") -> bytes:
    """One line a figure under the names of the paper; with a mark at the beginning that Excel looks for."""
    wording, before = (
        Wording(paper.words),
        {one.key: one for one in paper.before.figures} if paper.before else {},
    )
    out = io.StringIO()
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(HEADER)
    for one in paper.month.figures:
        previous = before.get(one.key)
        table.writerow(
            (
                CODES.get(one.key, ""), one.key, _name(one, paper), wording.figure(one), _blank(one.value),
                one.unit.value, one.numerator, _blank(one.denominator), one.formula,
                wording.figure(previous) if previous else "",
            )
        )  # fmt: skip
    return out.getvalue().encode("utf-8-sig")


def _figure(figure: Figure, wording: Wording) -> dict[str, object]:
    code = {"code": CODES[figure.key]} if figure.key in CODES else {}
    sampled = {"interval": list(found)} if (found := interval(figure)) else {}
    return figure.as_json() | {"text": wording.figure(figure)} | code | sampled


def _name(figure: Figure, paper: "Paper") -> str:
    names: Mapping[str, str] = {key: one.name for key, one in DEFINITIONS.items()} | APART_NAMES
    return paper.words.gettext(names[figure.key])


def _blank(value: int | None) -> int | str:
    return "" if value is None else value


def _beside(beside: Beside) -> dict[str, object]:
    return {
        "clocks": [
            {
                "number": one.number,
                "with_shop_ms": one.with_shop // MILLISECOND,
                "with_desk_ms": one.with_desk // MILLISECOND,
                "settled": one.is_settled,
            }
            for one in beside.clocks
        ],
        "questions": [asdict(one) for one in beside.questions],
        "articles": [asdict(one) | {"on": one.on.isoformat()} for one in beside.articles],
        "articles_used": [asdict(one) for one in beside.used],
        "seasons": [
            asdict(one) | {"opens_on": one.opens_on.isoformat(), "closes_on": one.closes_on.isoformat()}
            for one in beside.seasons
        ],
        "pool": None
        if beside.pool is None
        else {
            "shops": beside.pool.shops,
            "seat_hours_alone": beside.pool.alone,
            "seat_hours_saved": str(beside.pool.saved),
            "most_at_once": beside.pool.most_at_once,
        },
    }
